#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows that the contract finds the bugs: tests/guest/mutants.sh [--debug]
# [--times N] BASE [MUTANT]... builds each kernel of tests/guest/mutants/BASE
# (all, unless named), which is broken on purpose, and runs the tests that its
# header says must catch it. TAP: a mutant that is caught by each of them is ok.
# With --debug those whose header names a config, else those of the usual one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=scripts/kernel/kernel-lib.sh
. "$SCRIPTS/kernel/kernel-lib.sh"
# shellcheck source=tests/guest/guest-lib.sh
. "$ROOT/tests/guest/guest-lib.sh"

# The tests that are to fail do so at once; what hangs, hangs so long.
readonly TIMEOUT=120 PATIENCE=60
# A race is a matter of luck on a busy host: a test has so many tries.
readonly TRIES=3

usage="tests/guest/mutants.sh [--debug] [--times N] BASE [MUTANT]..."
debug=false times=1 failed=0
while [[ ${1:-} == --* ]]; do
	case $1 in
	--debug) debug=true && shift ;;
	--times) times=${2:-} && shift 2 ;;
	*) die "$EXIT_USAGE" "$1" "$usage" ;;
	esac
done
if (($# == 0)) || [[ ! $times =~ ^[1-9][0-9]*$ ]]; then
	die "$EXIT_USAGE" usage "$usage"
fi
base=$1
shift
check_names base known_bases "$base"

header() # field mutant; its values, a line each
{
	sed -n -e '/^---$/q' -e "s/^$1: //p" "$MUTANTS_DIR/$base/$2.patch"
}

# Boots the mutant and runs the tests @names. Leaves the names of those that
# failed in caught; or, where the guest ended as the header says, the only one.
run_tests() # mutant names...
{
	local -a exact
	local ends name

	ends=$(header Ends "$1")
	mapfile -t exact < <(printf '=%s\n' "${@:2}")
	boot_contract "$folder" "$kernel" 4 "$TIMEOUT" --patience "$PATIENCE" \
		"${exact[@]}"
	caught=()
	if [[ -n $ends ]]; then
		[[ $status != "$ends" ]] || caught=("$2")
		return
	fi
	for name in "${@:2}"; do
		! sed -nE 's/^not ok [0-9]+ //p' "$folder/ktap" |
			sed 's/ # .*//' | grep -qxF -e "$name" || caught+=("$name")
	done
}

check_mutant_of() # variant mutant
{
	local -a names caught missed
	local -A count
	local name n try

	mapfile -t names < <(header Caught-by "$2")
	folder=$BUILD/mutants.d/$base-$2
	mkdir -p "$folder"
	"$SCRIPTS/kernel/kernel-build" "$base" "$1" "$2" >"$folder/kernel.json"
	kernel=$("$SCRIPTS/kernel/kernel-path" "$base" "$1" "$2")
	prepare_contract "$folder"
	for ((n = 0; n < times; n++)); do
		missed=("${names[@]}")
		for ((try = 0; try < TRIES && ${#missed[@]}; try++)); do
			run_tests "$2" "${missed[@]}"
			for name in "${caught[@]}"; do
				count[$name]=$((${count[$name]:-0} + 1))
			done
			mapfile -t missed < <(printf '%s\n' "${missed[@]}" |
				grep -vxF -f <(printf '%s\n' "${caught[@]}"))
		done
	done
	for name in "${names[@]}"; do
		if ((${count[$name]:-0} == times)); then
			printf 'ok - mutant %s is caught by "%s"\n' "$2" "$name"
		else
			printf 'not ok - mutant %s is caught by "%s" in %s of %s runs\n' \
				"$2" "$name" "${count[$name]:-0}" "$times"
			failed=1
		fi
	done
}

mapfile -t mutants < <(find "$MUTANTS_DIR/$base" -name '*.patch' -printf '%f\n' |
	sed 's/\.patch$//' | sort)
((${#mutants[@]})) || die "$EXIT_USAGE" "$base" "has no mutants"
(($# == 0)) || mutants=("$@")
for mutant in "${mutants[@]}"; do
	check_mutant "$base" "$mutant"
	CONFIG=$(header Config "$mutant")
	if "$debug"; then
		[[ -n $CONFIG ]] || continue
	else
		[[ -z $CONFIG ]] || continue
	fi
	export CONFIG=${CONFIG:-minimal}
	variant=$(header Variant "$mutant")
	check_names variant known_variants "$variant"
	check_mutant_of "$variant" "$mutant"
done
((failed == 0)) || exit "$EXIT_BROKEN"
