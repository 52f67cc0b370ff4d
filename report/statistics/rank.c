// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * H. B. Mann, D. R. Whitney, Ann. Math. Statist. 18, 1947: if two arms of m and n
 * boots are alike, each of the C(m+n, m) ways to choose which boots are the one
 * arm's is as likely as another. Counting those with a rank sum as small or as
 * large as the one that was had needs no normal approximation, and holds with
 * ties, where each gets the mean of their ranks (midranks): the count is then
 * over the very values that were had.
 */
#include "report/statistics/rank.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/statistics/probability.h"

/* Both arms, the boots of the smaller one counted in the distribution. */
struct arms {
	const double *few, *many;
	size_t few_count, many_count;
};

static int check(const double *values, size_t count)
{
	if (!count)
		return -EDOM;
	if (count > RANK_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++)
		if (isnan(values[i]))
			return -EDOM;
	return 0;
}

/*
 * In how many ways @choose of the @count doubled ranks have each sum, the ways
 * of a sum s at s; the caller frees. One rank after the other is either in or
 * not: ways(j, s) = ways(j, s) + ways(j - 1, s - rank). Doubles hold them: exact
 * below 2^53, and to 14 digits above. NULL where no memory is.
 */
static double *ways_of_sums(const unsigned int *ranks, size_t count,
			    size_t choose, size_t *sums)
{
	/* All doubled ranks, with or without ties, add up to N (N + 1). */
	size_t width = count * (count + 1) + 1;
	double *ways = calloc((choose + 1) * width, sizeof(*ways));

	if (!ways)
		return NULL;
	ways[0] = 1;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1 < choose ? i + 1 : choose; j; j--) {
			double *to = ways + j * width;
			const double *from = to - width;

			for (size_t s = ranks[i]; s < width; s++)
				to[s] += from[s - ranks[i]];
		}
	memmove(ways, ways + choose * width, width * sizeof(*ways));
	*sums = width;
	return ways;
}

/* Twice the midrank of @value among the values of both arms. */
static unsigned int doubled_rank(const struct arms *arms, double value)
{
	unsigned int rank = 1;

	for (size_t i = 0; i < arms->few_count; i++)
		rank += (arms->few[i] < value) + (arms->few[i] <= value);
	for (size_t i = 0; i < arms->many_count; i++)
		rank += (arms->many[i] < value) + (arms->many[i] <= value);
	return rank;
}

static double two_sided(const double *ways, size_t sums, size_t sum)
{
	double all = 0, below = 0, above = 0;

	for (size_t s = 0; s < sums; s++) {
		all += ways[s];
		below += s <= sum ? ways[s] : 0;
		above += s >= sum ? ways[s] : 0;
	}
	return fmin(1, 2 * fmin(below, above) / all);
}

static int permute(const struct arms *arms, double *p)
{
	size_t count = arms->few_count + arms->many_count, sum = 0, sums;
	unsigned int ranks[2 * RANK_MAX];
	double *ways;

	for (size_t i = 0; i < arms->few_count; i++) {
		ranks[i] = doubled_rank(arms, arms->few[i]);
		sum += ranks[i];
	}
	for (size_t i = arms->few_count; i < count; i++)
		ranks[i] = doubled_rank(arms, arms->many[i - arms->few_count]);
	ways = ways_of_sums(ranks, count, arms->few_count, &sums);
	if (!ways)
		return -ENOMEM;
	*p = two_sided(ways, sums, sum);
	free(ways);
	return 0;
}

int rank_p(const double *baseline, size_t baseline_count, const double *other,
	   size_t other_count, double *p)
{
	struct arms arms = {baseline, other, baseline_count, other_count};
	int err = check(baseline, baseline_count);

	if (!err)
		err = check(other, other_count);
	if (err)
		return err;
	if (baseline_count > other_count)
		arms = (struct arms){other, baseline, other_count,
				     baseline_count};
	return permute(&arms, p);
}

/*
 * The number of differences other - baseline that are below the shift is the
 * Mann-Whitney count U of untied arms, so that with d(1) <= ... <= d(mn)
 *
 *	P(d(k) <= shift <= d(mn+1-k)) >= 1 - 2 P(U <= k-1)
 *
 * (E. L. Lehmann, Ann. Math. Statist. 34, 1963; M. Hollander, D. A. Wolfe,
 * Nonparametric Statistical Methods, 2nd ed., section 4.3). U is the rank sum
 * less m (m+1) / 2. Sets k, the largest for @alpha or else 1, and what it has
 * outside; -ENODATA for the 1.
 */
static int order_of(size_t m, size_t n, double alpha, size_t *k, double *missed)
{
	size_t few = m < n ? m : n, least = few * (few + 1), sums;
	unsigned int ranks[2 * RANK_MAX];
	double all = 0, below, *ways;
	size_t orders = 0;

	for (size_t i = 0; i < m + n; i++)
		ranks[i] = 2 * (unsigned int)(i + 1);
	ways = ways_of_sums(ranks, m + n, few, &sums);
	if (!ways)
		return -ENOMEM;
	for (size_t s = 0; s < sums; s++)
		all += ways[s];
	below = ways[least];
	*missed = fmin(1, 2 * below / all);
	while (2 * (orders + 1) <= m * n && at_most(2 * below / all, alpha)) {
		*missed = 2 * below / all;
		orders++;
		below += ways[least + 2 * orders];
	}
	free(ways);
	*k = orders ? orders : 1;
	return orders ? 0 : -ENODATA;
}

/* Of two infinite logs (two zeros) the difference is none. */
static double difference(double a, double b)
{
	return a == b ? 0 : a - b;
}

int rank_interval(const double *baseline, size_t baseline_count,
		  const double *other, size_t other_count, double alpha,
		  struct interval *interval)
{
	size_t count = baseline_count * other_count, k;
	int err = check(baseline, baseline_count);
	double *differences, missed;

	if (!err)
		err = check(other, other_count);
	if (err)
		return err;
	err = order_of(baseline_count, other_count, alpha, &k, &missed);
	if (err && err != -ENODATA)
		return err;
	differences = malloc(count * sizeof(*differences));
	if (!differences)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		differences[i] = difference(other[i / baseline_count],
					    baseline[i % baseline_count]);
	interval->estimate = sort_median(differences, count);
	interval->low = differences[k - 1];
	interval->high = differences[count - k];
	interval->confidence = 1 - missed;
	free(differences);
	return err;
}

/* Two of the C(m+n, m) ways are the most extreme. */
double rank_least_p(size_t baseline_count, size_t other_count)
{
	double ways = 1;

	for (size_t i = 1; i <= baseline_count; i++)
		ways = ways * (double)(other_count + i) / (double)i;
	return fmin(1, 2 / ways);
}

size_t rank_boots(double alpha)
{
	size_t count = 1;

	if (!(alpha > 0))
		return SIZE_MAX;
	while (!at_most(rank_least_p(count, count), alpha))
		count++;
	return count;
}

/*
 * With normal noise of standard deviation s in both arms, a t test finds
 * d = s (t(1 - alpha/2) + t(power)) sqrt(1/m + 1/n) in about @power of all runs;
 * the rank test takes pi/3 times as many boots for the same (E. L. Lehmann,
 * Nonparametrics, section 2.4), hence a factor sqrt(pi/3). By simulation that is
 * found in 76 to 80 % where 80 % are said (docs/METHOD.md).
 */
double rank_detectable(const double *baseline, size_t baseline_count,
		       const double *other, size_t other_count, double alpha,
		       double power)
{
	double m = (double)baseline_count, n = (double)other_count;
	double a = unbiased_spread(baseline, baseline_count);
	double b = unbiased_spread(other, other_count), spread;

	if (isnan(a) || isnan(b) ||
	    !at_most(rank_least_p(baseline_count, other_count), alpha))
		return INFINITY;
	spread = sqrt(((m - 1) * a * a + (n - 1) * b * b) / (m + n - 2));
	return spread *
	       (t_quantile(1 - alpha / 2, m + n - 2) +
		t_quantile(power, m + n - 2)) *
	       sqrt(M_PI / 3 * (1 / m + 1 / n));
}
