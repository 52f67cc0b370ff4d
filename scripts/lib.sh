# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts share: messages, exit codes, paths, and the checks of names.
# Sourced, never run.

export LC_ALL=C

# include/pfnbench/exit.h has the same numbers.
# shellcheck disable=SC2034 # for those who source this
readonly EXIT_USAGE=2 EXIT_NOT_ENOUGH=3 EXIT_SKIPPED=4 EXIT_BROKEN=5

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SCRIPTS=$ROOT/scripts
BUILD=${BUILD:-build}
[[ $BUILD == /* ]] || BUILD=$ROOT/$BUILD
# Tests put a small tree of their own here.
VARIANTS_DIR=${PFNBENCH_VARIANTS_DIR:-$ROOT/kernel-variants}
MUTANTS_DIR=${PFNBENCH_MUTANTS_DIR:-$ROOT/tests/guest/mutants}
PLANS_DIR=${PFNBENCH_PLANS_DIR:-$ROOT/bench/plans}
RESULTS_DIR=${PFNBENCH_RESULTS_DIR:-$ROOT/results}
CACHE=${PFNBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/pfnbench}
[[ $CACHE == /* ]] || CACHE=$PWD/$CACHE
# shellcheck disable=SC2034 # for those who source this
readonly ROOT SCRIPTS BUILD VARIANTS_DIR MUTANTS_DIR PLANS_DIR RESULTS_DIR CACHE

say() # what why
{
	printf 'pfnbench: %s: %s\n' "$1" "$2" >&2
}

die() # code what why
{
	say "$2" "$3"
	exit "$1"
}

# The lines of a list file that are not comments.
list_lines() # file
{
	sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1"
}

known_variants()
{
	list_lines "$VARIANTS_DIR/variants" | cut -d' ' -f1
}

known_bases()
{
	list_lines "$VARIANTS_DIR/bases" | cut -d' ' -f1
}

known_plans()
{
	local file

	for file in "$PLANS_DIR"/*; do
		[[ -f $file ]] && basename "${file%.plan}"
	done
}

plan_file() # plan
{
	local file

	for file in "$PLANS_DIR/$1.plan" "$PLANS_DIR/$1"; do
		[[ -f $file ]] && printf '%s\n' "$file" && return
	done
	die "$EXIT_USAGE" "$1" "no such plan; there are $(known_plans | xargs)"
}

# Dies unless each of @words is a line of what @known prints.
check_names() # kind known words...
{
	local kind=$1 known=$2 word

	shift 2
	(($#)) || die "$EXIT_USAGE" "${kind}s" "none given"
	for word; do
		"$known" | grep -qxF -e "$word" ||
			die "$EXIT_USAGE" "$word" \
			    "no such $kind; there are $("$known" | xargs)"
	done
	word=$(printf '%s\n' "$@" | sort | uniq -d | head -n1)
	[[ -z $word ]] || die "$EXIT_USAGE" "$word" "the same $kind twice"
}

# What exists of @path: what df and a test of -w can look at.
nearest() # path
{
	local path=$1

	while [[ ! -e $path ]]; do
		path=$(dirname "$path")
	done
	printf '%s\n' "$path"
}

check_writable() # folder
{
	local part

	part=$(nearest "$1")
	[[ -d $part ]] || die "$EXIT_USAGE" "$1" "$part is not a folder"
	[[ -w $part && -x $part ]] ||
		die "$EXIT_USAGE" "$1" "cannot be written by $(id -un)"
}

check_disk() # folder MiB what-for
{
	local free

	free=$(df --output=avail -BM "$(nearest "$1")" | tail -n1 | tr -dc 0-9)
	((free >= $2)) || die "$EXIT_USAGE" "$1" \
		"$3 needs $2 MiB of disk, $free are free"
}

check_memory() # MiB what-for
{
	local free

	free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' \
		"${PFNBENCH_MEMINFO:-/proc/meminfo}")
	((free >= $1)) || die "$EXIT_USAGE" memory \
		"$2 needs $1 MiB, $free are available"
}

# A duration, as DURATION= has it.
seconds_of() # duration
{
	local -A unit=([s]=1 [m]=60 [h]=3600)

	[[ $1 =~ ^([1-9][0-9]{0,4})([smh]?)$ ]] || die "$EXIT_USAGE" \
		"DURATION=$1" "not a duration; 300, 300s, 5m and 1h are"
	printf '%s\n' "$((BASH_REMATCH[1] * unit[${BASH_REMATCH[2]:-s}]))"
}

sha256_of() # file
{
	sha256sum <"$1" | cut -d' ' -f1
}

# Whether @file is the whole result of one boot: JSON lines, an environment of
# a format we know first, and last an end that agrees with the cells before it.
boot_complete() # file
{
	[[ -s $1 ]] && jq -en '
		reduce inputs as $r ({lines: 0, cells: 0, ok: false};
			if .lines == 0 and
			   ($r.type != "environment" or $r.format != 1)
			then error("not a result") else . end
			| .lines += 1
			| .ok = ($r.type == "end" and $r.cells == .cells)
			| if $r.type == "cell" then .cells += 1 else . end)
		| .ok' "$1" >/dev/null 2>&1
}

# The record `end` of a complete result holds what the kernel complained of.
boot_kernel_log() # file
{
	tail -n1 "$1" | jq -r '.kernel_log[]?'
}
