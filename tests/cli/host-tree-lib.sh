# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A host that is made up: its sysfs, procfs and device nodes, as folders below
# $tree. Sourced after tap.sh, never run.

# The functions below, and what they make.
tree=
sys() { printf '%s\n' "$tree/sys"; }

# put FILE TEXT: the file below the tree, with its folders.
put()
{
	mkdir -p "$tree/${1%/*}"
	printf '%s\n' "$2" >"$tree/$1"
}

# point LINK TARGET: both below the tree.
point()
{
	mkdir -p "$tree/${1%/*}" "$tree/$2"
	ln -sfn "$tree/$2" "$tree/$1"
}

# An empty host with an IOMMU, a network of its own and one mount.
new_host() # folder
{
	tree=$1
	rm -rf "$tree"
	mkdir -p "$tree"/sys/{bus/pci/{devices,drivers},class/{net,block,nvme,vtconsole}} \
		"$tree"/sys/kernel/iommu_groups "$tree"/sys/devices/virtual/block \
		"$tree"/{proc/{self,net,1/fd},dev}
	put proc/self/mountinfo "22 1 0:21 / / rw - tmpfs none rw"
	put proc/swaps "Filename Type Size Used Priority"
	put proc/cmdline "root=/dev/elsewhere quiet"
	put proc/cpuinfo "vendor_id : GenuineIntel"
	put proc/net/route "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT"
	: >"$tree/proc/net/ipv6_route"
	put proc/1/comm init
	put proc/sys/kernel/random/boot_id 11111111-2222-3333-4444-555555555555
}

# A device that may be used: a 1 GiB BAR, a group of its own.
new_device() # address class driver group
{
	local address=$1 class=$2 driver=$3 group=$4
	local device=sys/devices/pci0000:00/$address

	put "$device/vendor" 0x8086
	put "$device/device" 0x100e
	put "$device/class" "$class"
	put "$device/driver_override" "(null)"
	put "$device/numa_node" -1
	put "$device/reset_method" "flr bus"
	put "$device/power/control" on
	{
		echo "0x00000000c0000000 0x00000000c0000fff 0x0000000000040200"
		echo "0x0000000000000000 0x0000000000000000 0x0000000000000000"
		echo "0x0000004000000000 0x000000403fffffff 0x000000000014220c"
		echo "0x0000000000000000 0x0000000000000000 0x0000000000000000"
		echo "0x000000000000c000 0x000000000000c03f 0x0000000000040101"
		echo "0x0000000000000000 0x0000000000000000 0x0000000000000000"
	} >"$tree/$device/resource"
	# The type of the header is the byte at 14.
	head -c 64 /dev/zero >"$tree/$device/config"
	point "sys/bus/pci/devices/$address" "$device"
	point "$device/subsystem" sys/bus/pci
	[[ -z $driver ]] || bind_to "$address" "$driver"
	[[ -n $group ]] || return 0
	point "$device/iommu_group" "sys/kernel/iommu_groups/$group"
	point "sys/kernel/iommu_groups/$group/devices/$address" "$device"
}

new_driver() # name
{
	mkdir -p "$tree/sys/bus/pci/drivers/$1"
	: >"$tree/sys/bus/pci/drivers/$1/bind"
	: >"$tree/sys/bus/pci/drivers/$1/unbind"
}

bind_to() # address driver
{
	new_driver "$2"
	point "sys/devices/pci0000:00/$1/driver" "sys/bus/pci/drivers/$2"
}

# Something below a device: @path is relative to it.
new_below() # address path subsystem [number name]
{
	local node=sys/devices/pci0000:00/$1/$2

	mkdir -p "$tree/$node"
	point "$node/subsystem" "sys/class/$3"
	(($# > 3)) || return 0
	put "$node/dev" "$4"
	put "$node/uevent" "DEVNAME=$5"
}

# A disk with one partition, and their nodes.
new_disk() # address name number
{
	local path=nvme/nvme0/$2

	new_below "$1" nvme/nvme0 nvme 240:0 nvme0
	new_below "$1" "$path" block "$3:0" "$2"
	new_below "$1" "$path/${2}p1" block "$3:1" "${2}p1"
	mkdir -p "$tree/sys/devices/pci0000:00/$1/$path"/{holders,"${2}p1/holders"}
	: >"$tree/dev/$2"
	: >"$tree/dev/${2}p1"
}

new_interface() # address name flags
{
	new_below "$1" "net/$2" net
	put "sys/devices/pci0000:00/$1/net/$2/flags" "$3"
	point "sys/class/net/$2" "sys/devices/pci0000:00/$1/net/$2"
}

# A bond, a bridge or a VLAN.
new_virtual_interface() # name flags
{
	put "sys/devices/virtual/net/$1/flags" "$2"
	point "sys/class/net/$1" "sys/devices/virtual/net/$1"
}

# @name stands upon @lower.
stack() # lower name
{
	ln -s "$tree/sys/class/net/$2" "$(realpath "$tree/sys/class/net/$1")/upper_$2"
}
