#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fake-fio.sh RUN: made-up logs of fio for each kernel of a run that fake-run.sh
# made. A read is due each 250 us for 2 s and takes 5 us (before an outage), or 7 us
# (insert-pfn, behind it). `toggle` takes the BAR away at 500 ms: calls of 10 us and,
# for the eager ones, 2,000 us, 1 ms apart; reads that are due meanwhile end from then
# on, 5 us apart, and waited.
set -euo pipefail

run=$1
mkdir -p "$run/fio"
jq '{format: 1, mode, bases, variants, seed, fio: "fio-3.33", length: "64M",
	jobs: ["steady", "toggle"], threads: [1], kernels}' "$run/run.json" >"$run/fio/fio.json"
jq -r '.kernels[] | "\(.base)-\(.variant)"' "$run/run.json" | while read -r kernel; do
	mkdir -p "$run/fio/$kernel"
	for job in steady toggle; do
		enable=20000
		[[ $kernel != *-eager* ]] || enable=2000000
		after=5000
		[[ $kernel != *-insert-pfn ]] || after=7000
		awk -v job="$job" -v enable="$enable" -v after="$after" 'BEGIN {
			begin = 500000000; on = begin + 10000 + 1000000 + enable
			for (due = 250000; due <= 2000000000; due += 250000) {
				end = due + (job == "toggle" && due > begin ? after : 5000)
				waited = 0
				if (job == "toggle" && due >= begin && due < on) {
					end = on + 5000 * ++late
					waited = end - due
				}
				waits += waited > 0
				printf "io 0 %d %d %d\n", due, end, waited
				ios++
			}
			if (job == "toggle")
				printf "outage toggle %d %d %d %d %d 0\n", begin, begin,
					begin + 10000, begin + 1010000, on
			printf "end %d %d\n", ios, waits
		}' >"$run/fio/$kernel/$job-1.log"
	done
done
