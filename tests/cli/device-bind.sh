#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/host/device-bind and device-restore on hosts that are made up, with a kernel
# that is played: whatever fails or is killed wherever, the devices end as they
# were.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/host-tree-lib.sh
. "$top/tests/cli/host-tree-lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-device-bind.XXXXXX")
trap 'rm -rf "$work"' EXIT
readonly A=0000:65:00.0 B=0000:65:00.1 HOST=$work/host
readonly DEVICE=sys/devices/pci0000:00/$A OTHER=sys/devices/pci0000:00/$B
export PFNBENCH_STATE=$HOST/state PFNBENCH_SYSFS=$HOST/sys PFNBENCH_PROC=$HOST/proc
export PFNBENCH_DEV=$HOST/dev PFNBENCH_KERNEL=$top/tests/cli/fake-kernel PFNBENCH_PATIENCE=3
export FAKE_TREE=$HOST
RECORD=$HOST/state/devices/$A

# Neither modules nor interfaces of the machine that runs the test.
mkdir "$work/bin"
cat >"$work/bin/modprobe" <<-'END'
	#!/bin/bash
	echo "modprobe $*" >>"$FAKE_TREE/modprobe"
	[[ -n ${FAKE_MODULE:-} ]] || exit 1
	mkdir -p "$FAKE_TREE/sys/bus/pci/drivers/$FAKE_MODULE"
END
cat >"$work/bin/ip" <<-'END'
	#!/bin/bash
	echo "ip $*" >>"$FAKE_TREE/ip"
	case "$*" in
	"-j address show dev eth7")
		echo "[{$(cat "$FAKE_TREE/link" 2>/dev/null || true)"'"addr_info": [{"family": "inet", "local": "10.1.2.3", "prefixlen": 24,
			"broadcast": "10.1.2.255", "scope": "global", "valid_life_time": 4294967295},
			{"family": "inet6", "local": "fe80::1", "prefixlen": 64, "scope": "link"}]}]' ;;
	"link set dev eth7 down") rm -f "$FAKE_TREE/managed" ;;
	"link set dev eth7 master bond0") [[ ! -e $FAKE_TREE/managed ]] ;;
	"-4 route show table all dev eth7")
		[[ ! -e $FAKE_TREE/link ]] || {
			echo "10.9.0.0/16 nhid 12 via 10.1.2.7 table 100 "
			echo "local 10.1.2.3 table local proto kernel scope host src 10.1.2.3 "
			echo "broadcast 10.1.2.255 table local proto kernel scope link src 10.1.2.3 "
		}
		echo "default via 10.1.2.1 proto static metric 100 linkdown "
		echo "10.1.2.0/24 proto kernel scope link src 10.1.2.3 " ;;
	esac
END
# Writes of the record count, too: a sync that kills at the first, second, ...
cat >"$work/bin/sync" <<-'END'
	#!/bin/bash
	echo "sync $*" >>"$FAKE_TREE/sync"
	[[ $(wc -l <"$FAKE_TREE/sync") != "${FAKE_KILL_SYNC:-}" ]] || kill -KILL "$PPID"
END
chmod +x "$work"/bin/*
export PATH=$work/bin:$PATH

state_of_devices()
{
	local device

	for device in "$HOST"/sys/devices/pci0000:00/*; do
		printf '%s %s %s %s\n' "${device##*/}" \
			"$(readlink "$device/driver" || echo none)" \
			"$(<"$device/driver_override")" "$(<"$device/power/control")"
	done
	cat "$HOST/shown" 2>/dev/null || true
}

# A host with a free disk on nvme, and vfio-pci.
disk()
{
	new_host "$HOST"
	new_device $A 0x010802 nvme 7
	new_disk $A nvme0n1 259
	put $DEVICE/nature nvme
	put $DEVICE/power/control on
	new_driver vfio-pci
	begin
}

# Two devices in one group, an audio function with a driver beside the first.
pair()
{
	disk
	new_device $B 0x040300 snd_hda_intel 7
	put $OTHER/nature snd_hda_intel
	put $OTHER/power/control auto
	put $OTHER/driver_override "snd_hda_intel"
	begin
}

nic()
{
	new_host "$HOST"
	new_device $A 0x020000 e1000e 7
	put $DEVICE/nature e1000e
	new_interface $A eth7 0x1003
	put $DEVICE/net/eth7/address 02:00:00:00:00:07
	new_driver vfio-pci
	begin
}

begin()
{
	: >"$HOST/log"
	before=$(state_of_devices)
}

# As before, and nothing is recorded.
restored()
{
	[[ $(state_of_devices) == "$before" ]] || {
		printf 'was:\n%s\nis:\n%s\n' "$before" "$(state_of_devices)"
		return 1
	}
	[[ ! -e $RECORD ]] || { echo "still recorded" && return 1; }
}

bind() # arguments
{
	"$top/scripts/host/device-bind" "$@"
}
restore()
{
	"$top/scripts/host/device-restore"
}

# A test of a text.
is() # name text regex
{
	status=0 output=$2
	expect "$1" 0 "$3"
}

driver() # address
{
	readlink "$HOST/sys/bus/pci/devices/$1/driver" || echo none
}

# What goes well.
disk
try bind $A
expect "a free disk is bound" 0 '^$'
is "to vfio-pci" "$(driver $A)" 'drivers/vfio-pci$'
is "by its override, an unbind and a probe" "$(xargs <"$HOST/log")" \
	"^[^ ]*/driver_override vfio-pci [^ ]*/nvme/unbind $A [^ ]*/drivers_probe $A\$"
try cat "$RECORD"
expect "what it was is recorded" 0 "^device $A 8086:100e nvme on\$"
is "for root alone" "$(stat -c %a "$RECORD" "$HOST/state/devices" | xargs)" '^600 700$'
try bind $A
expect "a second time is refused" 2 "refused|was bound before"
try restore
expect "and restored" 0 '^$'
check "all is as it was" restored
try restore
expect "restoring again does nothing" 0 '^$'
try "$top/scripts/host/device-restore" $A
expect "nor does naming it" 0 '^$'
check "all is still as it was" restored
try "$top/scripts/host/device-restore" ../log
expect "no path is taken for an address" 2 "not an address"

for previous in none other-override sleeping; do
	disk
	case $previous in
	none) rm "$HOST/$DEVICE/driver" "$HOST/$DEVICE/nature" ;;
	other-override) put $DEVICE/driver_override nvme ;;
	sleeping) put $DEVICE/power/control auto ;;
	esac
	begin
	check "bound where it was $previous" bind $A
	check "restored where it was $previous" "$top/scripts/host/device-restore" $A
	check "as it was where it was $previous" restored
done
disk
rm -r "$HOST/sys/bus/pci/drivers/vfio-pci"
try bind $A
expect "a kernel without vfio-pci" 5 "vfio-pci: not in this kernel"
check "nothing was changed without it" restored
FAKE_MODULE=vfio-pci try bind $A
expect "a module is loaded" 0 '^$'
rm -r "$HOST/sys/bus/pci/drivers/nvme"
FAKE_MODULE=nvme try restore
expect "one that was unloaded since, too" 0 '^$'
check "all is as it was with modules" restored

# What is refused leaves everything.
disk
put proc/self/mountinfo "30 1 259:1 / /srv rw - ext4 /dev/x rw"
begin
for force in 0 1; do
	FORCE=$force try bind $A
	expect "a mounted disk, FORCE=$force" 2 "refused: nvme0n1p1 is mounted on /srv"
	check "nothing was written for it, FORCE=$force" restored
	is "not to the kernel either, FORCE=$force" "$(wc -l <"$HOST/log")" '^0$'
done
FORCE=yes try bind $A
expect "a FORCE that is neither" 2 "neither 0 nor 1"
try bind 0000:66:00.0
expect "a device that is not there" 2 "no such device"
pair
try bind $A
expect "another of the group without FORCE" 2 "unless forced: $B of its IOMMU group has driver snd_hda_intel"
check "nothing was written for the group" restored
FORCE=1 try bind $A
expect "with FORCE" 0 "forced, although"
is "both are bound" "$(driver $A) $(driver $B)" 'vfio-pci .*vfio-pci$'
FORCE=1 try bind $B
expect "the other is not bound for itself then" 2 "was bound before, as .*$A says"
check "both are restored" restore
check "both are as they were" restored

# A process that cannot be seen, because it ends just then: asked again.
disk
mkdir -p "$work/build" "$HOST/proc/self/ns"
ln -sfn "pid:[1]" "$HOST/proc/self/ns/pid"
cat >"$work/build/pfnbench" <<-END
	#!/bin/bash
	echo "\$*" >>"$HOST/asked"
	! grep -c -- --check "$HOST/asked" | grep -qx 3 || rm -f "$HOST/proc/self/ns/pid"
	exec "${BUILD:-$top/build}/pfnbench" "\$@"
END
chmod +x "$work/build/pfnbench"
BUILD=$work/build try bind $A
expect "what could not be seen is looked at again" 0 '^$'
check "and restored after that" restore
ln -sfn "pid:[1]" "$HOST/proc/self/ns/pid"
try bind $A
expect "but not for ever" 2 "not all processes can be seen"
put proc/self/mountinfo "30 1 259:1 / /srv rw - ext4 /dev/x rw"
: >"$HOST/asked"
BUILD=$work/build try bind $A
is "nor where there is another reason" "$(grep -c -- --check "$HOST/asked")" '^1$'

# An interface that is up.
nic
try bind $A
expect "an interface that is up" 2 "unless forced: interface eth7 is up"
FORCE=1 try bind $A
expect "forced" 0 "forced, although"
rm -f "$HOST/ip"
check "an interface is restored" restore
is "it is up again, with its addresses before its routes" "$(<"$HOST/ip")" "ip link set dev eth7 up"
is "in this order" "$(xargs -d '\n' printf '%s|' <"$HOST/ip")" '^ip link set dev eth7 up\|ip address replace 10.1.2.3/24 broadcast 10.1.2.255 dev eth7\|ip -4 route replace 10.1.2.0/24 proto kernel scope link src 10.1.2.3 dev eth7\|ip -4 route replace default via 10.1.2.1 proto static metric 100 dev eth7\|$'
check "the interface's device is as it was" restored
nic
check "bound, and then udev calls it otherwise" env FORCE=1 "$top/scripts/host/device-bind" $A
mv "$HOST/$DEVICE/net.gone/eth7" "$HOST/$DEVICE/net.gone/eth0"
rm -f "$HOST/ip"
try restore
is "it gets its name back" "$(<"$HOST/ip")" "ip link set dev eth0 name eth7"

# A port of a bond, which has the bond's MAC, and comes back with its own.
port() # master flags
{
	nic
	put $DEVICE/net/eth7/flags "$2"
	new_virtual_interface "$1" 0x1002
	stack eth7 "$1"
	ln -s "$HOST/sys/class/net/$1" "$HOST/$DEVICE/net/eth7/master"
	echo '"permaddr": "02:00:00:00:00:99", "mtu": 9000, ' >"$HOST/link"
	begin
}
for managed in no yes; do
	port bond0 0x1003
	check "a bond's port is bound, managed $managed" env FORCE=1 "$top/scripts/host/device-bind" $A
	put $DEVICE/net.gone/eth7/address 02:00:00:00:00:99
	[[ $managed == no ]] || touch "$HOST/managed"
	rm -f "$HOST/ip"
	check "and restored, managed $managed" restore
	is "to its MTU and its bond, managed $managed" "$(xargs -d '\n' printf '%s|' <"$HOST/ip")" \
		'^ip link set dev eth7 mtu 9000\|(ip link set dev eth7 (down|master bond0)\|)+ip link set dev eth7 up\|'
	is "with routes of other tables, managed $managed" "$(<"$HOST/ip")" \
		'replace 10.9.0.0/16 via 10.1.2.7 table 100 dev eth7'
	is "but none that the kernel makes, managed $managed" "$(grep -cE 'broadcast 10.1.2.255 table|replace local' "$HOST/ip")" '^0$'
	check "it is in it again, managed $managed" test ! -e "$HOST/managed"
done
port br0 0x1002
check "a port that is down is bound" bind $A
check "and restored, which is down" restore
is "to its bridge" "$(<"$HOST/ip")" 'link set dev eth7 master br0'
is "and not up" "$(grep -c 'eth7 up' "$HOST/ip")" '^0$'
nic
echo '"permaddr": "02:00:00:00:00:99", ' >"$HOST/link"
check "one with a MAC that was set is bound" env FORCE=1 "$top/scripts/host/device-bind" $A
put $DEVICE/net.gone/eth7/address 02:00:00:00:00:99
check "and restored, to that MAC" restore
is "which is set" "$(<"$HOST/ip")" 'link set dev eth7 address 02:00:00:00:00:07'

# What the kernel refuses.
for refuse in driver_override unbind "probe|vfio-pci/bind"; do
	disk
	FAKE_REFUSE="($refuse).* (vfio-pci|$A)\$" try bind $A
	expect "the kernel refuses $refuse" 5 "$A: "
	check "and all is as it was, $refuse" restored
done
disk
check "bound, for a driver that won't have it back" bind $A
FAKE_REFUSE="drivers/nvme/bind|drivers_probe" try restore
expect "it is said" 5 "driver nvme does not take it back"
check "and stays recorded" test -e "$RECORD"
check "until it does" restore
check "and is as it was" restored

# Whoever reads what is said may be gone before all is put back.
pair
FORCE=1 FAKE_REFUSE="$A/driver_override \$|drivers_probe $B" bind $A 2>&1 | head -n 1 >/dev/null || true
is "without a reader, one can't be put back" "$(<"$HOST/$DEVICE/driver_override")" '^vfio-pci$'
is "and the other is" "$(driver $B) $(<"$HOST/$OTHER/driver_override")" 'snd_hda_intel snd_hda_intel$'

# Who has it open is not cut off, nor waited for without end.
disk
check "bound, and opened" bind $A
mkdir -p "$HOST/proc/88/fd"
put proc/88/comm pfnbench
ln -s /dev/vfio/7 "$HOST/proc/88/fd/4"
try restore
expect "a process has it open" 5 "process 88 \(pfnbench\) has it open"
is "and keeps it" "$(driver $A)" 'vfio-pci$'
rm "$HOST/proc/88/fd/4"
check "until it ends" restore
check "as it was after that" restored

# Who has taken it meanwhile may be using it.
disk
check "bound, then given to another driver" bind $A
rm "$HOST/$DEVICE/driver"
bind_to $A uio_pci_generic
put $DEVICE/driver_override uio_pci_generic
try restore
expect "another driver is left" 5 "has driver uio_pci_generic now, had nvme; somebody else"
is "and has it still" "$(driver $A)" 'uio_pci_generic$'
is "with the override that it was bound by" "$(<"$HOST/$DEVICE/driver_override")" '^uio_pci_generic$'
disk
check "bound, then exchanged" bind $A
put $DEVICE/device 0x4242
: >"$HOST/log"
try restore
expect "another device at the address" 5 "another device now, 8086:4242 and not 8086:100e"
is "is not touched" "$(wc -l <"$HOST/log")" '^0$'
disk
check "bound, then damaged" bind $A
sed -i '$d' "$RECORD"
: >"$HOST/log"
try restore
expect "a damaged record" 5 "damaged"
is "changes nothing" "$(wc -l <"$HOST/log")" '^0$'

# The record is on disk, it and its folder, before the first write.
disk
FAKE_KILL="1 before" try bind $A
is "the record is on disk first" "$(xargs <"$HOST/sync")" \
	"^sync [^ ]*/devices/\\.$A.partial sync [^ ]*/state/devices [^ ]*/state\$"

# Killed at each write to the kernel, before it and after, and at each sync.
count=0
killed() # what environment...; false when there is nothing left to kill at
{
	local what=$1

	shift
	pair
	rm -f "$HOST/sync"
	try env FORCE=1 "$@" "$top/scripts/host/device-bind" $A
	((status == 137)) || return 1
	count=$((count + 1))
	output=$(restore 2>&1 && restored) && status=0 || status=$?
	expect "killed $what" 0 '^$'
	compgen -G "$HOST/state/devices/.*.partial" >/dev/null && status=1 || status=0
	expect "and nothing is left of it, $what" 0 ''
}
for when in before after; do
	for ((n = 1; n < 20; n++)); do
		killed "$when write $n" FAKE_KILL="$n $when" || break
	done
done
for ((n = 1; n < 20; n++)); do
	killed "at sync $n" FAKE_KILL_SYNC=$n || break
done
is "those were fourteen places" "$count" '^14$'

# The restore killed at each of its writes, and done again.
count=0
for when in before after; do
	for ((n = 1; n < 20; n++)); do
		pair
		FORCE=1 try bind $A
		: >"$HOST/log"
		FAKE_KILL="$n $when" try restore
		((status == 137)) || break
		count=$((count + 1))
		output=$(restore 2>&1 && restored) && status=0 || status=$?
		expect "restore killed $when write $n" 0 '^$'
	done
done
is "those were fourteen places" "$count" '^14$'

# Ctrl-C and a kill that can be caught put it back at once.
for signal in INT TERM HUP; do
	pair
	FORCE=1 FAKE_KILL="4 after" FAKE_SIGNAL=$signal try bind $A
	output="$status $output"
	case $signal in INT) wanted=130 ;; *) wanted=143 ;; esac
	expect "SIG$signal, in the middle" $wanted "^$wanted "
	check "as it was after SIG$signal" restored
done

# A reboot: the kernel has probed everything anew.
reboot_host()
{
	put proc/sys/kernel/random/boot_id 99999999-2222-3333-4444-555555555555
	put $DEVICE/driver_override "(null)"
	put $DEVICE/power/control on
	rm -f "$HOST/$DEVICE/driver"
	: >"$HOST/log"
}
disk
check "bound, then the power is cut" bind $A
reboot_host
bind_to $A nvme
try restore
expect "the kernel has done it itself" 0 '^$'
check "nothing is recorded then" restored
is "and nothing was written" "$(wc -l <"$HOST/log")" '^0$'
disk
check "bound, the power is cut, and no driver came" bind $A
reboot_host
check "the driver is bound" restore
check "as it was before the reboot" restored
disk
check "bound, the power is cut, and the host is set up for a virtual machine" bind $A
reboot_host
bind_to $A vfio-pci
try restore
expect "a vfio-pci of another boot is not ours" 5 "has driver vfio-pci now, had nvme; somebody else"
is "and stays" "$(driver $A)" 'vfio-pci$'
disk
rm "$HOST/$DEVICE/driver"
begin
check "without a driver, the power is cut" bind $A
reboot_host
bind_to $A nvme
check "what the kernel has bound since" restore
is "keeps it" "$(driver $A)" 'nvme$'
disk
put $DEVICE/driver_override uio_pci_generic
begin
check "with an override, the power is cut" bind $A
reboot_host
bind_to $A nvme
check "an override of before the reboot" restore
try cat "$HOST/$DEVICE/driver_override"
expect "is not set again" 0 '^\(null\)$'

# One at a time.
disk
check "for the lock" bind $A
exec 9>"$HOST/state/lock"
flock 9
try restore
expect "another is at work" 5 "another device-bind or device-restore is at work"
flock -u 9
check "then not" restore
check "all of it by make restore" "$top/scripts/host/restore"
end_tests
