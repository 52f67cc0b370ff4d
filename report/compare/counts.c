// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/counts.h"

#include <math.h>

/* @to against @from, in percent. */
static double percent(double from, double to)
{
	if (from == to)
		return 0;
	return from > 0 ? 100 * (to - from) / from : INFINITY;
}

static double absolute(const struct contrast *c)
{
	return fabs((double)c->side[1].shown - (double)c->side[0].shown);
}

/* The resolution in counts; a negative one is a share of the baseline. */
static double resolution(const struct contrast *c)
{
	double r = c->nature.resolution;

	return r < 0 ? -r * (double)c->side[0].shown + 1 : r;
}

static double gap(const struct side *a, const struct side *b)
{
	return a->low > b->high ? (double)(a->low - b->high)
				: (double)(b->low - a->high);
}

/*
 * Boots of one side that differ do so by a tick of the timer or the like, which
 * the other side may have had or not. So ranges that do not overlap are not
 * enough: of two boots each they do not in a third of all cases where nothing
 * changed, of three in a tenth. They must be apart by the wider of them, and
 * with two boots, which say little of how far boots are apart, by five of it:
 * one case in a hundred, if noise is normal (tests/unit/test-report-compare.c).
 */
static bool stand_apart(const struct side *a, const struct side *b)
{
	size_t boots = a->boots < b->boots ? a->boots : b->boots;
	double wide = (double)(a->high - a->low);

	if ((double)(b->high - b->low) > wide)
		wide = (double)(b->high - b->low);
	return (a->low > b->high || b->low > a->high) &&
	       gap(a, b) > wide * (boots < 3 ? 5 : 1);
}

static enum finding direction(const struct contrast *c)
{
	if (!c->nature.directed)
		return FOUND_DIFFERS;
	return c->change > 0 ? FOUND_WORSE : FOUND_BETTER;
}

static enum finding judge_inexact(const struct contrast *c, double threshold)
{
	const struct side *a = &c->side[0], *b = &c->side[1];
	double limit =
		threshold > COUNTS_RESOLUTION ? threshold : COUNTS_RESOLUTION;

	if (fabs(c->low) <= limit && fabs(c->high) <= limit)
		return FOUND_NONE;
	/* One boot each: how far boots are apart nobody knows. */
	if (a->boots < 2 || b->boots < 2 || !stand_apart(a, b))
		return FOUND_UNRESOLVED;
	return fabs(c->change) > threshold ? direction(c) : FOUND_NONE;
}

void counts_judge(struct contrast *c, bool same, double threshold)
{
	const struct side *a = &c->side[0], *b = &c->side[1];
	bool alone = a->boots < 2 || b->boots < 2;

	c->change = percent((double)a->shown, (double)b->shown);
	c->low = percent((double)a->shown,
			 (double)a->shown + (double)b->low - (double)a->high);
	c->high = percent((double)a->shown,
			  (double)a->shown + (double)b->high - (double)a->low);
	if (c->nature.wait)
		c->finding = FOUND_WAIT;
	else if (same)
		c->finding = FOUND_SAME;
	else if (absolute(c) <= resolution(c) &&
		 (double)(a->high - a->low) <= resolution(c) &&
		 (double)(b->high - b->low) <= resolution(c))
		c->finding = FOUND_NONE;
	else if (!a->exact || !b->exact || alone)
		c->finding = judge_inexact(c, threshold);
	else if (a->shown == b->shown)
		c->finding = FOUND_NONE;
	else if (!c->nature.directed || fabs(c->change) > threshold)
		c->finding = direction(c);
	else
		c->finding = FOUND_NONE;
}
