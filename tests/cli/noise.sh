#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What moves times: in the record, on stderr and in the report, with the warnings
# of before and after; tests/unit/test-noise.c has what is warned of. TAP.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

"$pfnbench" run --events none first-touch length=4K >"$work/out" 2>"$work/err"
check "environment and end have it" asks '
	[.[0], .[-1]] | map(.noise.warnings | type) == ["array", "array"]'
check "what is not known is said to be so" asks '
	.[0].noise | (.governor | length) > 0 and (.core_throttled | type) == "number"'
check "of the stand-in nothing is said on stderr" test ! -s "$work/err"

"$top/tests/cli/fake-run.sh" "$work/run" time huge-fault eager
for boot in "$work"/run/*/boot-*.jsonl; do
	jq -c 'if .type == "environment" then
			.noise = {governor: "powersave", turbo: "on", smt: "off",
				isolated: "", idle_state: "C6", idle_latency_us: 133,
				thp: "never", hugepages: 3, numa_balancing: 0,
				iommu: "DMA-FQ", warnings: ["governor: powersave: x"]}
		elif .type == "end" and $name == "boot-1.jsonl" then
			.noise = {warnings: ["steal: 2.0 % | of `it`"]}
		else . end' --arg name "${boot##*/}" "$boot" >"$work/boot"
	mv "$work/boot" "$boot"
done
boots=$(find "$work/run" -name 'boot-*.jsonl' | wc -l)
first=$(find "$work/run" -name 'boot-1.jsonl' | wc -l)
check "a run with it is reported" "$pfnreport" "$work/run"
try cat "$work/run/REPORT.md"
expect "as the host was" 0 'governor `powersave`, turbo `on`, SMT `off`, isolated CPUs `none`, .*`C6` \(133 us\), THP `never`, 3 huge pages, NUMA balancing off'
expect "with a warning of before" 0 "warning in $boots of $boots boots, first of .* boot 1: governor: powersave: x"
expect "and one of after" 0 "warning in $first of $boots boots, first of .* boot 1: steal: 2\.0 %"
"$top/tests/cli/fake-run.sh" "$work/count" count huge-fault
check "a run that counts is reported" "$pfnreport" "$work/count"
try grep -c 'moves times' "$work/count/REPORT.md"
expect "without a word of it" 1 '^0$'
end_tests
