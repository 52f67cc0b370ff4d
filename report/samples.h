/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The samples of a phase as its record has them, sorted: each distinct value,
 * and how many samples are at or below it. It never changes once it is read,
 * takes 16 bytes a distinct value, and a quantile of any number of them
 * together is found without merging them.
 */
#ifndef REPORT_SAMPLES_H
#define REPORT_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct step {
	uint64_t value;
	uint64_t upto; /* samples at or below it */
};

struct samples {
	struct step *steps; /* in ascending order of value, no value twice */
	size_t distinct;
	uint64_t count; /* of all */
};

/* Room for @distinct steps, to be filled by samples_add(). 0 or -ENOMEM. */
int samples_reserve(struct samples *s, size_t distinct);
/*
 * Adds @count samples of @value, which is above all before. 0, -EINVAL where it
 * is not or @count is 0, -EOVERFLOW where there would be more than SAMPLES_MAX.
 */
int samples_add(struct samples *s, uint64_t value, uint64_t count);
void samples_free(struct samples *s);

/* How many samples are of the @i-th distinct value. */
uint64_t samples_at(const struct samples *s, size_t i);
/* How many are at or below @value. */
uint64_t samples_upto(const struct samples *s, uint64_t value);
bool samples_equal(const struct samples *a, const struct samples *b);
/* Sum of all, saturated at UINT64_MAX. */
uint64_t samples_total(const struct samples *s);

/*
 * The q-quantile, by nearest rank, of all samples of @list together: the
 * smallest value with at least ceil(q * count) of them at or below it; q = 0 is
 * the minimum. 0 where there are none.
 */
uint64_t samples_quantile(const struct samples *const *list, size_t n,
			  double q);

#endif
