/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells the profiler which cell and phase the stamps are of (pfnbench run
 * --mark, include/pfnbench/mark.h). Without --mark nothing is executed that was
 * not there before between two stamps, or between settle() and the first.
 */
#ifndef RIG_MARKS_H
#define RIG_MARKS_H

#include <stdbool.h>
#include <stdint.h>

/* -EOPNOTSUPP on a CPU that has no such nops: only x86-64 has. */
int marks_start(void);
bool marks_on(void);

/* @parameters as in summary.tsv. */
void mark_cell(const char *benchmark, const char *parameters);
/*
 * The phase that the stamps between the two are of. Not to be called between
 * stamps; children that were forked may call them too, one phase at a time.
 */
void mark_phase(const char *phase);
void mark_end(void);
/* [@first, @end) of this process is mapped by leaves of @size bytes. */
void mark_leaves(uint64_t first, uint64_t end, uint64_t size);

#endif
