// SPDX-License-Identifier: GPL-2.0-or-later
#include "addresses.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	uint64_t vaddr;
	struct counts counts;
	bool used;
};

/* Open addressing; a power of two, at most half of it used. */
static struct entry *entries;
static size_t size, used;

static size_t home(uint64_t vaddr)
{
	/* Knuth's multiplicative hash, with 2^64 / golden ratio. */
	return (size_t)(vaddr * UINT64_C(0x9e3779b97f4a7c15) >> 32) &
	       (size - 1);
}

static struct entry *find(uint64_t vaddr)
{
	size_t i = home(vaddr);

	while (entries[i].used && entries[i].vaddr != vaddr)
		i = (i + 1) & (size - 1);
	return &entries[i];
}

static int grow(void)
{
	struct entry *old = entries;
	size_t old_size = size;

	size = old_size ? 2 * old_size : 1 << 14;
	entries = calloc(size, sizeof(*entries));
	if (!entries) {
		entries = old;
		size = old_size;
		return -ENOMEM;
	}
	for (size_t i = 0; i < old_size; i++)
		if (old[i].used)
			*find(old[i].vaddr) = old[i];
	free(old);
	return 0;
}

void addresses_clear(void)
{
	if (size)
		memset(entries, 0, size * sizeof(*entries));
	used = 0;
}

int addresses_add(uint64_t vaddr, const struct counts *c)
{
	struct entry *e;

	if (2 * used >= size && grow())
		return -ENOMEM;
	e = find(vaddr);
	used += !e->used;
	e->used = true;
	e->vaddr = vaddr;
	e->counts.instructions += c->instructions;
	e->counts.loads += c->loads;
	e->counts.stores += c->stores;
	return 0;
}

uint64_t addresses_total(void)
{
	uint64_t total = 0;

	for (size_t i = 0; i < size; i++)
		total += entries[i].counts.instructions;
	return total;
}

static int by_address(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return ((*x)->vaddr > (*y)->vaddr) - ((*x)->vaddr < (*y)->vaddr);
}

void addresses_print(FILE *out)
{
	const struct entry **sorted = malloc((used + 1) * sizeof(*sorted));
	size_t n = 0;

	/* Without memory for an order, without one: readers add them up. */
	for (size_t i = 0; i < size && sorted; i++)
		if (entries[i].used)
			sorted[n++] = &entries[i];
	if (sorted)
		qsort(sorted, n, sizeof(*sorted), by_address);
	for (size_t i = 0; i < (sorted ? n : size); i++) {
		const struct entry *e = sorted ? sorted[i] : &entries[i];

		if (e->used)
			fprintf(out,
				"i %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64
				"\n",
				e->vaddr, e->counts.instructions,
				e->counts.loads, e->counts.stores);
	}
	free(sorted);
}
