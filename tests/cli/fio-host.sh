#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench-fio DEV=`: what it refuses, what it leaves, and that the driver is put
# back however it ends. No device is bound here: /sys and /proc are made up, what
# binds and checks are stand-ins, and the engine has its memfd. TAP.
# shellcheck disable=SC2317 # functions are called by their names, through check
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-fio.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset KSRC RESULTS FORCE HOST BASES VARIANTS
export PFNBENCH_SYSFS=$work/sys PFNBENCH_PROC=$work/proc PFNBENCH_BOOT=$work/boot
export PFNBENCH_STATE=$work/state PFNBENCH_RESULTS_DIR=$work/results BUILD=$work/build
export PFNBENCH_TEST=$work DEV=0000:65:00.0 THREADS=1 FIO_JOBS="steady toggle reset"
folder=$work/sys/bus/pci/devices/$DEV

# A host with one device, and what stands in for its parts.
mkdir -p "$work"/{build,boot,proc/sys/kernel/random,tree} "$folder"
cp -r "$top"/{scripts,bench,include,Makefile} "$work/tree/"
ln -s "$top/kernel-variants" "$top/build" "$work/tree/"
scripts=$work/tree/scripts
printf '0x%x 0x%x 0x140204\n' 0xfe000000 0xfe0fffff >"$folder/resource"
for ((i = 0; i < 6; i++)); do echo "0x0 0x0 0x0"; done >>"$folder/resource"
echo 0x1b36 >"$folder/vendor"
echo 0x0010 >"$folder/device"
echo flr >"$folder/reset_method"
release=6.12.48-pfnbench-6.12-eager
echo "$release" >"$work/proc/sys/kernel/osrelease"
echo "Linux version $release (pfnbench@6.12.eager.0123456789ab) (gcc 12.2.0, ld 2.40) #1 SMP" >"$work/proc/version"
echo boot-1 >"$work/proc/sys/kernel/random/boot_id"
printf 'model name\t: A CPU\n' >"$work/proc/cpuinfo"
stand_in() # name, its lines from stdin
{
	{ echo '#!/bin/bash'; cat; } >"$1"
	chmod +x "$1"
}
stand_in "$scripts/setup" <<<'exit'
# shellcheck disable=SC2016 # they expand there
stand_in "$scripts/host/device-bind" <<<'echo "bind $1" >>"$PFNBENCH_TEST/events"; [[ ! -e $PFNBENCH_TEST/bind-fails ]] || exit 5'
# shellcheck disable=SC2016
stand_in "$scripts/host/device-restore" <<<'echo "restore $1" >>"$PFNBENCH_TEST/events"'
stand_in "$work/build/pfnbench" <<'BENCH'
[[ $1 == devices ]] || exec "$PFNBENCH_TEST/tree/build/pfnbench" "$@"
[[ ! -e $PFNBENCH_TEST/in-use ]] || { echo "pfnbench: $3: it holds a mounted file system" >&2; exit 2; }
BENCH
# The job files as they are, but for the device; and half as long.
sed -i 's/^target=.*/target=memfd/; s/^runtime=.*/runtime=700ms/' "$work"/tree/bench/fio/*.fio
# shellcheck disable=SC2016
stand_in "$scripts/make" <<<'echo "$*" >"$PFNBENCH_TEST/asked-of-make"'
ln -s "$top"/build/pfnbar.so "$work/build/pfnbar.so"
make --no-print-directory -s -C "$top" BUILD="$top/build" fio-engine >"$work/made" 2>&1 ||
	{ cat "$work/made" && exit 5; }
# The engine is there already.
PATH=$scripts:$PATH

run()
{
	rm -f "$work/events"
	try "$scripts/fio/bench-fio"
}
events() { xargs <"$work/events"; }
both="bind $DEV restore $DEV"

run
expect "it runs" 0 "^$work/results/fio-host/fio\$"
check "the driver is put back" test "$(events)" = "$both"
kernel=$work/results/fio-host/fio/6.12-eager
check "labelled by the kernel that runs" test -s "$kernel/toggle-1.log"
check "each job left its log" test "$(find "$kernel" -name '*.log' | wc -l)" = 3
check "what a lab host has no libraries for is not built" grep -q \
	" $work/build/pfnbench $work/build/pfnreport fio-engine\$" "$work/asked-of-make"
check "as much as the BAR has" jq -e '.jobs[0]["job options"].length == "1048576"' "$kernel/steady-1.json"
check "what ran is told" jq -e '.jobs == ["steady", "toggle", "reset"] and .mode == "time" and
	(.kernels | map(.variant)) == ["eager"] and .fio != "" and .length == "1048576"' "$kernel/../fio.json"

# A second kernel, without a reset.
rm "$folder/reset_method"
sed -i 's/eager/insert-pfn/g' "$work/proc/version" "$work/proc/sys/kernel/osrelease"
run
expect "a device without a reset" 0 'no reset: that job is left out'
check "its other jobs are there" test "$(cd "$work/results/fio-host/fio/6.12-insert-pfn" && echo *.log)" = "steady-1.log toggle-1.log"
check "the first kernel stays" jq -e '(.kernels | map(.variant)) == ["eager", "insert-pfn"]' \
	"$work/results/fio-host/run.json"

# Refused, failed, interrupted.
touch "$work/in-use"
run
expect "a device in use" 2 'it holds a mounted file system'
check "nothing was bound" test ! -e "$work/events"
rm "$work/in-use"
touch "$work/bind-fails"
run
expect "a failed bind" 5 ''
check "is put back" test "$(events)" = "$both"
check "what was measured before is still there" test -s "$work/results/fio-host/fio/6.12-insert-pfn/steady-1.json"
rm "$work/bind-fails"
mkdir -p "$work/state/devices"
touch "$work/state/devices/$DEV"
run
expect "one that somebody has bound" 2 'was bound before'
check "is left to them" test ! -e "$work/events"
rm "$work/state/devices/$DEV"
# A device that does not take its call.
# shellcheck disable=SC2016
stand_in "$work/refusing-fio" <<<'fio "$@"; sed -i "/^outage/s/0\$/-16/" *.log'
FIO=$work/refusing-fio run
expect "a call that fails" 5 'toggle with 1 threads: its toggle failed, errno 16'
check "the driver is put back then" test "$(events)" = "$both"
echo 'bs=12' >>"$work/tree/bench/fio/toggle.fio"
run
expect "a job that fails" 5 'toggle with 1 threads: pfnbench: toggle: .*multiples of 8'
check "is put back, too" test "$(events)" = "$both"
sed -i '$d; s/^runtime=.*/runtime=60s/' "$work/tree/bench/fio/toggle.fio"
interrupted()
{
	local pid tries=0

	rm -rf "$work/events" "$work"/results/fio-host/fio/*.partial
	setsid "$scripts/fio/bench-fio" >"$work/said" 2>&1 &
	pid=$!
	until [[ -s $work/results/fio-host/fio/6.12-insert-pfn.partial/steady-1.code ]]; do
		sleep 0.1
		((++tries < 300)) || return 1
	done
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	((status == 143)) && [[ $(events) == "$both" ]] && ! pgrep -f "^fio .*$work" >/dev/null
}
check "told to stop it puts the driver back, and fio is gone" interrupted
DEV=0000:99:00.0
run
expect "no such device" 2 'no such device; make devices lists them'

end_tests
