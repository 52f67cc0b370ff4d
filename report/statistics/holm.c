// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * S. Holm, A simple sequentially rejective multiple test procedure, Scand. J.
 * Statist. 6, 1979. With p(1) <= ... <= p(m): row 1 is rejected if m p(1) is at
 * most alpha, then row 2 if (m-1) p(2) is, and so on until one is not. Suppose
 * m0 rows have no change. The first of them to be looked at comes after at most
 * m - m0 others, so it is held against alpha / m0 at the most, and by Bonferroni
 * one of m0 is below that with probability alpha at the most. No row need be
 * independent of another: all rows of a base share the baseline's boots.
 *
 * The adjusted p, max over j <= i of (m-j+1) p(j), is the smallest alpha at
 * which row i is rejected.
 */
#include "report/statistics/holm.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "report/statistics/interval.h"

struct ranked {
	double p;
	size_t row;
};

static int by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

int holm_adjust(const double *p, size_t count, double *adjusted)
{
	struct ranked *ranked = calloc(count + 1, sizeof(*ranked));
	double largest = 0;

	if (!ranked)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		ranked[i] = (struct ranked){p[i], i};
	qsort(ranked, count, sizeof(*ranked), by_p);
	for (size_t i = 0; i < count; i++) {
		largest = fmax(largest, (double)(count - i) * ranked[i].p);
		adjusted[ranked[i].row] = fmin(largest, 1);
	}
	free(ranked);
	return 0;
}

/*
 * A rejected row has p <= alpha / (m - r) for the r rows with a smaller p. One
 * that was not has p > alpha / m, else Holm would have rejected it. Either way
 * the interval of that alpha leaves out 0 if and only if the row was rejected.
 * All these intervals have 1 - alpha or more each by itself; of those that were
 * not rejected, which are the ones "no change" is read from, all together.
 */
double holm_alpha(const double *p, const double *adjusted, size_t count,
		  size_t i, double alpha)
{
	size_t smaller = 0;

	if (!at_most(adjusted[i], alpha))
		return alpha / (double)count;
	for (size_t j = 0; j < count; j++)
		smaller += p[j] < p[i];
	return alpha / (double)(count - smaller);
}
