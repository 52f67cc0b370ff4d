# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests on the running kernel of the guest that plays the lab host. Sourced by
# tests/lab/run.
# shellcheck disable=SC2016 # what is in single quotes is for the guest, or jq's

# A command in the project's folder; its input is nothing.
in_guest() # text
{
	lab_ssh "cd /root/pfnbench || exit; $1" </dev/null
}

# All of a device that has to be what it was: driver, override, power management,
# its block devices, its interfaces with addresses and routes.
device_state() # address
{
	in_guest "cd /sys/bus/pci/devices/$1 &&
		readlink driver; cat driver_override power/control
		ls -d nvme/*/nvme* 2>/dev/null | grep -o 'n[0-9]*\$'
		for interface in net/*; do
			[ -d \$interface ] || continue
			cat \$interface/address
			ip -o address show dev \${interface#net/} | sed 's/^[0-9]*: //'
			ip route show dev \${interface#net/}
		done; true"
}

# A test: the device is what @before says, and nothing is recorded any more. udev
# takes a moment with what is made again.
restored() # name address before
{
	for _ in 1 2 3 4 5; do
		try device_state "$2"
		[[ $output != "$3" ]] || break
		in_guest "udevadm settle"
	done
	diff <(printf '%s\n' "$3") <(printf '%s\n' "$output") >"$LAB/diff" || true
	output=$(cat "$LAB/diff") status=0
	[[ -z $output ]] || status=1
	expect "$1" 0 '^$'
	try in_guest "[ ! -d /var/lib/pfnbench/devices ] || ls /var/lib/pfnbench/devices"
	expect "$1: nothing is left recorded" 0 '^$'
}

# --- make devices ------------------------------------------------------------------

# A test of one device: usable, usable when forced, codes of the reasons.
verdict() # name address usable forced codes-regex
{
	output=$(jq -r --arg address "$2" '.[] | select(.address == $address)
		| "\(.usable) \(.usable_forced) \([.reasons[].code] | unique | join(" "))"' \
		"$LAB/devices.json")
	status=0
	expect "make devices: $1" 0 "^$3 $4 $5\$"
}

# A test: what measures refuses it with exit code 2, and says why.
refused() # name address regex [force]
{
	try in_guest "DEV=$2 PLAN=lab ${4:+FORCE=1} scripts/host/host-run"
	expect "it is refused: $1" "$EXIT_USAGE" "$3"
}

# A test: so is what came to be used meanwhile.
not_free() # name text-before regex text-behind
{
	try in_guest "$2; build/pfnbench devices --check $FREE_NVME; code=\$?; $4; exit \$code"
	expect "it is refused: $1" "$EXIT_USAGE" "$3"
}

test_devices()
{
	local before

	try in_guest "make -s devices"
	expect "make devices lists them" 0 "^$FREE_NVME .*"
	in_guest "build/pfnbench devices --json" >"$LAB/devices.json"
	verdict "a free disk" "$FREE_NVME" true true ''
	verdict "a device without a driver" "$IVSHMEM" true true ''
	verdict "a mounted disk" "$MOUNTED_NVME" false false '.*mounted.*'
	verdict "what shares its group" "$BESIDE_MOUNTED" false false '.*mounted.*'
	verdict "an interface that is up" "$NETWORK_UP" false true up
	verdict "that of the default route" 0000:00:05.0 false true 'route up'
	verdict "the boot disk" 0000:00:04.0 false false '.*mounted.*'
	verdict "a port" 0000:00:11.0 false false '.*bridge.*'
	verdict "a disk whose neighbour has no driver" "$SHARED_NVME" true true ''
	verdict "that neighbour" "$BESIDE_SHARED" false true group

	before=$(device_state "$MOUNTED_NVME")
	try in_guest "DEV=$MOUNTED_NVME PLAN=lab scripts/bench"
	expect "make bench refuses a mounted disk" "$EXIT_USAGE" "^pfnbench: $MOUNTED_NVME: .*/data"
	refused "a mounted disk, forced" "$MOUNTED_NVME" "/data" force
	refused "what shares its group, forced" "$BESIDE_MOUNTED" "$MOUNTED_NVME" force
	refused "the boot disk, forced" 0000:00:04.0 "mounted" force
	refused "an interface that is up" "$NETWORK_UP" "up"
	refused "the interface of the default route" 0000:00:05.0 "route"
	refused "a device that is not there" 0000:77:00.0 "no such device"
	restored "what was refused is as it was" "$MOUNTED_NVME" "$before"

	# It has no file system: nothing is lost.
	not_free "a disk that is swapped to" \
		"disk=/dev/disk/by-path/pci-$FREE_NVME-nvme-1; mkswap -q \$disk && swapon \$disk" \
		"swap" "swapoff \$disk; wipefs -qa \$disk"
	not_free "a disk that is open" \
		"sleep 1000 </dev/disk/by-path/pci-$FREE_NVME-nvme-1 >/dev/null 2>&1 & sleep 0.2" \
		"open" 'kill $!'
}

# --- make bench ----------------------------------------------------------------------

# What make bench DEV= does once the programs are there, without the plots: they are
# most of the time here.
host_run() # variables
{
	in_guest "rm -rf results; mkdir -p /root/no-plots
		ln -sf /bin/false /root/no-plots/gnuplot
		PATH=/root/no-plots:\$PATH PLAN=lab $1 scripts/host/host-run"
}

test_bench()
{
	local before

	before=$(device_state "$FREE_NVME")
	try in_guest "rm -rf results && make -s bench DEV=$FREE_NVME PLAN=lab ROUNDS=2"
	expect "make bench DEV=" 0 '/REPORT.md$'
	note "that was make bench"
	restored "its driver is back" "$FREE_NVME" "$before"
	try in_guest "cat results/latest/REPORT.md"
	expect "its report says what it is not for" 0 'not for figures'
	try in_guest "jq -r '.kernels[].variant' results/latest/run.json"
	expect "it is labelled by what ran, a kernel of Debian" 0 '^unknown-[0-9a-f]{12}$'
	try in_guest "tail -qn1 results/latest/*/boot-?.jsonl | jq -r '.type, .cells' | xargs"
	expect "two rounds are whole" 0 '^end [4-9] end [4-9]$'
	try in_guest "ls results/latest/plots/*.svg | wc -l"
	expect "and have figures" 0 '^[1-9]'
	note "and that is looked at"

	before=$(device_state "$IVSHMEM")
	try host_run "DEV=$IVSHMEM ROUNDS=1"
	expect "a device without a driver is measured" 0 '/REPORT.md$'
	restored "it has none again" "$IVSHMEM" "$before"
}

# --- however it ends ------------------------------------------------------------------

# A test: a long run of @address in the guest, in a session of its own, measures; its
# process is in /root/pid.
start_long() # name address
{
	in_guest "rm -rf results; DEV=$2 PLAN=lab ROUNDS=90 RESULTS=results/long setsid scripts/host/host-run >/root/said 2>&1 </dev/null & echo \$! >/root/pid"
	check "$1" wait_measuring
}

# Until pfnbench measures.
wait_measuring()
{
	in_guest 'for i in $(seq 300); do
			! pgrep -f "[p]fnbench run --mode" >/dev/null || exit 0
			sleep 0.5
		done
		cat /root/said
		exit 1'
}

# A command as in a terminal, whose Ctrl-C is pressed when it measures; sets output
# and status. Who ends by a signal ends with one of several codes, all of them 1 here.
try_interrupted() # text
{
	local terminal

	rm -f "$LAB/keys"
	mkfifo "$LAB/keys"
	# One that ssh makes without a terminal here has no Ctrl-C.
	lab_ssh -tt "stty sane; cd pfnbench && $1" <"$LAB/keys" >"$LAB/screen" 2>&1 &
	terminal=$!
	exec 7>"$LAB/keys"
	if wait_measuring; then
		printf '\003' >&7
	else
		kill "$terminal"
	fi
	status=0
	# shellcheck disable=SC2034 # for expect
	wait "$terminal" || status=1
	exec 7>&-
	output=$(cat "$LAB/screen")
}

test_ends()
{
	local before id

	before=$(device_state "$FREE_NVME")

	# It reaches make, the scripts and pfnbench.
	in_guest "rm -rf results /root/said; : >/root/said"
	try_interrupted "make -s bench DEV=$FREE_NVME PLAN=lab ROUNDS=90"
	expect "Ctrl-C ends make bench" 1 'Interrupt|Error 130'
	restored "after Ctrl-C" "$FREE_NVME" "$before"
	note "Ctrl-C is done"

	start_long "it is measured again" "$FREE_NVME"
	try in_guest 'kill -KILL $(cat /root/pid); sleep 1; ls /var/lib/pfnbench/devices'
	expect "a runner that was killed leaves a record" 0 "^$FREE_NVME\$"
	try in_guest "make -s restore"
	expect "make restore" 0 '^$'
	restored "after kill -9 and make restore" "$FREE_NVME" "$before"
	note "kill -9 is done"

	in_guest 'modprobe -r vfio-pci && echo "install vfio-pci /bin/false" >/etc/modprobe.d/test.conf'
	try host_run "DEV=$FREE_NVME"
	expect "a bind that fails" "$EXIT_BROKEN" 'vfio-pci'
	in_guest 'rm /etc/modprobe.d/test.conf'
	restored "after a bind that failed" "$FREE_NVME" "$before"
	note "the bind is done"

	start_long "it is measured once more" "$FREE_NVME"
	id=$(lab_boot_id)
	lab_reset
	check "a power cut while it measures" lab_wait "$BOOT_SECONDS" "$id"
	in_guest "mount -L data /data"
	try in_guest "ls /var/lib/pfnbench/devices"
	expect "the record is on the disk" 0 "^$FREE_NVME\$"
	try in_guest "make -s restore"
	expect "make restore after a power cut" 0 '^$'
	restored "after a power cut" "$FREE_NVME" "$before"
}

test_force()
{
	local before other

	before=$(device_state "$NETWORK_UP")
	try host_run "DEV=$NETWORK_UP ROUNDS=1 FORCE=1"
	expect "FORCE=1 measures an interface that is up" 0 '/REPORT.md$'
	restored "it is up again, with its address" "$NETWORK_UP" "$before"

	before=$(device_state "$BESIDE_SHARED") other=$(device_state "$SHARED_NVME")
	try host_run "DEV=$BESIDE_SHARED ROUNDS=1 FORCE=1"
	expect "FORCE=1 measures what shares a group" 0 '/REPORT.md$'
	restored "the one is as it was" "$BESIDE_SHARED" "$before"
	restored "so is the other of the group" "$SHARED_NVME" "$other"
}
