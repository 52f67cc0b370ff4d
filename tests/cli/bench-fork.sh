#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-fork.sh [PFNBENCH]: with and without the mapping, on the stand-in.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

# A memfd is not copied at a fork: its pages are left to the child's faults.
with_it()
{
	run_cells 1 fork length=256K && asks '
		all(cells; .status == "ok" and samples == {fork: 8,
			"child-first-access": 8, "child-touch": 8, "child-faults": 8,
			"child-page-tables": 8, exit: 8} and
			total("child-faults") >= 8 and total("child-faults") <= 8 * 64 and
			(units | .fork == $unit and ."child-faults" == "faults" and
				."child-page-tables" == "bytes"))'
}

without_it()
{
	run_cells 1 fork length=256K mapped=no && asks '
		all(cells; .status == "ok" and samples == {fork: 8,
			"child-page-tables": 8, exit: 8} and .checks.pages == 0)'
}

known_table()
{
	report_of fork '{target: "1af4:1110", length: "2M", align: "1G", mapped: "yes"}' \
		'[timed("fork"; [[80000, 5], [90000, 3]]),
		  timed("child-first-access"; [[5, 8]]),
		  timed("child-touch"; [[2578, 8]]),
		  counted("child-faults"; "faults"; 4),
		  counted("child-page-tables"; "bytes"; 45056),
		  timed("exit"; [[163000, 3], [165000, 5]])]' &&
		says '| fork | 245,000 | 245,000 |' &&
		says '| eager | 80,000 | 5 | 2,578 | 4 | 45,056 | 165,000 |'
}

check "a child that has the mapping" with_it
check "a child that has none" without_it
check "its tables in the report" known_table
end_tests
