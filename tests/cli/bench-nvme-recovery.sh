#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# nvme-recovery: who is asked and who is not, and what the report makes of its
# cells. tests/unit/test-nvme.c has its driver, guests run it whole. TAP.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

try "$pfnbench" run --events none nvme-recovery
expect "the stand-in is none" 4 'skipped: 1 of 1 cells'
try "$pfnbench" run nvme-recovery action=sleep
expect "an action that is none" 2 'action=sleep: not one of reset hot-reset toggle'

"$(dirname "$0")/fake-run.sh" "$work/run" count huge-fault eager
cells='("reset", "toggle") as $action
	| cell("nvme-recovery";
	       {target: "1b36:0010", length: "16K", align: "4K", action: $action,
		interface: "group"};
	       [time("reset"; 109000000),
		time("reset-cpu"; if $variant == "eager" then 17000 else 15000 end),
		time("first-access"; 2240), time("ready"; 1258),
		time("identify"; 316179), time("queues"; 208196),
		time("read"; 104141), time("whole"; 109883382),
		time("work"; if $variant == "eager" then 3500 else 7900 end),
		sample("faults"; "faults"; 2)])'
fake_cells "$work/run" "$cells"
check "a run with its cells is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "the sum has no wait" 0 '^\| toggle \| 22,900 \| 20,500 \|$'
expect "step by step" 0 \
	'^\| reset \| eager \| 109,000,000 \| 17,000 \| 2,240 \| 1,258 \| 316,179 \| 208,196 \| 104,141 \| 109,883,382 \| 3,500 \| 2 \|$'
"$(dirname "$0")/fake-run.sh" "$work/time" time eager
fake_cells "$work/time" "$cells"
check "a run in ns is reported" "$pfnreport" "$work/time"
try cat "$work/time/REPORT.md"
expect "and there the waits count" 0 '^\| reset \| 109,883,382 \|$'
end_tests
