// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Let x(1) <= ... <= x(n) be the log ratios and M their median. x(k) > M means
 * that at most k-1 of them are at M or below, and each is so with probability
 * 1/2 or more: P(x(k) > M) <= P(B <= k-1) for B ~ Binomial(n, 1/2). The other
 * end is the mirror image, so
 *
 *	P(x(k) <= M <= x(n+1-k)) >= 1 - 2 P(B <= k-1),
 *
 * with equality where values don't repeat, whatever their distribution (W. R.
 * Thompson, Ann. Math. Statist. 7, 1936; H. A. David, H. N. Nagaraja, Order
 * Statistics, 3rd ed., section 7.1). For k = 1 that is 1 - 2^(1-n): 96.9 % for
 * six blocks, 93.8 % for five.
 *
 * Blocks need not be alike. If the chance to be above M differs from block to
 * block, as under a drift with blocks that run alternately forth and back, and
 * is 1/2 on average, then B is less spread than a binomial, and the confidence
 * is higher (W. Hoeffding, Ann. Math. Statist. 27, 1956).
 */
#include "report/statistics/sign.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/statistics/probability.h"

/* P of @k or fewer on one side, or of @k or fewer on the other. */
static double two_tails(size_t k, size_t count)
{
	return fmin(1, 2 * binomial_at_most(k, count, 0.5));
}

/* The largest k with two_tails(k - 1) <= alpha; 0 where there is none. */
static size_t order_of(size_t count, double alpha)
{
	size_t k = 0;

	while (2 * (k + 1) <= count && at_most(two_tails(k, count), alpha))
		k++;
	return k;
}

int sign_interval(const double *ratios, size_t count, double alpha,
		  struct interval *interval)
{
	size_t reached = order_of(count, alpha), k = reached ? reached : 1;
	double *sorted;

	for (size_t i = 0; i < count; i++)
		if (isnan(ratios[i]))
			return -EDOM;
	if (!count)
		return -EDOM;
	sorted = malloc(count * sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, ratios, count * sizeof(*sorted));
	interval->estimate = sort_median(sorted, count);
	interval->low = sorted[k - 1];
	interval->high = sorted[count - k];
	interval->confidence = 1 - two_tails(k - 1, count);
	free(sorted);
	return reached ? 0 : -ENODATA;
}

/*
 * x(k) > 0 if and only if at most k-1 ratios are 0 or less, so the smallest
 * alpha whose interval leaves out 0 is that of k = n - (ratios above 0) + 1, or
 * below 0. To drop zeros instead, as is often done, would let a table whose
 * rows mostly agree to the digit be judged by the few blocks that don't.
 */
double sign_p(const double *ratios, size_t count)
{
	size_t above = 0, below = 0;

	for (size_t i = 0; i < count; i++) {
		above += ratios[i] > 0;
		below += ratios[i] < 0;
	}
	return two_tails(count - (above > below ? above : below), count);
}

double sign_least_p(size_t count)
{
	return count ? two_tails(0, count) : 1;
}

size_t sign_blocks(double alpha)
{
	size_t count = 1;

	if (!(alpha > 0))
		return SIZE_MAX;
	while (!at_most(sign_least_p(count), alpha))
		count++;
	return count;
}

double sign_level(size_t count, double alpha)
{
	size_t k = order_of(count, alpha);

	return k ? two_tails(k - 1, count) : 0;
}

/*
 * With normal noise of standard deviation s around a change of d, a block is
 * above 0 with probability u = Phi(d / s). The test finds it if all but k-1 are,
 * which has the probability P(Binomial(n, 1-u) <= k-1); u is where that is
 * @power, and d = s Phi^-1(u) (W. J. Dixon, A. M. Mood, J. Am. Statist. Assoc.
 * 41, 1946). Six blocks, 80 %: u = 0.964, d = 1.79 s. s itself is known to some
 * 30 % from six blocks.
 */
double sign_detectable(const double *ratios, size_t count, double alpha,
		       double power)
{
	double spread = unbiased_spread(ratios, count), low = 0, high = 0.5;
	size_t k = order_of(count, alpha);

	if (!k || isnan(spread))
		return INFINITY;
	for (int i = 0; i < 60; i++) {
		double miss = (low + high) / 2;

		if (binomial_at_most(k - 1, count, miss) < power)
			high = miss;
		else
			low = miss;
	}
	return -spread * normal_quantile((low + high) / 2);
}
