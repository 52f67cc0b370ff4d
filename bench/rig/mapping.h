/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mapping of a BAR at an address of a chosen alignment, far from everything
 * else of the process.
 */
#ifndef RIG_MAPPING_H
#define RIG_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#include "rig/device.h"

struct mapping {
	void *reserve;
	size_t reserve_size;
	unsigned char *addr;
	uint64_t length; /* bytes */
	uint32_t first_page; /* that of the BAR at addr */
};

/*
 * Chooses m->addr for @length bytes of a BAR from @bar_offset on, both whole
 * pages. @align is 4096, 2 MiB or 1 GiB: addr and bar_offset agree modulo
 * align, and not modulo the next larger of 2 MiB and 1 GiB.
 *
 * The 1 GiB regions that the mapping touches are empty, with a PROT_NONE guard
 * of 1 GiB or more on either side, and their PUD table exists. So the mapping
 * shares no PTE or PMD table with any VMA: it makes all it needs, and munmap()
 * frees all of them.
 *
 * 0, -EINVAL, or -ENOMEM.
 */
int mapping_reserve(struct mapping *m, uint64_t bar_offset, uint64_t length,
		    uint64_t align);

/* Where all of them lie, in addresses that nothing else gets. */
void mapping_arena(uint64_t *first, uint64_t *end);

/* One mmap(), nothing else: callers time it. 0 or -errno. */
int mapping_map(struct mapping *m, const struct device *d, uint64_t bar_offset,
		int prot);

/* One munmap(), nothing else: callers time it. 0 or -errno. */
int mapping_unmap(struct mapping *m);

/* Gives the address range back, the mapping with it if it is still there. */
void mapping_release(struct mapping *m);

#endif
