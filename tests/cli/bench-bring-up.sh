#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bring-up on the stand-in, and its tables of made-up cells.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

"$pfnbench" run bring-up length=64K >"$work/records"
try jq -rs '.[1] | .status, ([.phases[].name] | join(" ")),
	(.phases[] | select(.name == "faults").tally | tojson)' "$work/records"
expect "the stand-in comes up" 0 '^ok$'
expect "with the steps that it has" 0 \
	'^open mmap first-access faults munmap close close-cpu$'
expect "and one fault" 0 '^\[\[1,1\]\]$'
# It is closed meanwhile, and open again for what comes next.
printf '%s\n' 'first-touch length=4K' 'bring-up length=4K' 'bring-up length=8K' \
	'first-touch length=8K' >"$work/plan"
try "$pfnbench" run --plan="$work/plan"
expect "between two others" 0 '"first-touch".*"length":"8K".*"status":"ok"'
check "all four are measured" test "$(grep -c '"status":"ok"' <<<"$output")" = 4
try "$pfnbench" run bring-up target=ffff:ffff
expect "no device is skipped" 4 '"reason":"no PCI device ffff:ffff"'

"$(dirname "$0")/fake-run.sh" "$work/run" count huge-fault eager
fake_cells "$work/run" '
	("group", "cdev") as $interface
	| cell("bring-up";
	       {target: "1af4:1110", length: "16M", align: "1G",
		interface: $interface};
	       [time("open"; 1), time("bind"; 900000), time("bind-cpu"; 20),
		time("info"; 300), time("enable"; 4000),
		time("mmap"; if $variant == "eager" then 90000 else 50000 end),
		time("first-access"; 600000)]
	       + (if $interface == "group"
		  then [time("dma-map"; 7000000), time("dma-unmap"; 11)]
		  else [] end)
	       + [sample("faults"; "faults"; 5), time("munmap"; 12),
		  time("close"; 13), time("close-cpu"; 14)])'
check "a run with its cells is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "the sum has seven terms, and no wait" 0 \
	'^\| bring-up \| 7,654,321 \| 7,694,321 \|$'
expect "step by step" 0 \
	'^\| group \| eager \| 1 \| 900,000 \| 20 \| 300 \| 4,000 \| 90,000 \| 600,000 \| 7,000,000 \| 5 \| 11 \| 12 \| 13 \| 14 \|$'
expect "without DMA by the device's own node" 0 \
	'^\| cdev \| huge-fault \| 1 \|.* \| 600,000 \| - \| 5 \| - \| 12 \|'
end_tests
