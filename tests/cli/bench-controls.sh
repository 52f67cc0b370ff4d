#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench-controls.sh [PFNBENCH]: the delay is found, and the report says whether
# the kernels moved what they can't affect.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

# A sleep is never too short; how much longer it is, is the machine's.
delay_is_found()
{
	run_cells 2 controls length=256K delay=100000,3000000 && asks '
		all(cells; .status == "ok" and samples.getppid == 1000 and
			samples["anonymous-touch"] == 64 and
			samples["delayed-getppid"] == 64 and
			total("delay") == (.parameters.delay | tonumber) and
			total("delay-found") >= total("delay") and
			units["delay-found"] == $unit)'
}

parameters='{target: "1af4:1110", length: "2M", delay: "100000"}'
phases='[timed("getppid"; [[195, 999], [937, 1]]),
	timed("anonymous-touch"; [[$touch, 400], [59718, 112]]),
	timed("delayed-getppid"; [[100195, 64]]),
	timed("delay"; [[100000, 1]]), timed("delay-found"; [[100000, 1]])]'

same_everywhere()
{
	report_of controls "$parameters" "2142 as \$touch | $phases" &&
		says '- getppid: the same on 2 kernels.' &&
		says '- anonymous touch: the same on 2 kernels.' &&
		says '| eager | 195 | 2,142 | 100,195 | 100,000 | 100,000 |'
}

moved()
{
	report_of controls "$parameters" \
		"(if \$variant == \"eager\" then 2150 else 2142 end) as \$touch | $phases" &&
		says '- anonymous touch: 2,142 to 2,150 on 2 kernels, which no variant explains' &&
		says '- getppid: the same on 2 kernels.'
}

check "a delay is found" delay_is_found
check "a delay that is none" refuses 2 \
	"delay=1: not in 1000 to 1000000000" controls delay=1
check "controls that are the same" same_everywhere
check "a control that moved" moved
end_tests
