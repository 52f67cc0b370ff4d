# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In which order the boots of a run come, how many there are in time mode, and
# whether one kernel is measured under two names. Sourced after lib.sh, never
# run; docs/METHOD.md says why. Variables: BASES, VARIANTS, BOOTS, SEED, MODE, AA.

# report/view.h has the same names.
# shellcheck disable=SC2034 # for those who source this
readonly BASELINE=huge-fault AGAIN=huge-fault.again
# Rows of the headline that each variant of a base has.
readonly QUESTIONS=3

# Blocks of one boot a kernel, a line a boot: base, variant, block. Each pair of
# blocks starts one kernel further (rows of a cyclic Latin square), the first where
# SEED says. The second of a pair runs backwards: neighbours in the square would
# otherwise follow each other in nearly every block, and a drift would always
# favour the same one.
schedule_of() # "base variant"...
{
	local -a kernels=("$@")
	local block i n=$# place

	for ((block = 1; block <= BOOTS; block++)); do
		for ((i = 0; i < n; i++)); do
			place=$((block % 2 ? i : n - 1 - i))
			echo "${kernels[(SEED + (block + 1) / 2 + place) % n]} $block"
		done
	done
}

# Every variant of every base.
schedule()
{
	local -a all

	# shellcheck disable=SC2153 # they come from who sources this
	mapfile -t all < <(for base in $BASES; do
		for variant in $VARIANTS; do echo "$base $variant"; done
	done)
	schedule_of "${all[@]}"
}

# Whether the baseline is to be measured twice, under two names.
wants_again()
{
	[[ " $VARIANTS " == *" $BASELINE "* ]] || return
	case ${AA:-} in
	yes) true ;;
	no) false ;;
	*) [[ $MODE == time ]] ;;
	esac
}

# The blocks without which no row of the headline can be called changed: the
# smallest p, 2^(1 - blocks), times the rows has to be 0.05 or less (Holm); six
# at least, and an even number, as every second block runs backwards.
time_boots() # VARIANTS without AGAIN
{
	local blocks=6 rows variants bases

	read -ra variants <<<"$VARIANTS"
	read -ra bases <<<"$BASES"
	rows=$((QUESTIONS * (${#variants[@]} - 1) * ${#bases[@]}))
	while (((1 << (blocks - 1)) < 20 * rows)); do blocks=$((blocks + 2)); done
	echo "$blocks"
}
