# SPDX-License-Identifier: GPL-2.0-or-later
# Folded stacks of one phase as the rows of its functions: what each costs of its
# own. awk -f THIS -v benchmark= -v parameters= -v phase= -v pages= FILE. Calls,
# loads and stores are not in stacks, and 0.
{
	count = $NF
	sub(/ [0-9]+$/, "")
	depth = split($0, frames, ";")
	cost[frames[depth]] += count
}

END {
	for (name in cost)
		printf "%s\t%s\t%s\t%s\t%d\t0\t0\t0\t%d\n", benchmark, parameters,
			phase, name, cost[name], pages | "LC_ALL=C sort -t '\t' -k5,5nr -k4,4"
}
