#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnbench.sh [PFNBENCH]: the program as its user meets it, on a machine without
# a device: a memfd stands in for one, with lengths too short to measure by.
# TAP.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnbench=$(realpath "${1:-$top/build/pfnbench}")
work=$(mktemp -d)
# What still runs left its process id in the file pid.
cleanup() {
	[[ ! -s $work/pid ]] || kill -KILL "$(<"$work/pid")" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"

# run STATUS ARGUMENT...: pfnbench must end with this status. Which counters the
# machine lacks is no matter here: tests/cli/counters.sh looks at that.
run() {
	local want=$1 got=0
	shift
	"$pfnbench" "$@" >out 2>err || got=$?
	sed -i '/^pfnbench: not counted: /d' err
	if ((got != want)); then
		echo "status $got, not $want; it said:"
		cat err
		return 1
	fi
}

# says FILE TEXT: the fixed text is somewhere in the file.
says() { grep -qF -e "$2" "$1" || {
	echo "$1 does not say: $2"
	return 1
}; }

# same TEXT TEXT
same() { [[ $1 == "$2" ]] || {
	printf 'is:     %s\nwanted: %s\n' "$1" "$2"
	return 1
}; }

# refuses STATUS TEXT ARGUMENT...: TEXT is the one line on stderr, and nothing
# is on stdout.
refuses() {
	local status=$1 text=$2
	shift 2
	run "$status" "$@" && same "$(<err)" "pfnbench: $text" && same "$(<out)" ""
}

# refuses_plan PLAN WHERE-AND-WHY: the plan, as --plan=p, is refused.
refuses_plan() {
	printf '%b' "$1" >p
	refuses 2 "$2" run --plan=p
}

# What docs/RESULT-FORMAT.md says of every file of records, as a filter of jq.
# Above 2^53 jq rounds: is_count is right below it, and no sample here is above.
format='
def is_count: type == "number" and . >= 0 and . < 9007199254740992 and . == floor;
def is_text: type == "string";
def texts: type == "object" and all(.[]; is_text);
def is_phase($unit): (keys == ["counters", "name", "tally", "unit"]) and
	(.name | is_text and length > 0) and
	all(.counters[]; . == null or is_count) and
	(.unit | IN($unit, "bytes", "faults", "leaves", "signals", "probes")) and
	(.tally | all(.[]; length == 2 and (.[0] | is_count) and
		(.[1] | is_count and . > 0)) and
		map(.[0]) == (map(.[0]) | unique));
def is_environment: .type == "environment" and .format == 1 and
	.program.name == "pfnbench" and (.program.version | is_text) and
	all(.base, .variant, .kernel[]; is_text) and
	(.kernel | keys == ["command_line", "config_sha256", "release", "version"]) and
	(.mode | IN("count", "time")) and (.unit | IN("instructions", "ns")) and
	(.unit_check | all(.loop, .short, .long; is_count)) and
	.unit_check.instructions == (.unit == "instructions") and
	(.clock.source | is_text) and (.clock.empty_pair | is_count) and
	(.machine | (keys == ["clocksource", "cpu", "cpus", "governor", "hypervisor",
		"memory_bytes", "microcode", "mitigations", "smt", "thp", "turbo"]) and
		(.cpus | is_count and . > 0) and (.memory_bytes | is_count) and
		(.mitigations | texts)) and
	(.counters.events | all(.[]; (.name | test(":[ku]$")) and
		.counted == (has("reason") | not))) and
	(.topology | all(.packages, .numa_nodes, .l3s, .cores, .pus; is_count) and
		.pus > 0 and all(.allowed, .near, .place, .main_thread; is_text)) and
	(.devices | type == "array");
def is_cell($unit): .type == "cell" and (.benchmark | is_text) and
	(.benchmark_version | is_count) and (.parameters | texts) and
	(.notes | texts) and all(.checks.pages, .checks.wrong; is_count) and
	.checks.wrong <= .checks.pages and
	(.status == "ok") == (.reason == "") and
	(.status == "skipped") == (.phases == []) and
	(.status | IN("ok", "skipped", "failed")) and
	all(.phases[]; is_phase($unit)) and
	(.status == "failed" or all(.phases[]; .tally != [])) and
	(.phases | map(.name) | length == (unique | length));
def is_end: .type == "end" and (.cells | is_count) and
	all(.kernel_log[]; is_text) and (.seconds | . > 0);
def cells: .[1:-1];
def is_whole: .[0].unit as $unit | (.[0] | is_environment) and
	(.[-1] | is_end) and .[-1].cells == (cells | length) and
	all(cells[]; is_cell($unit));
def samples: .phases | map({key: .name, value: (.tally | map(.[1]) | add)}) |
	from_entries;
def total($name): .phases[] | select(.name == $name) | .tally |
	map(.[0] * .[1]) | add;
def units: .phases | map({key: .name, value: .unit}) | from_entries;
'

# asks FILE FILTER: it is true of the array of the file's records.
asks() {
	jq -es "$format $2" "$1" >/dev/null || {
		printf '%s: not so: %s\n' "$1" "$2"
		head -c 3000 "$1"
		echo
		return 1
	}
}

# whole FILE CELLS: by the format, of so many cells; each record is a line.
whole() {
	asks "$1" is_whole &&
		same "$(jq -s 'length' "$1")" $(($2 + 2)) &&
		same "$(wc -l <"$1")" $(($2 + 2)) &&
		same "$(tail -c 1 "$1" | od -An -tx1)" " 0a"
}

# first_cell FILE FILTER: of the first cell, with $unit, the timed phases' one.
first_cell() {
	asks "$1" ".[0].unit as \$unit | .[1] | $2"
}

### What the program says of itself.

helps() {
	run 0 --help && same "$(<err)" "" && says out "Usage: pfnbench" &&
		says out "--plan=FILE" && says out "stamp FILE SIZE" &&
		says out "Exit status: 0 fine, 2 usage"
}

lists() {
	run 0 list && same "$(<err)" "" &&
		same "$(grep -o '^[^ :]*:' out | tr -d : | tr _ - | sort)" \
			"$(sed -n 's/.*\.name = "\(.*\)",$/\1/p' "$top"/bench/*.c | sort)" &&
		says out "  length=4K..64G  " && says out "  access=read|write  " &&
		says out "  vmas=1..1024  " &&
		same "$(grep -c '^  needs .*; \(runs here on\|can.t run here: \)' out)" \
			"$(grep -c '^[^ ]' out)" &&
		says out "  needs nothing but a target; runs here on memfd"
}

# Each default that list names is one that run takes.
defaults_run() {
	local line name benchmark=none

	while read -r line; do
		case $line in
		*=*"; default "*)
			name=${line%%=*}
			[[ $name == length ]] || echo "$benchmark length=4K $name=${line##* }"
			;;
		needs*) ;;
		*) benchmark=${line%%:*} ;;
		esac
	done < <("$pfnbench" list) >p
	# A cell of each benchmark; the lines of one repeat it.
	same "$(wc -l <p)" "$(grep -c '; default ' <("$pfnbench" list | grep -v '^  length='))" &&
		run 0 run --plan=p && whole out "$(cut -d ' ' -f 1 p | sort -u | wc -l)"
}

### A run.

first_touch() {
	run 0 run first-touch length=64K align=4K && same "$(<err)" "" && whole out 1 &&
		first_cell out '.benchmark == "first-touch" and .status == "ok" and
			.parameters == {target: "memfd", length: "64K", align: "4K",
				access: "read", order: "ascending"} and
			samples == {mmap: 2, "first-touch": 16, "second-touch": 16,
				munmap: 2, "first-touch-total": 1,
				"second-touch-total": 1, faults: 1,
				"page-tables-before": 1, "page-tables-after": 1} and
			units == {mmap: $unit, "first-touch": $unit,
				"second-touch": $unit, munmap: $unit,
				"first-touch-total": $unit,
				"second-touch-total": $unit, faults: "faults",
				"page-tables-before": "bytes",
				"page-tables-after": "bytes"} and
			total("faults") >= 1 and total("faults") <= 16 and
			total("page-tables-after") > total("page-tables-before")'
}

# The leaves cover the length, or the cell says why they are not known.
huge_pfnmap() {
	local got=0

	"$pfnbench" run huge-pfnmap length=64K align=4K >out 2>err || got=$?
	whole out 1 || return 1
	if ((got == 4)); then
		first_cell out '.status == "skipped" and (.reason | test("tell the leaves"))'
		return
	fi
	same "$got" 0 &&
		first_cell out '.status == "ok" and
			.parameters == {target: "memfd", length: "64K", align: "4K"} and
			samples == {"pte-leaves": 1, "pmd-leaves": 1, "pud-leaves": 1,
				faults: 1, "page-tables": 1, "second-touch": 16,
				"second-touch-total": 1} and
			total("pte-leaves") == 16 and total("pmd-leaves") == 0 and
			total("pud-leaves") == 0 and
			(.notes.leaves | IN("dump", "derived", "dump and derived")) and
			(units | ."pte-leaves" == "leaves" and
				."page-tables" == "bytes" and ."second-touch" == $unit)'
}

reset_recovery() {
	run 0 run reset-recovery length=64K vmas=3 processes=2 action=toggle,reset &&
		same "$(<err)" "" && whole out 2 &&
		first_cell out '.status == "ok" and
			.parameters == {target: "memfd", length: "64K", align: "1G",
				action: "toggle", vmas: "3", processes: "2"} and
			samples == {populate: 2, disable: 1, enable: 1,
				"first-access": 6, "whole-bar": 2, sigbus: 1, faults: 1} and
			total("faults") >= 6 and total("faults") <= 2 * 3 * 16 and
			(units | .sigbus == "signals" and .disable == $unit)' &&
		asks out '.[2] | .parameters.action == "reset" and
			samples == {populate: 2, reset: 1, "reset-cpu": 1,
				"first-access": 6, "whole-bar": 2, sigbus: 1, faults: 1}'
}

# A stand-in is no device: each cell says so, and the environment has none.
stands_in() {
	run 0 run first-touch length=4K,8K && whole out 2 &&
		asks out 'all(cells[]; .notes["stand-in"] == "memfd" and
			.parameters.target == "memfd") and .[0].devices == []'
}

parameters_in_order() {
	run 0 run first-touch order=shuffled access=write length=4K && whole out 1 &&
		same "$(jq -c 'select(.type == "cell").parameters' out)" \
			'{"target":"memfd","length":"4K","align":"1G","access":"write","order":"shuffled"}'
}

# The mode that nobody asked for is the one that the clock can do.
mode_is_said() {
	run 0 run first-touch length=4K && asks out \
		'.[0] | .mode == if .unit == "instructions" then "count" else "time" end' &&
		run 0 run first-touch length=4K --mode=time && whole out 1 &&
		asks out '.[0].mode == "time"'
}

plan_in_order() {
	printf '%s\n' '# three cells' 'reset-recovery length=4K' \
		'first-touch length=8K,4K # two' 'first-touch length=4096' >p
	run 0 run --plan=p && whole out 3 &&
		same "$(jq -r 'select(.type == "cell") | .benchmark + " " + .parameters.length' out)" \
			$'reset-recovery 4K\nfirst-touch 8K\nfirst-touch 4K'
}

shipped_plans() {
	local plan

	for plan in smoke default full large; do
		sed 's/target=[^ ]*/target=ffff:ffff/' "$top/bench/plans/$plan.plan" >p
		run 4 run --plan=p && whole out "$(grep -c '"cell"' out)" || return 1
	done
}

to_a_file() {
	echo "something longer than nothing" >records
	run 0 run first-touch length=4K --output=records && same "$(<out)" "" &&
		whole records 1 && run 0 run first-touch length=4K -o - && whole out 1
}

labels_are_said() {
	printf '%s\n' base=6.12 variant=eager config_sha256=0123abcd >labels
	run 0 run first-touch length=4K --labels=labels && whole out 1 &&
		asks out '.[0] | .base == "6.12" and .variant == "eager" and
			.kernel.config_sha256 == "0123abcd"'
}

### What can't be run.

# ends_skipped REASON ARGUMENT...: all is skipped for this reason, in a record.
ends_skipped() {
	local reason=$1
	shift
	run 4 run "$@" && same "$(<err)" "pfnbench: skipped: 1 of 1 cells" &&
		whole out 1 && first_cell out '.status == "skipped"' &&
		same "$(jq -r 'select(.type == "cell").reason' out)" "$reason"
}

some_skipped() {
	run 0 run first-touch length=4K target=memfd,ffff:ffff &&
		same "$(<err)" "pfnbench: skipped: 1 of 2 cells" && whole out 2 &&
		same "$(jq -r 'select(.type == "cell").status' out | xargs)" "ok skipped"
}

targets_have_a_limit() {
	local list

	list=$(printf ',fff%x:ffff' {0..15})
	run 0 run first-touch length=4K "target=memfd$list" && whole out 17 &&
		asks out '.[16].reason | test("no PCI device fffe:ffff")' &&
		asks out '.[17].reason == "too many targets"'
}

# No room for what a mapping reserves: the cell fails, the run goes on.
out_of_memory() {
	local got=0

	(
		ulimit -v 1000000
		exec "$pfnbench" run reset-recovery length=4K vmas=1,2 --events=none
	) >out 2>err || got=$?
	same "$got" 5 && same "$(<err)" "pfnbench: failed: 2 cells" && whole out 2 &&
		asks out 'all(cells[]; .status == "failed" and
			.reason == "Cannot allocate memory")'
}

# leaves_alone STATUS ARGUMENT...: refused, and the file is what it was: there
# with its contents, or not there.
leaves_alone() {
	echo precious >records
	rm -f absent
	run "$@" --output=records && same "$(<records)" precious &&
		run "$@" --output=absent && [[ ! -e absent ]]
}

### What can't be written.

full_disk() {
	run 5 run first-touch length=4K --output=/dev/full &&
		same "$(<err)" "pfnbench: /dev/full: No space left on device" &&
		same "$(<out)" ""
}

full_stdout() {
	local got=0

	"$pfnbench" "$@" >/dev/full 2>err || got=$?
	sed -i '/^pfnbench: not counted: /d' err
	same "$got" 5 && same "$(<err)" "pfnbench: stdout: No space left on device"
}

# limited BLOCKS COMMAND...: no file may pass so many KiB, and no signal says so.
limited() {
	local blocks=$1
	shift
	(
		trap '' XFSZ
		ulimit -f "$blocks"
		exec "$@"
	)
}

# A disk that fills in the middle: what is there has no end record.
half_a_disk() {
	local got=0

	echo first-touch target=ffff:ffff length=4K,8K,12K,16K align=4K,2M,1G \
		access=read,write >p
	run 4 run --plan=p && whole out 24 && (($(stat -c %s out) > 4096)) || return 1
	limited 4 "$pfnbench" run --plan=p --events=none --output=records >out 2>err || got=$?
	same "$got" 5 && same "$(<err)" "pfnbench: records: File too large" &&
		same "$(stat -c %s records)" 4096 &&
		! grep -q '"type":"end"' records
}

### stamp.

# Page N has its stamp in its first eight bytes and zeroes behind.
stamps() {
	rm -rf s
	run 0 stamp s 2M && same "$(<err)$(<out)" "" &&
		same "$(stat -c '%s %a' s)" "2097152 644" &&
		od -An -v -tx8 -w4096 s | awk '
			$1 != sprintf("50464e42%08x", NR - 1) { print NR, $1; exit 1 }
			{ for (i = 2; i <= NF; i++) if ($i != "0000000000000000") exit 1 }
			END { exit NR != 512 }' &&
		run 0 stamp s 4K && same "$(stat -c %s s)" 4096
}

# refuses_size SIZE...
refuses_size() {
	local size

	for size; do
		rm -f s
		refuses 2 "$size: not a power of two from 4K up" stamp s -- "$size" &&
			[[ ! -e s ]] || return 1
		echo precious >s
		refuses 2 "$size: not a power of two from 4K up" stamp s -- "$size" &&
			same "$(<s)" precious || return 1
	done
}

# An error leaves the file that was there, and no temporary one.
stamp_without_room() {
	local got=0

	rm -rf full
	mkdir full
	echo precious >full/s
	limited 8 "$pfnbench" stamp full/s 16K >out 2>err || got=$?
	same "$got" 5 && same "$(<err)" "pfnbench: full/s: File too large" &&
		same "$(ls -A full)" s && same "$(<full/s)" precious
}

stamp_onto_a_folder() {
	rm -rf folder
	mkdir folder
	refuses 5 "folder: Is a directory" stamp folder 4K &&
		same "$(find . -name 'folder?*')" ""
}

### The end.

# A run that is stopped in the middle: it waits for a reader of its records, who
# has seen the first cell and counts its memory. Leaves peak (KiB), and the
# records in the file stopped.
stop_in_the_middle() { # length of the first cell
	local got=0 line pid

	# Far more records than a pipe holds: they can't all be out.
	echo "first-touch length=$1" >p
	printf 'first-touch length=4K target=ffff:%04x\n' {1..900} >>p
	rm -f fifo
	mkfifo fifo
	"$pfnbench" run --plan=p >fifo 2>err &
	pid=$!
	echo "$pid" >pid
	exec 3<fifo
	: >stopped
	for _ in environment cell; do
		read -r line <&3
		printf '%s\n' "$line" >>stopped
	done
	peak=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$pid/status")
	kill -TERM "$pid"
	cat <&3 >>stopped
	exec 3<&-
	wait "$pid" || got=$?
	: >pid
	same "$got" 143
}

stopped_has_no_end() {
	local lines

	lines=$(wc -l <stopped)
	((lines >= 2 && lines < 900)) && head -n "$lines" stopped >whole-lines &&
		asks whole-lines '.[0].unit as $unit | (.[0] | is_environment) and
			all(.[1:][]; is_cell($unit))' &&
		! grep -q '"type":"end"' stopped
}

# Pages of a stand-in are memory, those of a BAR are not: 64 MiB are left out.
# A tally is at most the 16384 samples of its phase.
memory_is_bounded() {
	stop_in_the_middle 64M || return 1
	asks stopped '.[1] | .status == "ok" and .parameters.length == "64M"' || return 1
	echo "peak: $peak KiB"
	((peak > 64 * 1024)) && ((peak - 64 * 1024 <= 32 * 1024))
}

check "--help is on stdout" helps
check "--version" eval 'run 0 --version && grep -qE "^pfnbench [0-9]+\.[0-9]+\.[0-9]+$" out'
check "list: benchmarks, parameters, ranges" lists
check "the defaults that list names are good" defaults_run

check "first-touch: its phases, a sample a page" first_touch
check "huge-pfnmap: leaves that cover the length" huge_pfnmap
check "reset-recovery: a sample a VMA and process" reset_recovery
check "a stand-in is named as one" stands_in
check "parameters are in the benchmark's order" parameters_in_order
check "the mode is in the record" mode_is_said
check "a plan runs in order, each cell once" plan_in_order
check "the shipped plans are read" shipped_plans
check "--output takes a file's place" to_a_file
check "--labels go into the record" labels_are_said

there="there are $("$pfnbench" list | sed -n 's/^\([^ :]*\):.*/\1/p' | xargs)"
check "no command" refuses 2 "no command: list, run or stamp"
check "an unknown command" refuses 2 \
	"measure: not a command, or not so many words; see --help" measure
check "a word too many" refuses 2 \
	"list: not a command, or not so many words; see --help" list all
check "a word too few" refuses 2 \
	"stamp: not a command, or not so many words; see --help" stamp file
check "run of nothing" refuses 2 "run: a benchmark or --plan, one of them" run
check "run of a benchmark and a plan" refuses 2 \
	"run: a benchmark or --plan, one of them" run first-touch --plan=p
check "an unknown option is status 2" run 2 --unknown
check "an unknown benchmark" refuses 2 \
	"second-touch: no such benchmark; $there" run second-touch
check "an unknown parameter" refuses 2 \
	"vmas=1: not a parameter of huge-pfnmap, which has target length align" \
	run huge-pfnmap vmas=1
check "an unknown value" refuses 2 \
	"access=execute: not one of read write" run first-touch access=execute
check "a word without a value" refuses 2 \
	"length: not of the form name=value" run first-touch length
check "a length that is no multiple of a page" refuses 2 \
	"length=5000: not in 4K to 64G, in steps of 4K" run first-touch length=5000
check "a length past 2^63" refuses 2 \
	"8589934592G: not a size such as 4K, 2M, 1G" run first-touch length=8589934592G
check "a number out of range" refuses 2 \
	"vmas=1025: not in 1 to 1024" run reset-recovery vmas=1025
check "a target that is none" refuses 2 \
	"eth0: not a target: memfd, a bus address such as 0000:01:00.0, or vendor:device in hex" \
	run first-touch target=eth0
check "an unknown mode" refuses 2 "fast: not a mode: count or time" \
	run first-touch --mode=fast
check "an unknown interface" refuses 2 "legacy: not an interface: group or cdev" \
	run first-touch --interface=legacy
check "a plan that is not there" refuses 2 "nowhere: No such file or directory" \
	run --plan=nowhere
check "a plan that is a folder" refuses 2 "/: can't be read" run --plan=/
check "an empty plan" refuses_plan '# nothing\n' "p: no benchmark in it"
check "a plan's error has its line" refuses_plan \
	'first-touch\n\nhuge-pfnmap align=3\n' "p:3: 3: align is one of 4K 2M 1G"
check "labels that are not there" refuses 2 "nowhere: No such file or directory" \
	run first-touch --labels=nowhere
printf 'base=6.12.48-pfnbench-6.12-eager-and-more\nvariant=unknown-0123456789ab\n' >labels
check "a whole release can be a label" run 0 run first-touch length=4K --labels=labels
check "what began to be logged when is one of two" refuses 2 \
	"now: not a beginning: boot or run" run first-touch --kernel-log=now
check "the log of the run alone" run 0 run first-touch length=4K --kernel-log=run
echo kernel=6.12 >labels
check "an unknown label" refuses 2 \
	"labels: a line is not base=, variant= or config_sha256=" \
	run first-touch --labels=labels
printf 'base=%065d\n' 0 >labels
check "a label that is too long" refuses 2 \
	"labels: a line is not base=, variant= or config_sha256=" \
	run first-touch --labels=labels
check "an output that can't be made" refuses 2 \
	"nowhere/records: No such file or directory" \
	run first-touch --output=nowhere/records
check "a mistake leaves the output alone" leaves_alone 2 run first-touch length=3
check "a plan's mistake does, too" leaves_alone 2 run --plan=nowhere
check "so does one of the labels" leaves_alone 2 run first-touch --labels=nowhere

# In a guest of ours a tick is an instruction, and there is nothing to refuse.
"$pfnbench" run first-touch length=4K >unit || true
if grep -q '"unit":"ns"' unit; then
	check "--mode=count without such a clock" refuses 5 \
		"mode count: the clock does not count instructions" \
		run first-touch --mode=count
fi

check "a PCI device that is not there" ends_skipped \
	"no PCI device ffff:ff:1f.7" first-touch target=ffff:ff:1f.7
check "an id that no device has" ends_skipped \
	"no PCI device ffff:ffff" reset-recovery target=ffff:ffff
check "a target that is no PCI device" ends_skipped \
	"1:2:3 is neither memfd, a bus address nor vendor:device" \
	huge-pfnmap target=1:2:3
check "one skip of two is fine" some_skipped
check "sixteen targets, and one too many" targets_have_a_limit
check "a cell that fails is status 5" out_of_memory

check "a full disk, --output" full_disk
check "a full disk, stdout" full_stdout run first-touch length=4K
check "a full disk, list" full_stdout list
check "a disk that fills: no end record" half_a_disk

check "stamp: each page has its own" stamps
check "stamp: a size that is none" refuses_size "" 4k 4KB -4096 all 18446744073709551616
check "stamp: too small" refuses_size 0 1 2K 4095
check "stamp: no power of two" refuses_size 4097 12K 3M
check "stamp: a disk that fills" stamp_without_room
check "stamp: onto a folder" stamp_onto_a_folder
check "stamp: into no folder" refuses 5 "nowhere/s: No such file or directory" \
	stamp nowhere/s 4K

check "SIGTERM ends it at once" stop_in_the_middle 4K
check "and there is no end record" stopped_has_no_end
check "memory beside stand-in and tallies: 32 MiB" memory_is_bounded

end_tests
