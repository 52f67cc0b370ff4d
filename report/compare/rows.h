/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a comparison: what both arms of each pair have measured. */
#ifndef REPORT_COMPARE_ROWS_H
#define REPORT_COMPARE_ROWS_H

#include "report/compare/contrast.h"
#include "report/compare/pairs.h"

/* What the comparison is narrowed to; NULL: all. */
struct narrowed {
	const char *benchmark;
	const char *phase;
};

/*
 * The questions of the headline first, then every phase, pair by pair, in the
 * order of the baseline's records. Sides and natures are set, nothing is judged.
 * 0 or -ENOMEM; the caller ends it with contrasts_free(), in any case.
 */
int contrasts_make(const struct operand operands[2], const struct pairs *pairs,
		   const struct narrowed *narrowed, struct contrasts *rows);
void contrasts_free(struct contrasts *rows);

/* Have all boots of both sides the same samples? Of a sum: the same value. */
bool contrast_same(const struct contrast *row, const struct pairs *pairs);

/* The phase of this row in a boot, or NULL where it does not count. */
const struct phase *contrast_phase(const struct contrast *row,
				   const struct boot *boot);

#endif
