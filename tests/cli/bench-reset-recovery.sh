#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What reset-recovery has beside pfnbench.sh: hot reset, and how the enabling call
# grows, on the stand-in and as tables of made-up cells.
# shellcheck disable=SC2016 # variables and backticks in quotes are jq's and markdown's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

# counted RECORDS PHASE: how many samples the phase of the only cell has.
counted()
{
	jq -s --arg name "$2" '.[1].phases[] | select(.name == $name).tally
		| map(.[1]) | add' "$1"
}

"$pfnbench" run reset-recovery length=64K action=hot-reset vmas=2 processes=2 \
	>"$work/hot"
try cat "$work/hot"
expect "hot reset of the stand-in" 0 '"action":"hot-reset".*"status":"ok"'
check "it has a reset" test "$(counted "$work/hot" reset)" = 1
check "and reaches each VMA of each process" \
	test "$(counted "$work/hot" first-access)" = 4
check "all pages are right" test \
	"$(jq -s '.[1].checks.wrong' "$work/hot")" = 0

# 900 instructions, and on eager 1,700 a VMA. Lengths of two VMAs and of one don't
# make the table: the one with most does.
"$(dirname "$0")/fake-run.sh" "$work/run" count huge-fault eager
fake_cells "$work/run" '
	({vmas: (1, 16, 256), processes: 1, length: "4K"},
	 {vmas: 1, processes: (8, 64), length: "4K"},
	 {vmas: (1, 2), processes: 1, length: "64K"}) as $c
	| select($c.length != "64K" or $c.vmas != 1)
	| (900 + if $variant == "eager" then 1700 * $c.vmas * $c.processes
		 else 0 end) as $enable
	| cell("reset-recovery";
	       {target: "1af4:1110", length: $c.length,
		align: "2M", action: "toggle", vmas: "\($c.vmas)",
		processes: "\($c.processes)"};
	       [time("disable"; 100), time("enable"; $enable)]),
	  (select($c.vmas == 1 and $c.processes == 8)
	   | cell("reset-recovery";
		  {target: "1af4:1110", length: "16M", align: "1G",
		   action: "hot-reset", vmas: "1", processes: "1"};
		  [time("reset"; 9000000), time("reset-cpu"; 40000),
		   time("first-access"; 30), time("whole-bar"; 5)]))'
check "a run with its cells is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "enable by VMAs" 0 '^\| 256 \| 900 \| 436,100 \|$'
expect "enable by processes" 0 '^\| 64 \| 900 \| 109,700 \|$'
expect "at the length with most of them" 0 \
	'^`target=1af4:1110 length=4K align=2M action=toggle processes=1`:$'
expect "hot reset, its wait left out" 0 '^\| reset-recovery \| 40,035 \| 40,035 \|$'
end_tests
