# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of damaged results share: a made-up run, $work/good, of which $run is
# made again for each test, and a file of it, $damaged, that is spoilt. Who sources
# this makes the run, names the file, and has is_left_out FILE WHAT, which looks at what
# is said of it. Sourced, never run.
# shellcheck disable=SC2034 # for those who source this

# shellcheck source=tests/cli/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport
plainly=(env)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run=$work/run
damaged=

fresh()
{
	rm -rf "$run"
	cp -r "$work/good" "$run"
}

# pfnreport, through $plainly, must end so; what it says is in $work/out and err.
report() # status
{
	local got=0

	"${plainly[@]}" timeout 60 "$pfnreport" "$run" >"$work/out" 2>"$work/err" || got=$?
	((got == $1)) || { printf 'status %s, not %s\n' "$got" "$1" && cat "$work/err" && return 1; }
}

# The file goes through a command.
damage() # name what command...
{
	local name=$1 what=$2

	shift 2
	fresh
	"$@" <"$work/good/$damaged" >"$run/$damaged" || true
	check "$name" is_left_out "$damaged" "$what"
}

# A command makes something else under its name.
replace() # name what command...
{
	local name=$1 what=$2

	shift 2
	fresh
	rm "$run/$damaged"
	"$@" "$run/$damaged"
	check "$name" is_left_out "$damaged" "$what"
}

# What was found last by make profile or bench-fio is that of $run: moved there, of
# kernels that are the run's through jq.
newest() # profile|fio jq-program
{
	fresh
	rm -rf "${PFNBENCH_RESULTS_DIR:?}"
	mkdir -p "$PFNBENCH_RESULTS_DIR/$1"
	mv "$run/$1" "$PFNBENCH_RESULTS_DIR/$1/"
	jq "$2" "$run/run.json" >"$PFNBENCH_RESULTS_DIR/$1/run.json"
}

# scripts/attach puts these kernels of it beside $run, and no other.
attaches() # profile|fio kernels
{
	"$top/scripts/attach" "$run" "$1" && [[ -f $run/$1/$1.json ]] &&
		diff <(printf '%s\n' "$2") <(cd "$run/$1" && echo *-*)
}
