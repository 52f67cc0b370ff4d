#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make check-patches: what it finds in patches that are not fit to be mailed. On
# a kernel tree of a few lines whose Makefile answers as kbuild and sparse do.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/tree-lib.sh
. "$(dirname "$0")/tree-lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-patches.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset RESULTS BOOT BASES CONFIG
export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_RESULTS_DIR=$work/results BUILD=$work/build KSRC=$work/tree JOBS=1

make_tree() # folder
{
	bare_tree "$1"
	echo "WARN old" >>"$1/mm/memory.c"
	# WARN in a source is a warning, IMBALANCE one of sparse, FAIL an error.
	cat >"$1/Makefile" <<-'MAKE'
		VERSION = 6
		PATCHLEVEL = 12
		SUBLEVEL = 0
		EXTRAVERSION =
		.RECIPEPREFIX = >
		tinyconfig: ; echo CONFIG_TINY=y >$(O)/.config
		olddefconfig: ; @:
		%.o:
		>@sed -n -e "s,^WARN \(.*\),../$*.c:7:1: warning: \1,p" \
		>-e "s,^IMBALANCE \(.*\),../$*.c:9:2: warning: context imbalance in '\1' - unexpected unlock,p" $*.c
		>@! grep -q FAIL $*.c || { echo '../$*.c:1: error: FAIL'; exit 1; }
	MAKE
}

make_patch() # patch file from to
{
	mkdir -p "$(dirname "$1")"
	{
		printf '%s\n' 'From: Some Body <some@body.example>' \
			'Date: Tue, 24 Nov 2026 00:45:25 +0000' \
			'Subject: [PATCH] a change' '' 'Why.' '---'
		diff_trees "$work/patching" "${@:2}"
	} >"$1"
}

check_patches() # variants...
{
	status=0
	output=$(VARIANTS="$*" BASES=6.12 "$top/scripts/kernel/check-patches" 2>&1) || status=$?
}

core=drivers/vfio/pci/vfio_pci_core.c
variants=$PFNBENCH_VARIANTS_DIR
mkdir -p "$variants/config" "$work/build"
echo CONFIG_TINY=y >"$variants/config/minimal.config"
make_tree "$work/tree"
printf '6.12 linux-source-6.12\n' >"$variants/bases"
printf '%s\n' base huge-fault good 'above good' warns imbalance fails >"$variants/variants"
make_patch "$variants/common/6.12/0001-common.patch" mm/memory.c 5 five
make_patch "$variants/good/6.12/0001-good.patch" $core 20 twenty
make_patch "$variants/above/6.12/0001-above.patch" $core 30 thirty
make_patch "$variants/warns/6.12/0001-warns.patch" $core 20 "WARN new"
make_patch "$variants/imbalance/6.12/0001-imbalance.patch" $core 20 "IMBALANCE new"
# Only the second patch makes good what the first has broken.
make_patch "$variants/fails/6.12/0001-fails.patch" $core 20 FAIL
sed 's/^-20$/-FAIL/; s/^+FAIL$/+mended/' "$variants/fails/6.12/0001-fails.patch" \
	>"$variants/fails/6.12/0002-mends.patch"
for folder in common good above warns imbalance fails; do
	printf 'a series\n\nIts text.\n' >"$variants/$folder/cover.txt"
done

check_patches huge-fault good above
expect "good patches" 0 '^1\.\.9$'
expect "git am applies each series" 0 '^ok [0-9]+ - 6\.12 above: git am applies the series$'
expect "each patch is a step, also of a variant on a variant" 0 '^ok [0-9]+ - 6\.12 above-1 compiles \(0001-above\.patch\)$'
expect "a warning that the source has is not new" 0 '^ok [0-9]+ - 6\.12 common-1: no new warning of gcc W=1 and sparse$'
check_patches warns
expect "a new warning is named" 5 'vfio_pci_core\.c: warning: new$'
expect "and fails the step" 5 '^not ok [0-9]+ - 6\.12 warns-1: no new warning'
check_patches fails
expect "a patch that does not compile alone" 5 '^not ok [0-9]+ - 6\.12 part\.fails-1 compiles'
expect "the next one does" 5 '^ok [0-9]+ - 6\.12 fails-2 compiles'
check_patches imbalance
expect "an imbalance where the source has none" 5 "^not ok [0-9]+ - 6\.12 imbalance-1: no new"
echo "IMBALANCE old" >>"$work/tree/mm/memory.c"
check_patches imbalance
expect "where it has them it is only told" 0 "^# as all users of pte_unmap\(\): .*'new'"
sed -i 's/^19$/other/' "$work/tree/$core"
check_patches good
expect "a patch that does not apply" 5 '^not ok [0-9]+ - 6\.12 good: git am'
status=0
output=$(BOOT=maybe "$top/scripts/kernel/check-patches" 2>&1) || status=$?
expect "BOOT is yes or no" 2 'BOOT=maybe: yes or no'

end_tests
