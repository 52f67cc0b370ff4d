#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-contended-touch.sh [PFNBENCH]: shares that are disjoint or the same, on
# the stand-in.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

# 64 pages: one touch each where they are divided, else one each by each thread.
shares()
{
	run_cells 4 contended-touch length=256K threads=1,3 part=disjoint,same && asks '
		all(cells; .status == "ok" and (.parameters.threads | tonumber) as $n |
			samples.alone == 1 and samples.total == 1 and samples.thread == $n and
			samples.touch == (if .parameters.part == "same" then 64 * $n else 64 end) and
			total("faults-alone") >= 1 and total("faults-alone") <= 64 and
			total("faults") <= total("faults-alone") + total("redundant-faults") and
			(units | .total == $unit and ."redundant-faults" == "faults"))'
}

more_threads_than_pages()
{
	run_cells 1 contended-touch length=8K threads=5 && asks '
		all(cells; .status == "ok" and samples.thread == 5 and samples.touch == 2)'
}

# No thread is faster than all of them together.
total_covers_all()
{
	run_cells 1 contended-touch length=4M threads=4 && asks '
		all(cells; total("total") >= (.phases[] | select(.name == "thread") |
			.tally | map(.[0]) | max))'
}

known_table()
{
	report_of contended-touch '{target: "1af4:1110", length: "16M", align: "1G",
			threads: "2", part: "same"}' \
		'[timed("alone"; [[3000, 1]]), counted("faults-alone"; "faults"; 8),
		  timed("total"; [[5000, 1]]), timed("thread"; [[2000, 1], [4000, 1]]),
		  counted("faults"; "faults"; 11),
		  counted("redundant-faults"; "faults"; 3),
		  timed("touch"; [[8, 396], [2400, 4], [2500, 1]])]' &&
		says '| contended-touch | 5,000 | 5,000 |' &&
		says '| huge-fault | 3,000 | 5,000 | 4,000 | 8 | 802 | 2,400 | 2,500 | 8 | 11 | 3 |'
}

check "a touch each, divided or not" shares
check "more threads than pages" more_threads_than_pages
check "the total covers every thread" total_covers_all
check "its tables in the report" known_table
end_tests
