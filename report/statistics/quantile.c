// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All n samples are below the q-quantile with probability q^n at the most, all
 * are above it with (1-q)^n. Where these are together 1 - confidence or less,
 * there is an interval of order statistics for the quantile, from the least
 * sample to the largest. With fewer samples a p99 is the largest sample under
 * another name.
 *
 * This asks for independent samples, and those of one boot share what that boot
 * was like. So it is asked of each boot by itself, never of all together: of ten
 * boots with thirty samples each, one slow boot would be the p99.
 */
#include "report/statistics/quantile.h"

#include <math.h>

static bool enclosed(double q, double n, double alpha)
{
	return pow(q, n) + pow(1 - q, n) <= alpha;
}

uint64_t quantile_needs(double q, double alpha)
{
	double n, farther = fmax(q, 1 - q);

	if (!(q > 0 && q < 1 && alpha > 0 && alpha < 1))
		return UINT64_MAX;
	/* The other tail adds little, and that only near the median. */
	n = floor(log(alpha) / log(farther));
	while (!enclosed(q, n, alpha))
		n++;
	return (uint64_t)n;
}

struct backing quantile_backing(const struct samples *const *boots,
				size_t count, double q)
{
	struct backing backing = {.needed = quantile_needs(q, 0.05)};
	double rank;

	for (size_t i = 0; i < count; i++) {
		uint64_t samples = boots[i]->count;

		if (!i || samples < backing.least)
			backing.least = samples;
		if (__builtin_add_overflow(backing.samples, samples,
					   &backing.samples))
			backing.samples = UINT64_MAX;
	}
	rank = ceil(q * (double)backing.samples);
	if (rank < (double)backing.samples)
		backing.beyond = backing.samples - (uint64_t)rank;
	backing.enough = count && backing.least >= backing.needed;
	return backing;
}
