#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What pfnreport says of times: made-up runs whose truth is known. In them base is
# huge-fault with another name, and so is huge-fault.again; eager differs a lot.
# shellcheck disable=SC2317 # functions are called by their names, through check
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=$top/build/pfnreport
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-times.XXXXXX")
trap 'rm -rf "$work"' EXIT

fake() { "$top/tests/cli/fake-run.sh" "$@"; }
copy()
{
	rm -rf "${work:?}/$2"
	cp -r "$work/$1" "$work/$2"
}

# Boots of a kernel through jq, which knows $boot.
alter() # run kernel program
{
	local file

	for file in "$work/$1/$2"/boot-*.jsonl; do
		jq -c --argjson boot "$(grep -oE '[0-9]+' <<<"${file##*/}")" "$3" \
			"$file" >"$work/boot"
		mv "$work/boot" "$file"
	done
}

report() # run; its REPORT.md is $flat, with one space for any
{
	"$pfnreport" "$work/$1" >"$work/said" 2>&1 && status=0 || status=$?
	flat=$(tr -s ' \n' ' ' <"$work/$1/REPORT.md")
}

says() # text...
{
	local text

	for text; do
		grep -qF -e "$text" <<<"$flat" || { echo "not said: $text" && return 1; }
	done
}
says_not() { ! grep -qF -e "$1" <<<"$flat"; }
row() # kernel of-the-rest; a row of any of the three tables
{
	sed -n "/^### Differences/,/^### Is/p" "$work/$run/REPORT.md" |
		grep -cE "^\| $1 \|$2" || true
}
is_mail() { ! LC_ALL=C grep -nE '^.{73}|[^ -~]' "$1"; }

# --- six rows, which take eight blocks ----------------------------------------

run=good
FAKE_BOOTS=8 FAKE_SPREAD=0.002 fake "$work/good" time base huge-fault eager \
	huge-fault.again
report good
check "a run of times is reported" test "$status" = 0
check "what differs is changed, three times" test \
	"$(row '6\.12 eager' ' .* 8 \| [0-9.]+% \| changed \|$')" = 3
check "what does not differ is not changed" test \
	"$(row '6\.12 base' ' (1\.00|0\.99)[0-9]+ \|.* 8 \| [0-9.]+% \| (no change|not resolved) \|$')" = 3
check "the A/A arm is no row of these tables" test "$(row '6\.12 huge-fault\.again' '')" = 0
check "it has lines of its own" says \
	"6.12, A/A arm, the headline: 3 rows, 0 called changed" \
	"all timed figures, each by itself: "
check "controls do not differ" says "which no variant can affect: 6 rows, 0 called changed"
check "a delay is found" says "a known delay: found 32 times"
check "all rows together are judged" says "by Holm over all 6 rows"
check "nothing is left out" says_not "left out for want"
check "how to make it again" says "MODE=time"
check "a mail of it" is_mail "$work/good/report.txt"

# --- what is wrong is said ---------------------------------------------------

run=lame
copy good lame
alter lame 6.12-huge-fault.again '(.phases[]? | select(.unit == "ns").tally)
	|= map(.[0] |= (. * 1.05 | floor))'
report lame
check "an A/A arm that is 5% off is called changed" says \
	"A/A arm, the headline: 3 rows, 3 called changed" \
	"called changed: 6.12 huge-fault.again, first reach: x 1.05"
check "and so are the controls" says "which no variant can affect: 6 rows, 2 called changed"
check "but no variant" test "$(row '6\.12 base' '.* changed \|$')" = 0

run=gaps
copy good gaps
rm "$work"/gaps/6.12-eager/boot-{2,5}.jsonl "$work/gaps/6.12-huge-fault/boot-7.jsonl"
report gaps
check "boots pair by their number" test \
	"$(row '6\.12 eager' '.* \| 5 \| ')" = 3
check "what has no pair is named" says \
	"6.12 eager, first reach: left out for want of a boot to pair with: block 2 5 7" \
	"6.12 base, first reach: left out for want of a boot to pair with: block 7"
check "five blocks resolve nothing" test \
	"$(row '6\.12 eager' '.* - \| not resolved \|$')" = 3
check "nor do seven, of six rows" test "$(row '6\.12 base' '.* \| 7 \| - \| not resolved \|$')" = 3

run=few
copy good few
rm "$work"/few/*/boot-{7,8}.jsonl
report few
check "six blocks are too few for six rows, and it says so" says \
	"of 6 blocks the smallest p is 2^-5, and for one of 6 rows that is not enough. It takes 8 blocks: \`BOOTS=8\`"
check "so nothing is changed" test "$(row '6\.12 eager' '.* not resolved \|$')" = 3
check "but intervals are there" test \
	"$(row '6\.12 eager' ' 1?[0-9]+\.[0-9]+ \| 1?[0-9]+\.[0-9]+ \| 1?[0-9]+\.[0-9]+ \| 6 ')" = 3
check "the instrument can't tell either, but for three rows" says \
	"A/A arm, the headline: 3 rows, of which none can be called changed in 6 blocks; it takes 7"

# --- numbers that need care --------------------------------------------------

# All boots of the baseline, so that every ratio is exactly 1.
run=equal
copy good equal
for kernel in base huge-fault.again; do
	for boot in 1 2 3 4 5 6 7 8; do
		jq -c --arg variant "$kernel" 'if .type == "environment"
			then .variant = $variant else . end' \
			"$work/good/6.12-huge-fault/boot-$boot.jsonl" \
			>"$work/equal/6.12-$kernel/boot-$boot.jsonl"
	done
done
report equal
check "equal to the digit is no change" test \
	"$(row '6\.12 base' ' 1\.0000 \| 1\.0000 \| 1\.0000 \| 8 \| 0\.00% \| no change \|$')" = 3
check "and no false alarm" says " (0.0%) would be called changed"

run=zero
copy good zero
alter zero 6.12-huge-fault 'if .benchmark == "first-touch" then
	.phases |= map(if .unit == "ns" then .tally = [[0, 1]] else . end) else . end'
report zero
check "a zero is no crash: the ratio is infinite" test \
	"$(row '6\.12 eager' ' inf \| inf \| inf \| 8 \| - \| changed \|$')" = 1

# --- counts ------------------------------------------------------------------

run=counts
fake "$work/counts" count huge-fault huge-fault.again
report counts
check "counts are not judged" says_not "Holm"
check "their A/A arm is exact" says "6.12, A/A arm: " " equal to the digit, 0 not"
alter counts 6.12-huge-fault.again 'if .benchmark == "first-touch" and
	.parameters.length == "64K" then .phases |= map(if .name == "munmap"
	then .tally = [[4999, 2]] else . end) else . end'
report counts
check "or what differs is listed" says "6.12, A/A arm: first-touch" \
	"phase \`munmap\`: 9,998 against" "equal to the digit, 1 not"
fake "$work/plain" count huge-fault eager
report plain
check "a run without an A/A arm says so" says \
	"6.12, A/A arm: none in this run, \`AA=yes\` makes one"

end_tests
