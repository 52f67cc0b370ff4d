#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sampling on a host: what perf prints becomes folded stacks and rows, and `make
# profile DEV=` does it all, here on the stand-in. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
fold=$top/scripts/profile/profile-fold.awk
host=$top/scripts/profile/profile-host

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tab=$'\t'

# Two samples of one place, one from user mode, one of an interrupt.
cat >"$work/said" <<-END
	${tab}ffffffff815de842 mas_walk
	${tab}ffffffff821f5184 exc_page_fault
	${tab}          175100 touch_pages
	${tab}    7fadb66e5920 [unknown]

	${tab}ffffffff815de842 mas_walk
	${tab}ffffffff821f5184 exc_page_fault
	${tab}          175100 main


	${tab}ffffffff81000000 tick;odd name
	${tab}ffffffff81000001 asm_sysvec_apic_timer_interrupt
	${tab}ffffffff815de842 mas_walk
	${tab}          175100 main

	${tab}ffffffff81000009 kthread

	${tab}ffffffff81000010 pipe_write
	${tab}ffffffff81000011 vfs_write
	${tab}ffffffff81000012 ksys_write
	${tab}          175100 [unknown]

	${tab}ffffffff81000013 event_function_call
	${tab}ffffffff81000014 perf_ioctl
	${tab}ffffffff81000015 __x64_sys_ioctl
	${tab}          175100 [unknown]

	${tab}ffffffff81000016 vfio_pci_core_write
	${tab}ffffffff81000011 vfs_write
	${tab}ffffffff81000017 __x64_sys_pwrite64
	${tab}          175100 main
END
cat >"$work/folded" <<-END
	[interrupt];asm_sysvec_apic_timer_interrupt;tick_odd_name 1
	[user];__x64_sys_pwrite64;vfs_write;vfio_pci_core_write 1
	[user];exc_page_fault;mas_walk 2
	kthread 1
END
check "samples become folded stacks, without what tells perf" diff "$work/folded" <(awk -f "$fold" "$work/said")
printf 'b\tx=1\tp\tmas_walk\t2\t0\t0\t0\t7\nb\tx=1\tp\tkthread\t1\t0\t0\t0\t7\nb\tx=1\tp\ttick_odd_name\t1\t0\t0\t0\t7\nb\tx=1\tp\tvfio_pci_core_write\t1\t0\t0\t0\t7\n' \
	>"$work/rows"
check "stacks become rows" diff "$work/rows" <(awk -f "$top/scripts/profile/profile-functions.awk" \
	-v benchmark=b -v parameters=x=1 -v phase=p -v pages=7 "$work/folded")
deep()
{
	{
		for ((i = 0; i < 300; i++)); do printf '\tffffffff81000001 f%d\n' "$i"; done
	} | awk -f "$fold" | awk -F ';' '{ exit NF != 192 || $1 != "f299" }'
}
check "a stack without end has its outermost frames" deep

try env -u DEV "$host"
expect "no device" 2 'usage: make profile DEV='
try env DEV=memfd ROUNDS=0 "$host"
expect "no round" 2 'ROUNDS=0: not a number from 1'

sampled() # rounds
{
	local kernel

	DEV=memfd LENGTH=16M ROUNDS=$1 RESULTS=$work/results "$host" >"$work/out" 2>"$work/err" ||
		{ cat "$work/err" && return 1; }
	kernel=$(kernel_of)
	[[ $kernel == "$work/results/profile/"*-* ]] &&
		"${BUILD:-$top/build}/pfnreport" functions "$kernel" --phase=whole-bar >"$work/table" &&
		grep -q ' samples:$' "$work/table" && ! ls -d "$work/results/profile/.partial" 2>/dev/null &&
		xmllint --noout "$kernel"/*.svg
}
# That of the last sampled().
kernel_of()
{
	tail -n1 "$work/out"
}
faults_are_seen()
{
	local kernel

	kernel=$(kernel_of)
	grep -q ';asm_exc_page_fault;' "$kernel"/stacks/reset-recovery,*,whole-bar.folded
}
# The rows of a phase and its stacks are the same samples.
sums_agree()
{
	local rows stacks kernel

	kernel=$(kernel_of)
	rows=$(awk -F '\t' '$3 == "whole-bar" { sum += $5 } END { print sum }' "$kernel/functions.tsv")
	stacks=$(awk '{ sum += $NF } END { print sum }' "$kernel"/stacks/*whole-bar.folded)
	((rows == stacks && rows > 0))
}
if ((EUID == 0)) && perf record -q -e cpu-clock:k -o "$work/data" true >/dev/null 2>&1 &&
	grep -qvm1 '^0*0 ' /proc/kallsyms; then
	check "the stand-in is sampled" sampled 4
	check "its faults are in the stacks" faults_are_seen
	check "rows and stacks agree" sums_agree
	try env DEV=memfd LENGTH=16M ROUNDS=3 RESULTS="$work/results" "$host"
	expect "other settings are not mixed" 2 'has a profile of other settings'
else
	skip "the stand-in is sampled" "perf can't sample the kernel here"
	skip "its faults are in the stacks" "perf can't sample the kernel here"
	skip "rows and stacks agree" "perf can't sample the kernel here"
	skip "other settings are not mixed" "perf can't sample the kernel here"
fi

end_tests
