#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whether the benchmarks count what they say: tests/guest/counts.sh BASE
# [BENCHMARK]... takes each file of tests/guest/counts (or those), boots the variants
# that it names once each and in count mode, and holds what was counted against
# what stands there. TAP. A boot for each file: what other benchmarks leave to the
# kernel moves a count by some percent. A line of such a file is one of
#
#   plan WORD...                a line of the plan: cells to be measured
#   more N A B WHERE            variant A takes N times what B takes, or more
#   twice PERCENT VARIANT WHERE twice the work takes twice the count, give or
#                               take PERCENT; WHERE has one parameter with two
#                               values, SMALL,LARGE
#   pinned PERCENT VARIANT COUNT WHERE
#                               the count is COUNT, give or take PERCENT; on the
#                               kernel source that counts/pinned names, else it
#                               is skipped
#
# where WHERE is BENCHMARK PHASE NAME=VALUE..., which must name one cell, and what
# is compared is the phase's total.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

readonly COUNTS=$ROOT/tests/guest/counts
readonly TIMEOUT=300

(($#)) || die "$EXIT_USAGE" usage "tests/guest/counts.sh BASE [BENCHMARK]..."
base=$1
shift
check_names base known_bases "$base"

declare -a files=()
for name in "$@"; do
	[[ -f $COUNTS/$name ]] || die "$EXIT_USAGE" "$name" "no such file in $COUNTS"
	files+=("$COUNTS/$name")
done
(($#)) || mapfile -t files < <(find "$COUNTS" -type f ! -name pinned | sort)

work=$BUILD/counts.d/$base
rm -rf "$work"
mkdir -p "$work" "$CACHE/guest"
bar=$CACHE/guest/bar-1G
[[ -f $bar ]] || "$BUILD/pfnbench" stamp "$bar" 1G
"$SCRIPTS/guest/initramfs" "$work/initramfs"

# Boots @variant with the plan of @file. Adds to $work/totals lines "VARIANT BENCHMARK PHASE TOTAL SAMPLES NAME=VALUE,...".
measure() # variant file
{
	local status plan=$work/${2##*/}.plan

	[[ -f $work/$1.kernel ]] ||
		"$SCRIPTS/kernel/kernel-build" "$base" "$1" >"$work/$1.kernel"
	list_lines "$2" | sed -n 's/^plan //p' >"$plan"
	printf 'base=%s\nvariant=%s\n' "$base" "$1" >"$work/labels"
	status=$("$SCRIPTS/guest/guest" --mode count \
		--kernel "$("$SCRIPTS/kernel/kernel-path" "$base" "$1")" \
		--initramfs "$work/initramfs" --bar "$bar" --bar-size 1G \
		--plan "$plan" --labels "$work/labels" --console "$work/$1.console" \
		--results "$work/$1.jsonl" --timeout "$TIMEOUT") || true
	if ! boot_complete "$work/$1.jsonl"; then
		printf '# the guest of %s ended with %s:\n' "$1" "$status"
		tail -n 5 "$work/$1.console" | sed 's/^/#   /'
	fi
	jq -r --arg variant "$1" 'select(.type == "cell")
		| . as $cell
		| if .status == "ok" then .phases[]
		  else {name: "-", tally: [], status: "\(.status): \(.reason)"} end
		| [$variant, $cell.benchmark, .name,
		   (reduce .tally[] as $t (0; . + $t[0] * $t[1])),
		   (reduce .tally[] as $t (0; . + $t[1])),
		   ($cell.parameters | to_entries | map("\(.key)=\(.value)") | join(",")),
		   .status // ""] | map(tostring) | join(" ")' \
		"$work/$1.jsonl" >>"$work/totals"
}

# Sets total to what @variant counted there, or why to what is wrong.
look_up() # variant benchmark phase name=value...
{
	local found

	found=$(awk -v variant="$1" -v benchmark="$2" -v phase="$3" -v want="${*:4}" '
		BEGIN { n = split(want, words, " ") }
		$1 == variant && $2 == benchmark && ($3 == phase || $3 == "-") {
			for (i = 1; i <= n; i++)
				if (index("," $6 ",", "," words[i] ",") == 0)
					next
			print
		}' "$work/totals")
	total='' why=''
	if [[ -z $found ]]; then
		why="$1 has no $2 $3 ${*:4}"
	elif [[ $found == *$'\n'* ]]; then
		why="$2 $3 ${*:4} is $(wc -l <<<"$found") cells"
	elif [[ $(cut -d' ' -f3 <<<"$found") == - ]]; then
		why="$1 $2 ${*:4} $(cut -d' ' -f7- <<<"$found")"
	else
		total=$(cut -d' ' -f4 <<<"$found")
	fi
}

# Whether @a is @factor times @b, give or take @percent.
about() # a factor b percent
{
	awk -v a="$1" -v f="$2" -v b="$3" -v p="${4%\%}" 'BEGIN {
		d = a - f * b; if (d < 0) d = -d; exit !(d <= f * b * p / 100) }'
}

check_more() # n a b where...
{
	local of_a of_b

	look_up "$2" "${@:4}"
	[[ -z $why ]] || return 0
	of_a=$total
	look_up "$3" "${@:4}"
	[[ -z $why ]] || return 0
	of_b=$total
	awk -v a="$of_a" -v b="$of_b" -v n="$1" 'BEGIN { exit !(a >= n * b) }' ||
		why="$2 has $of_a, $3 $of_b"
}

check_twice() # percent variant where...
{
	local word of_small
	local -a small=() large=()

	for word in "${@:3}"; do
		if [[ $word == *,* ]]; then
			small+=("${word%%,*}")
			large+=("${word%%=*}=${word#*,}")
		else
			small+=("$word")
			large+=("$word")
		fi
	done
	look_up "$2" "${small[@]}"
	[[ -z $why ]] || return 0
	of_small=$total
	look_up "$2" "${large[@]}"
	[[ -z $why ]] || return 0
	about "$total" 2 "$of_small" "$1" || why="$of_small, then $total"
}

check_pinned() # percent variant count where...
{
	local source

	source=$(jq -r '"\(.source_sha256) \(.compiler)"' "$work/$2.kernel")
	if ! list_lines "$COUNTS/pinned" | grep -qxF -e "$source"; then
		why="SKIP pinned on another source or compiler"
		return
	fi
	look_up "$2" "${@:4}"
	[[ -z $why ]] || return 0
	about "$total" 1 "$3" "$1" || why="counted $total"
}

checks_of() # files...
{
	list_lines <(cat "$@") | grep -v '^plan '
}

# The variants that the checks of @file name.
variants_of() # file
{
	checks_of "$1" | awk '$1 == "more" { print $3; print $4 }
		$1 != "more" { print $3 }' | sort -u
}

: >"$work/totals"
for file in "${files[@]}"; do
	while read -r variant; do
		check_names variant known_variants "$variant"
		measure "$variant" "$file"
	done < <(variants_of "$file")
done

number=0 failed=0
while read -r verb arguments; do
	number=$((number + 1)) why=
	read -ra words <<<"$arguments"
	case $verb in
	more | twice | pinned) "check_$verb" "${words[@]}" ;;
	*) die "$EXIT_USAGE" "$verb" "no such check; there are more, twice, pinned" ;;
	esac
	if [[ $why == SKIP* ]]; then
		printf 'ok %d - %s %s # %s\n' "$number" "$verb" "$arguments" "$why"
	elif [[ -n $why ]]; then
		failed=1
		printf 'not ok %d - %s %s # %s\n' "$number" "$verb" "$arguments" "$why"
	else
		printf 'ok %d - %s %s\n' "$number" "$verb" "$arguments"
	fi
done < <(checks_of "${files[@]}")
printf '1..%d\n' "$number"
((failed == 0)) || exit "$EXIT_BROKEN"
