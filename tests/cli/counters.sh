#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# counters.sh: what pfnbench counts around a phase, what it says of events that
# it can't count, and whether perf stat counts the same; and where it runs. On
# the stand-in. TAP.
# shellcheck disable=SC2016,SC2317 # variables in quotes are jq's; tests by name
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"

pfnbench=$top/build/pfnbench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# The record is true of this filter of jq; $cell is its first cell.
asks() # filter
{
	jq -es "(map(select(.type == \"cell\"))[0]) as \$cell
		| def counted(\$phase): \$cell.phases[]
			| select(.name == \$phase).counters;
		def events: .[0].counters.events;
		$1" run.jsonl >/dev/null || { cat run.jsonl && return 1; }
}

run() # argument...
{
	"$pfnbench" run "$@" --output=run.jsonl
}

no_events()
{
	try run first-touch length=64K --events=none
	((status == 0)) && [[ -z $output ]] &&
		asks 'events == [] and .[0].counters.empty == {} and
			all($cell.phases[]; .counters == {})'
}

# Named once, however many cells and phases there are; in each of them null.
unsupported()
{
	try run first-touch length=4K,8K --events=GLOBAL_POWER_EVENTS:u
	[[ $output == "pfnbench: not counted: GLOBAL_POWER_EVENTS:u: "* ]] &&
		((status == 0 && $(wc -l <<<"$output") == 1)) &&
		asks 'events == [{name: "GLOBAL_POWER_EVENTS:u", counted: false,
				reason: "an event of another CPU"}] and
			counted("mmap") == {"GLOBAL_POWER_EVENTS:u": null}'
}

# Nothing of an earlier run is lost to a mistake.
unknown()
{
	echo precious >run.jsonl
	try run first-touch length=4K --events=cycles,page-fautls
	((status == 2)) && [[ $(<run.jsonl) == precious ]] &&
		[[ $output == "pfnbench: --events: page-fautls: not an event that libpfm knows, nor a tracepoint; near to it: PAGE-FAULTS"* ]]
}

# Whether this kernel lets us count faults of user mode at all.
can_count()
{
	run first-touch length=4K --events=page-faults:u 2>/dev/null &&
		asks 'events[0].counted' >/dev/null
}

faults_of_a_pass()
{
	run first-touch length=1M access=write --events=page-faults:u,minor-faults:u &&
		asks 'counted("first-touch-total") ==
				{"page-faults:u": 256, "minor-faults:u": 256} and
			counted("second-touch-total") ==
				{"page-faults:u": 0, "minor-faults:u": 0} and
			counted("mmap")["page-faults:u"] == 0 and
			counted("first-touch") == {} and
			.[0].counters.empty["page-faults:u"] == 0'
}

# Every process of a cell: what getrusage() said when it was timed.
faults_of_all_processes()
{
	run reset-recovery length=256K vmas=2 processes=3 --events=page-faults:u &&
		asks 'counted("first-access")["page-faults:u"] +
				counted("whole-bar")["page-faults:u"] ==
			($cell.phases[] | select(.name == "faults").tally[0][0])'
}

# Of the child's touches each fault that getrusage() saw when it was timed; the
# phases that only the parent, or that child and parent have, are counted as well.
faults_of_a_fork()
{
	run fork length=256K --events=page-faults:u &&
		asks 'counted("child-first-access")["page-faults:u"] +
				counted("child-touch")["page-faults:u"] ==
			($cell.phases[] | select(.name == "child-faults").tally
				| map(.[0] * .[1]) | add) and
			(counted("fork", "exit") | ."page-faults:u" >= 0)'
}

# Linux maps the 64 KiB around a fault of a file: 15 of them, and each of the
# three threads has five for itself. Some faults more a thread has of its own
# (it begins and ends), and those differ from pass to pass.
faults_of_threads()
{
	run contended-touch length=960K threads=3 --events=page-faults:u &&
		asks '($cell.phases[] | select(.name == "faults").tally[0][0]) as $faults
			| all($faults, counted("alone", "total")["page-faults:u"];
				. >= 15 and . <= 15 + 16) and
			counted("thread", "touch") == {}'
}

# What is called is counted, what a prober touches is not.
calls_beside_probers()
{
	run outage length=64K threads=2 action=toggle,reset \
		--events=page-faults:u,page-faults:k &&
		asks '[.[] | select(.type == "cell").phases[]
				| select(.name | IN("disable", "enable", "reset")).counters
				| keys] == [range(3) | ["page-faults:k", "page-faults:u"]] and
			all(counted("quiet", "probe", "recovered"); . == {})' &&
		run bystander length=1M bystander=map,process --events=page-faults:u &&
		asks 'counted("reach")["page-faults:u"] >= 1 and
			counted("reach")["page-faults:u"] <= 300 and
			counted("action")["page-faults:u"] <= 16 and
			counted("busy", "operation") == {}'
}

# perf stat counts the same phase, at the same time.
perf_agrees() # length pages
{
	rm -f ctl ack
	mkfifo ctl ack
	timeout 60 perf stat --control=fifo:ctl,ack -D -1 -x, -o perf.csv \
		-e page-faults:u,minor-faults:u,major-faults:u \
		"$pfnbench" run first-touch "length=$1" access=write \
		--output=run.jsonl --perf=first-touch-total,ctl,ack \
		--events=page-faults:u,minor-faults:u,major-faults:u
	awk -F, '$3 ~ /faults/ { print $3, $1 }' perf.csv | sort >theirs
	jq -r 'select(.type == "cell").phases[]
		| select(.name == "first-touch-total").counters
		| to_entries[] | "\(.key) \(.value)"' run.jsonl | sort >ours
	grep -qx "page-faults:u $2" ours && diff theirs ours
}

refuses() # text argument...
{
	try run first-touch length=4K "${@:2}"
	((status == 2)) && [[ $output == "pfnbench: $1" ]]
}

own_cpus()
{
	awk '$1 == "Cpus_allowed_list:" { print $2 }' /proc/self/status
}

# Bound to the CPU that was named, and it is said.
bound()
{
	local cpu

	cpu=$(own_cpus)
	cpu=${cpu##*[,-]}
	run first-touch length=4K --events=none --cpus="$cpu" &&
		asks ".[0].topology | .near == \"$cpu\" and
			.main_thread == \"$cpu\" and .place == \"same-l3\"" &&
		run first-touch length=4K --events=none --cpus="$cpu" --place=none &&
		asks ".[0].topology | .main_thread == \"$cpu\" and .place == \"none\""
}

# A stand-in is near to no CPU.
not_bound()
{
	run first-touch length=4K --events=none &&
		asks '.[0].topology | .near == .allowed and .main_thread == "" and
			.place == "none" and .device_node == -1' &&
		run first-touch length=4K --events=none --place=same-core &&
		asks '.[0].topology | .place == "same-core" and
			(.main_thread | test("^[0-9]+$"))'
}

check "--events=none: nothing is counted, nothing said" no_events
check "an event of another CPU is named once, and null" unsupported
check "an unknown event: near matches, nothing measured" unknown
if can_count; then
	check "a fault a page, and none the second time" faults_of_a_pass
	check "all processes of a cell are counted" faults_of_all_processes
	check "a child's faults, and what its parent ends" faults_of_a_fork
	check "all threads of a cell are counted" faults_of_threads
	check "the calls beside probers are counted" calls_beside_probers
	if ! perf stat -e page-faults:u true >/dev/null 2>&1; then
		skip "perf stat counts the same" "perf can't run here"
	else
		check "perf stat counts the same" perf_agrees 256K 64
		check "and of twice the pages twice" perf_agrees 512K 128
	fi
else
	skip "a fault a page, and none the second time" "no perf events here"
	skip "all processes of a cell are counted" "no perf events here"
	skip "a child's faults, and what its parent ends" "no perf events here"
	skip "all threads of a cell are counted" "no perf events here"
	skip "the calls beside probers are counted" "no perf events here"
	skip "perf stat counts the same" "no perf events here"
fi

check "--cpus binds" bound
check "a stand-in binds nobody by itself" not_bound
check "--cpus: no list" refuses "--cpus 1-: not a list of CPUs such as 0-3,8" --cpus=1-
check "--cpus: not ours" refuses \
	"--cpus 8191: this process may use $(own_cpus)" --cpus=8191
check "--place: no policy" refuses \
	"near: not a place: same-core, same-l3, other-node or none" --place=near
check "--perf: not three words" refuses "phase: not PHASE,CTL,ACK" --perf=phase
check "--perf: no FIFO" refuses "mmap,nowhere/a,b: No such file or directory" \
	--perf=mmap,nowhere/a,b
if [[ ! -d /sys/devices/system/node/node1 ]]; then
	check "--place=other-node on one node" refuses \
		"--place other-node: no CPU of this process is on another NUMA node" \
		--place=other-node
fi
end_tests
