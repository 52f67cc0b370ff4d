/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps that several benchmarks have, the same in each. */
#ifndef BENCH_STEPS_H
#define BENCH_STEPS_H

#include "benchmark.h"
#include "rig/mapping.h"
#include "touch.h"

/*
 * Puts @d where the cell's length may be mapped from, and notes where that is; or
 * skips the cell, and returns false. Maps nothing.
 */
bool place_bar(struct cell *cell, struct device *d);
/*
 * Room for the cell's length of @d, which place_bar() has put somewhere, aligned
 * as it asks for. 0 or mapping_reserve()'s error.
 */
int reserve_bar(struct cell *cell, const struct device *d, struct mapping *m);

/* The phases `mmap` and `munmap`: one call each, timed and counted. */
int timed_map(struct cell *cell, const struct device *d, struct mapping *m);
int timed_unmap(struct cell *cell, struct mapping *m);

/*
 * Reads every page of @m once, and compares them if the BAR is stamped; @ticks is
 * what passed. It is counted as @phase; NULL: it is not. 0 or touch_all()'s error.
 */
int read_pages(struct cell *cell, const struct mapping *m, const char *phase,
	       uint64_t *ticks);
/* What @t compared is the cell's. */
void account_pages(struct cell *cell, const struct touch *t);

#endif
