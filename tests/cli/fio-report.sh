#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # backticks are the report's
# What pfnreport makes of fio's logs; and of damaged ones: left out in one line, the
# rest there. TAP.
set -euo pipefail
# shellcheck source=tests/cli/report-lib.sh
. "$(dirname "$0")/report-lib.sh"

FAKE_BASES="6.12 7.3" "$top/tests/cli/fake-run.sh" "$work/good" count huge-fault insert-pfn eager
"$top/tests/cli/fake-fio.sh" "$work/good"

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
says() # text
{
	section | grep -qF -e "$1"
}
is_left_out() # file what
{
	says "left out: \`$1:$2"
}
damaged=fio/6.12-eager/toggle-1.log
damage "cut off" '8002: no end`' sed '$d'
damage "not a number" '3: number 2 is none`' sed '3s/io 0 750000/io 0 7x/'
damage "time runs backwards" '3: an I/O that ends before it begins`' sed '3s/755000/5000/'
damage "too few numbers" '3: 3 numbers, not 4`' sed '3s/ 0$//'
damage "an end that does not agree" '8002: the end does not agree with the I/Os`' sed '$s/8000/8001/'
damage "another word" '3: neither io, outage nor end`' sed '3s/io/iq/'
damage "two outages" '8002: not one outage`' sed '/^outage/{p}'
damage "an outage that failed" '8001: its outage failed: error -16`' sed '/^outage/s/0$/-16/'
damage "huge numbers" '3: number 3 is none`' sed '3s/755000/99999999999999999999/'
damage "empty" '1: no end`' true
check "the others are there" says '|insert-pfn|7.00|'
fresh
echo '{' >"$run/fio/fio.json"
check "fio.json" says '`fio.json` is left out:'
fresh
jq '.jobs = ["../../x"]' "$work/good/fio/fio.json" >"$run/fio/fio.json"
check "a job that is no name" says 'its jobs or threads are no lists of names and numbers'
fresh
rm -r "$run/fio"
check "none" says '`make bench-fio` before `make bench`'

# What make bench takes of the newest.
export PFNBENCH_RESULTS_DIR=$work/results
newest fio '.kernels |= map(if .variant == "eager" then .series_sha256 = "other" else . end)'
check "that of the same kernels is attached" attaches fio \
	"6.12-huge-fault 6.12-insert-pfn 7.3-huge-fault 7.3-insert-pfn"

end_tests
