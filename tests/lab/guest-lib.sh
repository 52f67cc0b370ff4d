# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest that plays the lab host: its machine, and commands in it. Sourced after
# scripts/lib.sh, never run. LAB is a folder for what this guest needs: the console's
# log, the disks of the devices, sockets. QEMU ends with the shell
# that sources this.

# shellcheck source=scripts/guest/machine.sh
. "$SCRIPTS/guest/machine.sh"

# Kernels boot slowly here, and other guests may run beside this one.
readonly BOOT_SECONDS=${BOOT_SECONDS:-900}
# What the devices are. The ports have these places on the bus, and the firmware
# numbers the buses behind them in that order.
# shellcheck disable=SC2034 # for those who source this
readonly FREE_NVME=0000:01:00.0 IVSHMEM=0000:02:00.0 \
	MOUNTED_NVME=0000:03:00.0 BESIDE_MOUNTED=0000:03:00.1 \
	NETWORK_UP=0000:04:00.0 SHARED_NVME=0000:05:00.0 BESIDE_SHARED=0000:05:00.1

lab_qemu=
lab_image=
lab_port=

# Sets LAB_ARGUMENTS.
lab_arguments() # port
{
	local number

	LAB_ARGUMENTS=(
		-M "q35,usb=off,vmport=off,smbus=off,sata=off,hpet=off,graphics=off"
		-no-user-config -nodefaults -display none
		# Without instructions that Debian's kernel loads modules for.
		-m 2048 -smp "${LAB_CPUS:-2}" -cpu "max,-aes,-pclmulqdq,-svm,-la57"
		# scripts/guest/machine.sh says why one thread.
		-accel "tcg,tb-size=512,thread=${LAB_THREAD:-single}"
		-device "intel-iommu,intremap=on"
		-drive "file=$lab_image/disk,format=raw,if=none,id=root,cache=unsafe,snapshot=on"
		-device "virtio-blk-pci,drive=root,addr=4"
		# ssh comes in here, by the loopback only.
		-netdev "user,id=ssh,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:$1-:22"
		-device "virtio-net-pci,netdev=ssh,addr=5,romfile="
		# What a hang ends with where the host sets it.
		-device "i6300esb,addr=6" -action watchdog=reset
		-chardev "file,id=console,path=$LAB/console,append=on"
		-serial chardev:console
		-chardev "pipe,id=monitor,path=$LAB/monitor" -mon chardev=monitor
	)
	for number in 1 2 3 4 5; do
		LAB_ARGUMENTS+=(-device
			"pcie-root-port,id=port$number,chassis=$number,slot=$number,addr=1$number")
	done
	for number in free mounted shared; do
		LAB_ARGUMENTS+=(-drive
			"file=$LAB/$number,format=raw,if=none,id=$number,cache=unsafe")
	done
	LAB_ARGUMENTS+=(
		# Free: a function-level reset, a driver, nothing on it.
		-device "nvme,serial=free,drive=free,bus=port1"
		# Free: a large BAR, and no driver.
		-object "memory-backend-ram,id=bar,size=64M"
		-device "ivshmem-plain,memdev=bar,bus=port2"
		# A disk that is mounted, and one function beside it: without ACS
		# they are one IOMMU group.
		-device "nvme,serial=mounted,drive=mounted,bus=port3,addr=0.0,multifunction=on"
		-object "memory-backend-ram,id=bar1,size=1M"
		-device "ivshmem-plain,memdev=bar1,bus=port3,addr=0.1"
		# A network interface that is up.
		-netdev "user,id=second,restrict=on,ipv6=off,net=10.0.3.0/24"
		-device "e1000e,netdev=second,bus=port4,romfile="
		# A group of two of which one has a driver, but nobody uses it.
		-device "nvme,serial=shared,drive=shared,bus=port5,addr=0.0,multifunction=on"
		-object "memory-backend-ram,id=bar2,size=1M"
		-device "ivshmem-plain,memdev=bar2,bus=port5,addr=0.1"
	)
}

# Starts it by the disk's boot loader; what it writes to the disk goes with it.
lab_start() # image
{
	local tries

	lab_image=$1
	mkdir -p "$LAB"
	rm -f "$LAB"/{console,ssh,monitor.*}
	: >"$LAB/console"
	mkfifo "$LAB"/monitor.{in,out}
	truncate -s 64M "$LAB"/{free,mounted,shared}
	mkfs.ext4 -q -F -L data "$LAB/mounted"
	# Somebody else may have a port: another is tried.
	for tries in 1 2 3 4 5; do
		lab_port=$((20000 + RANDOM % 20000))
		lab_arguments "$lab_port"
		setpriv --pdeathsig KILL setsid "$QEMU" "${LAB_ARGUMENTS[@]}" \
			</dev/null >"$LAB/qemu.log" 2>&1 &
		lab_qemu=$!
		echo "$lab_qemu" >"$LAB/pid"
		sleep 1
		! kill -0 "$lab_qemu" 2>/dev/null || return 0
		grep -q 'host forwarding' "$LAB/qemu.log" || break
	done
	die "$EXIT_BROKEN" "lab guest" "$(tail -n1 "$LAB/qemu.log")"
}

# A command in it. Standard input is the caller's.
lab_ssh() # words...
{
	ssh -F none -i "$lab_image/key" -p "$lab_port" -o BatchMode=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR -o ConnectTimeout=10 -o ServerAliveInterval=10 \
		-o ServerAliveCountMax=6 -o ControlMaster=auto -o ControlPersist=yes \
		-o ControlPath="$LAB/ssh" root@127.0.0.1 "$@"
}

# Until it answers. With an id: until a boot answers that is another.
lab_wait() # seconds [boot-id]
{
	local until=$((SECONDS + $1)) id=

	while ((SECONDS < until)); do
		kill -0 "$lab_qemu" 2>/dev/null || { say "lab guest" "QEMU ended" && return 1; }
		id=$(lab_boot_id 2>/dev/null) || { lab_forget && id=; }
		[[ -z $id || $id == "${2:-}" ]] || return 0
		sleep 1
	done
	say "lab guest" "did not answer in $1 s; $LAB/console ends with $(tail -n1 "$LAB/console")"
	return 1
}

lab_boot_id()
{
	lab_ssh cat /proc/sys/kernel/random/boot_id </dev/null
}

# The connection to a guest that has gone on without it.
lab_forget()
{
	[[ ! -S $LAB/ssh ]] || ssh -F none -o ControlPath="$LAB/ssh" -O exit \
		root@127.0.0.1 >/dev/null 2>&1 || true
	rm -f "$LAB/ssh"
}

# A power cut, and power again.
lab_reset()
{
	lab_forget
	echo system_reset >"$LAB/monitor.in"
}

# Ends it as a power cut does.
lab_stop()
{
	lab_forget
	[[ -z $lab_qemu ]] || { kill -KILL "$lab_qemu" 2>/dev/null && wait "$lab_qemu" 2>/dev/null; } || true
	lab_qemu=
}

# As it is shut down; what was written is on the disk.
lab_power_off()
{
	local tries

	lab_ssh systemctl poweroff </dev/null || true
	lab_forget
	for tries in {1..120}; do
		kill -0 "$lab_qemu" 2>/dev/null || break
		sleep 0.5
	done
	((tries < 120)) || say "lab guest" "did not shut down in 60 s"
	lab_stop
}

# The project into it, as a clone, with the programs that are built here and what
# they are made of: times as they are, so that make finds nothing to do. What is
# built is in build there, wherever BUILD is here, and nothing else of BUILD gets in.
lab_project()
{
	local clone=$LAB/clone/pfnbench inside=${BUILD#"$ROOT/"}
	local -a but=()

	[[ $inside == /* ]] || but=(":(exclude,top)$inside")
	rm -rf "$LAB/clone"
	git clone -q --depth 1 --no-checkout "file://$ROOT" "$clone"
	(cd "$ROOT" && git ls-files -z --cached --others --exclude-standard -- . "${but[@]}" |
		xargs -0 ls -d 2>/dev/null | tar -cf - -T -) | tar -C "$clone" -xf -
	git -C "$clone" reset -q
	mkdir "$clone/build"
	(cd "$BUILD" && { find . -maxdepth 1 -type f &&
		find bench report -name '*.[od]' -type f; } | tar -cf - -T -) |
		tar -C "$clone/build" -xf -
	tar -C "$LAB/clone" -cf - pfnbench | lab_ssh "rm -rf /root/pfnbench && tar -C /root -xf -"
	rm -rf "$LAB/clone"
}
