/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passes over the pages of a mapping: one access to each, of its first word
 * (read) or its second (write). Stamps of the pages are compared in each pass
 * over a stamped BAR.
 */
#ifndef BENCH_TOUCH_H
#define BENCH_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

#include "benchmark.h"
#include "rig/mapping.h"

struct touch {
	const struct mapping *mapping;
	bool write;
	bool shuffled;
	uint64_t seed; /* of the shuffle */
	bool stamped; /* compare what is read */
	const char *phase; /* touch_all() is counted as; NULL: it is not */
	uint64_t wrong; /* out: pages that held another stamp */
	uint64_t checked; /* out: pages that were compared */
};

/* Pages of 4 KiB in the mapping. */
uint64_t touch_pages(const struct touch *t);

/*
 * Stamps around every access; each cost goes into @tally, in the clock's unit.
 * 0, -EFAULT if an access raised SIGBUS, or the tally's error.
 */
int touch_each(struct touch *t, const struct clock_info *clock,
	       struct tally *tally);

/*
 * One pair of stamps around all accesses; @ticks is
 * what passed. A page's
 * content is not compared by itself but by the sum over all pages: `wrong` is
 * then 0 or the number of pages. 0, or -EFAULT.
 */
int touch_all(struct touch *t, uint64_t *ticks);

#endif
