// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/statistics/pair.h"

#include <stdlib.h>

#include "report/statistics/interval.h"

static const struct boot_value *find(const struct boot_value *arm, size_t count,
				     unsigned int block)
{
	for (size_t i = 0; i < count; i++)
		if (arm[i].block == block)
			return &arm[i];
	return NULL;
}

size_t pair_blocks(const struct boot_value *baseline, size_t baseline_count,
		   const struct boot_value *other, size_t other_count,
		   double *ratios)
{
	size_t pairs = 0;

	for (size_t i = 0; i < baseline_count; i++) {
		const struct boot_value *match =
			find(other, other_count, baseline[i].block);

		if (match)
			ratios[pairs++] =
				log_ratio(baseline[i].value, match->value);
	}
	return pairs;
}

static size_t lacking(const struct boot_value *arm, size_t count,
		      const struct boot_value *other, size_t other_count,
		      unsigned int *blocks)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (!find(other, other_count, arm[i].block))
			blocks[found++] = arm[i].block;
	return found;
}

static int by_block(const void *a, const void *b)
{
	const unsigned int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

size_t pair_left_out(const struct boot_value *baseline, size_t baseline_count,
		     const struct boot_value *other, size_t other_count,
		     unsigned int *blocks)
{
	size_t count =
		lacking(baseline, baseline_count, other, other_count, blocks);

	count += lacking(other, other_count, baseline, baseline_count,
			 blocks + count);
	qsort(blocks, count, sizeof(*blocks), by_block);
	return count;
}
