#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # backticks are the report's
# What pfnreport makes of fio's logs; and of damaged ones: left out in one line, the
# rest there. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run=$work/run
FAKE_BASES="6.12 7.3" "$top/tests/cli/fake-run.sh" "$work/good" count huge-fault insert-pfn eager
"$top/tests/cli/fake-fio.sh" "$work/good"

fresh()
{
	rm -rf "$run"
	cp -r "$work/good" "$run"
}

# The section of the report, one line a row, cells apart by "|" alone.
section()
{
	"$pfnreport" "$run" >/dev/null &&
		sed -n '/^## What a workload feels/,/^## /p' "$run/REPORT.md" |
		sed -E 's/ *\| */|/g'
}

fresh
try section
# 8,000 reads: enough for p99.9.
expect "left alone" 0 '^\|huge-fault\|5\.00\|5\.00\|5\.00\|5\.00\|8,000\|'
# Away for 1,030 us: five reads were due, the first at its begin and the last at
# 1,000 us; they end 5 us apart from 1,030 us on.
expect "an outage" 0 '^\|huge-fault\|5\.00\|5\.00\|5\.00\|1,035\|5\|1,035\|30\.0\|1,030\|1,055\|5\.00\|5\.00\|'
# What insert-pfn takes more later is told apart.
expect "a median behind it" 0 '^\|insert-pfn\|7\.00\|.*\|5\.00\|7\.00\|$'
# 3,010 us, 13 reads; while those end, none is due.
expect "a longer one" 0 '^\|eager\|.*\|3,015\|13\|3,015\|2,010\|3,010\|3,075\|5\.00\|5\.00\|'
expect "each base" 0 '^### fio on 7\.3'
check "the same in a mail" grep -q 'rate back' "$run/report.txt"

figure_data()
{
	awk -F '\t' -v series="$1" '$4 == series && $3 == "eager"' "$run/plots/fio-outage.tsv"
}
# The line begins an eighth of 3,075 us before the outage, and ends 3,843.75 us behind
# it: one and 15 reads, and the one at its begin.
check "the figure's reads" test "$(figure_data latency | wc -l)" = 17
check "the figure's ends" test "$(figure_data "done" | tail -n 1 | cut -f5,6)" = $'3755000\t17'
check "where the outage ends" test "$(figure_data off | cut -f5)" = 3010000

# Damage.
left_out() # what it says
{
	section | grep -qF -e "$1"
}
damage() # name sed-program words
{
	fresh
	sed -i "$2" "$run/fio/6.12-eager/toggle-1.log"
	check "$1" left_out "left out: \`fio/6.12-eager/toggle-1.log:$3"
}
damage "cut off" '$d' "8002: no end\`"
damage "not a number" '3s/io 0 750000/io 0 7x/' '3: number 2 is none`'
damage "time runs backwards" '3s/755000/5000/' '3: an I/O that ends before it begins`'
damage "too few numbers" '3s/ 0$//' '3: 3 numbers, not 4`'
damage "an end that does not agree" '$s/8000/8001/' '8002: the end does not agree with the I/Os`'
damage "another word" '3s/io/iq/' '3: neither io, outage nor end`'
damage "two outages" '/^outage/{p}' '8002: not one outage`'
damage "an outage that failed" '/^outage/s/0$/-16/' '8001: its outage failed: error -16`'
damage "huge numbers" '3s/755000/99999999999999999999/' '3: number 3 is none`'
fresh
: >"$run/fio/6.12-eager/toggle-1.log"
check "empty" left_out 'left out: `fio/6.12-eager/toggle-1.log:1: no end`'
check "the others are there" left_out '|insert-pfn|7.00|'
fresh
echo '{' >"$run/fio/fio.json"
check "fio.json" left_out '`fio.json` is left out:'
fresh
jq '.jobs = ["../../x"]' "$work/good/fio/fio.json" >"$run/fio/fio.json"
check "a job that is no name" left_out 'its jobs or threads are no lists of names and numbers'
fresh
rm -r "$run/fio"
check "none" left_out '`make bench-fio` before `make bench`'

# What make bench takes of the newest.
export PFNBENCH_RESULTS_DIR=$work/results
attached()
{
	fresh
	mkdir -p "$PFNBENCH_RESULTS_DIR/fio"
	mv "$run/fio" "$PFNBENCH_RESULTS_DIR/fio/"
	jq '.kernels |= map(if .variant == "eager" then .series_sha256 = "other" else . end)' \
		"$run/run.json" >"$PFNBENCH_RESULTS_DIR/fio/run.json"
	"$top/scripts/attach" "$run" fio &&
		[[ $(cd "$run/fio" && echo *-*) == "6.12-huge-fault 6.12-insert-pfn 7.3-huge-fault 7.3-insert-pfn" ]]
}
check "that of the same kernels is attached" attached

end_tests
