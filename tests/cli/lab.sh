#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `make lab`: what it refuses, and whole series of boots of a host that is made up.
# Stand-ins for systemctl, kexec and the like say what boots next, and end the step
# as a host that goes down does; `sync` cuts the power where it is told to. The
# measuring and the binding are stand-ins, too; tests/lab has real ones.
# shellcheck disable=SC2317 # functions are called by their names, through check
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-lab.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset KSRC DEV RESULTS MODE BOOTS AA SEED EVENTS VARIANTS BASES PLAN KERNELS ROUNDS \
	WRITE FORCE RANGE HOST TIMEOUT METHOD DEFAULT DEFAULT_KERNEL
if ((EUID != 0)); then
	skip "make lab" "takes root"
	end_tests
	exit
fi
export PFNBENCH_SYSFS=$work/sys PFNBENCH_PROC=$work/proc PFNBENCH_BOOT=$work/boot
export PFNBENCH_UNITS=$work/units PFNBENCH_KERNELS=$work/kernels
export PFNBENCH_STATE=$work/state PFNBENCH_RESULTS_DIR=$work/results
export PFNBENCH_PLANS_DIR=$work/plans BUILD=$work/build PATH=$work/bin:$PATH
export PFNBENCH_TEST=$work SETTLE=0 PATIENCE=30 PFNBENCH_NO_KEXEC=$work/no-kexec-reboot
address=0000:65:00.0 debian=6.1.0-42-amd64

# --- a host of our own --------------------------------------------------------

mkdir -p "$work"/{bin,build,plans,state,results,boot/grub,units,kernels,tree/plots} \
	"$work"/{proc/sys/kernel/random,sys/kernel,sys/class} \
	"$work/sys/bus/pci/devices/$address"
cp -r "$top/scripts" "$work/tree/"
ln -s "$top/kernel-variants" "$work/tree/kernel-variants"
scripts=$work/tree/scripts
printf '0x%016x 0x%016x 0x%016x\n' 0xfe000000 0xfe003fff 0x140204 \
	>"$work/sys/bus/pci/devices/$address/resource"
echo 'first-touch target=memfd length=4K' >"$work/plans/host.plan"
echo 0 >"$work/proc/sys/kernel/kexec_load_disabled"
echo "BOOT_IMAGE=/vmlinuz-$debian root=UUID=1 ro intel_iommu=on panic=0" >"$work/proc/cmdline"

# shellcheck disable=SC2016 # it is the stand-in's
stand_in() # path; stdin: its script
{
	{ printf '#!/bin/bash\n. "$PFNBENCH_TEST/stand-in"\n' && cat; } >"$1"
	chmod +x "$1"
}
cat >"$work/stand-in" <<'FAKE'
work=$PFNBENCH_TEST
down() { echo "$*" >"$work/next"; kill -KILL -- "-$(ps -o pgid= -p $$ | tr -d ' ')"; }
FAKE
# shellcheck disable=SC2016 # they are the stand-ins'
{
stand_in "$work/bin/systemctl" <<'FAKE'
echo "$*" >>"$work/asked"
case "$*" in
is-system-running) cat "$work/manager" ;;
"enable "*) touch "$work/enabled" ;;
"disable "*) rm -f "$work/enabled" ;;
is-active*) cat "$work/active" ;;
"kill "*) kill -USR1 "$(<"$work/step.pid")" ;;
kexec) [[ ! -e $work/refused ]] || exit 1
	[[ -e $work/stuck ]] || down kexec "$(<"$work/loaded")" ;;
*reboot) down reboot ;;
esac
FAKE
stand_in "$work/bin/kexec" <<'FAKE'
case "$*" in
-u) rm -f "$work/loaded" ;;
*) [[ ! -e $work/no-kexec ]] || { echo "kexec: not permitted"; exit 1; }
	echo "$*" >>"$work/kexecs"
	for word; do case $word in -*) ;; */vmlinuz-*) echo "${word##*/vmlinuz-}" >"$work/loaded" ;; esac; done ;;
esac
FAKE
stand_in "$work/bin/grub-reboot" <<'FAKE'
echo "next_entry=$1" >"$work/boot/grub/grubenv"
FAKE
# The power goes at the N-th time that something is brought to the disk.
stand_in "$work/bin/sync" <<'FAKE'
[[ -e $work/cut ]] || exit 0
left=$(($(<"$work/cut") - 1))
echo "$left" >"$work/cut"
((left != 0)) || down reboot
FAKE
stand_in "$work/bin/findmnt" <<<'echo "/dev/vda1 ext4"'
stand_in "$work/bin/journalctl" <<<'echo "[ 7.7] the last line of $*"'
for name in busctl sysctl modprobe modinfo; do
	stand_in "$work/bin/$name" <<<'echo "${0##*/} $*" >>"$work/armed"'
done
stand_in "$work/build/pfnbench" <<'FAKE'
[[ $1 != devices ]] || [[ ! -e $work/in-use ]] || { echo "pfnbench: $3: in use" >&2; exit 2; }
FAKE
stand_in "$work/build/pfnreport" <<'FAKE'
echo "$*" >>"$work/reports"
[[ $1 == --* ]] || : >"$1/REPORT.md"
FAKE
stand_in "$work/tree/plots/draw.sh" <<<':'
stand_in "$scripts/host/device-bind" <<'FAKE'
[[ ! -e $work/unbindable ]] || { echo "pfnbench: $1: cannot be bound" >&2; exit 5; }
mkdir -p "$work/state/devices"
echo "boot $(<"$work/proc/sys/kernel/random/boot_id")" >"$work/state/devices/$1"
FAKE
stand_in "$scripts/host/device-restore" <<'FAKE'
rm "$work/state/devices/$1"
FAKE
# Does what the first word of `play` says; the last one is for ever.
stand_in "$scripts/host/host-round" <<'FAKE'
again=
[[ $1 != --again ]] || { again=.again && shift; }
read -r base variant release < <("$(dirname "$0")/kernel-identity" | jq -r '"\(.base) \(.variant) \(.release)"')
[[ -e $work/state/devices/$3 ]] || exit 2
echo "$release$again $2" >>"$work/measured"
word=$(head -n1 "$work/play")
(($(wc -l <"$work/play") == 1)) || sed -i 1d "$work/play"
result=$1/$base-$variant$again/boot-$2
mkdir -p "${result%/*}"
case $word in
panic) down reboot ;;
killed) kill -KILL $PPID; exit ;;
slow) echo $$ >"$work/round"; exec sleep 60 ;;
broken) echo '{"reason":"kernel log","console_tail":["WARNING: at mm"]}' >"$result.broken.json"; exit 5 ;;
refused) echo "pfnbench: it: refused" >&2; exit 2 ;;
esac
printf '%s\n' '{"type":"environment","format":1}' '{"type":"cell"}' \
	'{"type":"end","cells":1,"kernel_log":[]}' >"$result.jsonl"
sync -f "$result.jsonl"
FAKE
}

install() # base variant...; kernels of ours
{
	local base=$1 variant

	for variant in "${@:2}"; do
		: >"$work/boot/vmlinuz-6.12.48-pfnbench-$base-$variant"
		: >"$work/boot/initrd.img-6.12.48-pfnbench-$base-$variant"
		printf '{"source": "linux-source", "series_sha256": "%s"}\n' "$variant" \
			>"$work/kernels/6.12.48-pfnbench-$base-$variant.json"
	done
	: >"$work/boot/vmlinuz-$debian"
	menu
}

menu()
{
	local image release

	# shellcheck disable=SC2016 # GRUB's variables
	{
		printf '%s\n' 'if [ "${next_entry}" ] ; then' '   set default="${next_entry}"' 'else' \
			"   set default=\"${1:-gnulinux-advanced-1>gnulinux-$debian-advanced-1}\"" 'fi'
		echo "submenu 'Advanced options' \$menuentry_id_option 'gnulinux-advanced-1' {"
		for image in "$work"/boot/vmlinuz-*; do
			release=${image##*/vmlinuz-}
			printf "\tmenuentry 'Linux %s' \$menuentry_id_option 'gnulinux-%s-advanced-1' {\n\t\tlinux /boot/vmlinuz-%s ro\n\t}\n" \
				"$release" "$release" "$release"
		done
		echo '}'
	} >"$work/boot/grub/grub.cfg"
}

came_up() # release
{
	local rest=${1#*-pfnbench-} by=root@nowhere

	[[ $rest == "$1" ]] || by=pfnbench@${rest%%-*}.${rest#*-}.0123456789ab
	[[ ! -e $work/impostor ]] || by=pfnbench@6.12.other.0123456789ab
	echo "$1" >"$work/proc/sys/kernel/osrelease"
	echo "Linux version $1 ($by) (gcc 12.2.0, ld 2.40) #1 SMP" >"$work/proc/version"
	printf '%s\n' "boot-$RANDOM$RANDOM" >"$work/proc/sys/kernel/random/boot_id"
	echo "$1" >>"$work/boots"
}

# The firmware, and then the boot loader.
reset_host()
{
	local release

	release=$("$scripts/lab/boot-entries" --default)
	rm -f "$work/boot/grub/grubenv"
	came_up "$release"
}

# What systemd does at boot.
step()
{
	rm -f "$work/next"
	setsid "$scripts/lab/lab-step" "$@" >>"$work/said" 2>&1 9>&- &
	echo $! >"$work/step.pid"
	{ wait $! && status=0 || status=$?; } 2>/dev/null
}

# Boots until nothing asks for another one. A kernel of `dead` does not come up.
series()
{
	local boots word release

	for ((boots = 0; boots < 60; boots++)); do
		[[ -e $work/enabled ]] || return 0
		step
		[[ -e $work/next ]] || return 0
		read -r word release <"$work/next"
		if [[ $word == kexec ]] && ! grep -qx "$release" "$work/dead" 2>/dev/null; then
			came_up "$release"
		else
			reset_host
		fi
	done
	return 1
}

fresh() # play...
{
	rm -rf "$work"/{results,state,units}
	mkdir -p "$work"/{results,state,units}
	rm -f "$work"/{enabled,next,cut,dead,stuck,no-kexec,in-use,unbindable,impostor,asked,kexecs} \
		"$work"/{boots,measured,reports,armed,said,loaded} "$work"/boot/{vmlinuz,initrd}* "$work/boot/grub/grubenv"
	echo running >"$work/manager"
	echo inactive >"$work/active"
	printf '%s\n' "${@:-ok}" >"$work/play"
	install 6.12 huge-fault eager
	came_up "$debian"
	rm "$work/boots"
}

lab() # environment...
{
	try env DEV=$address "$@" "$scripts/lab/lab"
	((status != 0)) || run=${output##*$'\n'}
}

home() { test "$(<"$work/proc/sys/kernel/osrelease")" = "$debian"; }
units_gone() { test -z "$(ls "$work/units")" -a ! -e "$work/enabled"; }
driver_back() { test -z "$(ls "$work/state/devices" 2>/dev/null)"; }
results() { find "$run" -name 'boot-*.jsonl' | wc -l; }
broken() { find "$run" -name 'boot-*.broken.json' -exec jq -r '"\(.variant) \(.boot) \(.reason), \(.attempts)"' {} +; }
ended() { home && units_gone && driver_back && test -f "$run/REPORT.md"; }
state() { jq -r "$1" "$work/state/lab/position.json"; }

# --- what is refused -------------------------------------------------------------

refused() # name regex environment...
{
	lab "${@:3}"
	expect "$1" 2 "^pfnbench: $2"
	check "and nothing is changed" test -z "$(find "$work/units" "$work/state" -mindepth 1)"
}
fresh
refused "no device" 'DEV: which device' DEV=
refused "no such device" 'DEV=0000:66:00.0: no such device' DEV=0000:66:00.0
touch "$work/in-use"
refused "a device in use" "$address: in use"
rm "$work/in-use"
echo offline >"$work/manager"
refused "no systemd" 'systemd: does not run this host'
echo running >"$work/manager"
refused "a variant without a kernel" 'eager-huge: no kernel of it' VARIANTS="eager eager-huge"
refused "no kernel at all" ".*no kernel of pfnbench of lazy is installed; make kernels-deb" VARIANTS=lazy
refused "ROUNDS" 'ROUNDS=x: not a number' ROUNDS=x
refused "a flag that is no flag" 'WRITE=no: neither 0 nor 1' WRITE=no
refused "another" 'FORCE=no: neither 0 nor 1' FORCE=no
refused "an unknown method" 'METHOD=usb: no such method' METHOD=usb
: >"$work/boot/vmlinuz-6.12.47-pfnbench-6.12-eager"
refused "two kernels of a variant" '6.12 eager: installed twice: 6.12.47.* 6.12.48'
rm "$work/boot/vmlinuz-6.12.47-pfnbench-6.12-eager"
menu 'gnulinux-advanced-1>gnulinux-6.12.48-pfnbench-6.12-eager-advanced-1'
refused "a kernel of ours is what GRUB boots: how to mend it" \
	".*-pfnbench-6.12-eager: a kernel of pfnbench .*GRUB_DEFAULT=\"gnulinux-advanced-1>gnulinux-$debian-advanced-1\""
menu gnulinux-6.12.48-pfnbench-6.12-eager-advanced-1
sed -i '/^submenu/d; /^}$/d' "$work/boot/grub/grub.cfg"
refused "also where there is no submenu" \
	".*-pfnbench-6.12-eager: a kernel of pfnbench .*GRUB_DEFAULT=\"gnulinux-$debian-advanced-1\""
menu 'gnulinux-advanced-1>gnulinux-6.1.0-1-amd64-advanced-1'
rm "$work/boot/grub/grub.cfg"
refused "no menu of GRUB" '.*cannot be read: what this host boots by default is not known'
lab
expect "says how to go on" 2 "DEFAULT_KERNEL=$debian says"
menu
came_up 6.1.0-41-amd64
refused "another kernel than GRUB boots" "6.1.0-41-amd64: is what runs, and a reboot would lead to $debian"
came_up "$debian"
try "$scripts/lab/lab-status"
expect "no lab: status says so" 0 '^no lab has run'
try "$scripts/lab/lab-stop"
expect "no lab: nothing to stop" 0 'no lab is under way'

# --- a series ----------------------------------------------------------------------

fresh
install 6.12 huge-fault eager insert-pfn
rm -f "$work/boots"
lab ROUNDS=2 HOST=rack1
expect "a lab begins" 0 "^$work/results/lab-"
check "run.json: replicates are boots" test "$(jq -r '"\(.replicate) \(.boots) \(.mode) \(.host.name)"' "$run/run.json")" = "boot 2 time rack1"
check "the kernels, the baseline a second time" test \
	"$(jq -r '.kernels[].variant' "$run/run.json" | xargs)" = "huge-fault insert-pfn eager huge-fault.again"
check "with what their packages say" test \
	"$(jq -r '.kernels[1] | "\(.series_sha256) \(.release)"' "$run/run.json")" = "insert-pfn 6.12.48-pfnbench-6.12-insert-pfn"
check "systemd goes on with it" grep -qx "ExecStart=$scripts/lab/lab-step" "$work/units/pfnbench-lab.service"
try "$scripts/lab/lab-status"
expect "status says where it is" 0 '^8 boots of 4 kernels by kexec.*this kernel is 6\.1\.0'
lab
expect "another lab meanwhile" 2 'another lab has not ended: .*make lab-stop ends it'
check "the series ends" series
check "in the kernel it began in, all put back, with a report" ended
check "every cell has its result" test "$(results)" = 8
check "a boot each, and one back" test "$(wc -l <"$work/boots")" = 9
check "in the order of the schedule" test \
	"$(sed 's/.*6\.12-//' "$work/measured" | xargs)" = \
	"eager 1 huge-fault.again 1 huge-fault 1 insert-pfn 1 insert-pfn 2 huge-fault 2 huge-fault.again 2 eager 2"
check "each of a boot of its own" test \
	"$(jq -r '[.kernels[].boot_ids[]] | unique | length' "$run/run.json")" = 8
check "with options that end a panic, and those of this host" grep -q \
	"vmlinuz-.*--command-line=root=UUID=1 ro intel_iommu=on panic=10 oops=panic" "$work/kexecs"
check "and its initrd" grep -q -- "--initrd=$work/boot/initrd.img-6.12.48-pfnbench-6.12-eager" "$work/kexecs"
check "a watchdog is fed in each, but not at home" test \
	"$(grep -c RuntimeWatchdogUSec "$work/armed")" = 8
try "$scripts/lab/lab-status"
expect "status: finished" 0 '^finished at boot 8 of 8, 0 broken; .*REPORT.md; this kernel'
lab RESULTS="$run"
expect "a run is not gone on with" 2 'holds a run already'
lab ROUNDS=1
expect "another lab may begin" 0 "^$work/results/lab-"

fresh
lab ROUNDS=1 AA=no DEFAULT=yes
series
check "DEFAULT=yes: the host's own kernel is measured, too" grep -q "$debian 1" "$work/measured"
check "and that lab ends as well" ended
check "its results have its name" test -f "$(echo "$run/$debian"-unknown-*/boot-1.jsonl)"

# --- kernels that break ----------------------------------------------------------------

fresh panic ok
lab ROUNDS=1 AA=no
series
check "a panic: tried once more" test "$(results) $(broken)" = "2 "
check "by way of the default kernel" test "$(grep -c "^$debian" "$work/boots")" = 2
check "and all ends well" ended
fresh panic panic ok
lab ROUNDS=1 AA=no
series
check "two: the cell is broken, and the lab goes on" test "$(results) $(broken)" = "1 huge-fault 1 panic or hang, 2"
check "with what the journal has" grep -q 'the last line of -q -k -b boot' "$run"/6.12-huge-fault/boot-1.broken.json
check "and ends" ended
try "$scripts/lab/lab-status"
expect "status names it" 0 'broken: 6.12 huge-fault boot 1: panic or hang'
fresh
echo 6.12.48-pfnbench-6.12-eager >"$work/dead"
lab ROUNDS=1 AA=no
series
check "a kernel that does not come up" test "$(results) $(broken)" = "1 eager 1 did not come up; $debian did, 2"
check "is no end of it" ended
fresh
lab ROUNDS=1 AA=no
touch "$work/impostor"
series
check "another build under the right release is broken" test \
	"$(broken | grep -c 'ran 6.12.48-pfnbench-6.12-.* unknown-')" = 2
check "at once" test "$(grep -c pfnbench "$work/boots")" = 2
check "nothing is measured of it" test "$(results)" = 0
rm "$work/impostor"
reset_host
fresh broken broken ok
lab ROUNDS=1 AA=no
series
check "the kernel log: broken, after two attempts" test "$(results) $(broken)" = "1 huge-fault 1 kernel log, 2"
check "with its lines" grep -q 'WARNING: at mm' "$run/6.12-huge-fault/boot-1.broken.json"
fresh refused
lab ROUNDS=1 AA=no
series
check "what can't be measured" test "$(broken | grep -c ' 1 not measured: pfnbench: it: refused, 2')" = 2
check "ends, too" ended
fresh
touch "$work/unbindable"
lab ROUNDS=1 AA=no
series
check "a device that can't be bound" test "$(broken | grep -c "its device can't be bound to vfio-pci, 2")" = 2
check "ends, too, at home" ended
fresh
lab ROUNDS=1 AA=no
touch "$work/no-kexec"
series
check "kexec that fails" test "$(broken | grep -c 'could not be started by kexec, 2')" = 2
check "without a boot" test ! -e "$work/boots"
check "with what it said" grep -q 'not permitted' "$run/6.12-eager/boot-1.broken.json"
fresh
lab ROUNDS=1 AA=no PATIENCE=0
touch "$work/stuck"
series
check "a host that does not go down is made to" grep -q -- '--force reboot' "$work/asked"
check "and the lab ends" ended
fresh
lab ROUNDS=1 AA=no
touch "$work/refused"
series
check "a kernel that is loaded and not booted" test "$(broken | grep -c 'could not be started by kexec, 2')" = 2
check "is not left for the next reboot" test ! -e "$work/loaded"
rm "$work/refused"

# --- a step that is killed -----------------------------------------------------------

fresh killed ok
lab ROUNDS=1 AA=no
series
check "a step that is killed leaves the host in that kernel" test "$(<"$work/proc/sys/kernel/osrelease")" != "$debian"
check "with something to look for it" grep -q "ExecStart=$scripts/lab/lab-step --rescue" "$work/units/pfnbench-lab-rescue.service"
echo active >"$work/active"
step --rescue
check "which leaves a step alone that runs" test ! -e "$work/next"
echo inactive >"$work/active"
mkdir "$work/state/lab/status.partial"
step --rescue
check "also where nothing can be written" test "$(cat "$work/next")" = reboot
rmdir "$work/state/lab/status.partial"
step --rescue
check "and else boots back" test "$(cat "$work/next")" = reboot
rm "$work/next"
mv "$work/state/lab/log" "$work/state/lab/status" "$work"
mkdir "$work/state/lab/log" "$work/state/lab/status.partial"
step --rescue
check "where nothing can be written, too" test "$(cat "$work/next")" = reboot
rmdir "$work/state/lab/log" "$work/state/lab/status.partial"
mv "$work/log" "$work/status" "$work/state/lab"
reset_host
step --rescue
check "but not at home" test ! -e "$work/next"
series
check "the lab goes on" test "$(results) $(broken)" = "2 "
check "to its end" ended

# --- the power is cut -----------------------------------------------------------------

fresh
for ((cut = 1; cut < 100; cut++)); do
	fresh
	lab ROUNDS=1 VARIANTS=eager
	echo "$cut" >"$work/cut"
	series || true
	(($(<"$work/cut") <= 0)) || break
	if ended && test "$(results) $(broken)" = "1 "; then continue; fi
	check "cut the ${cut}th time that something is written: $(results) results, $(broken)" false
done
check "wherever the power is cut, nothing is lost ($((cut - 1)) places)" test "$cut" -gt 12 -a "$cut" -lt 100

# --- make lab-stop ----------------------------------------------------------------------

fresh slow ok
lab ROUNDS=1 AA=no
step
read -r _ release <"$work/next"
came_up "$release"
rm -f "$work/next" "$work/round"
setsid "$scripts/lab/lab-step" >>"$work/said" 2>&1 &
echo $! >"$work/step.pid"
for ((i = 0; i < 100; i++)); do [[ ! -s $work/round ]] || break; sleep 0.1; done
check "while something is measured" test -s "$work/round"
try "$scripts/lab/lab-status"
expect "status says so" 0 '^boot 1 of 2, 6.12 .*: being measured; this kernel is 6.12.48-pfnbench'
echo active >"$work/active"
try "$scripts/lab/lab-stop"
expect "lab-stop" 0 "this host boots back to $debian"
{ wait "$(<"$work/step.pid")" || true; } 2>/dev/null
check "what is measured ends at once" sh -c "! kill -0 $(<"$work/round") 2>/dev/null"
check "its driver is put back in that boot" driver_back
check "and the host boots back" test "$(cat "$work/next")" = reboot
echo inactive >"$work/active"
reset_host
series
check "the lab is at its end" ended
check "and nothing counts as broken" test "$(results) $(broken)" = "0 "
try "$scripts/lab/lab-status"
expect "status: stopped" 0 '^stopped at boot 0 of 2, 0 broken'
fresh killed ok
lab ROUNDS=1 AA=no
series
try "$scripts/lab/lab-stop"
check "lab-stop where no step runs starts one" grep -qx 'start --no-block pfnbench-lab.service' <(tail -n1 "$work/asked")
series
check "which boots back" ended

# --- coming back --------------------------------------------------------------------------

# Somebody made another kernel the default meanwhile.
fresh
lab ROUNDS=1 AA=no
menu 'gnulinux-advanced-1>gnulinux-6.12.48-pfnbench-6.12-eager-advanced-1'
series
check "a reboot that leads elsewhere: kexec leads back" ended
fresh
lab ROUNDS=1 AA=no
menu 'gnulinux-advanced-1>gnulinux-6.12.48-pfnbench-6.12-eager-advanced-1'
echo "$debian" >"$work/dead"
series
check "nor does that: it gives up" units_gone
try "$scripts/lab/lab-status"
expect "and says so" 0 "^can't get back to $debian"

# --- GRUB instead of kexec --------------------------------------------------------------------

fresh panic ok
lab ROUNDS=2 METHOD=grub AA=no
series
check "by grub-reboot: all is measured" test "$(results) $(broken)" = "4 "
check "and ends" ended
check "without kexec" test ! -e "$work/kexecs"
fresh
touch "$work/no-kexec"
lab METHOD=kexec
expect "kexec that is forbidden" 2 '^pfnbench: kexec: kexec: not permitted'
lab
expect "is done without, unless asked for" 0 'not permitted; grub-reboot serves'
check "by grub-reboot" test "$(jq -r .method "$work/state/lab/plan.json")" = grub
fresh
stand_in "$work/bin/findmnt" <<<'echo "/dev/mapper/vg-boot ext4"'
lab METHOD=grub
expect "where GRUB can't write: refused" 2 "that GRUB can't write to"
check "and nothing is changed" test -z "$(ls "$work/units")"

end_tests
