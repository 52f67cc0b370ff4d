/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flame graphs as SVG: one file, no script in it, a tooltip on each frame,
 * legible on a light and on a dark ground. After Brendan Gregg's flame graphs
 * (https://www.brendangregg.com/flamegraphs.html).
 */
#ifndef REPORT_WHY_FLAME_H
#define REPORT_WHY_FLAME_H

#include <stdio.h>

#include "report/why/stacks.h"

struct flame {
	const char *title; /* what it shows, in some words */
	const char *unit; /* of the counts */
	uint64_t pages; /* that they are about; 0: not of pages */
	/* What is compared, of a difference; NULL in a plain flame graph. */
	const char *names[SIDES];
};

/*
 * Draws folded @stacks, those of SIDE_AFTER, coloured by topic. With names it
 * draws a difference: frames that cost more after than before are red, those that
 * cost less blue, once as wide as after and once as wide as before, so that what
 * is only on one side is seen, too (after Gregg's differential flame graphs,
 * https://www.brendangregg.com/blog/2014-11-09/differential-flame-graphs.html).
 * Errors are those of @out.
 */
void flame_print(const struct stacks *stacks, const struct flame *flame,
		 FILE *out);

#endif
