#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `make bench DEV=`: what it refuses, what it measures and records, and that the
# driver is put back however it ends. No device is bound here: /sys and /proc are
# made up, device-bind and device-restore are stand-ins that change a link, and
# pfnbench is the real one on its memfd, told by the file `play` how to end.
# shellcheck disable=SC2317 # functions are called by their names, through check
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-host.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset KSRC DEV RESULTS MODE BOOTS AA SEED EVENTS VARIANTS BASES PLAN KERNELS \
	ROUNDS WRITE FORCE RANGE HOST TIMEOUT
export PFNBENCH_SYSFS=$work/sys PFNBENCH_PROC=$work/proc PFNBENCH_BOOT=$work/boot
export PFNBENCH_STATE=$work/state PFNBENCH_RESULTS_DIR=$work/results
export PFNBENCH_PLANS_DIR=$work/plans BUILD=$work/build
export PFNBENCH_TEST=$work PFNBENCH_REAL=$top/build/pfnbench
address=0000:65:00.0

# --- a host of our own --------------------------------------------------------

mkdir -p "$work"/{build,plans,state,results,boot,proc/sys/kernel/random,sys/kernel} \
	"$work"/sys/bus/pci/{devices,drivers/nvme,drivers/vfio-pci} "$work/tree"
cp -r "$top/scripts" "$top/plots" "$work/tree/"
ln -s "$top/kernel-variants" "$work/tree/kernel-variants"
scripts=$work/tree/scripts
touch "$work/sys/bus/pci/drivers_probe"

device() # address bar-end
{
	local folder=$work/sys/bus/pci/devices/$1

	mkdir -p "$folder"
	printf '0x%016x 0x%016x 0x%016x\n' 0xfe000000 "$2" 0x140204 \
		0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 >"$folder/resource"
	echo 0x1b36 >"$folder/vendor"
	echo 0x0010 >"$folder/device"
	echo flr >"$folder/reset_method"
	ln -sfn "$work/sys/bus/pci/drivers/nvme" "$folder/driver"
}
device "$address" 0xfe003fff
device 0000:66:00.0 0xfe0000ff
driver() { basename "$(readlink "$work/sys/bus/pci/devices/$address/driver")"; }

boot() # base variant; this host comes up with a kernel of ours
{
	local release=6.12.48-pfnbench-$1-$2

	echo "$release" >"$work/proc/sys/kernel/osrelease"
	echo "Linux version $release (pfnbench@$1.$2.0123456789ab) (gcc 12.2.0, ld 2.40) #1 SMP" \
		>"$work/proc/version"
	printf '%s\n' "boot-$RANDOM$RANDOM" >"$work/proc/sys/kernel/random/boot_id"
	echo "CONFIG_X=y of $2" >"$work/boot/config-$release"
}
printf 'model name\t: A CPU\n' >"$work/proc/cpuinfo"
boot 6.12 eager

cat >"$work/plans/host.plan" <<'PLAN'
# Two cells of the device, none of another one.
controls target=DEV length=4K
first-touch target=DEV length=4K,1G,BAR
first-touch target=ffff:ffff length=4K
PLAN
echo 'first-touch target=memfd length=4K' >"$work/plans/default.plan"

cat >"$scripts/host/device-bind" <<'BIND'
#!/bin/bash
folder=$PFNBENCH_SYSFS/bus/pci/devices/$1
mkdir -p "$PFNBENCH_STATE/devices"
readlink "$folder/driver" >"$PFNBENCH_STATE/devices/$1"
echo bind >>"$PFNBENCH_TEST/events"
[[ ! -e $PFNBENCH_TEST/bind-fails ]] || { echo "pfnbench: $1: group is not viable" >&2; exit 5; }
ln -sfn "$PFNBENCH_SYSFS/bus/pci/drivers/vfio-pci" "$folder/driver"
BIND
cat >"$scripts/host/device-restore" <<'RESTORE'
#!/bin/bash
folder=$PFNBENCH_SYSFS/bus/pci/devices/$1
# Who measures must have gone before.
[[ ! -s $PFNBENCH_TEST/pid ]] || ! kill -0 "$(<"$PFNBENCH_TEST/pid")" 2>/dev/null ||
	echo "restored below pfnbench" >>"$PFNBENCH_TEST/events"
sleep 0.2
[[ -f $PFNBENCH_STATE/devices/$1 ]] || { echo "pfnbench: $1: nothing recorded" >&2; exit 2; }
ln -sfn "$(<"$PFNBENCH_STATE/devices/$1")" "$folder/driver"
rm "$PFNBENCH_STATE/devices/$1"
echo restore >>"$PFNBENCH_TEST/events"
RESTORE
# The real pfnbench, whose device is a memfd: the address stays in the plan that is
# kept aside.
cat >"$work/build/pfnbench" <<'BENCH'
#!/bin/bash
[[ $1 == run || $1 == devices ]] || exec "$PFNBENCH_REAL" "$@"
if [[ $1 == devices ]]; then
	echo "$*" >>"$PFNBENCH_TEST/checks"
	[[ ! -e $PFNBENCH_TEST/in-use ]] && exit
	[[ $* == *--force* && $(<"$PFNBENCH_TEST/in-use") != *mounted* ]] && exit
	echo "pfnbench: $3: $(<"$PFNBENCH_TEST/in-use")" >&2
	exit 2
fi
words=()
for word; do
	case $word in
	--plan=*) cp "${word#*=}" "$PFNBENCH_TEST/plan"
		sed 's/target=0000:65:00\.0/target=memfd/' "$PFNBENCH_TEST/plan" >"$PFNBENCH_TEST/plan.memfd"
		words+=("--plan=$PFNBENCH_TEST/plan.memfd") ;;
	--write | --range=*) ;;
	--labels=*) words+=("$word") labels=${word#*=} ;;
	--output=*) words+=("$word") output=${word#*=} ;;
	*) words+=("$word") ;;
	esac
done
echo "$*" >>"$PFNBENCH_TEST/calls"
play=$(head -n1 "$PFNBENCH_TEST/play")
[[ $(wc -l <"$PFNBENCH_TEST/play") == 1 ]] || sed -i 1d "$PFNBENCH_TEST/play"
case $play in
ok) ;;
crash) echo '{"type":"environment","format":1}' >"$output"; kill -SEGV $$ ;;
slow) echo $$ >"$PFNBENCH_TEST/pid"; exec sleep 1000 ;;
esac
# A release of ours would have to be this machine's.
sed -i 's/^config_sha256=.*/config_sha256=c0ffee/' "$labels"
"$PFNBENCH_REAL" "${words[@]}" 2>/dev/null || exit
[[ $play != splat ]] || sed -i '$s/"kernel_log":\[/&"WARNING: CPU: 1 at drivers\/vfio"/' "$output"
[[ $play != noise ]] || sed -i '$s/"kernel_log":\[/&"e1000e 0000:01:00.0 eno1: NIC Link is Down"/' "$output"
BENCH
chmod +x "$scripts"/host/device-{bind,restore} "$work/build/pfnbench"
ln -s "$top/build/pfnreport" "$work/build/pfnreport"

play() # words...
{
	printf '%s\n' "$@" >"$work/play"
	: >"$work/calls"
	: >"$work/checks"
	: >"$work/pid"
}
bench() { env DEV="$address" ROUNDS=2 "$@" "$scripts/host/host-run"; }
events() { xargs <"$work/events"; }
fresh() { rm -rf "${work:?}"/{run,results/*,events} && : >"$work/events"; }

# --- what is refused, before anything is changed --------------------------------

: >"$work/events"
play ok
refused() # name regex variables...
{
	try env "${@:3}" "$scripts/check-inputs"
	expect "refused: $1" 2 "^pfnbench: $2"
}
refused "an address that is none" "DEV=nvme0: not the address of a device" DEV=nvme0
refused "no such device" "DEV=0000:67:00.0: no such device; make devices" DEV=0000:67:00.0
refused "a variant" "VARIANTS=eager: with DEV= the running kernel is measured" DEV=$address VARIANTS=eager
refused "counting" "MODE=count: with DEV= times are taken" DEV=$address MODE=count
refused "boots" "BOOTS=3: .* ROUNDS=" DEV=$address BOOTS=3
refused "no round" "ROUNDS=0: not a number" DEV=$address ROUNDS=0
refused "a thousand rounds" "ROUNDS=1000: more than 999" DEV=$address ROUNDS=1000
refused "a flag that is no flag" "WRITE=yes: neither 0 nor 1" DEV=$address WRITE=yes
refused "a range that is none" "RANGE=1M: not OFFSET\+LENGTH" DEV=$address RANGE=1M
refused "a name with a blank" "HOST=my host: not a name" DEV=$address HOST="my host"
refused "rounds of a guest" "ROUNDS=3: a part of a run on a lab host" ROUNDS=3
refused "the plan of a device in a guest" "PLAN=host: a plan for the device of a lab host" PLAN=host
try env DEV=65:00.0 HOST=lab-1 WRITE=1 FORCE=0 "$scripts/check-inputs"
expect "an address without its domain, and all the rest" 0 ''
try env DEV=0000:66:00.0 ROUNDS=1 "$scripts/host/host-run"
expect "a device without a page to map" 2 'no memory BAR of a page'
echo "mounted: /srv" >"$work/in-use"
try bench
expect "a device in use" 2 'pfnbench: 0000:65:00.0: mounted: /srv'
try bench FORCE=1
expect "FORCE=1 does not override what is loss of data" 2 'mounted: /srv'
check "nothing was bound for any of them" test ! -s "$work/events"
echo "its interface is up" >"$work/in-use"
try bench FORCE=1 RESULTS="$work/run"
expect "FORCE=1 overrides the rest" 0 'first reach'
check "it is handed on" grep -q -- '--check 0000:65:00.0 --force' "$work/checks"
rm "$work/in-use"

# --- a run ----------------------------------------------------------------------

fresh
play ok
try bench RESULTS="$work/run" HOST=lab-1
expect "two rounds, and a report" 0 '\[2/2\] 6.12-eager round 2: [0-9]+ s'
check "bound once, put back once, nobody below it" test "$(events)" = "bind restore"
check "the driver is the old one" test "$(driver)" = nvme
check "every round is whole" test -s "$work/run/6.12-eager/boot-2.jsonl"
check "a report" grep -q 'eager' "$work/run/REPORT.md"
says() # jq-filter; of run.json
{
	jq -e "$1" "$work/run/run.json"
}
check "rounds are no boots" says '.replicate == "round" and .mode == "time" and .boots == 2'
check "the kernel's own name" says '.bases == ["6.12"] and .variants == ["eager"] and
	.kernels[0].known and .kernels[0].series_sha256 == "0123456789ab"'
check "its config and its build" says '(.kernels[0].config_sha256 | length) == 64 and
	.kernels[0].compiler == "gcc 12.2.0, ld 2.40"'
check "the device" says '.device == {address: "0000:65:00.0", id: "1b36:0010",
	reset_methods: "flr", bars: [{index: 0, size: 16384, flags: "0x140204"}]}'
check "the host, and which boot" says '.host.name == "lab-1" and .host.cpu == "A CPU" and
	(.host.boot_id | startswith("boot-")) and .kernels[0].boot_ids == [.host.boot_id]'
check "the time it took" says '.seconds.measure >= 0'
check "the first round is the plan" test "$(xargs -d '\n' -n1 <"$work/calls" | wc -l)" = 2
check "the second round is backwards" test "$(tail -n1 "$work/plan")" = \
	"controls target=0000:65:00.0 length=4K"
check "lengths are those of the BAR" test "$(head -n1 "$work/plan")" = \
	"first-touch target=0000:65:00.0 length=4K,16K"
check "times, and the run's part of the kernel's log" grep -q -- \
	'--mode=time --kernel-log=run' "$work/calls"
check "no write was asked for" test "$(grep -c -- --write "$work/calls")" = 0
nameless() { ! grep -rqwF "$(uname -n)" "$work/run" --include='*.jsonl' --include='*.json'; }
check "this machine's name is nowhere" nameless

try bench RESULTS="$work/run" HOST=lab-1
expect "nothing is measured twice" 0 'every round of it is measured already'
check "and nothing bound for it" test "$(events)" = "bind restore"
try bench RESULTS="$work/run"
expect "another host is another run" 2 'differs in: host$'
try bench RESULTS="$work/run" HOST=lab-1 WRITE=1
expect "with writes it is another run" 2 'differs in: write$'

sed -i '1s/"warnings":\[/&"load: 9.1 in the last minute",/' "$work"/run/6.12-eager/boot-*.jsonl
try bench RESULTS="$work/run" HOST=lab-1
check "what was not steady is said once" test "$(grep -c 'not as steady as it could be: load: ' <<<"$output")" = 1

try env RANGE=4K+8K "$scripts/host/host-plan" host $address
expect "a part of the BAR" 0 'first-touch target=0000:65:00.0 length=4K,8K$'
try env RANGE=0+100 "$scripts/host/host-plan" host $address
expect "less than a page of it" 2 'RANGE=0\+100: less than a page'

# --- another kernel joins ---------------------------------------------------------

boot 6.12 huge-fault
play ok
try bench RESULTS="$work/run" HOST=lab-1
expect "another kernel of this host" 0 '6.12-huge-fault round 2'
check "it joins the run" says '.variants == ["eager", "huge-fault"] and .bases == ["6.12"] and
	(.kernels | length) == 2 and .kernels[1].variant == "huge-fault"'
rm "$work/run/6.12-huge-fault/boot-2.jsonl"
boot 6.12 huge-fault
play ok
try bench RESULTS="$work/run" HOST=lab-1
expect "one round is missing, after another boot" 0 '\[1/1\] 6.12-huge-fault round 2'
check "both boots are recorded" says '(.kernels | length) == 2 and (.kernels[1].boot_ids | length) == 2'
printf '6.1.0-38-amd64\n' >"$work/proc/sys/kernel/osrelease"
printf 'Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc 12) #1\n' >"$work/proc/version"
play ok
try bench RESULTS="$work/run" HOST=lab-1
expect "an unknown kernel has its release for a name" 0 '6.1.0-38-amd64-unknown-[0-9a-f]{12} round 1'
check "the report knows all three" test "$(grep -cE '^- (6.12 eager|6.12 huge-fault|6.1.0-38-amd64 unknown-)' "$work/run/REPORT.md")" -ge 3

# --- where it goes without RESULTS --------------------------------------------------

boot 6.12 eager
fresh
play ok slow
interrupted() # signal name
{
	local pid try

	# A shell's background job ignores SIGINT otherwise.
	DEV=$address ROUNDS=2 setsid env --default-signal=INT "$scripts/host/host-run" >"$work/said" 2>&1 &
	pid=$!
	for ((try = 0; try < 200; try++)); do
		[[ ! -s $work/pid ]] || break
		sleep 0.05
	done
	kill "-$1" "$pid"
	status=0
	wait "$pid" || status=$?
	output=$(<"$work/said")
}
gone() { ! kill -0 "$(<"$work/pid")" 2>/dev/null; }
interrupted INT
expect "Ctrl-C in the second round" 130 'round 1'
check "the driver is back" test "$(driver)" = nvme
check "pfnbench was gone before" test "$(events)" = "bind restore"
check "and is gone" gone
check "one round is there, nothing half" test \
	"$(cd "$work"/results/host-*/6.12-eager && echo *)" = "boot-1.console boot-1.jsonl"
play ok
try env DEV=$address ROUNDS=2 "$scripts/host/host-run"
expect "it goes on where it stopped" 0 '\[1/1\] 6.12-eager round 2'
check "in the same run" test "$(find "$work/results" -maxdepth 1 -name 'host-*' | wc -l)" = 1
check "which is the latest" test -f "$work/results/latest/6.12-eager/boot-2.jsonl"

for signal in TERM HUP; do
	fresh
	play slow
	interrupted "$signal"
	expect "SIG$signal in the first round" 143 '^$'
	check "SIG$signal: the driver is back, pfnbench was gone before" test "$(driver) $(events)" = "nvme bind restore"
done

fresh
play slow
DEV=$address ROUNDS=1 "$scripts/host/host-run" >/dev/null 2>&1 &
pid=$!
for ((try = 0; try < 200; try++)); do [[ ! -s $work/pid ]] || break; sleep 0.05; done
try env DEV=$address ROUNDS=1 "$scripts/host/host-run"
expect "one run at a time" 2 'another run is measuring on this host'
try "$scripts/host/host-round" "$work/results/latest" 2 "$address"
expect "one round at a time" 2 'something else is measured on this host'
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
for ((try = 0; try < 100; try++)); do gone && break; sleep 0.05; done
check "kill -9: pfnbench does not outlive it" gone
check "kill -9: what to put back is recorded" test -f "$work/state/devices/$address"
"$scripts/host/device-restore" "$address"

# --- what breaks ----------------------------------------------------------------------

fresh
play crash ok
try bench RESULTS="$work/run"
expect "a crash of pfnbench breaks its round" 5 'round 1: BROKEN \(no end record\)'
check "the driver is back" test "$(driver) $(events)" = "nvme bind restore"
check "the other round counts" test -f "$work/run/6.12-eager/boot-2.jsonl"
check "the broken one says how it ended" jq -e '.base == "6.12" and .variant == "eager" and
	.boot == 1 and .attempts == 1 and (.console_tail | type) == "array"' \
	"$work/run/6.12-eager/boot-1.broken.json"
play ok
try bench RESULTS="$work/run"
expect "a broken round is measured again when asked" 0 '\[1/1\] 6.12-eager round 1'
check "and is not broken any more" test ! -e "$work/run/6.12-eager/boot-1.broken.json"

fresh
play slow ok
try bench RESULTS="$work/run" TIMEOUT=1
expect "a round that hangs" 5 'round 1: BROKEN \(hang\)'
fresh
play splat ok
try bench RESULTS="$work/run"
expect "a kernel that is not sound any more" 5 'round 1: BROKEN \(kernel log\)'
fresh
play noise noise
try bench RESULTS="$work/run"
expect "what others log is said, and breaks nothing" 0 \
	'the kernel logged meanwhile: e1000e 0000:01:00.0 eno1: NIC Link is Down'
check "it is kept, apart" test "$(tail -n1 "$work/run/6.12-eager/boot-1.jsonl" |
	jq -c '[.kernel_log, .other_log]')" = '[[],["e1000e 0000:01:00.0 eno1: NIC Link is Down"]]'

fresh
play ok
touch "$work/bind-fails"
try bench RESULTS="$work/run"
expect "a bind that fails" 5 'group is not viable'
check "what it had done is undone" test "$(driver) $(events)" = "nvme bind restore"
check "nothing was measured" test ! -s "$work/calls"
rm "$work/bind-fails"
fresh
sed -i '2i exit 1' "$scripts/host/device-restore"
try bench RESULTS="$work/run"
expect "a driver that can't be put back" 5 'could not be put back; make restore tries it again'
sed -i '2d' "$scripts/host/device-restore"
: >"$work/events"
try bench RESULTS="$work/run2"
expect "one that somebody has bound" 2 'was bound before, as .*; make restore puts it back first'
check "is left to them" test ! -s "$work/events"
"$scripts/host/device-restore" "$address"

# --- a round alone, as a lab has it ------------------------------------------------------

boot 6.12 huge-fault
play ok
try "$scripts/host/host-round" "$work/run" 3 "$address"
expect "a device that is not bound" 2 'not bound to vfio-pci; scripts/host/device-bind'
ln -sfn "$work/sys/bus/pci/drivers/vfio-pci" "$work/sys/bus/pci/devices/$address/driver"
try "$scripts/host/host-round" --again "$work/run" 3 "$address"
expect "the A/A arm" 0 ''
check "has a folder and a label of its own" grep -q '"variant":"huge-fault.again"' \
	"$work/run/6.12-huge-fault.again/boot-3.jsonl"
boot 6.12 eager
try "$scripts/host/host-round" --again "$work/run" 3 "$address"
expect "is of the baseline alone" 2 'the running kernel is eager, not huge-fault'
echo 'first-touch target=DEV length=4K' >>"$work/plans/host.plan"
try "$scripts/host/host-round" "$work/run" 3 "$address"
expect "a plan that was changed meanwhile" 2 'plan host: not what it was when the run began'
try "$scripts/host/host-round" "$work/nowhere" 3 "$address"
expect "no run" 2 'not a run'
end_tests
