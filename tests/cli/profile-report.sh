#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # backticks are the report's, $5 is awk's
# What pfnreport makes of a profile: tables, figures, the section of the report;
# and of one that is damaged: that part left out, in one line, the rest there. TAP.
set -euo pipefail
# shellcheck source=tests/cli/report-lib.sh
. "$(dirname "$0")/report-lib.sh"

FAKE_BASES="6.12 7.3" "$top/tests/cli/fake-run.sh" "$work/good" count huge-fault insert-pfn eager
FAKE_BASES="6.12 7.3" "$top/tests/cli/fake-profile.sh" "$work/good"

fresh
profile=$run/profile
touch=(--phase=first-touch-total)

# The tables.
try "$pfnreport" functions "$profile/6.12-insert-pfn" "${touch[@]}" --top=2
expect "functions, dearest first" 0 '^__handle_mm_fault +13\.4%'
expect "functions, what is left" 0 '^19 more '
expect "functions, of a page" 0 '^memtype_lookup +12\.0% +188 '
try "$pfnreport" functions "$profile/6.12-insert-pfn" "${touch[@]}" --topics
expect "topics" 0 '^PAT tracking +17\.5%'
expect "what no rule names" 0 '^other .* a_helper_nobody_knows'

# All rows of all topics are all of the phase.
sums()
{
	"$pfnreport" functions "$profile/6.12-insert-pfn" "${touch[@]}" --topics --format=markdown |
		awk -F ' *[|] *' 'NF > 5 && $5 ~ /^[0-9,]+$/ { gsub(/,/, "", $5); sum += $5 }
			/instructions:/ { gsub(/,/, ""); match($0, /[0-9]+ instr/)
				whole = substr($0, RSTART, RLENGTH) + 0 }
			END { exit !(sum > 0 && sum == whole) }'
}
check "topics add up to the phase" sums

try "$pfnreport" functions "$profile/6.12-huge-fault" "$profile/6.12-eager" --phase=enable
expect "a difference names what one side runs alone" 0 '6\.12-eager runs 4 functions that 6\.12-huge-fault does not'
expect "a difference by function" 0 '^remap_pte_range +- +13,107,200 '
try "$pfnreport" functions "$profile/6.12-eager" --phase=nothing
expect "a phase that is not there" 3 '^pfnreport: .*6\.12-eager: no such phase$'
try "$pfnreport" functions "$work/nowhere"
expect "a folder that is not there" 2 '^pfnreport: .*functions\.tsv: No such file'
try "$pfnreport" functions
expect "no folder" 2 'which folder'
try "$pfnreport" functions "$profile/6.12-eager" --top=0
expect "no function at all" 2 '0: not a number from 1'
try "$pfnreport" functions "$profile/6.12-eager" --format=tsv
expect "a format it has not" 2 'tsv: not a format: text, markdown or html'

# The figures.
svg() # file arguments...
{
	local file=$1

	shift
	"$pfnreport" flame "$@" >"$file" && xmllint --noout "$file" &&
		! grep -qiE '<script|javascript|href|on[a-z]+=' "$file"
}
check "a flame graph is well-formed, without a script" svg "$work/a.svg" \
	"$profile/6.12-insert-pfn" "${touch[@]}"
check "so is a difference" svg "$work/b.svg" \
	"$profile/6.12-huge-fault" "$profile/6.12-eager" --phase=enable
check "a tooltip says what a frame is" grep -qF \
	'memtype_lookup: 49,283,072 instructions, 12.0 %, 188 a page; of its own 49,283,072; PAT tracking' "$work/a.svg"
check "a difference says both sides" grep -qE \
	'remap_pte_range: 6\.12-huge-fault 0 .*, 6\.12-eager 13,107,200 ' "$work/b.svg"
check "the same again, to the byte" cmp "$work/a.svg" \
	<("$pfnreport" flame "$profile/6.12-insert-pfn" "${touch[@]}")
try "$pfnreport" flame "$profile/6.12-eager"
expect "more than one phase" 3 '5 phases, a figure is of one'
try "$pfnreport" flame "$profile/6.12-eager" --cell=length=1G,state=low-power
expect "a cell by some of its parameters" 0 '^<svg '
try "$pfnreport" flame "$profile/6.12-eager" --cell=length=1,action=toggle
expect "half a value is no value" 3 ' 0 phases'

# The report.
why() # text
{
	sed -n '/^## Why/,/^## How/p' "$run/REPORT.md" >"$work/why"
	grep -qF -e "$1" "$work/why"
}
check "the report is written" report 0
check "it says what a fault is spent on" why \
	'1,570 instructions a page, 29.7% of it fault handling, 17.5% PAT tracking'
check "it says what an enable is spent on" why '`enable` costs most with `eager`: 51.8 instructions a page'
check "who costs as much" why '`disable` costs most with `eager` (`insert-pfn` is within 1%): 107 instructions a page, 28,000,100 a call, '
check "what a call costs, where others are so told" why \
	'`mmap` costs most with `eager`: 50.0 instructions a page, 13,110,200 a call, '
check "of two calls what one is" why '`huge-fault` gets by with 3,000 instructions a call, 4,370 times less.'
check "what is the same with each" why '`wake` costs the same with each: 6,400 instructions, '
check "what readers run beside is told of by the calls" why '| `enable` | 816 | 816 | 13,585,552 |'
check "who is not profiled in all has no sum" why '| together | - | - | - |'
check "a bystander, by what the actor does" why \
	'| populate: `mmap` + `first-touch-total` | 3,148,728 | 411,569,080 | 16,255,928 |'
check "threads, by what one does" why '`first-touch-total`, 1 times'
check "it says how far the run agrees" why ", the others differ by "
check "it names what no rule names" why 'In `other` of `insert-pfn` are `a_helper_nobody_knows` (1.1%)'
check "the model is called one, and shows its sizes" why 'and ways: `l1d 48K 12, dtlb-4k 96 6`'
check "the model tells how leaves differ" why '4.00 reads of page tables with `insert-pfn`, and 2.00 with `huge-fault`'
check "it shows the figures of both bases" why 'plots/profile-touch-7.3.svg'
drawn()
{
	xmllint --noout "$run"/plots/profile-*.svg &&
		[[ $(cd "$run/plots" && echo profile-*) == "profile-difference-7.3.svg profile-difference.svg "*"profile-touch.svg" ]] &&
		xmllint --html --noout "$run/report.html" 2>/dev/null &&
		(($(grep -c 'data:image/svg+xml' "$run/report.html") == 6))
}
check "the figures are drawn, and in the page" drawn

# A part of one function was another's that is inlined there.
awk -F '\t' -v OFS='\t' '$3 == "first-touch-total" && $4 == "__handle_mm_fault" {
		part = $5 / 4; $5 -= part; print; $4 = "pmd_none_or_trans_huge"; $5 = part; $6 = 0 } 1' \
	"$profile/6.12-insert-pfn/functions.tsv" >"$profile/6.12-insert-pfn/inlined.tsv"
try "$pfnreport" functions "$profile/6.12-insert-pfn" "${touch[@]}" --inlined --top=50
expect "inlined functions apart" 0 '^pmd_none_or_trans_huge +3\.3%'
try "$pfnreport" functions "$profile/6.12-eager" --inlined
expect "of a kernel without debug information" 2 'CONFIG=dwarf makes one'
check "the report with them is written" report 0
check "it tells of them" why 'With inlined functions apart, the largest of `insert-pfn` are `memtype_lookup` (12.0%), '
check "but for kernels that have none" test "$(grep -c 'With inlined' "$run/REPORT.md")" == 1
sed -i '3s/[0-9]*$/x/' "$profile/6.12-insert-pfn/inlined.tsv"
check "the report with damaged ones is written" report 0
check "it says so" why 'left out: `profile/6.12-insert-pfn/inlined.tsv:3: pages is no count`'
check "and has the rest" why '1,570 instructions a page, 29.7% of it fault handling'
rm "$profile/6.12-insert-pfn/inlined.tsv"
check "the report without is written" report 0

narrow()
{
	! awk 'length > 72' "$run/report.txt" | grep . && grep -q '^Why$' "$run/report.txt"
}
check "the mail has it within 72 columns" narrow

gone()
{
	rm -r "$profile"
	report 0 && why 'None of these kernels was profiled. `make profile`' &&
		! ls "$run"/plots/profile-* 2>/dev/null
}
check "without a profile: one line with the command, and no old figure" gone

# Damage: one line on stderr, that part left out, the rest reported.
functions=profile/6.12-eager/functions.tsv
damaged=$functions
is_left_out() # file what, at a line or not
{
	report 0 && (($(wc -l <"$work/err") == 1)) &&
		grep -qE "^pfnreport: $1:[0-9 :]*$2" "$work/err" &&
		why "left out: \`$1:" &&
		why '1,570 instructions a page' && ! LC_ALL=C grep -q '[^ -~]' "$work/err"
}
damage "an empty file" '1: no header' true
damage "another unit" "1: in samples, others in instructions" sed "1s/instructions/samples/"
damage "a line cut off" '4: 5 fields, not 9' sed '4s/\t[0-9]*\t[0-9]*\t[0-9]*\t[0-9]*$//'
damage "noise" '1: ' head -c 5000 "$pfnreport"
damage "a number below zero" '3: instructions is no count' \
	awk -F '\t' -v OFS='\t' 'NR == 3 { $5 = -$5 } 1'
damage "a terminal's escapes" '3: the function is no plain text' \
	sed '3s/\t[^\t]*\t\([0-9]*\t[0-9]*\t[0-9]*\t[0-9]*\t[0-9]*\)$/\t\x1b[2J\t\1/'
damage "a path for a benchmark" '2: the benchmark is no name' sed '2s/^/..\//'
many() { sed -n '1p' && yes "$(sed -n 2p "$work/good/$functions")" | head -n 1000001; }
damage "more rows than a million" 'the profile has more than 1000000 rows' many
damaged=profile/6.12-eager/model.tsv
damage "a model of a phase that nobody profiled" '3: a phase that functions.tsv has not' sed '3s/total/else/'
damage "a model with a counter twice" '3: a counter twice' sed '2{p}'
damage "a model cut off" '[0-9]*: [0-9] fields, not 5' head -c 100
damaged=$functions
replace "a FIFO" ' not a regular file' mkfifo
replace "a link to nothing" ' No such file or directory' ln -s nowhere
replace "a file of 300 MiB" ' file is larger than 256 MiB' truncate -s 300M

refused()
{
	fresh
	printf '{"format": 2}' >"$run/profile/profile.json"
	report 0 && [[ $(<"$work/err") == "pfnreport: profile/profile.json is left out: format is not 1" ]] &&
		why 'profile/profile.json is left out' && why '`make profile`'
}
check "a profile.json of another format" refused

# A figure without usable stacks is not drawn, nor shown.
no_stacks()
{
	fresh
	printf 'a;;b 1\n' | tee "$run"/profile/6.12-eager/stacks/* >/dev/null
	report 0 && [[ ! -s $work/err && ! -e $run/plots/profile-enable.svg ]] &&
		! why plots/profile-enable.svg && why plots/profile-touch.svg
}
check "damaged stacks" no_stacks
try "$pfnreport" flame "$run/profile/6.12-eager" --phase=enable
expect "a figure of damaged stacks" 2 'enable\.folded: 1: frames are not 1 to 256 names'

# What make bench takes of the newest profile: kernels with its source and patches.
export PFNBENCH_RESULTS_DIR=$work/results
attached()
{
	attaches profile "6.12-eager 6.12-huge-fault 6.12-insert-pfn 7.3-eager 7.3-huge-fault 7.3-insert-pfn" &&
		report 0 && why '1,570 instructions a page'
}
goes() { "$top/scripts/attach" "$run" profile && [[ ! -e $run/profile ]]; }
newest profile .
check "the newest profile is attached" attached
newest profile '.kernels |= map(if .variant == "eager" then .series_sha256 = "other"
	elif .base == "7.3" then .source_sha256 = "other" else . end)'
check "of other sources or patches it is not" attaches profile "6.12-huge-fault 6.12-insert-pfn"
newest profile .
rm -r "$PFNBENCH_RESULTS_DIR/profile"
mkdir "$run/profile"
touch "$run/profile/old"
check "where there is none, an old one goes" goes
newest profile .
echo '{' >"$PFNBENCH_RESULTS_DIR/profile/run.json"
check "a damaged one is left out" goes

end_tests
