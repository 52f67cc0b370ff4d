/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tally: value -> how many times. Lossless, and small wherever samples
 * repeat, as instruction counts do: a million touches of a BAR are a few
 * hundred entries. Values and counts are unsigned 64-bit; what a value means
 * (instructions, ns, bytes, faults) is the owner's to say.
 */
#ifndef PFNBENCH_TALLY_H
#define PFNBENCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally_entry {
	uint64_t value;
	uint64_t count;
};

struct tally {
	struct tally_entry *slots; /* open addressing; count 0 is free */
	size_t capacity; /* a power of two, or 0 */
	size_t used; /* distinct values */
	uint64_t samples; /* sum of the counts */
};

void tally_init(struct tally *t);
void tally_free(struct tally *t);
/* Empties the tally and keeps its memory. */
void tally_clear(struct tally *t);

/* 0, -ENOMEM (tally unchanged), or -EOVERFLOW (samples would pass 2^63). */
int tally_add(struct tally *t, uint64_t value, uint64_t count);
/* Adds all of @from to @t. Same errors; on error @t holds a part of @from. */
int tally_merge(struct tally *t, const struct tally *from);
bool tally_equal(const struct tally *a, const struct tally *b);

/*
 * The entries in ascending order of value, tally->used of them; the caller
 * frees. NULL where there is none or no memory.
 */
struct tally_entry *tally_sorted(const struct tally *t);

/*
 * The q-quantile by nearest rank: the smallest value with at least
 * ceil(q * samples) samples at or below it; q = 0 is the minimum. @sorted is
 * what tally_sorted() gave for @t. Samples must be > 0.
 */
uint64_t tally_quantile(const struct tally *t, const struct tally_entry *sorted,
			double q);
/* Sum of value * count, saturated at UINT64_MAX. */
uint64_t tally_total(const struct tally *t);

#endif
