#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnreport.sh [PFNREPORT]: the analyser as its user meets it, on made-up runs.
# TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${1:-$top/build/pfnreport}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run STATUS ARGUMENT...: pfnreport must end with this status.
run() {
	local want=$1 got=0
	shift
	"$pfnreport" "$@" >"$work/out" 2>"$work/err" || got=$?
	if ((got != want)); then
		echo "status $got, not $want; it said:"
		cat "$work/err"
		return 1
	fi
}

# says FILE TEXT: the fixed text is somewhere in the file.
says() { grep -qF -e "$2" "$1" || {
	echo "$1 does not say: $2"
	return 1
}; }
says_not() { ! grep -qF -e "$2" "$1"; }

# In text, a sentence may be broken anywhere: compare with one space for any.
flat_says() {
	tr -s ' \n' ' ' <"$1" >"$work/flat"
	says "$work/flat" "$2"
}

# A mail: plain ASCII, at most 72 columns.
is_mail() { ! LC_ALL=C grep -nE '^.{73}|[^ -~]' "$1"; }

fake() { "$top/tests/cli/fake-run.sh" "$@"; }
copy() {
	rm -rf "${work:?}/$2"
	cp -r "$work/$1" "$work/$2"
}

# The same figures on two bases: both stand in one row, with the ratio 1.
two_bases()
{
	FAKE_BASES="6.12 7.3" fake "$work/bases" count huge-fault eager || return 1
	run 0 "$work/bases" &&
		says "$work/bases/REPORT.md" '## Base against base' &&
		says "$work/bases/report.txt" 'Base against base' &&
		is_mail "$work/bases/report.txt" &&
		grep -qF '| kernel | 6.12 | 7.3 | x |' "$work/bases/REPORT.md" &&
		grep -qE '^\| eager \| ([0-9,]+) \| \1 \| 1\.00 \|$' "$work/bases/REPORT.md" &&
		test -s "$work/bases/plots/facts-7.3.tsv"
}
one_base() { says_not "$work/good/REPORT.md" 'Base against base'; }

# sums RUN: one line for each file pfnreport writes.
sums() { (cd "$work/$1" && sha256sum summary.tsv REPORT.md report.* plots/*.tsv); }

same_twice() {
	sums good >"$work/first"
	run 0 "$work/good" && sums good | diff "$work/first" -
}

same_elsewhere() {
	mkdir -p "$work/a/deep"
	cp -r "$work/good" "$work/a/deep/good"
	rm -rf "$work/a/deep/good"/{summary.tsv,REPORT.md,report.*,plots}
	(cd "$work/a/deep" && run 0 good) &&
		diff <(sums good) <(sums a/deep/good)
}

# What all kernels of a base share is said once; what one has alone, of each.
facts_are_said_once() {
	copy good facts
	jq '.kernels[1].config_sha256 = "beef" | .kernels[0].image_sha256 = "cafe"' \
		"$work/good/run.json" >"$work/facts/run.json"
	run 0 "$work/good" && run 0 "$work/facts" &&
		[[ $(grep -c 'sha256 of config' "$work/good/REPORT.md") == 1 ]] &&
		says "$work/good/REPORT.md" '- kernels of 6.12: source `linux-source-6.12 6.12.48-1`, ' &&
		[[ $(grep -c 'sha256 of config' "$work/facts/REPORT.md") == 5 ]] &&
		says "$work/facts/REPORT.md" 'sha256 of config `beef`' &&
		says "$work/facts/REPORT.md" 'sha256 of image `cafe`'
}

# Every row but those of a ticking phase repeats; header and width are fixed.
summary_shape() {
	local tsv=$work/good/summary.tsv
	[[ $(head -n 1 "$tsv") == $'base\tvariant\tbenchmark\tparameters\tphase\tunit\tboots\tsamples\tmin\tmedian\tp99\tmax\ttotal\texact' ]] &&
		awk -F '\t' 'NF != 14 { print; bad = 1 } END { exit bad }' "$tsv" &&
		awk -F '\t' '$14 !~ /^(exact|yes|one|[0-9.]+%)$/ { print; bad = 1 }
			END { exit bad }' "$tsv"
}

# A p99 stands where each boot has 299 samples, here as there.
p99_has_samples() {
	awk -F '\t' 'NR > 1 && ($11 == "-") != ($8 < 299) { print; bad = 1 }
		NR > 1 { shown[$11 != "-"] = 1 }
		END { exit bad || !(0 in shown && 1 in shown) }' "$work/good/summary.tsv" &&
		says "$work/good/REPORT.md" '| touch median | samples | p99 | max |' &&
		says "$work/good/REPORT.md" '| 2,404 | 524,288 | 2,404 | 2,404 |'
}

# has_row BASE VARIANT ...: a row of summary.tsv, its fields in order.
has_row() {
	local IFS=$'\t'
	says "$work/good/summary.tsv" "$*"
}

order_of_variants() {
	diff <(jq -r '.variants[]' "$work/good/run.json") \
		<(tail -n +2 "$work/good/summary.tsv" | cut -f 2 | uniq)
}

# spoil RUN COMMAND...: a copy of the good run, boot 2 of eager through COMMAND.
spoil() {
	local name=$1 boot
	shift
	copy good "$name"
	boot=$work/$name/6.12-eager/boot-2.jsonl
	"$@" <"$work/good/6.12-eager/boot-2.jsonl" >"$boot" || true
}

# left_out RUN WHERE: the spoilt boot is named, with WHERE (line and reason) after
# its name, on stderr and in both reports, and nothing of it is counted.
left_out() {
	run 5 "$work/$1" &&
		says "$work/err" "pfnreport: 6.12-eager/boot-2.jsonl:$2" &&
		says "$work/$1/REPORT.md" "6.12-eager/boot-2.jsonl:$2" &&
		flat_says "$work/$1/report.txt" "missing: 6.12 eager: 1 of 2" &&
		is_mail "$work/$1/report.txt" &&
		[[ $(grep -P '\teager\t' "$work/$1/summary.tsv" | cut -f 14 |
			sort -u) == one ]]
}

figures() {
	local name
	"$top/plots/draw.sh" "$work/$1" || return 1
	for name in recovery where leaves; do
		[[ $(head -c 4 "$work/$1/plots/$name.png" | tail -c 3) == PNG ]] &&
			says "$work/$1/plots/$name.svg" '</svg>' &&
			(($(stat -c %s "$work/$1/plots/$name.svg") < 200000)) ||
			return 1
	done
}

# in_figure RUN NAME TEXT: a text of the figure starts with TEXT.
in_figure() {
	says "$work/$1/plots/$2.svg" ">$3"
}

broken_boot() {
	copy good broken
	rm "$work/broken/6.12-eager/boot-2.jsonl"
	jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager",
		boot: 2, reason: "panic", attempts: 2,
		console_tail: ["one", "Kernel panic | `x`\u001b[0m é"]}' \
		>"$work/broken/6.12-eager/boot-2.broken.json"
	run 5 "$work/broken" &&
		says "$work/broken/REPORT.md" "broken: 6.12 eager boot 2 after 2 attempts: \`panic\`" &&
		says "$work/broken/REPORT.md" "Kernel panic | 'x' [0m é\`" &&
		is_mail "$work/broken/report.txt"
}

failed_cell() {
	spoil failing jq -c 'if .benchmark == "first-touch" and
		.parameters.length == "64K"
		then .status = "failed" | .reason = "3 pages wrong" |
			.checks.wrong = 3 else . end'
	run 5 "$work/failing" &&
		says "$work/failing/REPORT.md" "failed: 6.12 eager boot 2: first-touch" &&
		says "$work/failing/REPORT.md" "3 pages wrong"
}

nothing_left() {
	copy good empty
	rm "$work/empty"/*/boot-*.jsonl
	rm -f "$work/empty/report.txt"
	run 3 "$work/empty" && [[ ! -e $work/empty/report.txt ]]
}

# The lower of two boots' counts, of the largest length, and no event that nobody
# counted; an old run, which has no counters, has no such section either.
counters_are_shown() {
	local boot

	copy good counted
	for boot in 1 2; do
		for file in "$work"/counted/*/boot-$boot.jsonl; do
			jq -c --argjson boot $boot 'if .benchmark == "first-touch" then
				.phases |= map(if .name == "first-touch-total" then
					.counters = {"cycles:k": null,
						"page-faults:u": (1000000 * $boot),
						"sched:sched_switch:k": (if $boot == 1
							then null else 7 end)}
					else . end) else . end' "$file" >"$work/boot" &&
				mv "$work/boot" "$file"
		done
	done
	run 0 "$work/counted" &&
		says_not "$work/good/REPORT.md" "## Counters" &&
		says "$work/counted/REPORT.md" "## Counters" &&
		says "$work/counted/REPORT.md" \
			"| phase | kernel | page-faults:u | sched:sched_switch:k |" &&
		says "$work/counted/REPORT.md" \
			"| first-touch-total | eager | 1,000,000 | 7 |" &&
		says_not "$work/counted/REPORT.md" "cycles:k" &&
		says_not "$work/counted/REPORT.md" "target=1af4:1110,length=128M" &&
		is_mail "$work/counted/report.txt" &&
		diff "$work/good/summary.tsv" "$work/counted/summary.tsv"
}

# A variant with no boot at all: the report stands, and names it.
missing_variant() {
	copy good lacking
	rm -r "$work/lacking/6.12-eager"
	run 0 "$work/lacking" &&
		says "$work/lacking/REPORT.md" "\`eager\`, first reach: not measured: \`no boot counts\`" &&
		says "$work/lacking/REPORT.md" "missing: 6.12 eager: 0 of 2" &&
		figures lacking
}

time_mode() {
	fake "$work/time" time && run 0 "$work/time" &&
		says_not "$work/time/REPORT.md" "can't tell" &&
		says_not "$work/time/REPORT.md" "are exact" &&
		says_not "$work/time/REPORT.md" "instructions" &&
		says "$work/time/REPORT.md" " in ns" &&
		is_mail "$work/time/report.txt" && figures time &&
		in_figure time where "ns (logarithmic"
}

all_variants() {
	fake "$work/all" count base huge-fault insert-pfn insert-vma write-lock \
		eager eager-huge &&
		run 0 "$work/all" && is_mail "$work/all/report.txt" &&
		figures all && in_figure all recovery eager-huge
}

one_variant() {
	fake "$work/single" count eager && run 0 "$work/single" &&
		flat_says "$work/single/report.txt" "huge-fault is not in this run: no ratios." &&
		figures single
}

headline() {
	run 0 --headline "$work/good" && is_mail "$work/out" &&
		says "$work/out" "insert-pfn" && says "$work/out" "630,196,336"
}

writes_nothing_else() {
	! find "$work/good" -name '*.??????' | grep .
}

bad_run_json() {
	copy good worse
	jq "$1" "$work/good/run.json" >"$work/worse/run.json"
	run 2 "$work/worse" && says "$work/err" "$2"
}

fake "$work/good"

check "a run is reported" run 0 "$work/good"
check "summary.tsv has its 14 columns" summary_shape
check "a p99 has samples enough behind it" p99_has_samples
check "kernels say what they have in common once" facts_are_said_once
check "rows are in the order of run.json" order_of_variants
check "a row has the figures that went in" has_row 6.12 insert-pfn \
	first-touch target=1af4:1110,length=1G,align=1G,access=read,order=ascending \
	first-touch instructions 2 262144 2404 2404 2404 2404 630194176 yes
check "a row that is not exact has its spread" has_row 6.12 insert-pfn \
	reset-recovery target=1af4:1110,length=1G,align=1G,action=toggle,vmas=1,processes=1 \
	disable instructions 2 1 26217300 26217300 - 26217300 26217300 yes
check "a tick inside a phase is found" has_row 6.12 insert-pfn first-touch \
	target=1af4:1110,length=1G,align=1G,access=read,order=ascending \
	first-touch-total instructions 2 1 630194236 630194236 - \
	630194547 630194236 0.000049%
check "the answer comes first" says "$work/good/REPORT.md" \
	"\`insert-pfn\` 630,196,336 (598x), 262,144 faults"
check "a skip has its reason" says "$work/good/REPORT.md" \
	"no BAR of 16K on 1b36:0010"
check "report.txt fits a mail" is_mail "$work/good/report.txt"
check "REPORT.md shows the figures" says "$work/good/REPORT.md" \
	"](plots/recovery.svg)"
check "the same bytes twice" same_twice
check "the same bytes from another place" same_elsewhere
check "no temporary file stays" writes_nothing_else
check "--headline prints a table" headline
check "figures are drawn" figures good
check "a figure names its unit" in_figure good where "instructions (logarithmic"

spoil short head -n -1
check "a boot without end record is left out" left_out short "43: no end record"
spoil torn head -c 20000
check "a truncated boot is left out" left_out torn ""
spoil unordered sed '5s/"tally":\[\[\([0-9]*\),1\],\[[0-9]*,1\]\]/"tally":[[\1,1],[\1,1]]/'
check "a tally out of order is left out" left_out unordered \
	"5: tally is not in ascending order"
spoil twice sed '3{p}'
check "a cell that stands twice is left out" left_out twice "4: cell first-touch"
spoil fewer sed '3d'
check "a count that is wrong is left out" left_out fewer "42: end says 41 cells"
spoil newer sed '1s/"format":1/"format":2/'
check "an unknown format is left out" left_out newer "1: format is not 1"
spoil negative sed '2s/"tally":\[\[/"tally":[[-/'
check "a negative number is left out" left_out negative "2: tally entry 0"
# shellcheck disable=SC2016 # sed's last line
spoil logged sed '$s/"kernel_log":\[\]/"kernel_log":["WARNING: at mm"]/'
check "a boot with a kernel log is left out" left_out logged "43: kernel log"
spoil versioned sed 's/"benchmark_version":1/"benchmark_version":2/'
check "another benchmark version is left out" left_out versioned " first-touch is version 2"
spoil empty_file true
check "an empty boot is left out" left_out empty_file "1: no end record"
spoil binary head -c 5000 "$pfnreport"
check "a boot of noise is left out" left_out binary "1: "

check "two bases stand side by side" two_bases
check "one base alone has no such section" one_base
check "counters are shown where there are any" counters_are_shown
spoil uncounted sed '2s/"counters":{}/"counters":{"a b":1}/'
check "a counter without a name is left out" left_out uncounted "2: a counter has no usable name"
spoil miscounted sed '2s/"counters":{}/"counters":{"cycles:k":-1}/'
check "a counter below zero is left out" left_out miscounted "2: a counter is no count"
check "a broken boot is in the report" broken_boot
check "a failed cell is in the report" failed_cell
check "no boot at all is status 3" nothing_left
check "a variant without boots is named" missing_variant
check "time mode has no counts" time_mode
check "seven variants fit" all_variants
check "one variant alone is no crash" one_variant
check "no folder is status 2" run 2 "$work/nowhere"
check "a folder without run.json is status 2" run 2 "$work"
check "no argument is status 2" run 2
check "an unknown option is status 2" run 2 --unknown "$work/good"
check "an unknown run format is status 2" bad_run_json '.format = 9' "format is not 1"
check "a run without variants is status 2" bad_run_json '.variants = []' "no array"
check "a path in a variant is status 2" bad_run_json '.variants[0] = "../x"' \
	"is no name"
check "an unknown mode is status 2" bad_run_json '.mode = 7' "mode is neither"

end_tests
