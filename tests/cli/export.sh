#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# export.sh: report.json and report.bench say what summary.tsv and the boots'
# records say, in the grammar that is promised. TAP.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-export.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Runs pfnreport on a run; 5 is a run with something broken in it.
analyse() # run
{
	local code=0

	"$pfnreport" "$work/$1" 2>"$work/err" || code=$?
	((code == 0 || code == 5)) || { cat "$work/err" && return 1; }
}

# The rows as summary.tsv has them.
rows_of_json() # run
{
	jq -r '["base", "variant", "benchmark", "parameters", "phase", "unit",
			"boots", "samples", "min", "median", "p99", "max", "total"],
		(.rows[] | [.base, .variant, .benchmark,
			(.parameters | to_entries | map("\(.key)=\(.value)") | join(",")),
			.phase, .unit, .boots, .samples, .min, .median, .p99 // "-",
			.max, .total]) | @tsv' "$work/$1/report.json"
}
same_rows() # run
{
	rows_of_json "$1" | diff - <(cut -f 1-13 "$work/$1/summary.tsv")
}
same_exactness() # run
{
	jq -r '.rows[] | if .exact == "no" then
			(.spread_percent // "inf" | tostring) else .exact end' \
		"$work/$1/report.json" |
		paste - <(tail -n +2 "$work/$1/summary.tsv" | cut -f 14) |
		awk -F '\t' '$1 == $2 { next }
			{ sub(/%$/, "", $2)
			  d = $1 - $2
			  if ($1 == "yes" || $1 == "one" || d > 0.0005 || d < -0.0005) {
				print; bad = 1
			  } }
			END { exit bad }'
}

# One line of JSON an element: as many as there are rows, and no key twice.
is_json() # run
{
	jq -e '.format == 1 and .program.name == "pfnreport" and (.rows | length) > 0
		and (.run | has("kernels") | not)' "$work/$1/report.json" &&
		[[ $(grep -c '^{"base":.*"benchmark_version":' "$work/$1/report.json") == \
			$(jq '.rows | length' "$work/$1/report.json") ]]
}
has_kernels() # run
{
	jq -e --slurpfile run "$work/$1/run.json" '
		[.kernels[].build] == $run[0].kernels and
		(.kernels | all(.environment.type == "environment" and .boots == [1, 2]))
		and .run.qemu == $run[0].qemu' "$work/$1/report.json"
}
# The ratio is the value over that of the baseline, and the value what the table has.
has_headline() # run
{
	"$pfnreport" --headline "$work/$1" >"$work/headline"
	jq -e '.headline | (length == 3) and all(
			(.values | map(select(.variant == "huge-fault")) | first) as $one
			| .values | all(.ratio == null or
				(.ratio - .value / $one.value | fabs) < 1e-6 * .ratio))' \
		"$work/$1/report.json" || return 1
	jq -r '.headline[].values[].value' "$work/$1/report.json" |
		sed -E ':a; s/([0-9])([0-9]{3})(,|$)/\1,\2\3/; ta' |
		while read -r value; do
			grep -qF -e " $value" "$work/headline" || { echo "$value" && return 1; }
		done
}

# What is wrong with a run is there by name.
names_what_lacks()
{
	jq -e '(.broken == [{base: "6.12", variant: "eager", boot: 2, attempts: 2,
			reason: "panic", last_line: "the end"}]) and
		(.left_out | length == 1) and
		(.left_out[0] | startswith("6.12-write-lock/boot-1.jsonl:")) and
		(.failed | map([.variant, .boot, .reason]) ==
			[["insert-pfn", 1, "3 pages \"wrong\" <b>"]]) and
		(.skipped | length > 0 and all(.reason == "no BAR of 16K on 1b36:0010"))' \
		"$work/bad/report.json"
}

# The grammar of golang.org/design/14313, with its "Unit" lines; names and units
# as benchstat reads them.
is_benchmark_format() # file
{
	LC_ALL=C awk '
		function bad(why) { print FILENAME ":" NR ": " why ": " $0; wrong = 1 }
		/[^ -~]/ { bad("not plain text") }
		/^$/ || /^#/ { next }
		/^Unit / {
			if (NF < 3) bad("a unit without a property")
			for (i = 3; i <= NF; i++)
				if ($i !~ /^[a-z]+=[a-z]+$/) bad("no key=value")
			units[$2] = 1
			next
		}
		/^[a-z][^ A-Z:]*:([ \t]|$)/ { key[$1] = $2; next }
		/^Benchmark/ {
			lines++
			if (NF < 4 || NF % 2) bad("fields are not name, count, pairs")
			if ($1 !~ /^Benchmark[A-Z][A-Za-z0-9]*(\/[^\/= ]+=[^\/= ]+)*-[1-9][0-9]*$/)
				bad("name")
			if ($2 !~ /^[1-9][0-9]*$/) bad("iterations")
			for (i = 3; i < NF; i += 2) {
				if ($i !~ /^[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/) bad("value")
				if ($(i + 1) !~ /\/op$/ || !($(i + 1) in units)) bad("unit")
			}
			if (!("base:" in key) || !("variant:" in key)) bad("of which kernel")
			next
		}
		{ bad("neither a key nor a result, ignored by readers") }
		END { if (!lines) { print "no result"; wrong = 1 } exit wrong }' "$1"
}

# Each boot's line made from its record, by other means than pfnreport's.
lines_of_records() # run
{
	local base variant boot

	while read -r base variant; do
		for boot in "$work/$1/$base-$variant"/boot-*.jsonl; do
			jq -r --arg kernel "$base $variant" '
				def camel: split("-") | map(.[0:1] as $c
					| ($c | ascii_upcase) + .[1:]) | join("");
				select(.type == "cell" and .status == "ok") as $cell
				| .phases[] | (.tally | map(.[1]) | add) as $count
				| select($count > 0)
				| (.tally | map(.[0] * .[1]) | add) as $total
				| [$kernel, "Benchmark\($cell.benchmark | camel)/"
					+ ($cell.parameters | to_entries
						| map("\(.key)=\(.value)") | join("/"))
					+ "/version=1/phase=\(.name)-1", $count, $total,
					if .unit == "bytes" then "B/op" else "\(.unit)/op" end]
				| @tsv' "$boot"
		done
	done < <(jq -r '.kernels[] | "\(.base) \(.variant)"' "$work/$1/run.json") | sort
}
same_lines() # run
{
	awk '/^base: / { base = $2 } /^variant: / { variant = $2 }
		/^Benchmark/ { printf "%s %s\t%s\t%s\t%.0f\t%s\n", base, variant, $1,
			$2, $2 * $3, $4 }' "$work/$1/report.bench" | sort |
		diff - <(lines_of_records "$1")
}

fake=$top/tests/cli/fake-run.sh
FAKE_BASES="6.12 7.3" "$fake" "$work/good"
check "a run is analysed" analyse good
check "report.json is JSON, a row a line" is_json good
check "it has the rows of summary.tsv" same_rows good
check "and how exact they are" same_exactness good
check "it has the kernels, with their hashes and environment" has_kernels good
check "report.bench keeps to the grammar" is_benchmark_format "$work/good/report.bench"
check "it has each boot's figures" same_lines good
try grep -c '^Unit instructions/op better=lower assume=exact$' "$work/good/report.bench"
expect "a count is said to be exact" 0 '^1$'

cp -r "$work/good" "$work/again"
check "twice is the same" analyse again
check "json, to the byte" cmp "$work/good/report.json" "$work/again/report.json"
check "bench, to the byte" cmp "$work/good/report.bench" "$work/again/report.bench"

"$fake" "$work/time" time huge-fault eager
check "a run of times is analysed" analyse time
check "times keep to the grammar" is_benchmark_format "$work/time/report.bench"
try grep -h '^Unit ns/op' "$work/time/report.bench"
expect "a time is not said to be exact" 0 '^Unit ns/op better=lower$'
check "times have each boot's figures" same_lines time
check "the headline has its ratios" has_headline time

"$fake" "$work/bad"
jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager", boot: 2,
	reason: "panic", attempts: 2, console_tail: ["the end"]}' \
	>"$work/bad/6.12-eager/boot-2.broken.json"
rm "$work/bad/6.12-eager/boot-2.jsonl"
sed -i '$d' "$work/bad/6.12-write-lock/boot-1.jsonl"
boot=$work/bad/6.12-insert-pfn/boot-1.jsonl
sed '3s/"status":"ok","reason":""/"status":"failed","reason":"3 pages \\"wrong\\" <b>"/' \
	"$boot" >"$work/boot"
mv "$work/boot" "$boot"
check "a run with faults is analysed" analyse bad
check "what lacks is in report.json by name" names_what_lacks
check "and its rows are those of summary.tsv" same_rows bad
check "its figures keep to the grammar" is_benchmark_format "$work/bad/report.bench"

end_tests
