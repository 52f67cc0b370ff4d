// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/mapping.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE_4K UINT64_C(4096)
#define SIZE_2M (UINT64_C(2) << 20)
#define SIZE_1G (UINT64_C(1) << 30)
#define PUD_TABLE_SPAN (UINT64_C(512) << 30)

/*
 * The kernel places mappings downwards from near the stack, so it never comes
 * here by itself, and nothing lands in the empty middle of a reservation.
 */
#define ARENA_START (UINT64_C(16) << 40)
#define ARENA_END (UINT64_C(64) << 40)

/*
 * Where to try next; from the start again when all have been released, so that
 * a benchmark's addresses don't depend on those before it. Not thread-safe.
 */
static uint64_t arena_next = ARENA_START;
static unsigned int arena_live;

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

/* Where the mapping begins in its first 1 GiB region. */
static uint64_t place(uint64_t bar_offset, uint64_t align)
{
	if (align == SIZE_4K)
		return (bar_offset + SIZE_4K) % SIZE_2M;
	if (align == SIZE_2M)
		return (bar_offset + SIZE_2M) % SIZE_1G;
	return bar_offset % SIZE_1G;
}

static bool fits(uint64_t bar_offset, uint64_t length, uint64_t align)
{
	if (align != SIZE_4K && align != SIZE_2M && align != SIZE_1G)
		return false;
	return length && length < ARENA_END - ARENA_START &&
	       !(bar_offset % SIZE_4K) && !(length % SIZE_4K);
}

/* A PROT_NONE range in the arena; under one PUD table if it is small enough. */
static void *take(uint64_t size)
{
	while (arena_next + size <= ARENA_END) {
		uint64_t in_table = arena_next % PUD_TABLE_SPAN;
		void *range;

		if (in_table && in_table + size > PUD_TABLE_SPAN)
			arena_next = round_up(arena_next, PUD_TABLE_SPAN);
		if (arena_next + size > ARENA_END)
			break;
		range = mmap((void *)(uintptr_t)arena_next, size, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
				     MAP_FIXED_NOREPLACE,
			     -1, 0);
		/* A kernel before 4.17 takes the address for a mere hint. */
		if (range == (void *)(uintptr_t)arena_next)
			return range;
		if (range != MAP_FAILED)
			munmap(range, size);
		else if (errno != EEXIST)
			return NULL;
		arena_next += SIZE_1G;
	}
	return NULL;
}

/* The reservation's PUD table: by a page of the lower guard, read once. */
static int make_pud_table(void *guard)
{
	void *page = mmap(guard, SIZE_4K, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (page == MAP_FAILED)
		return -errno;
	(void)*(volatile unsigned char *)page;
	return 0;
}

int mapping_reserve(struct mapping *m, uint64_t bar_offset, uint64_t length,
		    uint64_t align)
{
	uint64_t first, window;
	unsigned char *empty;
	int err;

	memset(m, 0, sizeof(*m));
	if (!fits(bar_offset, length, align))
		return -EINVAL;
	first = place(bar_offset, align);
	window = round_up(first + length, SIZE_1G);
	m->reserve_size = window + 2 * SIZE_1G;
	m->reserve = take(m->reserve_size);
	if (!m->reserve)
		return -ENOMEM;
	arena_next += m->reserve_size;
	arena_live++;
	empty = (unsigned char *)m->reserve + SIZE_1G;
	m->addr = empty + first;
	m->length = length;
	m->first_page = (uint32_t)(bar_offset / SIZE_4K);
	/*
	 * munmap() keeps the tables that a neighbour could use too, even one
	 * that has no page. So between the guards there is none.
	 */
	err = munmap(empty, window) ? -errno : make_pud_table(m->reserve);
	if (err)
		mapping_release(m);
	return err;
}

void mapping_arena(uint64_t *first, uint64_t *end)
{
	*first = ARENA_START;
	*end = ARENA_END;
}

int mapping_map(struct mapping *m, const struct device *d, uint64_t bar_offset,
		int prot)
{
	void *at =
		mmap(m->addr, m->length, prot, MAP_SHARED | MAP_FIXED_NOREPLACE,
		     d->fd, (off_t)(d->offset + bar_offset));

	return at == MAP_FAILED ? -errno : 0;
}

int mapping_unmap(struct mapping *m)
{
	return munmap(m->addr, m->length) ? -errno : 0;
}

void mapping_release(struct mapping *m)
{
	if (!m->reserve)
		return;
	munmap(m->reserve, m->reserve_size);
	memset(m, 0, sizeof(*m));
	if (!--arena_live)
		arena_next = ARENA_START;
}
