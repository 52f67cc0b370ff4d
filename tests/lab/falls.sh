# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What takes long and is therefore no part of a plain `make check-lab`: a lab by
# grub-reboot, a kernel that hangs, a boot that ends in emergency mode. Sourced by tests/lab/run.
# shellcheck disable=SC2034 # status is of those who source this
# shellcheck disable=SC2016 # what is in single quotes is for the guest, or jq's

readonly FALL_VARIANTS="huge-fault eager" FALL_HANGS=insert-pfn

# The kernels of these parts, once a guest.
fall_kernels()
{
	[[ -z ${fall_installed:-} ]] || return 0
	fall_installed=yes
	BASES=$LAB_BASE VARIANTS=$FALL_VARIANTS CONFIG=lab "$SCRIPTS/kernel/kernels-deb" >"$LAB/debs"
	CONFIG=lab MUTANT=hangs "$SCRIPTS/kernel/kernel-deb" "$LAB_BASE" "$FALL_HANGS" >>"$LAB/debs"
	install_debs "$LAB/debs"
	in_guest "ln -sf /bin/false /usr/local/bin/gnuplot"
	set_default
	note "the kernels are there"
}

# The result of a boot by GRUB is of the kernel that is to have run.
booted() # results variant
{
	try in_guest "head -n1 /root/$1/$LAB_BASE-$2/boot-1.jsonl | jq -r .kernel.release"
	expect "the result of $2 is what ran" 0 "-pfnbench-$LAB_BASE-$2\$"
	# GRUB says what it loads; the line that a lab gives to kexec does not have it.
	try in_guest "head -n1 /root/$1/$LAB_BASE-$2/boot-1.jsonl | jq -r .kernel.command_line"
	expect "GRUB has booted it" 0 "BOOT_IMAGE=[^ ]*-pfnbench-$LAB_BASE-$2 "
}

# The firmware and GRUB boot each kernel, once.
test_grub()
{
	local default before variant

	fall_kernels
	default=$(in_guest "uname -r")
	before=$(device_state "$FREE_NVME")
	start_lab lab-grub lab ROUNDS=1 METHOD=grub "VARIANTS=\"$FALL_VARIANTS\""
	expect "make lab METHOD=grub begins" 0 '/root/lab-grub'
	check "and ends by itself" lab_until finished
	try in_guest "make -s lab-status"
	expect "both kernels were measured" 0 '^finished at boot 2 of 2, 0 broken'
	for variant in $FALL_VARIANTS; do booted lab-grub "$variant"; done
	try in_guest "uname -r"
	expect "the host is back in its kernel" 0 "^$default\$"
	try in_guest "grub-editenv - list"
	expect "GRUB has no entry for one boot left" 0 '^(next_entry=)?$'
	nothing_left "after the lab by grub"
	restored "after the lab by grub" "$FREE_NVME" "$before"
}

# A kernel that stops all CPUs: nobody feeds the watchdog, and that resets the host.
test_hang()
{
	local default

	fall_kernels
	default=$(in_guest "uname -r")
	start_lab lab-hang lab ROUNDS=1 "VARIANTS=$FALL_HANGS-hangs"
	expect "a lab of a kernel that hangs begins" 0 '/root/lab-hang'
	check "and ends by itself" lab_until finished
	output=$(tail -c "+$console_before" "$LAB/console" | grep -ac 'Kernel panic' || true) status=0
	expect "nothing panicked" 0 '^0$'
	try in_guest "jq -r '.reason, .attempts' /root/lab-hang/$LAB_BASE-$FALL_HANGS-hangs/boot-1.broken.json | xargs"
	expect "it is marked broken, tried twice" 0 '^panic or hang 2$'
	try in_guest "uname -r"
	expect "the host is back in its kernel" 0 "^$default\$"
	nothing_left "after the kernel that hangs"
}

# A boot of another kernel than the lab's that ends in emergency mode, once; the timer
# that looks every 15 minutes is told to look after 40 s.
test_rescue()
{
	local id

	in_guest 'set -e
		mkdir -p /var/lib/pfnbench/lab; cd /var/lib/pfnbench/lab
		: >schedule
		jq -n "{run: \"/root/none\", device: \"'"$FREE_NVME"'\", default: \"another\", method: \"kexec\", patience: 600, kernels: []}" >plan.json
		jq -n "{stage: \"next\", cell: 1, attempt: 1, boot_id: \"\", release: \"\", broken: 0, returns: 0, reason: \"\"}" >position.json
		bash -c ". /root/pfnbench/scripts/lib.sh; . \$SCRIPTS/host/host-lib.sh; . \$SCRIPTS/lab/lab-lib.sh; install_units"
		systemctl -q disable pfnbench-lab.service
		mkdir -p /etc/systemd/system/pfnbench-lab-rescue.timer.d
		printf "[Timer]\nOnBootSec=\nOnBootSec=40s\n" >/etc/systemd/system/pfnbench-lab-rescue.timer.d/soon.conf
		cat >/etc/systemd/system/fail-once.service <<-END
			[Unit]
			DefaultDependencies=no
			Before=local-fs.target
			[Service]
			Type=oneshot
			ExecStart=/bin/sh -c "if [ -e /root/fail ]; then mount -o remount,rw /; rm -r /root/fail /etc/systemd/system/pfnbench-lab-rescue.timer.d; sync; exit 1; fi"
			[Install]
			RequiredBy=local-fs.target
		END
		systemctl daemon-reload; systemctl -q enable fail-once.service; touch /root/fail; sync'
	id=$(lab_boot_id)
	console_before=$(($(stat -c %s "$LAB/console") + 1))
	in_guest "systemctl reboot" || true
	lab_forget
	check "a boot that ends in emergency mode is rebooted" lab_wait "$BOOT_SECONDS" "$id"
	output=$(tail -c "+$console_before" "$LAB/console" | grep -aic 'emergency mode' || true) status=0
	expect "it was emergency mode" 0 '^[1-9]'
	try in_guest 'tail -n1 /var/lib/pfnbench/lab/log'
	expect "the lab's log says why" 0 'measures nothing; this host is rebooted'
	in_guest 'systemctl -q disable --now pfnbench-lab-rescue.timer fail-once.service
		rm -r /etc/systemd/system/{pfnbench-lab*,fail-once.service} /var/lib/pfnbench/lab'
}
