// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"

int samples_reserve(struct samples *s, size_t distinct)
{
	memset(s, 0, sizeof(*s));
	if (!distinct)
		return 0;
	s->steps = reallocarray(NULL, distinct, sizeof(*s->steps));
	return s->steps ? 0 : -ENOMEM;
}

int samples_add(struct samples *s, uint64_t value, uint64_t count)
{
	if (!count || (s->distinct && value <= s->steps[s->distinct - 1].value))
		return -EINVAL;
	if (count > SAMPLES_MAX - s->count)
		return -EOVERFLOW;
	s->count += count;
	s->steps[s->distinct++] = (struct step){value, s->count};
	return 0;
}

void samples_free(struct samples *s)
{
	free(s->steps);
	memset(s, 0, sizeof(*s));
}

uint64_t samples_at(const struct samples *s, size_t i)
{
	return s->steps[i].upto - (i ? s->steps[i - 1].upto : 0);
}

uint64_t samples_upto(const struct samples *s, uint64_t value)
{
	size_t low = 0, high = s->distinct;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->steps[middle].value <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? s->steps[low - 1].upto : 0;
}

bool samples_equal(const struct samples *a, const struct samples *b)
{
	return a->distinct == b->distinct &&
	       (!a->distinct ||
		!memcmp(a->steps, b->steps, a->distinct * sizeof(*a->steps)));
}

uint64_t samples_total(const struct samples *s)
{
	uint64_t total = 0;

	for (size_t i = 0; i < s->distinct; i++) {
		uint64_t part;

		if (__builtin_mul_overflow(s->steps[i].value, samples_at(s, i),
					   &part) ||
		    __builtin_add_overflow(total, part, &total))
			return UINT64_MAX;
	}
	return total;
}

/* The smallest value that may be asked for, the largest, and how many. */
static uint64_t range(const struct samples *const *list, size_t n,
		      uint64_t *low, uint64_t *high)
{
	uint64_t count = 0;

	*low = UINT64_MAX;
	*high = 0;
	for (size_t i = 0; i < n; i++) {
		const struct samples *s = list[i];

		if (!s->distinct)
			continue;
		count += s->count;
		if (s->steps[0].value < *low)
			*low = s->steps[0].value;
		if (s->steps[s->distinct - 1].value > *high)
			*high = s->steps[s->distinct - 1].value;
	}
	return count;
}

uint64_t samples_quantile(const struct samples *const *list, size_t n, double q)
{
	uint64_t low, high, count = range(list, n, &low, &high);
	double rank = ceil(q * (double)count);

	if (!count)
		return 0;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2, below = 0;

		for (size_t i = 0; i < n; i++)
			below += samples_upto(list[i], middle);
		if ((double)below >= rank && below)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
