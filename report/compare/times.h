/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time mode: report/statistics/ on the boots of each row. */
#ifndef REPORT_COMPARE_TIMES_H
#define REPORT_COMPARE_TIMES_H

#include "report/compare/compare.h"

/*
 * Fills in change, interval, p and finding of every row in ns, and appends the
 * tails (p99) of those with samples enough. The headline, the other rows and
 * the controls are each a table of its own, for Holm. 0 or a negative errno.
 */
int times_judge(struct compared *c);

/*
 * The rows of the headline, or of the phases, and how many blocks, or boots of
 * each side, it takes before any of so many can be resolved.
 */
void times_needs(const struct compared *c, bool sums, size_t *rows,
		 size_t *boots);
/* Is this a tail whose interval leaves out "no change"? */
bool tail_moved(const struct contrast *row);

#endif
