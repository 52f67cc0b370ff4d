#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make series: numbered patches and a letter whose figures are those of a run of
# these very patches. On a kernel tree of a few lines.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-series.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts=$top/scripts
unset RESULTS SERIES
export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_RESULTS_DIR=$work/results BUILD=$work/build KSRC=$work/tree

make_tree() # folder
{
	mkdir -p "$1"/{arch/x86,scripts/kconfig,drivers/vfio/pci,mm}
	touch "$1/Kconfig"
	printf 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 7\nEXTRAVERSION =\n' >"$1/Makefile"
	seq 1 40 >"$1/drivers/vfio/pci/vfio_pci_core.c"
	seq 1 9 >"$1/mm/memory.c"
}

make_patch() # patch file from to subject
{
	local tree=$work/patching

	rm -rf "$tree" && make_tree "$tree/a" && make_tree "$tree/b"
	sed -i "s/^$3\$/$4/" "$tree/b/$2"
	mkdir -p "$(dirname "$1")"
	{
		cat <<-END
			From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
			From: Some Body
			 <some@body.example>
			Date: Tue, 24 Nov 2026 00:45:25 +0000
			Subject: [PATCH] $5

			Why it is done.

			Signed-off-by: Some Body <some@body.example>
			---
		END
		(cd "$tree" && diff -u "a/$2" "b/$2") || true
	} >"$1"
}

core=drivers/vfio/pci/vfio_pci_core.c
variants=$PFNBENCH_VARIANTS_DIR
make_tree "$work/tree"
make_patch "$variants/common/6.12/0001-common.patch" mm/memory.c 5 five "mm: five"
make_patch "$variants/eager/6.12/0001-eager.patch" $core 20 twenty "vfio: twenty"
make_patch "$variants/broken/6.12/0001-broken.patch" $core 20 twenty "vfio: none"
sed -i 's/^ 19$/ other/' "$variants/broken/6.12/0001-broken.patch"
printf '6.12 linux-source-6.12\n' >"$variants/bases"
printf '%s\n' base huge-fault eager broken >"$variants/variants"
for folder in eager broken; do
	printf '# a comment\nvfio: all at once\n\nThe problem.\n\n@NUMBERS@\n\n@TESTED@\n\nThe end.\n' \
		>"$variants/$folder/cover.txt"
done

series() # variant
{
	try "$scripts/kernel/series" 6.12 "$1"
}
out=$work/build/series/6.12-eager
letter=$out/0000-cover-letter.patch

try "$scripts/kernel/series" 6.12
expect "an argument too few: usage" 2 'usage'
series lazy
expect "an unknown variant" 2 'lazy: no such variant'
series base
expect "a variant without patches" 2 '^pfnbench: 6\.12 base: has no patch$'
series huge-fault
expect "a variant without a text: which file" 2 'common/cover.txt: not there'
series broken
expect "a patch that does not apply is named" 2 '^pfnbench: .*broken/6\.12/0001-broken\.patch: does not apply to KSRC 6\.12\.7'

series eager
expect "a series: its folder is printed" 0 "^$out\$"
try ls "$out"
expect "a letter and each patch" 0 '^0000-cover-letter\.patch$'
check "and nothing else" test "$(wc -l <<<"$output")" = 3
try grep -h '^Subject' "$out"/*.patch
expect "the letter's subject" 0 '^Subject: \[PATCH 0/2\] vfio: all at once$'
expect "the first patch's" 0 '^Subject: \[PATCH 1/2\] mm: five$'
expect "the second's" 0 '^Subject: \[PATCH 2/2\] vfio: twenty$'
try grep -c 'From: Some Body <some@body.example>' "$letter"
expect "from the author of the patches" 0 '^1$'
try cat "$letter"
expect "its text" 0 '^The problem\.$'
expect "a diffstat" 0 '^ 2 files changed, 2 insertions'
expect "what it applies to" 0 '^base: Linux 6\.12\.7 \(KSRC 6\.12\.7\)$'
expect "no results: it says so" 0 '^There are no results for these patches on this base\.$'
expect "no torture: it says so" 0 '^Not tested with a debug config yet\.$'
try grep -E '^#|@|^(Cc|To):' "$letter"
check "no comment, no mark, nobody to be copied" \
	test "$(grep -cvE '^(From:|Subject:)|From 0|@body' <<<"$output")" = 0
mkdir "$work/applied"
cp -r "$work/tree" "$work/applied/tree"
check "git am applies it" sh -c "cd '$work/applied/tree' && git init -q . && git add -A &&
	git -c user.name=a -c user.email=a@b commit -qm a &&
	git -c user.name=a -c user.email=a@b am -q '$out'/000[12]*.patch"
check "and has both changes" sh -c "grep -q five '$work/applied/tree/mm/memory.c' &&
	grep -q twenty '$work/applied/tree/$core'"
sums() { (cd "$out" && sha256sum ./*); }
sums >"$work/sums"
series eager
check "the same again: the same bytes" cmp "$work/sums" <(sums)

# A run of these patches, and one of others.
hashes() # variant
{
	# shellcheck source=/dev/null
	(
		. "$scripts/lib.sh"
		. "$scripts/kernel/kernel-lib.sh"
		identify_source 6.12
		printf '%s %s\n' "$SOURCE_SHA256" "$(series_sha256 6.12 "$1")"
	)
}
make_run() # series-hash-of-eager
{
	local source hash

	mkdir -p "$work/results/latest" "$work/results/torture"
	read -r source hash <<<"$(hashes huge-fault)"
	jq -n --arg source "$source" --arg below "$hash" --arg ours "$1" '{plan: "default",
		kernels: [{variant: "huge-fault", series_sha256: $below},
			{variant: "eager", series_sha256: $ours}]
			| map(. + {base: "6.12", source_sha256: $source})}' \
		>"$work/results/latest/run.json"
	jq -n --arg source "$source" --arg ours "$1" '{format: 1, guests: [
		{base: "6.12", variant: "eager", config: "debug", seconds: 150,
		 source_sha256: $source, series_sha256: $ours, operations: 12,
		 tests: {passed: 30, failed: 1}, failures: ["x"]}]}' \
		>"$work/results/torture/torture.json"
	for variant in huge-fault eager; do
		factor=$([[ $variant == eager ]] && echo 2000 || echo 1000)
		for phase in mmap:3 first-touch-total:7 faults:0; do
			rows first-touch "length=1G,align=1G,access=read,order=ascending"
			rows first-touch "length=2M,align=1G,access=read,order=ascending"
		done
		for phase in disable:1 enable:2 first-access:3 whole-bar:4; do
			rows reset-recovery "length=1G,align=1G,action=toggle,vmas=1,processes=1"
		done
	done >"$work/results/latest/summary.tsv"
}
rows() # benchmark parameters; with variant, phase and factor
{
	local value=$((${phase#*:} * factor))

	printf '6.12\t%s\t%s\ttarget=1af4:1110,%s\t%s\tinstructions\t2\t1\t0\t%s\t0\t0\t%s\tyes\n' \
		"$variant" "$1" "$2" "${phase%:*}" "$value" "$value"
}
read -r _ ours <<<"$(hashes eager)"
make_run "$ours"
series eager
try cat "$letter"
expect "figures of these patches: the largest BAR" 0 '^1G, aligned to 1G$'
expect "a sum of phases, and its ratio" 0 '^  mmap\(\), read all of it +10,000 +20,000 +2\.00$'
expect "another" 0 '^  disable, enable, read all of it +10,000 +20,000 +2\.00$'
expect "no ratio of nothing" 0 '^    faults +0 +0 +-$'
expect "what they can't tell" 0 'They tell nothing of cache'
expect "what torture found" 0 '^12 operations in 150 s of racing, 30 tests passed,$'
expect "all of it" 0 '^1 failed, 1 findings\.$'
check "a table of 72 columns at most" \
	test -z "$(sed -n '/^instructions/,/^$/p' "$letter" | awk 'length > 72')"
make_run other
series eager
try cat "$letter"
expect "figures of other patches are not taken" 0 '^There are no results for these patches'
expect "nor is their torture" 0 '^Not tested with a debug config yet'

end_tests
