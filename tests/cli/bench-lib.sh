# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of a benchmark share: it is run on the stand-in and its records
# are asked; made-up records of it go through the report. Sourced, never run.
# shellcheck disable=SC2016 # variables in quotes are jq's

# shellcheck source=tests/cli/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
pfnbench=$(realpath "${1:-$top/build/pfnbench}")
pfnreport=$top/build/pfnreport
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The records as jq sees them, $unit being that of the timed phases.
jq_words='
def cells: .[] | select(.type == "cell");
def samples: .phases | map({key: .name, value: (.tally | map(.[1]) | add)}) |
	from_entries;
def total($name): .phases[] | select(.name == $name) | .tally |
	map(.[0] * .[1]) | add;
def units: .phases | map({key: .name, value: .unit}) | from_entries;
def timed($name; $tally): {name: $name, unit: "instructions", tally: $tally,
	counters: {}};
def counted($name; $of; $value): {name: $name, unit: $of, tally: [[$value, 1]],
	counters: {}};
'

# run_cells CELLS WORD...: pfnbench run WORD... is fine and gives so many cells.
run_cells()
{
	"$pfnbench" run "${@:2}" >"$work/out" &&
		[[ $(grep -c '"type":"cell"' "$work/out") == "$1" ]]
}

# asks FILTER: it is true of the records, in an array, of the last run_cells.
asks()
{
	jq -es ".[0].unit as \$unit | $jq_words $1" "$work/out" >/dev/null || {
		cat "$work/out"
		return 1
	}
}

# refuses STATUS TEXT WORD...: pfnbench run WORD... ends with STATUS and TEXT.
refuses()
{
	local got=0

	"$pfnbench" run "${@:3}" >"$work/out" 2>"$work/err" || got=$?
	[[ $got == "$1" && $(<"$work/err") == "pfnbench: $2" ]]
}

# report_of BENCHMARK PARAMETERS PHASES: a report of a run in which every kernel
# has one more cell, with these parameters and phases (jq, $variant is there).
report_of()
{
	local boot variant

	rm -rf "$work/run"
	"$top/tests/cli/fake-run.sh" "$work/run" count huge-fault eager
	for boot in "$work"/run/*/boot-*.jsonl; do
		variant=$(jq -r "select(.type == \"environment\").variant" "$boot")
		jq -c "$jq_words"' if .type == "end" then
				{type: "cell", benchmark: $name, benchmark_version: 1,
				 parameters: ('"$2"'), status: "ok", reason: "",
				 phases: ('"$3"'), checks: {pages: 1, wrong: 0}, notes: {}},
				(.cells += 1)
			else . end' --arg name "$1" --arg variant "$variant" "$boot" >"$work/boot"
		mv "$work/boot" "$boot"
	done
	"$pfnreport" "$work/run"
}

# says TEXT: it is in REPORT.md, and no line of report.txt is too long.
says()
{
	grep -qF -e "$1" "$work/run/REPORT.md" || {
		grep -A 12 '^| kernel\|^| cell' "$work/run/REPORT.md" | tail -n 60
		return 1
	}
	! grep -E '^.{73}' "$work/run/report.txt"
}
