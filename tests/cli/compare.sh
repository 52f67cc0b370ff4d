#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnreport compare on made-up runs whose truth is known: each exit status, each
# way to pair, each refusal, each verdict.
# shellcheck disable=SC2016 # $boot and the like are jq's
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-compare.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fake() { "$top/tests/cli/fake-run.sh" "$@"; }
compare() { try "$pfnreport" compare "$@"; }

copy() # from to
{
	rm -rf "$2"
	cp -r "$1" "$2"
}

# Each boot of these kernels through jq. It knows $boot, and change(benchmark;
# phase; f), which changes each sample of a phase.
alter() # run/kernel... jq-program
{
	local folder file program=${*: -1}

	for folder in "${@:1:$#-1}"; do
		for file in "$folder"/boot-*.jsonl; do
			jq -c --argjson boot "$(grep -oE '[0-9]+' <<<"${file##*boot-}" | head -n1)" '
				def samples(f): .tally |= (map(.[0] |= (f | floor))
					| group_by(.[0]) | map([.[0][0], (map(.[1]) | add)]));
				def change($benchmark; $phase; f):
					if .benchmark == $benchmark then
						.phases |= map(if .name == $phase then samples(f) else . end)
					else . end;
				'"$program" "$file" >"$file.new"
			mv "$file.new" "$file"
		done
	done
}

run_json() # run jq-program
{
	jq "$2" "$1/run.json" >"$1/run.json.new"
	mv "$1/run.json.new" "$1/run.json"
}

# A sentence may be broken anywhere.
flat() { tr -s ' \n' ' ' <<<"$output"; }
says() # text...
{
	local text

	for text; do
		grep -qF -e "$text" <<<"$(flat)" || { echo "not said: $text" && return 1; }
	done
}
# tells NAME STATUS TEXT...: of what was compared last.
tells()
{
	local name=$1 wanted=$2 said=$output was=$status

	shift 2
	number=$((number + 1))
	if ((was == wanted)) && says "$@" >/dev/null; then
		printf 'ok %d - %s\n' "$number" "$name"
		return
	fi
	failures=$((failures + 1))
	printf 'not ok %d - %s\n# status %d, wanted %d; %s\n' "$number" "$name" \
		"$was" "$wanted" "$(says "$@" || true)"
	printf '%s\n' "$said" | sed 's/^/#   /' | head -n 40
}
# lacks NAME TEXT: what was compared last does not say it.
lacks()
{
	check "$1" grep -vqzF -e "$2" <<<"$(flat)"
}

# --- counts ----------------------------------------------------------------

FAKE_BASES="6.12 7.3" fake one count huge-fault write-lock eager
copy one two

compare one two
tells "the same figures twice" 0 "None of" "the same to the digit"
lacks "and nothing is said to change" "What changed"
compare one/6.12-huge-fault one/6.12-eager
tells "a variant that costs more" 1 "eager against huge-fault, 6.12" \
	"figures are worse, by more than 5%"
tells "the headline, and by page" 1 "first reach 1,053,136 16,781,276 15.9x +60.00 worse"
tells "the counts beside it" 1 "first reach: faults 1 0 -100% better"
tells "a line a phase" 1 "enable 8 8 0 +218% 17,479x worse"
check "a mail: ASCII of 72 columns" test -z "$(LC_ALL=C grep -nE '^.{73}|[^ -~]' <<<"$output")"

alter two/6.12-eager 'change("reset-recovery"; "enable"; . * 0.5)'
compare one two
tells "what is better is no regression" 0 "enable" "-50.0%" better
compare two one
tells "and the other way round it is one" 1 "+100%" worse
compare one two --bisect
tells "--bisect: the same codes for the same verdicts" 0 "better"
compare two one --bisect
tells "--bisect: and for a regression" 1 "worse"

copy one near
alter near/6.12-eager 'change("reset-recovery"; "disable"; . * 1.03)'
compare one near
tells "three percent are below the threshold" 0 "The largest change that is not above it" \
	"+3.0%"
compare one near --threshold=2
tells "--threshold=2: they are above it" 1 "by more than 2%"
compare one near --threshold=3.1
tells "--threshold=3.1: they are not" 0 "by more than 3.1%"
compare one near --threshold=0
tells "--threshold=0: any difference of exact figures" 1 "by more than 0%"

# --- what belongs together -------------------------------------------------

compare one/6.12 one/7.3
tells "two bases: by variant" 0 "7.3 against 6.12" "3 kernels of run one"
compare one/huge-fault one/write-lock
tells "two variants: by base" 1 "write-lock against huge-fault" "2 kernels of run one" \
	"off/on 6.12" "off/on 7.3"
compare one/6.12-eager/ ./two/6.12-eager
tells "one kernel of two runs" 0 "run one" "run two"
(cd one && compare 6.12-eager ../two/7.3-eager && printf '%s\n' "$status $output" >"$work/said")
check "from inside of the run" grep -q '^0 7.3 against 6.12, eager' said
copy one lacking
run_json lacking '.variants = ["huge-fault", "eager"]'
compare one lacking
tells "kernels without a partner are named" 0 "no partner: 6.12 write-lock of the baseline"
compare lacking one
tells "on either side" 0 "no partner: 7.3 write-lock of the other side"
compare one/6.12-write-lock lacking
tells "no partner at all: status 3, and who has none" 3 "Nothing could be compared" \
	"no partner: 6.12 write-lock of the baseline"
compare one/6.12-write-lock lacking --bisect
tells "--bisect: skip it" 125 "Nothing could be compared"
compare one one
tells "a run with itself" 2 "6.12 huge-fault would be compared with itself"
compare one/6.12 ./one/6.12-eager
tells "a kernel with itself" 2 "6.12 eager would be compared with itself"
compare one one/6.13
tells "no such part: what there is" 2 "bases are 6.12 7.3, variants huge-fault write-lock eager"
compare one nowhere
tells "no run" 2 "nowhere: no run, and no part of one"

copy one fewer
alter fewer/6.12-eager 'if .benchmark == "huge-pfnmap" and .parameters.length == "4K"
	then .status = "skipped" | .reason = "no such length" | .phases = [] else . end'
compare one fewer
tells "a cell that only one side has" 0 "only the baseline has 3 cells of huge-pfnmap: no such length"
tells "one that neither has" 0 "neither side has 6 cells of reset-recovery: no BAR of 16K"
copy one other-cells
alter other-cells/*/ 'if .parameters.length then .parameters.length = "3G" else . end'
# Cells that were told apart by their lengths are the same now.
for file in other-cells/*/boot-*.jsonl; do
	jq -c --slurp '(.[1:-1] | unique_by([.benchmark, .parameters])) as $cells
		| .[0], $cells[], (.[-1] | .cells = ($cells | length))' "$file" >"$file.new"
	mv "$file.new" "$file"
done
compare one other-cells
tells "no parameters in common" 2 "not comparable: no benchmark was run with the same parameters" \
	"only the baseline has 48 cells of first-touch" "only the other side has 18 cells of first-touch"

# --- what is not comparable ------------------------------------------------

refuses() # name run text
{
	compare one "$2"
	tells "$1: refused" 2 "not comparable: $3" "--anyway"
	check "$1: and nothing is compared" test -z \
		"$("$pfnreport" compare one "$2" 2>/dev/null)"
	compare one "$2" --anyway
	tells "$1: --anyway says so on top" "$status" "NOT COMPARABLE, and compared anyway: $3"
	check "$1: and compares" test "$status" -lt 2
}

copy one versions
alter versions/*/ 'if .benchmark == "first-touch" then .benchmark_version = 2 else . end'
refuses "another benchmark version" versions "version of first-touch: 1 against 2"
compare one versions --benchmark=huge-pfnmap
tells "another benchmark is comparable" 0 "None of"
copy one machine
run_json machine '.qemu.arguments |= map(if . == "max,-erms,-fsrm" then "max" else . end)'
refuses "another CPU model" machine "QEMU's -cpu: max,-erms,-fsrm against max"
copy one smp
alter smp/*/ 'if .machine then .machine.cpus = 4 else . end'
refuses "another number of CPUs" smp "CPUs: 1 against 4"

fake times time huge-fault write-lock eager
compare one times --anyway
tells "counts against times: never" 2 "not comparable: mode: count against time"
lacks "and --anyway is no way out" "--anyway compares"

copy one noted
run_json noted '.plan_sha256 = "fedcba9876543210" | .qemu.version = "9.2.1"
	| .program.sha256 = "5555" | .guest_command_line += " mitigations=off"
	| .qemu.arguments |= map(if . == "256" then "512" else . end)
	| .kernels[].config_sha256 = "abcdef0123456789" | .kernels[].compiler = "gcc 15"'
compare one noted
tells "what else differs is said, and compared" 0 \
	"differs: plan: default 0123456789ab against default fedcba987654" \
	"differs: QEMU: 7.2.17 against 9.2.1" "differs: pfnbench: 0.1.0" \
	"differs: QEMU's arguments: -m 256 against -m 512" \
	"differs: guest's command line: none against mitigations=off" \
	"differs: config: 0123456789ab against abcdef012345" \
	"differs: compiler: gcc 12.2.0 against gcc 15"
check "each once, not once a kernel" test "$(grep -c 'differs: config' <<<"$output")" = 1
copy one again
run_json again '.program.git = "fedcba987654"'
compare one again
lacks "the same program of another commit is no difference" "differs: pfnbench"
copy one long
run_json long '.plan = "a" + "\u00e9" * 40'
compare one long --format=markdown
check "a text is not cut within a character" iconv -f utf-8 -t utf-8 -o "$work/kept" <<<"$output"

# --- broken ----------------------------------------------------------------

is_broken() # name run text
{
	compare one "$2"
	tells "$1" 5 "are broken" "$3"
	compare one "$2" --bisect
	tells "$1: --bisect skips" 125 "are broken"
}
copy one broken
mv broken/6.12-eager/boot-2.jsonl "$work/kept"
jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager", boot: 2,
	reason: "panic", attempts: 2, console_tail: ["Kernel panic"]}' \
	>broken/6.12-eager/boot-2.broken.json
is_broken "a broken boot" broken "broken: 6.12 eager boot 2: panic"
copy one failed
alter failed/7.3-eager 'if .benchmark == "huge-pfnmap" and .parameters.length == "4K"
	then .status = "failed" | .reason = "page 7 is wrong" else . end'
is_broken "a failed cell" failed "page 7 is wrong"
compare one failed --benchmark=first-touch
tells "a failed cell of another benchmark is none of our business" 0 "None of"
copy one torn
truncate -s -100 torn/6.12-eager/boot-1.jsonl
is_broken "a boot that is left out" torn "left out: 6.12-eager/boot-1.jsonl"
compare one/7.3 torn/7.3
tells "one of another kernel is not counted" 0 "None of"
copy one none
rm none/6.12-eager/*
compare one/6.12-eager none/6.12-eager
tells "no boot at all: status 3, with what is missing" 3 "Nothing could be compared" \
	"only the baseline has 8 cells of first-touch: no boot counts"

# --- figures that are not exact --------------------------------------------

copy one ticks
alter ticks/6.12-eager 'if $boot == 2 then
	change("reset-recovery"; "enable"; . + 3000) else . end'
compare ticks/6.12-eager one/6.12-eager
tells "a tick in one boot is no change of a long phase" 0 "no change above" \
	"3 not resolved" "reset-recovery enable: 3"
copy ticks jumps
alter jumps/6.12-eager 'if $boot == 2 then
	change("reset-recovery"; "enable"; . * 1.5) else . end'
compare one/6.12-eager jumps/6.12-eager
tells "a headline whose boots are apart: status 3" 3 "off/on" unresolved "[0, +"
copy ticks apart
alter apart/6.12-eager 'change("reset-recovery"; "enable"; . + 40000000)'
compare ticks/6.12-eager apart/6.12-eager --phase=enable --threshold=50
tells "boots that stand far apart are one" 1 "worse" "["
copy ticks close
alter close/6.12-eager 'change("reset-recovery"; "enable"; . + 4000)'
compare ticks/6.12-eager close/6.12-eager --phase=enable
tells "apart by no more than the boots of a side is none" 3 "not resolved"
copy one single
rm single/*/boot-2.jsonl
compare single single
compare one single
tells "one boot that agrees" 0 "the same to the digit"
copy two single
rm single/*/boot-2.jsonl
compare one single --phase=enable
tells "one boot that does not: nobody knows" 3 "not resolved"

# --- what a phase is -------------------------------------------------------

copy one waits
alter waits/6.12-eager 'change("reset-recovery"; "reset"; . * 2)'
compare one waits
tells "a wait is not judged, its CPU time is" 0 "with a wait and judged by their CPU time"
copy one leaves
alter leaves/6.12-eager 'change("huge-pfnmap"; "pte-leaves"; . + 512)'
compare one leaves
tells "leaves are neither better nor worse" 0 "different and neither" "pte-leaves" differs
copy one faults
alter faults/6.12-huge-fault 'change("first-touch"; "faults"; . + 1)'
compare one faults
tells "a fault more is worse" 1 "faults" "+100%"

copy one slots
fake_cells slots 'cell("outage"; {target: "1af4:1110", length: "2M", action: "toggle",
	threads: "1", vmas: "1", interval: "100"}; [time("recovered"; 300000),
	sample("late"; "probes"; 7)]), cell("controls"; {target: "1af4:1110"};
	[time("getppid"; 202)])'
copy slots moved
alter moved/*/ 'change("outage"; "recovered"; . + 90000) | change("outage"; "late"; . + 1)'
compare slots moved
tells "a schedule of 100 us can't tell less" 0 "with no change above"
tells "controls that agree" 0 "The controls" "are the same to the digit"
alter moved/*/ 'change("outage"; "recovered"; . + 20000)'
compare slots moved
tells "but more" 1 "outage recovered" "+36.7%"
copy slots controls
alter controls/6.12-eager 'change("controls"; "getppid"; . + 100)'
compare slots controls
tells "a control that moves is shown, and is no regression" 0 "Controls" getppid "+49.5%"

# --- narrowed, and other forms ---------------------------------------------

compare one/6.12-huge-fault one/6.12-eager --phase=enable
tells "--phase lists its rows" 1 "reset-recovery enable" "1G/1/1"
lacks "and no other phase" "disable"
compare one two --benchmark=fork
tells "--benchmark that was not run: status 3" 3 "Nothing could be compared"
compare one two --all
tells "--all: what is the same, too" 0 "All figures" "huge-pfnmap"
compare one/6.12-huge-fault one/6.12-eager --format=markdown
tells "Markdown" 1 "| first reach | 1,053,136 | 16,781,276 | 15.9x | +60.00 | worse |"
compare one/6.12-huge-fault one/6.12-eager --format=html
tells "a page" 1 "<table" "16,781,276" "</html>"
"$pfnreport" compare one lacking --format=json >said && status=0 || status=$?
try jq -r '[.status, .mode, .baseline, (.rows | length > 500), .verdicts.worse,
	([.not_compared[] | select(.reason == "no partner")] | length)] | @csv' said
expect "JSON says the same" 0 '^0,"count","one",true,0,2$'
check "and exits the same" test "$status" = 0
"$pfnreport" compare one lacking --format=tsv >said
check "TSV: each line has its columns" test "$(awk -F '\t' '{ print NF }' said | sort -u)" = 15
check "TSV: what has no partner, too" grep -qP '^6.12\twrite-lock\t-\t-.*\tonly-baseline$' said
if type -P script >/dev/null; then
	try script -qec "$pfnreport compare one/6.12-huge-fault one/6.12-eager" /dev/null
	expect "a terminal sees what is worse in red" 1 $'\033\\[1;31moff/on .*worse\033'
	check "and only what changed" test -z \
		"$(grep -F $'\033' <<<"$output" | grep -vE 'worse|better|differs')"
	try env NO_COLOR=1 script -qec "$pfnreport compare one/6.12-huge-fault one/6.12-eager" /dev/null
	check "NO_COLOR is respected" test -z "$(grep -F $'\033' <<<"$output")"
fi
compare one two --format=xml
tells "an unknown format" 2 "xml: not a format"
compare one two --threshold=-1
tells "a threshold below 0" 2 "-1: not a number of percent"
compare one two --seed=x
tells "a seed that is none" 2 "x: not a number"
compare one two three
tells "three operands" 2 "two operands, not more"
compare one
tells "one operand" 2 "compare what with what?"

# --- times -----------------------------------------------------------------

# Ten blocks, with a drift of two percent a block that both kernels see, and
# noise of some tenths of a percent of each.
FAKE_BOOTS=10 fake drift time huge-fault eager
noise() # run/kernel... factor
{
	alter "${@:1:$#-1}" 'if .phases then .phases |= map(if .unit == "ns"
		then samples(. * (1 + $boot * 0.02) * '"${*: -1}"') else . end) else . end'
}
copy drift slower
noise slower/6.12-huge-fault '(1 + ($boot * 7 % 5) / 1000)'
rm -r slower/6.12-eager
cp -r drift/6.12-huge-fault slower/6.12-eager
alter slower/6.12-eager 'if .variant then .variant = "eager" else . end'
copy slower equal
noise slower/6.12-eager '(1.05 + ($boot * 3 % 5) / 1000)'
noise equal/6.12-eager '(1 + ($boot * 3 % 5) / 1000)'
compare slower/6.12-huge-fault slower/6.12-eager
tells "times: 5 % are found, whatever the drift" 1 "paired by block" "first reach" worse "+5."
tells "times: of many rows ten boots resolve none, and it says so" 1 \
	"NOT ENOUGH BOOTS: with 10 a kernel none of the" "BOOTS="
tells "times: the tails have their seed" 1 "cluster bootstrap, seed 1"
try "$pfnreport" compare slower/6.12-huge-fault slower/6.12-eager --format=json
check "times: the interval has the truth in it" jq -e '.rows[] | select(.row == "off/on")
	| .low_percent < 5 and .high_percent > 5 and .low_percent > 4 and .high_percent < 6' <<<"$output"
compare equal/6.12-huge-fault equal/6.12-eager --benchmark=first-touch --phase=mmap
tells "times: no change" 0 "with no change above 1%"
compare slower/6.12-eager slower/6.12-huge-fault --benchmark=first-touch --phase=munmap
tells "times: better" 0 "better"
compare slower equal --seed=7
tells "times: two runs, no blocks" "$status" "exact rank tests" "seed 7"
copy slower short
rm short/*/boot-{4,5,6,7,8,9,10}.jsonl
compare short/6.12-huge-fault short/6.12-eager --phase=enable
tells "times: three boots can't say" 3 "NOT ENOUGH BOOTS: with 3 a kernel" "not resolved"
copy slower host
run_json host '.host.cpu = "Another CPU"'
compare slower host
tells "times: of another host" 2 "host's CPU: A CPU against Another CPU"

# --- what it says of itself ------------------------------------------------

"$pfnreport" manual >pfnreport.1
"$pfnreport" completion >pfnreport.bash
check "the manual page is clean" mandoc -T lint pfnreport.1
mandoc -T utf8 -O width=200 pfnreport.1 | sed 's/.\x08//g' >page
for command in '' compare; do
	"$pfnreport" ${command:+"$command"} --help >help
	mapfile -t options < <(grep -oE -e '^ {6}--[a-z]+(=[A-Z]+)?' help |
		grep -vE '^ *--(help|usage|version)' | tr -d ' ')
	check "help has options of pfnreport $command" test "${#options[@]}" -gt 0
	for option in "${options[@]}"; do
		check "the page has $option" grep -qF -e "$option" page
		check "the completion has $option" grep -qE -e " ${option%%=*}(=| |\")" pfnreport.bash
	done
done
check "the page has every exit status" grep -qF "a boot or a cell of what is compared is broken" page
check "the completion is clean" shellcheck -s bash pfnreport.bash
# shellcheck source=/dev/null
. ./pfnreport.bash
completes() # wanted words...; the last word is being typed
{
	local wanted=$1

	shift
	COMP_WORDS=(pfnreport "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_pfnreport 2>/dev/null
	[[ "${COMPREPLY[*]}" == "$wanted" ]] || { echo "${COMPREPLY[*]}" && return 1; }
}
check "completes a command" completes "compare" compa
check "an option of it" completes "--phase=" compare --ph
check "none of another" completes "" compare --headl
check "a base of a run, and its kernels" completes \
	"one/6.12 one/6.12-eager one/6.12-huge-fault one/6.12-write-lock" compare one/6
check "a variant of a run" completes "one/eager" compare one two one/ea
end_tests
