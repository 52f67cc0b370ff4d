# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is changed of a host's devices, and how it is put back. Sourced after
# lib.sh and host-lib.sh, never run.
#
# $STATE/devices/ADDRESS says what was, and is on disk before anything is
# changed. Whatever happens in between, power cuts included, restore_record()
# compares what it says with what is. It is a text of lines:
#
#	pfnbench device record 1
#	boot BOOT-ID
#	device ADDRESS VENDOR:DEVICE DRIVER CONTROL
#	override ADDRESS TEXT
#	interface ADDRESS NAME PERMANENT-MAC [MAC]
#	ip ARGUMENTS
#	end
#
# with a device line for each device that is changed (DRIVER - for none, CONTROL
# of runtime power management, - where there is none), an override line where it
# had one, and for each interface that was up or had a master how to make it so again.

# Tests make up device nodes, and play the kernel of their host: a program is given
# each file and what is written to it.
readonly DEVNODES=${PFNBENCH_DEV:-/dev} PLAYED_KERNEL=${PFNBENCH_KERNEL:-}
readonly PCI=$SYSFS/bus/pci
readonly RECORDS=$STATE/devices
readonly RECORD_HEAD="pfnbench device record 1"
# How long a process that ends may take to close a device, and udev to name an
# interface, in tenths of a second.
readonly PATIENCE=${PFNBENCH_PATIENCE:-50}

require_root()
{
	((EUID == 0)) || [[ $SYSFS != /sys ]] ||
		die "$EXIT_USAGE" "${0##*/}" "only root can change drivers; run it with sudo"
}

# pfnbench devices, of this host.
devices() # arguments
{
	[[ -x $BUILD/pfnbench ]] ||
		die "$EXIT_USAGE" pfnbench "not built; make build builds it"
	"$BUILD/pfnbench" devices --sysfs="$SYSFS" --proc="$PROC" --dev="$DEVNODES" "$@"
}

# device_usable, of this host.
check_device() # arguments
{
	device_usable --sysfs="$SYSFS" --proc="$PROC" --dev="$DEVNODES" "$@"
}

# One at a time changes devices. It is released with the process.
lock_devices()
{
	mkdir -p "$RECORDS" 2>/dev/null || die "$EXIT_USAGE" "$RECORDS" \
		"cannot be made; PFNBENCH_STATE= is another folder"
	chmod 700 "$RECORDS"
	exec {lock}>"$STATE/lock"
	flock -n "$lock" || die "$EXIT_BROKEN" "$STATE/lock" \
		"another device-bind or device-restore is at work; try again"
}

# False where the kernel refuses; what is to be so is looked at by the caller.
write_attribute() # file value
{
	if [[ -n $PLAYED_KERNEL ]]; then
		"$PLAYED_KERNEL" "$1" "$2"
	else
		printf '%s\n' "$2" 2>/dev/null >"$1"
	fi
}

# The first line of a file of a device, or -.
attribute() # address name
{
	local text=

	[[ ! -r $PCI/devices/$1/$2 ]] || read -r text 2>/dev/null <"$PCI/devices/$1/$2" || true
	printf '%s\n' "${text:--}"
}

# What it is bound to, or -.
driver_of() # address
{
	local link

	link=$(readlink "$PCI/devices/$1/driver") || link=-
	printf '%s\n' "${link##*/}"
}

# Empty where there is none.
override_of() # address
{
	local text

	text=$(attribute "$1" driver_override)
	[[ $text == - || $text == "(null)" ]] || printf '%s\n' "$text"
}

id_of() # address
{
	local vendor device

	vendor=$(attribute "$1" vendor) device=$(attribute "$1" device)
	printf '%s:%s\n' "${vendor#0x}" "${device#0x}"
}

# Either there afterwards, whole and on disk, or not at all.
write_record() # address text
{
	local partial=$RECORDS/.$1.partial

	(umask 077 && printf '%s\n' "$2" >"$partial") && sync "$partial" &&
		mv "$partial" "$RECORDS/$1" && sync "$RECORDS" "$STATE"
}

remove_record() # file
{
	rm "$1" && sync "$RECORDS"
}

# Whether a record is whole: one that is not says nothing.
record_is_whole() # file
{
	[[ $(head -n1 "$1") == "$RECORD_HEAD" && $(tail -n1 "$1") == end ]]
}

# The process that has the device open through vfio, as PID (NAME).
vfio_user() # address
{
	local group node file pid
	local -a names=()

	group=$(readlink "$PCI/devices/$1/iommu_group") || group=
	[[ -z $group ]] || names+=(-o -lname "/dev/vfio/${group##*/}")
	for node in "$PCI/devices/$1"/vfio-dev/*; do
		[[ ! -e $node ]] || names+=(-o -lname "/dev/vfio/devices/${node##*/}")
	done
	((${#names[@]})) || return 0
	file=$(find "$PROC"/[0-9]*/fd -maxdepth 1 \( "${names[@]:1}" \) -print -quit \
		2>/dev/null) || true
	[[ -n $file ]] || return 0
	pid=${file#"$PROC"/} pid=${pid%%/*}
	printf '%s (%s)\n' "$pid" "$(cat "$PROC/$pid/comm" 2>/dev/null || echo "?")"
}

# vfio-pci gives a device up when nobody has it open; a write to unbind would
# wait for that, and nothing could end it.
unbind_vfio() # address
{
	local user tries=$PATIENCE

	while user=$(vfio_user "$1") && [[ -n $user ]]; do
		((tries-- > 0)) || {
			say "$1" "process $user has it open; end it, then make restore"
			return 1
		}
		sleep 0.1
	done
	write_attribute "$PCI/drivers/vfio-pci/unbind" "$1" || true
	[[ $(driver_of "$1") == - ]] ||
		{ say "$1" "vfio-pci does not give it up; the kernel's log may say why" && return 1; }
}

# Binds a device that has no driver to the one it had.
bind_again() # address driver
{
	[[ -d $PCI/drivers/$2 ]] || modprobe -q "$2" ||
		modprobe -q "$(attribute "$1" modalias)" || true
	# Loading it may have done it.
	[[ $(driver_of "$1") == "$2" ]] ||
		write_attribute "$PCI/drivers/$2/bind" "$1" ||
		write_attribute "$PCI/drivers_probe" "$1" || true
	[[ $(driver_of "$1") == "$2" ]] || {
		say "$1" "driver $2 does not take it back; the kernel's log may say why; then make restore"
		return 1
	}
}

# Puts one device back, as far as it is not as it was: after a crash it may be in
# any state between. No driver but our vfio-pci is taken from it, nor is anything
# else changed: whoever has bound another since may be using it. After a reboot
# nothing of ours is left, and vfio-pci is somebody else's, too; what the kernel has
# bound itself is as it was, or is made so.
restore_device() # address id driver control override same-boot
{
	local address=$1 id=$2 driver=$3 control=$4 override=$5 same_boot=$6 now

	[[ -e $PCI/devices/$address ]] ||
		{ say "$address" "is not there any more" && return 1; }
	now=$(id_of "$address")
	[[ $now == "$id" ]] ||
		{ say "$address" "is another device now, $now and not $id" && return 1; }
	now=$(driver_of "$address")
	! { ! "$same_boot" && [[ $driver == - ]]; } || return 0
	if [[ $now != "$driver" && $now != - ]] && ! { "$same_boot" && [[ $now == vfio-pci ]]; }; then
		say "$address" "has driver $now now, had ${driver/#-/none}; somebody else's doing, left as it is"
		return 1
	fi
	if "$same_boot" && [[ $(override_of "$address") != "$override" ]]; then
		write_attribute "$PCI/devices/$address/driver_override" "$override" || true
		[[ $(override_of "$address") == "$override" ]] ||
			{ say "$address" "driver_override cannot be written" && return 1; }
	fi
	[[ $now == "$driver" || $now == - ]] || unbind_vfio "$address" || return 1
	[[ $driver == - || $now == "$driver" ]] || bind_again "$address" "$driver" || return 1
	"$same_boot" && [[ $control != - && $(attribute "$address" power/control) != "$control" ]] ||
		return 0
	write_attribute "$PCI/devices/$address/power/control" "$control" || true
	[[ $(attribute "$address" power/control) == "$control" ]] ||
		{ say "$address" "power/control cannot be written" && return 1; }
}

# The name that the interface with this MAC has now, below its device; where it has
# another, as a bond's port has that was not taken away, one with its name.
interface_now() # address name permanent
{
	local folder mac found=

	for folder in "$PCI/devices/$1"/net/* "$PCI/devices/$1"/*/net/*; do
		[[ -r $folder/address ]] || continue
		read -r mac <"$folder/address" || mac=
		[[ $mac != "$3" ]] || { printf '%s\n' "${folder##*/}" && return; }
		[[ ${folder##*/} != "$2" ]] || found=$2
	done
	[[ -n $found ]] && printf '%s\n' "$found"
}

# Its name: udev gives it one again, but perhaps another; and its MAC, if it had
# another than its own.
restore_name() # address name permanent [mac]
{
	local now='' tries=$PATIENCE

	while now=$(interface_now "$1" "$2" "$3") || now=''; [[ $now != "$2" ]]; do
		((tries-- > 0)) || break
		sleep 0.1
	done
	[[ -n $now ]] || { say "$2" "the interface did not come back" && return 1; }
	[[ $now == "$2" ]] || { ip link set dev "$now" down && ip link set dev "$now" name "$2"; } ||
		{ say "$now" "cannot be called $2 again" && return 1; }
	[[ -z ${4:-} || $(cat "$SYSFS/class/net/$2/address" 2>/dev/null) == "$4" ]] ||
		ip link set dev "$2" address "$4" ||
		{ say "$2" "does not take its MAC again, $4" && return 1; }
}

# A bond takes no port that is up, as a network manager may have made it; the record
# says last whether it is to be.
restore_link() # words of the line
{
	ip "$@" </dev/null ||
		{ [[ $* == *" master "* ]] && ip link set dev "$4" down && ip "$@" </dev/null; }
}

# The interfaces of a record, with addresses and routes, in the order it has them.
restore_interfaces() # file
{
	local kind rest code=0
	local -a words

	while read -r kind rest; do
		read -ra words <<<"$rest"
		case $kind in
		interface) restore_name "${words[@]}" || code=1 ;;
		ip) restore_link "${words[@]}" || { say "ip $rest" failed && code=1; } ;;
		esac
	done <"$1"
	return "$code"
}

# Puts back what a record says, and removes it when all of that is so. Does
# nothing the second time. False where something is not as it was.
restore_record() # file
{
	local file=$1 same_boot=true code=0 line kind address id driver control
	local -a lines
	local -A overrides=()

	record_is_whole "$file" || {
		say "$file" "damaged; put the device back by hand, then remove it"
		return 1
	}
	mapfile -t lines <"$file"
	[[ ${lines[1]} == "boot $(boot_id)" ]] || same_boot=false
	for line in "${lines[@]}"; do
		read -r kind address line <<<"$line"
		[[ $kind != override ]] || overrides[$address]=$line
	done
	for line in "${lines[@]}"; do
		read -r kind address id driver control <<<"$line"
		[[ $kind != device ]] || restore_device "$address" "$id" "$driver" "$control" \
			"${overrides[$address]:-}" "$same_boot" || code=1
	done
	((code != 0)) || ! "$same_boot" || restore_interfaces "$file" || code=1
	((code == 0)) || {
		say "$file" "kept, as not all is as it was; make restore tries again; remove it if that is as it should be"
		return 1
	}
	remove_record "$file"
}
