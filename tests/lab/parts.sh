# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests on the running kernel of the guest that plays the lab host. Sourced by
# tests/lab/run.
# shellcheck disable=SC2016 # what is in single quotes is for the guest, or jq's

# A command in the project's folder; its input is nothing.
in_guest() # text
{
	lab_ssh "cd /root/pfnbench && $1" </dev/null
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

# A test: make bench refuses it with exit code 2, and says why.
refused() # name address regex [force]
{
	try in_guest "DEV=$2 PLAN=lab ${4:+FORCE=1} scripts/bench"
	expect "make bench refuses $1" "$EXIT_USAGE" "$3"
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
	refused "a mounted disk" "$MOUNTED_NVME" "^pfnbench: $MOUNTED_NVME: .*/data"
	refused "a mounted disk, forced" "$MOUNTED_NVME" "/data" force
	refused "what shares its group, forced" "$BESIDE_MOUNTED" "$MOUNTED_NVME" force
	refused "the boot disk, forced" 0000:00:04.0 ": " force
	refused "an interface that is up" "$NETWORK_UP" "up"
	refused "the interface of the default route" 0000:00:05.0 "route"
	refused "a port" 0000:00:11.0 "bridge"
	refused "a device that is not there" 0000:77:00.0 "no such device"
	restored "what was refused is as it was" "$MOUNTED_NVME" "$before"

	in_guest "swapoff -a; mkswap /dev/disk/by-path/pci-$FREE_NVME-nvme-1 && swapon /dev/disk/by-path/pci-$FREE_NVME-nvme-1" >/dev/null
	refused "a disk that is swapped to" "$FREE_NVME" swap
	in_guest "swapoff -a && wipefs -qa /dev/disk/by-path/pci-$FREE_NVME-nvme-1"
	try in_guest 'sleep 1000 <$(readlink -f /dev/disk/by-path/pci-'"$FREE_NVME"'-nvme-1) & build/pfnbench devices --check '"$FREE_NVME"'; code=$?; kill $!; exit $code'
	expect "a disk that is open is refused" "$EXIT_USAGE" "open"
}

# --- make bench ----------------------------------------------------------------------

test_bench()
{
	local before address

	for address in "$FREE_NVME" "$IVSHMEM"; do
		before=$(device_state "$address")
		try in_guest "rm -rf results && make -s bench DEV=$address PLAN=lab ROUNDS=2"
		expect "make bench DEV=$address" 0 '/REPORT.md$'
		restored "the driver of $address is back" "$address" "$before"
		try in_guest "cat results/latest/REPORT.md"
		expect "its report says what it is not for" 0 'not for figures'
		try in_guest "jq -r '.kernels[].variant' results/latest/run.json"
		expect "it is labelled by what ran, a kernel of Debian" 0 '^unknown-[0-9a-f]{12}$'
		try in_guest "ls results/latest/*/boot-*.jsonl | wc -l; jq -r 'select(.type == \"cell\") | .status' results/latest/*/boot-1.jsonl | sort | uniq -c"
		expect "two rounds are whole" 0 '^2$'
	done
}

# --- however it ends ------------------------------------------------------------------

# Starts a long run of @address in the guest, in a session of its own, and returns
# when it measures; its process is in /root/pid.
start_long() # address
{
	in_guest "rm -rf results; DEV=$1 PLAN=lab ROUNDS=90 RESULTS=results/long setsid scripts/host-run >/root/said 2>&1 & echo \$! >/root/pid"
	wait_measuring
}

wait_measuring()
{
	try in_guest 'for i in $(seq 600); do set -- results/long/*/boot-1.jsonl; [ -e "$1" ] && pidof -q pfnbench && exit; sleep 1; done; cat /root/said; exit 1'
	((status == 0)) || printf '%s\n' "$output" | sed 's/^/# /'
}

test_ends()
{
	local before id

	before=$(device_state "$FREE_NVME")

	# A terminal's Ctrl-C reaches make, the script and pfnbench.
	in_guest "rm -rf results"
	try_keys "cd pfnbench && make -s bench DEV=$FREE_NVME PLAN=lab ROUNDS=90 RESULTS=results/long" \
		< <(wait_measuring >&2 && printf '\003' && sleep 60)
	expect "Ctrl-C ends make bench" 1 'Interrupt|Error 130'
	restored "after Ctrl-C" "$FREE_NVME" "$before"

	start_long "$FREE_NVME"
	in_guest 'kill -KILL $(cat /root/pid); sleep 2'
	try in_guest "readlink /sys/bus/pci/devices/$FREE_NVME/driver; ls /var/lib/pfnbench/devices"
	expect "a runner that was killed leaves a record" 0 "^$FREE_NVME\$"
	try in_guest "make -s restore"
	expect "make restore" 0 ''
	restored "after kill -9 and make restore" "$FREE_NVME" "$before"

	try in_guest "make -s bench DEV=$FREE_NVME PLAN=lab ROUNDS=2 RESULTS=results/again"
	expect "and it can be measured again" 0 '/REPORT.md$'

	in_guest 'modprobe -r vfio-pci && echo "install vfio-pci /bin/false" >/etc/modprobe.d/test.conf'
	try in_guest "rm -rf results; DEV=$FREE_NVME PLAN=lab scripts/bench"
	expect "a bind that fails" "$EXIT_BROKEN" 'vfio-pci'
	in_guest 'rm /etc/modprobe.d/test.conf'
	restored "after a bind that failed" "$FREE_NVME" "$before"

	start_long "$FREE_NVME"
	in_guest sync
	id=$(lab_boot_id)
	lab_reset
	check "a power cut while it measures" lab_wait "$BOOT_SECONDS" "$id"
	in_guest "mount -L data /data"
	try in_guest "make -s restore"
	expect "make restore after a power cut" 0 ''
	restored "after a power cut" "$FREE_NVME" "$before"
}

# As in a terminal, whose keys are on stdin. One that ssh makes without a terminal
# here has no Ctrl-C; and who ends by a signal ends with one of several codes.
try_keys() # text
{
	status=0
	output=$(lab_ssh -tt "stty sane; $1" 2>&1) || status=1
}

test_force()
{
	local before

	before=$(device_state "$NETWORK_UP")
	try in_guest "rm -rf results; make -s bench DEV=$NETWORK_UP PLAN=lab ROUNDS=2 FORCE=1"
	expect "FORCE=1 measures an interface that is up" 0 '/REPORT.md$'
	restored "it is up again, with its address" "$NETWORK_UP" "$before"

	before=$(device_state "$BESIDE_SHARED"; device_state "$SHARED_NVME")
	try in_guest "rm -rf results; make -s bench DEV=$BESIDE_SHARED PLAN=lab ROUNDS=2 FORCE=1"
	expect "FORCE=1 measures what shares a group" 0 '/REPORT.md$'
	try eval 'device_state "$BESIDE_SHARED"; device_state "$SHARED_NVME"'
	[[ $output == "$before" ]] || status=1
	expect "both of the group are as they were" 0 ''
}
