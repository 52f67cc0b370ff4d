// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/statistics/interval.h"

#include <math.h>
#include <stdlib.h>

bool interval_excludes_zero(const struct interval *interval)
{
	return interval->low > 0 || interval->high < 0;
}

double interval_farthest(const struct interval *interval)
{
	return fmax(fabs(interval->low), fabs(interval->high));
}

double log_ratio(double baseline, double other)
{
	if (baseline == other)
		return 0;
	return log(other / baseline);
}

double log_percent(double log)
{
	return 100 * expm1(log);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

double sort_median(double *values, size_t count)
{
	double below, above;

	sort_values(values, count);
	below = values[(count - 1) / 2];
	above = values[count / 2];
	/* Of two infinities of different sign too: their mean is none. */
	return below == -above ? 0 : below / 2 + above / 2;
}

void sort_values(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
}

bool at_most(double p, double alpha)
{
	return p <= alpha * (1 + 1e-12);
}
