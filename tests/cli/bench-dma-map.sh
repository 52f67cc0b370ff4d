#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dma-map where there is no IOMMU, and its tables of made-up cells.
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

try "$pfnbench" run dma-map length=4K
expect "the stand-in is skipped" 4 '"reason":"the stand-in has no IOMMU"'
try "$pfnbench" run dma-map target=ffff:ffff interface=cdev
expect "no device is skipped, though dma-map would open it" 4 \
	'"reason":"no PCI device ffff:ffff"'
try "$pfnbench" run dma-map populated=tepid
expect "a population that is none" 2 'populated=tepid: not one of cold warm'
# The stand-in is closed for dma-map, and open again for first-touch.
printf '%s\n' 'first-touch length=4K' 'dma-map length=4K' \
	'first-touch length=8K' >"$work/plan"
try "$pfnbench" run --plan="$work/plan"
expect "a benchmark that opens its target leaves it to the next" 0 \
	'"length":"8K".*"status":"ok"'

# 300 instructions a page, and 2,400 more for a fault where nothing is populated.
"$(dirname "$0")/fake-run.sh" "$work/run" count huge-fault insert-pfn
# shellcheck disable=SC2016 # variables in quotes are jq's
fake_cells "$work/run" '
	("cold", "warm") as $populated | ("2M", "16M") as $length
	| {"2M": 512, "16M": 4096}[$length] as $pages
	| cell("dma-map";
	       {target: "1af4:1110", length: $length, align: "1G",
		interface: "group", from: "memory", populated: $populated};
	       [time("mmap"; 3000)]
	       + (if $populated == "warm" then [time("populate"; 2400 * $pages)]
		  else [] end)
	       + [time("dma-map";
		       (if $populated == "cold" then 2700 else 300 end) * $pages),
		  sample("faults"; "faults";
			 if $populated == "cold" then $pages else 0 end),
		  time("dma-unmap"; 100 * $pages), time("munmap"; 5000)])'
check "a run with its cells is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "cold, a row a length" 0 '^\| 16M \| 11,059,200 \| 11,059,200 \|$'
expect "warm, without the faults" 0 '^\| 2M \| 153,600 \| 153,600 \|$'
expect "all phases" 0 \
	'^\| 2M \| warm \| insert-pfn \| 3,000 \| 1,228,800 \| 153,600 \| 0 \| 51,200 \| 5,000 \|$'
expect "a phase that the cell lacks" 0 \
	'^\| 2M \| cold \| insert-pfn \| 3,000 \| - \| 1,382,400 \| 512 \| 51,200 \| 5,000 \|$'
end_tests
