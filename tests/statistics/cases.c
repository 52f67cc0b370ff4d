// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cases COUNT SEED: random inputs of each statistic and what pfnbench makes of
 * them, one case a line, for tests/statistics/oracle.R to do again. Fields are
 * separated by tabs, values of an arm by spaces.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/statistics/holm.h"
#include "report/statistics/probability.h"
#include "report/statistics/quantile.h"
#include "report/statistics/rank.h"
#include "report/statistics/sign.h"

#define VALUES_MAX 24

static unsigned short state[3];

static size_t below(size_t limit)
{
	return (size_t)(erand48(state) * (double)limit);
}

/* Tied values are small integers, others have no equal. */
static size_t draw(double *values, size_t most, bool tied)
{
	size_t count = 1 + below(most);

	for (size_t i = 0; i < count; i++)
		values[i] = tied ? (double)below(5) - 2 : erand48(state) - 0.4;
	return count;
}

static double draw_alpha(void)
{
	static const double alphas[] = {0.05, 0.01, 0.1, 0.05 / 18, 0.2};

	return alphas[below(5)];
}

static void put(const double *values, size_t count)
{
	putchar('\t');
	for (size_t i = 0; i < count; i++)
		printf("%s%.17g", i ? " " : "", values[i]);
}

static void put_interval(int err, const struct interval *interval)
{
	const double ends[] = {interval->low, interval->high,
			       interval->estimate, interval->confidence};

	put(ends, 4);
	printf("\t%d\n", !err);
}

static void sign_case(void)
{
	double values[VALUES_MAX], alpha = draw_alpha(), p;
	size_t count = draw(values, VALUES_MAX, below(2));
	struct interval interval;
	int err = sign_interval(values, count, alpha, &interval);

	p = sign_p(values, count);
	printf("sign");
	put(values, count);
	put(&alpha, 1);
	put(&p, 1);
	put_interval(err, &interval);
}

/* Ties are enumerated by R one by one, so those arms are small. */
static void rank_case(void)
{
	bool tied = below(2);
	double a[VALUES_MAX], b[VALUES_MAX], alpha = draw_alpha(), p = 0;
	size_t m = draw(a, tied ? 6 : 12, tied);
	size_t n = draw(b, tied ? 6 : 12, tied);
	struct interval interval;
	int err = rank_p(a, m, b, n, &p);

	if (!err)
		err = rank_interval(a, m, b, n, alpha, &interval);
	printf(tied ? "tied" : "rank");
	put(a, m);
	put(b, n);
	put(&alpha, 1);
	put(&p, 1);
	put_interval(err, &interval);
}

static void holm_case(void)
{
	double p[VALUES_MAX], adjusted[VALUES_MAX] = {0};
	size_t count = 1 + below(VALUES_MAX);

	for (size_t i = 0; i < count; i++)
		p[i] = below(3) ? pow(erand48(state), 4)
				: (double)below(8) / 64;
	if (holm_adjust(p, count, adjusted))
		exit(5);
	printf("holm");
	put(p, count);
	put(adjusted, count);
	putchar('\n');
}

static void distribution_case(void)
{
	double in[3], out[2];
	size_t n = 1 + below(3000), k = below(n);

	in[0] = (double)k;
	in[1] = (double)n;
	in[2] = 0.001 + 0.998 * erand48(state);
	out[0] = binomial_at_most(k, n, in[2]);
	out[1] = normal_quantile(in[2]);
	printf("distribution");
	put(in, 3);
	put(out, 2);
	putchar('\n');
}

static void detectable_case(void)
{
	double values[VALUES_MAX], alpha = draw_alpha(), out[2];
	double power = 0.5 + 0.45 * erand48(state);
	size_t count = draw(values, VALUES_MAX, false);

	out[0] = sign_detectable(values, count, alpha, power);
	out[1] = (double)quantile_needs(power, alpha);
	printf("detectable");
	put(values, count);
	put(&alpha, 1);
	put(&power, 1);
	put(out, 2);
	putchar('\n');
}

int main(int argc, char **argv)
{
	size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	state[1] = argc > 2 ? (unsigned short)strtoul(argv[2], NULL, 10) : 1;
	for (size_t i = 0; i < count; i++) {
		sign_case();
		rank_case();
		holm_case();
		distribution_case();
		detectable_case();
	}
	return ferror(stdout) ? 5 : 0;
}
