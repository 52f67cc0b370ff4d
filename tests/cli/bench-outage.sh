#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-outage.sh [PFNBENCH]: the prober on the stand-in, whose pages are
# dropped and never fail; and its tables in the report.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

# Probes that are late are there, however busy the machine: a slot each.
slots()
{
	run_cells 2 outage length=64K threads=1,3 vmas=2 interval=200 && asks '
		all(cells; .status == "ok" and
			samples.disable == 1 and samples.enable == 1 and
			samples["longest-gap"] == (.parameters.threads | tonumber) and
			samples.recovered == (.parameters.threads | tonumber) and
			(samples.quiet >= 20 * (.parameters.threads | tonumber)) and
			(samples.probe >= 29 * (.parameters.threads | tonumber)) and
			total("failed") == 0 and total("sigbus") == 0 and
			(units | .late == "probes" and .failed == "probes" and
				.sigbus == "signals" and .recovered == $unit) and
			(.notes.clock | test("CLOCK_MONOTONIC")))'
}

# The last slot that is asked for is due ten intervals after the call: 2 ms.
outage_lasts()
{
	run_cells 1 outage length=64K interval=200 && asks '
		all(cells; total("longest-gap") >= 200000 and
			total("recovered") >= 0)'
}

resets()
{
	run_cells 2 outage length=64K action=reset,hot-reset && asks '
		all(cells; .status == "ok" and samples.reset == 1 and
			(samples | has("disable") | not))'
}

# A table of what was made up: the worst of two threads, the sum of the late.
known_table()
{
	report_of outage '{target: "1af4:1110", length: "2M", align: "1G",
			action: "toggle", threads: "2", vmas: "1", interval: "100"}' \
		'[timed("disable"; [[500, 1]]), timed("enable"; [[700, 1]]),
		  timed("quiet"; [[5000, 38], [6000, 2]]),
		  timed("probe"; [[5000, 40], [1005000, 1]]),
		  timed("longest-gap"; [[1100000, 1], [1200000, 1]]),
		  timed("recovered"; [[44000, 1], [55000, 1]]),
		  counted("late"; "probes"; 21), counted("failed"; "probes"; 19),
		  counted("sigbus"; "signals"; 20)]' &&
		says '| outage | 55,000 | 55,000 |' &&
		says '| huge-fault | 500 | 700 | - | 6,000 | 1,005,000 | 1,200,000 | 55,000 | 21 | 19 | 20 |'
}

check "a slot is never left out" slots
check "the outage that was asked for is in the gap" outage_lasts
check "action=reset, hot-reset" resets
check "its tables in the report" known_table
check "an interval that is too short" refuses 2 \
	"interval=1: not in 100 to 1000000" outage interval=1
end_tests
