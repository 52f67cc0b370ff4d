# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154,SC2034 # lab_qemu and status are of those who source this
# `make lab` in the guest that plays the lab host: kernels one after the other by
# kexec, one of which panics where a BAR is mapped. Sourced by tests/lab/run.
# shellcheck disable=SC2016 # what is in single quotes is for the guest, or jq's

readonly LAB_BASE=6.12 LAB_VARIANTS="huge-fault eager" LAB_PANICS=insert-pfn
# A lab of four boots, some of them twice.
readonly LAB_SECONDS=${LAB_SECONDS:-1800}

# The packages of the kernels, a line each, into LABS/debs, and how that ended.
build_kernels()
{
	local code=0

	{
		BASES=$LAB_BASE VARIANTS=$LAB_VARIANTS CONFIG=lab "$SCRIPTS/kernel/kernels-deb" &&
			CONFIG=lab MUTANT=panics "$SCRIPTS/kernel/kernel-deb" "$LAB_BASE" "$LAB_PANICS"
	} >>"$LABS/debs" 2>"$LABS/debs.log" || code=$?
	echo "$code" >"$LABS/debs.code"
}

# Until there are so many, or no more come.
wait_kernels() # number
{
	until [[ -s $LABS/debs.code ]] || (($(wc -l <"$LABS/debs") >= $1)); do
		sleep 1
	done
	[[ ! -s $LABS/debs.code || $(<"$LABS/debs.code") == 0 ]]
}

# Until the console says @words behind what it had said when the lab was started:
# what a lab says of itself goes there, too, and nobody has to log in to a guest that
# is busy, or down.
lab_until() # words
{
	local until=$((SECONDS + LAB_SECONDS))

	while ((SECONDS < until)); do
		kill -0 "$lab_qemu" 2>/dev/null || { say "lab guest" "QEMU ended" && return 1; }
		! tail -c "+$console_before" "$LAB/console" | grep -aq "pfnbench lab: $1" || return 0
		sleep 1
	done
	say "lab" "not said in $LAB_SECONDS s: $1"
	return 1
}

install_kernels()
{
	wait_kernels 3 || die "$EXIT_BROKEN" "kernels" "$(tail -n1 "$LABS/debs.log")"
	note "the kernels are built"
	install_debs "$LABS/debs"
	note "the kernels are installed"
}

install_debs() # file of paths
{
	local -a debs

	mapfile -t debs <"$1"
	tar -cf - "${debs[@]}" 2>/dev/null |
		lab_ssh "mkdir -p /root/debs && tar -C /root/debs --transform='s,.*/,,' -xf -"
	# Without a menu no package makes one: one for all of them is enough.
	check "the packages install" in_guest "rm /boot/grub/grub.cfg && dpkg -i /root/debs/*.deb"
	check "and are in GRUB's menu" in_guest "update-grub && grep -q pfnbench-$LAB_BASE-eager /boot/grub/grub.cfg"
}

# The kernel that was installed last is GRUB's default then; a lab does not begin
# like that, and says what to do.
set_default()
{
	local entry

	try in_guest "DEV=$FREE_NVME scripts/lab/lab"
	expect "make lab refuses where a reboot leads to one of its kernels" "$EXIT_USAGE" 'GRUB_DEFAULT='
	entry=$(grep -o 'GRUB_DEFAULT="[^"]*"' <<<"$output") || return 0
	in_guest "printf '%s\n' '$entry' >>/etc/default/grub.d/lab.cfg && update-grub" >/dev/null 2>&1
}

# The seed puts the kernel that panics last: a panic ends at home, and each way
# there is waited for.
start_lab() # results plan words...
{
	console_before=$(($(stat -c %s "$LAB/console") + 1))
	try in_guest "make -s lab DEV=$FREE_NVME RESULTS=/root/$1 PLAN=$2 AA=no SETTLE=0 TIMEOUT=600 SEED=2 ${*:3}"
	lab_forget
}

nothing_left() # name
{
	try in_guest "ls /etc/systemd/system | grep pfnbench-lab; systemctl is-enabled pfnbench-lab.service; true"
	expect "$1: no unit of it is left" 0 '^(not-found|Failed to get unit file state.*|disabled)?$'
	output=$(grep -c 'pfnbench-lab\.service$' <<<"$output" || true) status=0
	expect "$1: not in its folder either" 0 '^0$'
}

test_lab()
{
	local before default variant

	install_kernels
	# The plots of a report are most of its time here; the part bench looks at them.
	in_guest "ln -s /bin/false /usr/local/bin/gnuplot"
	default=$(in_guest "uname -r")
	before=$(device_state "$FREE_NVME")
	set_default
	note "a reboot leads to the kernel that runs"

	start_lab lab-run lab ROUNDS=1
	expect "make lab begins" 0 '/root/lab-run'
	check "and ends by itself" lab_until finished
	note "the lab has ended"
	try in_guest "make -s lab-status"
	expect "make lab-status says so" 0 '^finished at boot 3 of 3, 1 broken'
	try in_guest "uname -r"
	expect "the host is back in its kernel" 0 "^$default\$"
	nothing_left "after the lab"
	restored "after the lab" "$FREE_NVME" "$before"
	for variant in $LAB_VARIANTS; do
		try in_guest "head -n1 /root/lab-run/$LAB_BASE-$variant/boot-1.jsonl | jq -r '.variant, .kernel.release'"
		expect "the result of $variant is what ran" 0 ".*-pfnbench-$LAB_BASE-$variant\$"
		try in_guest "tail -n1 /root/lab-run/$LAB_BASE-$variant/boot-1.jsonl | jq -r '.type, (.cells > 3)' | xargs"
		expect "and is whole" 0 '^end true$'
	done
	try in_guest "jq -r '.reason, .attempts' /root/lab-run/$LAB_BASE-$LAB_PANICS-panics/boot-1.broken.json | xargs"
	expect "the kernel that panics is broken, tried twice" 0 '^panic or hang 2$'
	try in_guest "cat /root/lab-run/REPORT.md"
	expect "the report says what it is not for" 0 'not for figures'
	expect "and names the kernel that broke" 0 "$LAB_PANICS-panics"

	# A plan that does not end before it is stopped.
	start_lab lab-stopped host ROUNDS=6 VARIANTS=eager
	expect "another lab begins" 0 '/root/lab-stopped'
	check "and measures a kernel" lab_until ".* being measured"
	note "the second lab measures"
	check "which takes its time" wait_measuring
	try in_guest "uname -r"
	expect "which is the one that runs" 0 "-pfnbench-$LAB_BASE-eager\$"
	try in_guest "make -s lab-stop"
	expect "make lab-stop" 0 'ends'
	lab_forget
	check "it stops" lab_until stopped
	note "the lab has stopped"
	try in_guest "uname -r"
	expect "the host is in its kernel" 0 "^$default\$"
	nothing_left "after lab-stop"
	restored "after lab-stop" "$FREE_NVME" "$before"
	in_guest "rm /usr/local/bin/gnuplot"
}
