# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the scripts share: a command is tried, and what it said and
# how it ended is looked at. TAP. Sourced, never run.

# shellcheck disable=SC2034 # for those who source this
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
number=0 failures=0 status=0 output=
unset MAKEFLAGS MFLAGS

# Runs a command; leaves its status and all it said.
try()
{
	status=0
	output=$("$@" 2>&1) || status=$?
}

# A test: the last command's status, and what it must have said.
expect() # name status regex
{
	number=$((number + 1))
	if ((status == $2)) && grep -qE -e "$3" <<<"$output"; then
		printf 'ok %d - %s\n' "$number" "$1"
		return
	fi
	failures=$((failures + 1))
	printf 'not ok %d - %s\n' "$number" "$1"
	printf '# status %d, wanted %d and /%s/; said:\n' "$status" "$2" "$3"
	printf '%s\n' "$output" | sed 's/^/#   /'
}

# check NAME COMMAND...: a test that is a command which must succeed.
check()
{
	local name=$1

	shift
	try "$@"
	expect "$name" 0 ''
}

skip() # name why
{
	number=$((number + 1))
	printf 'ok %d - %s # SKIP %s\n' "$number" "$1" "$2"
}

# Adds cells to each boot of a run that fake-run.sh made. @program makes them, of
# cell(benchmark; parameters; phases), time(name; value) and
# sample(name; unit; value).
fake_cells() # folder jq-program
{
	local boot

	for boot in "$1"/*/boot-*.jsonl; do
		jq -c --slurp '
			.[0].unit as $unit
			| def sample($name; $unit; $value):
				{name: $name, unit: $unit, tally: [[$value, 1]],
				 counters: {}};
			  def time($name; $value): sample($name; $unit; $value);
			  def cell($benchmark; $parameters; $phases):
				{type: "cell", benchmark: $benchmark,
				 benchmark_version: 1, parameters: $parameters,
				 status: "ok", reason: "", phases: $phases,
				 checks: {pages: 1, wrong: 0}, notes: {}};
			.[0].variant as $variant | ['"$2"'] as $new
			| .[:-1][], $new[], (.[-1] | .cells += ($new | length))' \
			"$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
}

# The last line of a test: the plan, and whether all went well.
end_tests()
{
	printf '1..%d\n' "$number"
	((failures == 0))
}
