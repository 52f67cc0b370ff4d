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
/*
 * The model of TLBs has to know the leaves of the BAR. A cell that counts them
 * leaves what it found, in bytes, 0 if they are of several sizes, for those behind
 * it that map the same. mark_leaves() says of such a cell that its mappings, which
 * all lie in [@first, @end), have them.
 */
struct marked_mapping {
	const char *target, *length, *align; /* as in the plan */
};
void marks_learn(const struct marked_mapping *m, uint64_t size);
void mark_leaves(const struct marked_mapping *m, uint64_t first, uint64_t end);

#endif
