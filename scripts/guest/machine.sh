# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine every guest is: QEMU's arguments and the kernel's command line.
# Sourced after lib.sh, never run. What each is for stands beside it; the
# measurements behind them are in docs/GUEST.md.

# shellcheck disable=SC2034 # for those who source this
readonly QEMU=qemu-system-x86_64

# Sets KERNEL_COMMAND_LINE.
kernel_command_line() # mode vcpus
{
	# Warnings and worse go to the console, where panics are looked for. What
	# is printed is counted, a character at a time: where that matters warnings
	# only go into the kernel's log, which pfnbench reads. 7.3 has two of them
	# for each reset.
	local loglevel=5
	[[ $1 != count ]] || loglevel=4

	local -a words=(
		rdinit=/init
		console=ttyS0 "loglevel=$loglevel"
		# A panic reboots at once, and -no-reboot makes that QEMU's end.
		panic=-1 oops=panic
		intel_iommu=on
		# ivshmem's 256-byte BAR0 shares a page, and then vfio does not
		# let it be mapped: give it a page of its own.
		pci=resource_alignment=12@pci:1af4:1110
		# No address randomisation of processes: same pages, same count.
		norandmaps
		# A busy host makes the timer come late, and a guest that checks
		# whether it comes at all then panics.
		no_timer_check
		# No clock watches over the TSC, which here is the count itself.
		tsc=reliable
		# Probing devices that are not there is boot time.
		pty.legacy_count=0 8250.nr_uarts=1
	)

	# nvme completes its commands in QEMU's main loop, whenever that runs: a
	# driver that probes it makes two boots differ. Where nothing is counted
	# the driver is there.
	[[ $1 != count ]] || words+=(initcall_blacklist=nvme_init)
	# One CPU needs no timer of its own beside the PIT, and calibrating one
	# is a tenth of a second. Two do.
	(($2 > 1)) || [[ $1 == time ]] || words+=(nolapic_timer)
	KERNEL_COMMAND_LINE="${words[*]}"
}

# Sets QEMU_ARGUMENTS. The caller sets the paths, which may be plain names
# where the arguments are only to be recorded.
# A plugin, if any, is named with its arguments (make profile).
qemu_arguments() # mode vcpus memory-MiB bar-size seed kernel initrd bar results console [plugin]
{
	local mode=$1 vcpus=$2 memory=$3 bar_size=$4 seed=$5
	local kernel=$6 initrd=$7 bar=$8 results=$9 console=${10}
	local irqchip='' namespace=''
	local -a window=() disk=()

	kernel_command_line "$mode" "$vcpus"
	# KVM's own IO-APIC knows no interrupt remapping.
	[[ $mode != time ]] || irqchip=,kernel-irqchip=split
	# The window of 64-bit BARs is 32 GiB, and a BAR is aligned to its size.
	[[ $bar_size == 1G ]] ||
		window=(-global "q35-pcihost.pci-hole64-size=$((2 * ${bar_size%G}))G")
	# A namespace for nvme-recovery, of zeroes, where no driver of the kernel's
	# scans it.
	if [[ $mode == count ]]; then
		disk=(-blockdev "null-co,node-name=disk,size=1048576,read-zeroes=on")
		namespace=,drive=disk
	fi
	QEMU_ARGUMENTS=(
		# PCI Express and an IOMMU need q35. Without what no benchmark
		# touches there is less to probe.
		-M "q35,usb=off,vmport=off,smbus=off,sata=off,hpet=off,smm=off,graphics=off$irqchip"
		# Nothing that depends on the host's configuration, no window.
		-no-user-config -nodefaults -display none
		# A small firmware that enters vmlinux through PVH: no boot
		# loader, no decompression.
		-bios qboot.rom
		-m "$memory" -smp "$vcpus"
		-kernel "$kernel" -initrd "$initrd" -append "$KERNEL_COMMAND_LINE"
		-no-reboot
		# vfio's type1 refuses a group without interrupt remapping.
		-device "intel-iommu,intremap=on"
		# Each device has a port, so that each has an IOMMU group and
		# can be reset by the bus. The ivshmem's bridge window must hold
		# its 64-bit BAR.
		"${window[@]}"
		-device "pcie-root-port,id=port1,chassis=1,slot=1"
		-device "pcie-root-port,id=port2,chassis=2,slot=2"
		# share=off maps the file privately: each guest sees the stamps
		# as they were made, and none can spoil them; reserve=off lets the
		# file be larger than the host's memory.
		-object "memory-backend-file,id=bar,mem-path=${bar//,/,,},size=$bar_size,share=off,reserve=off"
		-device "ivshmem-plain,memdev=bar,bus=port1"
		"${disk[@]}"
		# Function-level reset, and a real driver.
		-device "nvme,serial=pfnbench,bus=port2,ioeventfd=off$namespace"
		# ioeventfd=off: the guest waits while QEMU takes what it sent; else
		# that happens in another thread, at another count each time.
		-device "virtio-serial-pci,disable-legacy=on,ioeventfd=off"
		-chardev "file,id=results,path=${results//,/,,}"
		-device "virtserialport,chardev=results,name=results"
		-chardev "file,id=console,path=${console//,/,,}"
		-serial "chardev:console"
	)
	case $mode in
	count)
		QEMU_ARGUMENTS+=(
			# One tick is one instruction, and an idle guest skips
			# to its next timer instead of waiting for it.
			-icount "shift=0,sleep=off,align=off"
			# Translated code of one small kernel; the default is a
			# gibibyte.
			-accel "tcg,tb-size=128"
			# Each step of a rep instruction counts as one: with ERMS
			# the kernel clears a page by 4096 of them.
			-cpu "max,-erms,-fsrm"
			# A clock that starts the same and follows the count, and
			# the same random bytes: only both together make two boots
			# print the same digits.
			-rtc "base=2025-01-01T00:00:00,clock=vm" -seed "$seed"
		) ;;
	plain)
		QEMU_ARGUMENTS+=(
			# One thread for all vCPUs. Before 8.2 QEMU exchanges the
			# map of memory, as each write of PCI_COMMAND does, under
			# a vCPU that runs: what that one writes to its local APIC
			# goes astray now and then, and a timer or an IPI is lost.
			-accel "tcg,tb-size=128,thread=single"
			-cpu "max" -seed "$seed"
		) ;;
	time)
		QEMU_ARGUMENTS+=(-accel kvm -cpu host -seed "$seed") ;;
	esac
	[[ -z ${11:-} ]] || QEMU_ARGUMENTS+=(-plugin "${11}")
}
