#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnbench devices on hosts that are made up: each reason to refuse a device by
# itself, on a device that is allowed without it.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/host-tree-lib.sh
. "$top/tests/cli/host-tree-lib.sh"
pfnbench=${BUILD:-$top/build}/pfnbench
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-devices.XXXXXX")
trap 'rm -rf "$work"' EXIT
readonly A=0000:65:00.0 B=0000:65:00.1
readonly DEVICE=sys/devices/pci0000:00/$A

devices() # arguments
{
	"$pfnbench" devices --sysfs="$tree/sys" --proc="$tree/proc" \
		--dev="$tree/dev" "$@"
}

# The device is refused for exactly these reasons, each CODE or, where it can be
# forced, CODE+; and --check says the same, with and without --force.
refused() # name reasons text
{
	local reasons wanted forced=0

	reasons=$(devices --json $A | jq -r '.[0].reasons
		| map(.code + if .forceable then "+" else "" end) | unique | join(" ")')
	wanted=$2
	status=0 output=$reasons
	expect "$1: why" 0 "^${wanted//+/[+]}\$"
	try devices --check $A
	expect "$1: it is said" 2 "$3"
	for reasons in $wanted; do
		[[ $reasons == *+ ]] || forced=2
	done
	try devices --check $A --force
	expect "$1: forced, exit $forced" "$forced" "$3"
}

allowed() # name
{
	try devices --check $A
	expect "$1" 0 '^$'
}

nvme()
{
	new_host "$work/host"
	new_device $A 0x010802 nvme 7
	new_disk $A nvme0n1 259
}

nic()
{
	new_host "$work/host"
	new_device $A 0x020000 e1000e 7
	new_interface $A eth7 0x1002
}

gpu()
{
	new_host "$work/host"
	new_device $A 0x030000 amdgpu 7
	new_below $A drm/card0 drm 226:0 dri/card0
	new_below $A drm/card0/card0-HDMI-A-1 drm
	put $DEVICE/drm/card0/card0-HDMI-A-1/status connected
	put $DEVICE/drm/card0/card0-HDMI-A-1/enabled disabled
}

open_by() # node below /dev
{
	mkdir -p "$tree/proc/77/fd"
	put proc/77/comm holder
	ln -s "/dev/$1" "$tree/proc/77/fd/5"
}

# What is told of a device.
nvme
try devices
expect "a device is listed" 0 "^$A 8086:100e Intel Corporation|^$A 8086:100e"
expect "with its driver, reset methods and group" 0 \
	"driver nvme, NUMA node any, reset: flr bus, IOMMU group 7 alone"
expect "with its BARs" 0 "BAR 2: 1G memory 64-bit prefetchable"
expect "and what is no memory" 0 "BAR 4: 64B io"
expect "which may be used" 0 "may be used"
check "as JSON" jq -e '.[0] | .address == "'$A'" and .id == "8086:100e" and .driver == "nvme"
	and .usable and .usable_forced and .reasons == [] and .driver_override == null
	and (.bars | map([.index, .size, .mappable]) ==
		[[0, 4096, true], [2, 1073741824, true], [4, 64, false]])
	and .iommu_group == {number: 7, others: []}' <(devices --json)
try devices 65:00.0
expect "an address without a domain" 0 "^$A"
try devices 0000:66:00.0
expect "no such device" 2 "0000:66:00.0: no such device"
try devices nonsense
expect "no address" 2 "nonsense: not an address"
try devices --check
expect "a check of nothing" 2 "an address"
try "$pfnbench" list --json
expect "an option that another command has not" 2 "for devices"
allowed "a disk that nobody uses"

# Disks.
nvme
put proc/self/mountinfo "30 1 259:1 / /srv rw - ext4 /dev/x rw"
refused "a mounted partition" mounted "nvme0n1p1 is mounted on /srv"
nvme
put proc/self/mountinfo "30 1 259:0 / / rw - ext4 /dev/x rw"
refused "a mounted disk" mounted "nvme0n1 is mounted on /"
nvme
put proc/self/mountinfo "30 1 0:44 / /srv rw - btrfs /dev/nvme0n1p1 rw"
refused "a mount by its source" mounted "nvme0n1p1 is mounted on /srv"
nvme
mkdir -p "$tree/sys/fs/btrfs/0a1b/devices/nvme0n1p1"
refused "another disk of a btrfs" mounted "nvme0n1p1 is a part of btrfs 0a1b"
nvme
put proc/swaps "/dev/nvme0n1p1 partition 1 0 -2"
refused "swap" swap "nvme0n1p1 is swap"
nvme
mkdir "$tree/$DEVICE/nvme/nvme0/nvme0n1/holders/md0"
refused "a part of md" holder "nvme0n1 is a part of md0"
nvme
mkdir "$tree/$DEVICE/nvme/nvme0/nvme0n1/nvme0n1p1/holders/dm-3"
refused "a partition that is a part of dm" holder "nvme0n1p1 is a part of dm-3"
nvme
put proc/cmdline "quiet root=/dev/nvme0n1p1"
refused "the root of the command line" boot "root=/dev/nvme0n1p1"
nvme
open_by nvme0n1
refused "a disk that a process has open" open "process 77 \(holder\) has /dev/nvme0n1 open"
nvme
open_by nvme0
refused "a controller that a process has open" open "has /dev/nvme0 open"
nvme
mkdir -p "$tree"/proc/78/{fd,task/78/fd,task/79/fd}
put proc/78/comm threads
ln -s /dev/nvme0n1 "$tree/proc/78/task/79/fd/5"
refused "one whose first thread has ended" open "process 78 \(threads\) has /dev/nvme0n1 open"
nvme
put sys/devices/virtual/block/loop3/loop/backing_file /dev/nvme0n1p1
refused "a loop device upon a partition" open "nvme0n1p1 backs loop3"
nvme
put sys/kernel/config/nvmet/subsystems/sub/namespaces/1/device_path /dev/nvme0n1
refused "exported as an NVMe target" open "nvme0n1 backs NVMe target namespace 1"
nvme
rm "$tree/dev/nvme0n1p1"
refused "a partition that can't be tried" unreadable "nvme0n1p1: No such file"
nvme
rm -r "$tree/$DEVICE/nvme/nvme0/nvme0n1/holders"
refused "holders that can't be read" unreadable "holders: No such file"
# The node of a shared namespace is not below its controller.
nvme
rm -r "$tree/$DEVICE/nvme/nvme0/nvme0n1"
new_below $A nvme/nvme0/nvme0c0n1 block
put $DEVICE/nvme/nvme0/nvme0c0n1/hidden 1
new_below $A ../../virtual/nvme-subsystem/nvme-subsys0/nvme0n1 block 259:0 nvme0n1
mkdir "$tree/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/holders"
point sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0 $DEVICE/nvme/nvme0
point sys/class/nvme-subsystem/nvme-subsys0 sys/devices/virtual/nvme-subsystem/nvme-subsys0
allowed "a shared namespace that nobody uses"
put proc/self/mountinfo "30 1 259:0 / /srv rw - ext4 /dev/x rw"
refused "a shared namespace that is mounted" mounted "nvme0n1 is mounted on /srv"
nvme
rm "$tree/$DEVICE/nvme/nvme0/nvme0n1/dev"
refused "a disk without a number" unreadable "nvme0n1 has no device number"
put $DEVICE/nvme/nvme0/nvme0n1/hidden 0
refused "the same, and not hidden" unreadable "nvme0n1 has no device number"
new_host "$work/host"
new_device $A 0x018000 virtio-pci 7
new_below $A virtio3 virtio
point $DEVICE/virtio3/driver sys/bus/virtio/drivers/virtiofs
allowed "a virtiofs that is not mounted"
put proc/self/mountinfo "30 1 0:50 / / rw - virtiofs rootfs rw"
refused "a virtiofs that is mounted" mounted "virtio3 may be mounted on /"

# Interfaces.
nic
allowed "an interface that is down"
nic
put $DEVICE/net/eth7/flags 0x1003
refused "an interface that is up" up+ "eth7 is up"
nic
put proc/net/route "eth7 00000000 0102000A 0003 0 0 100 00000000 0 0 0"
refused "the default route" route+ "eth7 carries the default route"
nic
put proc/net/route "eth7 00000A0A 00000000 0001 0 0 100 00FFFFFF 0 0 0"
allowed "another route"
put proc/net/ipv6_route "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth7"
refused "the default route of IPv6" route+ "eth7 carries the default route"
nic
new_virtual_interface bond0 0x1403
stack eth7 bond0
ln -s "$tree/sys/class/net/bond0" "$tree/$DEVICE/net/eth7/master"
refused "a bond above it is up" up+ "bond0 is up"
nic
new_virtual_interface br0 0x1002
stack eth7 br0
ln -s "$tree/sys/class/net/br0" "$tree/$DEVICE/net/eth7/master"
put sys/devices/virtual/net/br0/bridge/vlan_filtering 0
allowed "a port of a bridge"
put sys/devices/virtual/net/br0/bridge/vlan_filtering 1
refused "of one that filters VLANs" upper "eth7 is a port of br0, and its VLANs"
nic
new_virtual_interface ovs-system 0x1002
stack eth7 ovs-system
ln -s "$tree/sys/class/net/ovs-system" "$tree/$DEVICE/net/eth7/master"
refused "a port of Open vSwitch" upper "eth7 is a port of ovs-system"
nic
new_virtual_interface eth7.5 0x1002
stack eth7 eth7.5
refused "a VLAN, which would be lost" upper "eth7.5 stands upon eth7"
nic
new_virtual_interface bond0 0x1402
new_virtual_interface br0 0x1403
stack eth7 bond0
ln -s "$tree/sys/class/net/bond0" "$tree/$DEVICE/net/eth7/master"
stack bond0 br0
put proc/net/route "br0 00000000 0102000A 0003 0 0 100 00000000 0 0 0"
refused "a bridge above the bond" "route+ up+" "br0 carries the default route"
nic
rm -r "$tree/$DEVICE/net"
refused "an interface in another namespace" namespace "container"
nic
put $DEVICE/net/eth7/flags 0x1003
put proc/self/mountinfo "30 1 0:50 / /home rw - nfs4 server:/home rw"
refused "up, with storage by the network" "storage up+" "nfs4 on /home"
nic
put $DEVICE/net/eth7/flags 0x1003
mkdir -p "$tree/sys/class/iscsi_session/session1"
refused "up, with iSCSI" "storage up+" "iSCSI"
nic
put $DEVICE/net/eth7/flags 0x1003
put sys/class/nvme/nvme3/transport tcp
refused "up, with NVMe over TCP" "storage up+" "nvme3"
put sys/class/nvme/nvme3/transport pcie
refused "up, with NVMe over PCIe" up+ "eth7 is up"
nic
new_below $A infiniband/mlx5_0 infiniband
allowed "RDMA without storage"
mkdir -p "$tree/sys/bus/rbd/devices/0"
refused "RDMA, and storage by the network" storage "may come by mlx5_0: rbd"
nic
put sys/class/block/nbd3/pid 4711
put $DEVICE/net/eth7/flags 0x1003
refused "up, with nbd" "storage up+" "nbd3"
for disk in 'etherd!e1.0' rnbd0; do
	nic
	mkdir -p "$tree/sys/class/block/$disk"
	put $DEVICE/net/eth7/flags 0x1003
	refused "up, with $disk" "storage up+" "$disk"
done
new_host "$work/host"
new_device $A 0x0c0400 lpfc 7
new_below $A host7/fc_host/host7 fc_host
allowed "Fibre Channel without a disk"
put sys/class/nvme/nvme3/transport fc
refused "NVMe over Fibre Channel, whose disks are not below it" storage "may come by host7: nvme3"
nic
rm "$tree/$DEVICE/net/eth7/flags"
refused "flags that can't be read" unreadable "eth7: No such file"

# Displays.
gpu
allowed "a GPU with a cable and no picture"
put $DEVICE/drm/card0/card0-HDMI-A-1/enabled enabled
refused "a display in use" display+ "card0-HDMI-A-1"
gpu
put $DEVICE/boot_vga 1
refused "the display of the boot" boot-vga+ "booted on"
rm "$tree/$DEVICE/driver"
refused "without a driver it stays dark" boot-vga+ "comes back with a reboot only"
new_host "$work/host"
new_device $A 0x0c0330 xhci_hcd 7
new_below $A usb1/1-1/input/input3 input
put $DEVICE/usb1/1-1/input/input3/name "Virtual Keyboard"
put $DEVICE/usb1/1-1/input/input3/capabilities/ev 21
allowed "a switch"
put $DEVICE/usb1/1-1/input/input3/capabilities/ev 120013
refused "a keyboard" input+ "input3 is on it: Virtual Keyboard"
new_host "$work/host"
new_device $A 0x070002 serial 7
new_below $A tty/ttyS4 tty 4:68 ttyS4
put sys/class/tty/console/active "tty0 ttyS0"
allowed "a serial port"
put sys/class/tty/console/active "tty0 ttyS4"
refused "that is a console" console+ "ttyS4 is a console"
gpu
new_below $A graphics/fb0 graphics 29:0 fb0
put sys/class/vtconsole/vtcon1/name "(M) frame buffer device"
put sys/class/vtconsole/vtcon1/bind 0
allowed "a frame buffer without the console"
put sys/class/vtconsole/vtcon1/bind 1
refused "the console" console+ "console may be on fb0"
gpu
open_by dri/card0
refused "a GPU that a process has open" open "process 77 \(holder\) has /dev/dri/card0 open"
gpu
mkdir -p "$tree/proc/self/ns"
ln -s "pid:[4026531836]" "$tree/proc/self/ns/pid"
allowed "all processes are seen"
ln -sfn "pid:[4026532000]" "$tree/proc/self/ns/pid"
refused "those of a container only" unreadable "not all processes can be seen"
bind_to $A nvidia
refused "the same of nodes that are not in sysfs" unreadable "nvidia\* open: not all"
gpu
bind_to $A nvidia
open_by nvidiactl
refused "a GPU whose nodes are not in sysfs" open "/dev/nvidiactl"

# The rest.
gpu
put $DEVICE/class 0x060400
refused "a bridge by its class" bridge "it is a bridge"
gpu
printf '\001' | dd of="$tree/$DEVICE/config" bs=1 seek=14 conv=notrunc status=none
refused "a bridge by its header" bridge "it is a bridge"
gpu
put $DEVICE/pci0001:00/0001:00:00.0/vendor 0x8086
point $DEVICE/pci0001:00/0001:00:00.0/subsystem sys/bus/pci
refused "what has PCI devices below it" bridge "0001:00:00.0 is below"
gpu
bind_to $A thunderbolt
refused "a Thunderbolt controller" bridge "plugged into it"
gpu
put $DEVICE/sriov_numvfs 2
refused "virtual functions" vfs "2 virtual functions"
gpu
new_below $A 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 mdev
refused "a mediated device" mdev "mediated device 83b8"
gpu
new_below $A dma/dma0chan0 dma
put $DEVICE/dma/dma0chan0/in_use 0
allowed "a DMA engine"
put $DEVICE/dma/dma0chan0/in_use 2
refused "one that the kernel uses" open "the kernel uses dma0chan0"
gpu
put $DEVICE/class 0x050210
refused "memory of the host" memory "memory of the host"
for class in 0x080020 0x080210 0x080600; do
	gpu
	rm "$tree/$DEVICE/driver"
	put $DEVICE/class $class
	refused "a part of the machine, $class" system "part of the machine itself"
done
put $DEVICE/class 0x088000
allowed "another peripheral"
put $DEVICE/class 0x058000
refused "a memory controller of the chipset" system "the chipset"
bind_to $A accel
allowed "one with a driver"
gpu
rm "$tree/$DEVICE/iommu_group"
rm -r "$tree/sys/kernel/iommu_groups/7"
refused "no IOMMU" no-iommu "intel_iommu=on"
put proc/cpuinfo "vendor_id : AuthenticAMD"
refused "no IOMMU of AMD" no-iommu "AMD-Vi"
put proc/cmdline "intel_iommu=on"
refused "an IOMMU that was asked for" no-iommu "firmware"
mkdir "$tree/sys/kernel/iommu_groups/1"
refused "not behind the IOMMU" no-iommu "not behind an IOMMU"
gpu
sed -i 's/0x0000004000000000 0x000000403fffffff/0x0000004000000000 0x00000040000000ff/;
	s/0x00000000c0000fff/0x00000000c00007ff/' "$tree/$DEVICE/resource"
refused "no BAR of a page" no-bar "4 KiB"
gpu
sed -i 's/0x000000000014220c/0x000000002014220c/; 1d; $p' "$tree/$DEVICE/resource"
refused "a BAR without an address" no-bar "4 KiB"
for file in vendor class resource driver_override; do
	gpu
	rm "$tree/$DEVICE/$file"
	refused "no $file" unreadable "$A/$file: No such file"
done
gpu
put $DEVICE/sriov_numvfs nonsense
refused "nonsense in a file" unreadable "sriov_numvfs: Invalid"
gpu
rm "$tree/proc/self/mountinfo"
try devices --check $A
expect "no mounts to be read" 5 "mountinfo: No such file"
gpu
: >"$tree/proc/self/mountinfo"
try devices --check $A
expect "no mount at all, which can't be" 5 "mountinfo"

# The IOMMU group.
pair() # class driver
{
	gpu
	new_device $B "$1" "$2" 7
}
pair 0x040300 ""
allowed "another in the group without a driver"
for driver in vfio-pci pci-stub; do
	pair 0x040300 $driver
	allowed "another in the group with $driver"
done
pair 0x060400 pcieport
allowed "the port above it in the group"
pair 0x040300 snd_hda_intel
refused "another in the group with a driver" group+ "$B of its IOMMU group has driver snd_hda_intel"
pair 0x010802 nvme
new_disk $B nvme0n1 259
put proc/self/mountinfo "30 1 259:1 / /srv rw - ext4 /dev/x rw"
refused "another in the group that is mounted" "group+ mounted" "$B of its IOMMU group: nvme0n1p1 is mounted"
pair 0x020000 e1000e
new_interface $B eth7 0x1003
refused "another in the group that is up" "group+ up+" "$B of its IOMMU group: interface eth7 is up"
pair 0x060100 lpc_ich
refused "an ISA bridge in the group" "bridge group+" "$B of its IOMMU group: it is a bridge"
pair 0x080020 ""
allowed "an interrupt controller in the group, which has no driver"
gpu
mkdir -p "$tree/sys/kernel/iommu_groups/7/devices/platform.3"
refused "no PCI device in the group" group "platform.3, no PCI device"
gpu
rm -r "$tree/sys/kernel/iommu_groups/7/devices"
refused "a group that can't be read" unreadable "its IOMMU group: No such file"
gpu
bind_to $A vfio-pci
put sys/devices/virtual/vfio/7/dev 510:0
put sys/devices/virtual/vfio/7/uevent DEVNAME=vfio/7
point sys/devices/virtual/vfio/7/subsystem sys/class/vfio
point sys/class/vfio/7 sys/devices/virtual/vfio/7
allowed "a device that vfio-pci has already"
open_by vfio/7
refused "a group that a virtual machine has" open "/dev/vfio/7 open"
end_tests
