#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-bystander.sh [PFNBENCH]: each bystander of each action on the stand-in.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

all_of_them()
{
	run_cells 12 bystander length=64K action=populate,toggle,reset,hot-reset \
		bystander=map,fault,process interval=200 && asks '
		all(cells; .status == "ok" and samples.action == 1 and
			samples.reach == 1 and samples.quiet >= 20 and
			samples.busy >= 1 and samples.operation >= 1 and
			samples.operation <= samples.busy and
			(units | .busy == $unit and .late == "probes"))'
}

# What is late is later than the action alone would make it: from its due time.
counts_from_due()
{
	run_cells 1 bystander length=16M action=populate && asks '
		all(cells; samples.busy >= 1 + ((total("action") + total("reach")) / 100000
			| floor))'
}

known_table()
{
	report_of bystander '{target: "1af4:1110", length: "16M", align: "1G",
			action: "toggle", bystander: "map", interval: "100"}' \
		'[timed("action"; [[4000, 1]]), timed("reach"; [[3000, 1]]),
		  timed("quiet"; [[500, 19], [900, 1]]),
		  timed("busy"; [[1000, 200], [2000, 197], [7100, 3]]),
		  timed("operation"; [[300, 9], [5000, 1]]),
		  counted("late"; "probes"; 3)]' &&
		says '| bystander | 7,100 | 7,100 |' &&
		says '| huge-fault | 4,000 | 3,000 | 7,100 | 1,000 | 800 | 2,000 | 900 | 5,000 | 3 |'
}

check "every action has its bystanders" all_of_them
check "a slot for each interval of the action" counts_from_due
check "its tables in the report" known_table
end_tests
