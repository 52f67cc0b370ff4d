#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# power on the stand-in, and its tables of made-up cells.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

"$pfnbench" run power length=64K state=d3hot,low-power >"$work/records"
try jq -rs '.[1:-1][] | .parameters.state + " " + .status,
	([.phases[].name] | join(" ")),
	(.phases[] | select(.name == "faults").tally | tojson)' "$work/records"
expect "the stand-in sleeps one way" 0 '^d3hot ok$'
expect "and the other" 0 '^low-power ok$'
expect "with all phases" 0 \
	'^populate sleep sleep-cpu sigbus wake wake-cpu first-access whole-bar faults$'
expect "and loses its 16 pages" 0 '^\[\[16,1\]\]$'
try "$pfnbench" run power length=4K state=s3
expect "a state that is none" 2 'state=s3: not one of d3hot low-power'

"$(dirname "$0")/fake-run.sh" "$work/run" count huge-fault eager
fake_cells "$work/run" '
	("d3hot", "low-power") as $state
	| cell("power";
	       {target: "1b36:0010", length: "16K", align: "4K", state: $state};
	       [time("populate"; 12000), time("sleep"; 12000000),
		time("sleep-cpu"; 1), time("wake"; 13000000),
		time("wake-cpu"; if $variant == "eager" then 20 else 10 end),
		time("first-access"; 300), time("whole-bar"; 4000),
		sample("faults"; "faults"; 4), sample("sigbus"; "signals"; 1)])'
check "a run with its cells is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "the sum has no wait" 0 '^\| d3hot \| 4,311 \| 4,321 \|$'
expect "step by step" 0 \
	'^\| low-power \| eager \| 12,000 \| 12,000,000 \| 1 \| 13,000,000 \| 20 \| 300 \| 4,000 \| 4 \| 1 \|$'
"$(dirname "$0")/fake-run.sh" "$work/time" time eager
fake_cells "$work/time" '
	cell("power"; {target: "memfd", length: "16K", align: "4K", state: "d3hot"};
	     [time("sleep"; 1000000), time("sleep-cpu"; 1), time("wake"; 20000),
	      time("wake-cpu"; 1), time("first-access"; 300),
	      time("whole-bar"; 4)])'
check "a run in ns is reported" "$pfnreport" "$work/time"
try cat "$work/time/REPORT.md"
expect "and there the wait counts" 0 '^\| power \| 1,020,304 \|$'
end_tests
