#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # $1 is awk's
# `make bench-fio` in guests, on a real vfio device: every job runs, two boots agree,
# and what two variants are known to differ in differs. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/../cli/tap.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BASES=6.12 FIO_JOBS="toggle reset" THREADS=2
try env RESULTS="$work/a" VARIANTS="insert-pfn eager" "$top/scripts/fio/bench-fio"
expect "fio runs in the guest" 0 "^$work/a/fio\$"
try env RESULTS="$work/b" VARIANTS=eager "$top/scripts/fio/bench-fio"
expect "and again" 0 "^$work/b/fio\$"
cd "$work/a/fio"

# In now and then a boot a schedule is some hundred instructions off (docs/METHOD.md),
# and a reset waits by several timers.
agree()
{
	paste -d ' ' "6.12-eager/$1-2.log" "$work/b/fio/6.12-eager/$1-2.log" | awk '
		$1 == "io" { n++; off = $3 - $8; if (off < 0) off = -off
			ends = $4 - $9; if (ends < 0) ends = -ends
			if ($1 != $6 || off > 50000 || ends > 50000) differ++ }
		END { exit !(n > 1000 && differ < n / 100) }'
}
for job in toggle reset; do
	check "$job: two boots read the same at the same time, within 50 us" agree $job
	for kernel in 6.12-insert-pfn 6.12-eager; do
		check "$job of $kernel: fio ended well" jq -e '.jobs[0].error == 0' $kernel/$job-2.json
		check "$job of $kernel: its outage worked" grep -q '^outage .* 0$' $kernel/$job-2.log
	done
done

# The median latency of reads in the half second before and the one behind.
medians() # log
{
	awk '$1 == "outage" { print }' "$1" >outage
	awk 'NR == FNR { begin = $4; end = $7; next }
		$1 == "io" && $3 < begin { print "before", $4 - $3 }
		$1 == "io" && $3 > end + 100000000 { print "after", $4 - $3 }' outage "$1" |
		sort -k1,1r -k2n | awk '{ v[$1, ++n[$1]] = $2 }
		END { print v["before", int(n["before"] / 2)], v["after", int(n["after"] / 2)] }'
}
# A fault of insert-pfn maps one page, so that most reads behind it still fault.
faults_come_later()
{
	local before after

	read -r before after < <(medians 6.12-insert-pfn/toggle-2.log)
	((after > before + 1000))
}
check "insert-pfn: reads cost more behind a toggle" faults_come_later
all_is_back()
{
	local before after

	read -r before after < <(medians 6.12-eager/toggle-2.log)
	((after < before + 500 && before < after + 500))
}
check "eager: they do not" all_is_back
call_of() # log
{
	awk '$1 == "outage" { print $7 - $6 }' "$1"
}
check "eager: the call that enables memory takes longer" test \
	"$(call_of 6.12-eager/toggle-2.log)" -gt "$((10 * $(call_of 6.12-insert-pfn/toggle-2.log)))"
check "reads of a BAR that is off wait" test \
	"$(awk '$1 == "io" && $5 > 0' 6.12-eager/toggle-2.log | wc -l)" -gt 0

end_tests
