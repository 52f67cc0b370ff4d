#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/bisect under git bisect run, on a kernel of a few lines whose Makefile
# answers as kbuild does, and a stand-in for QEMU. Builds and boots no kernel.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
built=${BUILD:-$top/build}
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-bisect.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts=$top/scripts
unset KSRC DEV RESULTS MODE BOOTS SEED EVENTS VARIANTS BASES PLAN KERNELS
export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_PLANS_DIR=$work/plans PFNBENCH_RESULTS_DIR=$work/results
export BUILD=$work/build CONFIG=minimal JOBS=2 PATH=$work/bin:$PATH
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org

# --- a house of our own ----------------------------------------------------

mkdir -p "$work"/{variants/config,variants/eager/6.12,cache/guest,plans,bin,build,linux}
echo '6.12 linux-source-6.12' >"$work/variants/bases"
printf '%s\n' base eager >"$work/variants/variants"
echo CONFIG_VFIO=y >"$work/variants/config/minimal.config"
echo 'first-touch target=memfd length=4K' >"$work/plans/smoke.plan"
echo stamps >"$work/cache/guest/bar-1G"
cp "$built/pfnbench" "$built/pfnreport" "$work/build"
"$top/tests/cli/fake-run.sh" "$work/fake" count base eager

# The guest's results are those of a made-up run, and depend on the kernel: COST
# of its sources is what a recovery takes more, PANIC and WRONG speak for
# themselves.
cat >"$work/bin/qemu-system-x86_64" <<'FAKE'
#!/bin/bash
[[ $1 != --version ]] || { echo "QEMU emulator version 7.2.99 (fake)"; exit; }
here=$(dirname "$0")/..
while (($#)); do
	case $1 in
	-kernel) kernel=$2 ;;
	file,id=results,path=*) results=${1##*path=} ;;
	file,id=console,path=*) console=${1##*path=} ;;
	esac
	shift
done
! grep -q PANIC "$kernel" || { echo "Kernel panic - not syncing: played" >"$console"; exit; }
variant=base
! grep -q pfnbench-eager "$kernel" || variant=eager
cost=$(sed -n 's/^COST //p' "$kernel")
failed=false
! grep -q WRONG "$kernel" || failed=true
jq -c --argjson cost "${cost:-0}" --argjson failed "$failed" '
	if .benchmark == "reset-recovery" then .phases |= map(
		if .name == "enable" then .tally[0][0] += $cost else . end)
	elif $failed and .benchmark == "first-touch" then
		.status = "failed" | .reason = "a wrong page" else . end' \
	"$here/fake/6.12-$variant/boot-1.jsonl" >"$results"
echo "pfnbench: guest exit 0" >"$console"
FAKE
chmod +x "$work/bin/qemu-system-x86_64"

cd "$work/linux"
git init -q -b main .
mkdir -p arch/x86 scripts/kconfig drivers/vfio/pci
touch arch/x86/Kconfig Kconfig
seq 1 40 >drivers/vfio/pci/vfio_pci_core.c
cat >Makefile <<'MAKE'
VERSION = 6
PATCHLEVEL = 12
SUBLEVEL = 0
.RECIPEPREFIX = >
tinyconfig: ; echo CONFIG_TINY=y >$(O)/.config
olddefconfig: ; @:
vmlinux:
>@! grep -n FAIL drivers/vfio/pci/*.c || { echo 'core.c:1: error: FAIL'; exit 1; }
>@{ echo '$(LOCALVERSION)'; cat drivers/vfio/pci/*.c; } >$(O)/vmlinux
MAKE
cat >scripts/kconfig/merge_config.sh <<'MERGE'
#!/bin/sh
cat "$5" >>"$3/.config"
MERGE
chmod +x scripts/kconfig/merge_config.sh

commit() # subject; prints the commit
{
	git add -A
	git commit -q --allow-empty -m "$1"
	git rev-parse HEAD
}
core=drivers/vfio/pci/vfio_pci_core.c
good=$(commit "6.12")
sed 's/^10$/10 eager/' $core >core.c
# diff says that the files differ, which is what it is for.
{ diff -u --label a/$core --label b/$core $core core.c || true; } \
	>"$work/variants/eager/6.12/0001-eager.patch"
rm core.c

# --- the baseline ----------------------------------------------------------

export KSRC=$work/linux BASES=6.12 VARIANTS="base eager" PLAN=smoke
"$scripts/kernel/kernels" >/dev/null 2>&1
RESULTS=$work/results/baseline "$scripts/guest/matrix" >/dev/null 2>&1
unset KSRC BASES VARIANTS PLAN
baseline=$work/results/baseline/6.12-base

bisect() { try "$scripts/bisect" "$@"; }

bisect "$baseline"
expect "the baseline's own commit is not worse" 0 '^None of [0-9]+ figures are worse'
check "its results stay" test -f \
	"$work/results/bisect/$(git rev-parse --short=12 HEAD)-6.12-base/6.12-base/boot-1.jsonl"
check "nothing is said on stdout" test -z "$("$scripts/bisect" "$baseline" 2>/dev/null)"

# --- a history -------------------------------------------------------------

echo '# said better' >>$core
commit "vfio: say it better" >/dev/null
echo 'FAIL' >>$core
broken=$(commit "vfio: forget a brace")
sed -i /FAIL/d $core
commit "vfio: add the brace" >/dev/null
echo 'COST 1000' >>$core
first_bad=$(commit "vfio: walk twice")
echo '# tidied' >>$core
commit "vfio: tidy up" >/dev/null
echo '# again' >>$core
bad=$(commit "vfio: tidy up again")

git bisect start "$bad" "$good" >/dev/null 2>&1
try git bisect run "$scripts/bisect" "$baseline" --benchmark=reset-recovery
expect "git bisect finds the commit" 0 "$first_bad is the first bad commit"
git bisect reset >/dev/null 2>&1
git checkout -q "$bad"
bisect "$baseline" --threshold=500
expect "a threshold above the change" 0 'None of'
bisect "$work/results/baseline/6.12-eager"
expect "another variant, with its patches" 1 'eager'
git checkout -q "$broken"
bisect "$baseline"
expect "a kernel that does not build: skip" 125 'does not build: .*FAIL'

from() # commit-subject line...: a commit on top of the first one
{
	git checkout -q "$good"
	printf '%s\n' "${@:2}" >>$core
	commit "$1" >/dev/null
}
from "vfio: dereference NULL" PANIC
bisect "$baseline"
expect "one that does not boot: skip" 125 'broken: 6.12 base boot 1: panic'
from "vfio: map the next page" WRONG
bisect "$baseline"
expect "one that reads wrong pages: skip" 125 'failed: 6.12 base boot 1: first-touch'
git checkout -q "$good"
sed -i 's/^10$/ten/' $core
commit "vfio: in words" >/dev/null
bisect "$work/results/baseline/6.12-eager"
expect "patches that do not apply: skip" 125 'the patches of 6.12 eager do not apply: skipped'
bisect "$baseline"
expect "and none for a kernel without patches" 0 'None of'

# --- what must stop a bisection, and not blame a commit ---------------------

stops() # name regex arguments...
{
	bisect "${@:3}"
	expect "$1: stop" 128 "$2"
}
stops "no baseline" 'usage: '
stops "a run for a kernel" 'not a kernel of a run' "$work/results/baseline"
stops "a kernel that the run has not" 'the run has no such kernel' \
	"$work/results/baseline/6.12-lazy"
stops "an unknown option" "unrecognized option '--speed'" "$baseline" --speed
stops "a phase that was not measured" 'phase=enabel: not measured' "$baseline" --phase=enabel
KSRC=$work/results stops "no kernel tree" 'not a kernel tree' "$baseline"
cp -r "$work/results/baseline" "$work/results/other"
jq '.qemu.arguments |= map(if . == "-icount" then "-cpu" else . end)' \
	"$work/results/baseline/run.json" >"$work/results/other/run.json"
stops "a baseline of another machine" "not comparable: QEMU's -icount" \
	"$work/results/other/6.12-base"
end_tests
