// SPDX-License-Identifier: GPL-2.0-or-later
#include "pfnbench/tally.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

void tally_init(struct tally *t)
{
	memset(t, 0, sizeof(*t));
}

void tally_free(struct tally *t)
{
	free(t->slots);
	tally_init(t);
}

void tally_clear(struct tally *t)
{
	if (t->slots)
		memset(t->slots, 0, t->capacity * sizeof(*t->slots));
	t->used = 0;
	t->samples = 0;
}

/* Fibonacci hashing: neighbouring counts, the common case, spread out. */
static size_t slot_of(const struct tally_entry *slots, size_t capacity,
		      uint64_t value)
{
	size_t i = (value * UINT64_C(0x9e3779b97f4a7c15)) >> 32;

	for (i &= capacity - 1; slots[i].count && slots[i].value != value;)
		i = (i + 1) & (capacity - 1);
	return i;
}

static int grow(struct tally *t)
{
	size_t capacity = t->capacity ? 2 * t->capacity : FIRST_CAPACITY;
	struct tally_entry *slots = calloc(capacity, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < t->capacity; i++) {
		const struct tally_entry *e = &t->slots[i];

		if (e->count)
			slots[slot_of(slots, capacity, e->value)] = *e;
	}
	free(t->slots);
	t->slots = slots;
	t->capacity = capacity;
	return 0;
}

int tally_add(struct tally *t, uint64_t value, uint64_t count)
{
	struct tally_entry *e;

	if (!count)
		return 0;
	if (count > INT64_MAX - t->samples)
		return -EOVERFLOW;
	/* At most half full: a probe is short, and there is always an end. */
	if (2 * (t->used + 1) > t->capacity) {
		int err = grow(t);

		if (err)
			return err;
	}
	e = &t->slots[slot_of(t->slots, t->capacity, value)];
	if (!e->count) {
		e->value = value;
		t->used++;
	}
	e->count += count;
	t->samples += count;
	return 0;
}

int tally_merge(struct tally *t, const struct tally *from)
{
	for (size_t i = 0; i < from->capacity; i++) {
		const struct tally_entry *e = &from->slots[i];
		int err = e->count ? tally_add(t, e->value, e->count) : 0;

		if (err)
			return err;
	}
	return 0;
}

bool tally_equal(const struct tally *a, const struct tally *b)
{
	if (a->used != b->used || a->samples != b->samples)
		return false;
	for (size_t i = 0; i < a->capacity; i++) {
		const struct tally_entry *e = &a->slots[i];

		if (e->count &&
		    b->slots[slot_of(b->slots, b->capacity, e->value)].count !=
			    e->count)
			return false;
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	const struct tally_entry *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

struct tally_entry *tally_sorted(const struct tally *t)
{
	struct tally_entry *sorted;
	size_t n = 0;

	if (!t->used)
		return NULL;
	sorted = malloc(t->used * sizeof(*sorted));
	if (!sorted)
		return NULL;
	for (size_t i = 0; i < t->capacity; i++)
		if (t->slots[i].count)
			sorted[n++] = t->slots[i];
	qsort(sorted, n, sizeof(*sorted), by_value);
	return sorted;
}

uint64_t tally_quantile(const struct tally *t, const struct tally_entry *sorted,
			double q)
{
	double rank = ceil(q * (double)t->samples);
	uint64_t below = 0;
	size_t i = 0;

	for (; i + 1 < t->used; i++) {
		below += sorted[i].count;
		if ((double)below >= rank)
			break;
	}
	return sorted[i].value;
}

uint64_t tally_total(const struct tally *t)
{
	uint64_t total = 0;

	for (size_t i = 0; i < t->capacity; i++) {
		uint64_t part;

		if (__builtin_mul_overflow(t->slots[i].value, t->slots[i].count,
					   &part) ||
		    __builtin_add_overflow(total, part, &total))
			return UINT64_MAX;
	}
	return total;
}
