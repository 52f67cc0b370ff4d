// SPDX-License-Identifier: GPL-2.0-or-later
/* Quantiles and the bootstrap, on tallies whose answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "pfnbench/tally.h"
#include "report/statistics/bootstrap.h"
#include "report/statistics/probability.h"
#include "report/statistics/quantile.h"

#define BOOTS 6

/* What a test puts into boots, in any order, and what ready() makes of it. */
static struct tally tallies[2][BOOTS];
static struct samples boots[2][BOOTS];
static const struct samples *lists[2][BOOTS];
static const struct arm arms[2] = {{lists[0], BOOTS}, {lists[1], BOOTS}};

static int reset(void **state)
{
	(void)state;
	for (size_t a = 0; a < 2; a++)
		for (size_t b = 0; b < BOOTS; b++) {
			tally_free(&tallies[a][b]);
			samples_free(&boots[a][b]);
			lists[a][b] = &boots[a][b];
		}
	return 0;
}

static void sample(size_t arm, size_t boot, uint64_t value, uint64_t count)
{
	assert_int_equal(tally_add(&tallies[arm][boot], value, count), 0);
}

static void ready_boot(const struct tally *from, struct samples *to)
{
	struct tally_entry *sorted = tally_sorted(from);

	samples_free(to);
	assert_int_equal(samples_reserve(to, from->used + 1), 0);
	for (size_t i = 0; i < from->used; i++)
		assert_int_equal(
			samples_add(to, sorted[i].value, sorted[i].count), 0);
	free(sorted);
}

static void ready(void)
{
	for (size_t a = 0; a < 2; a++)
		for (size_t b = 0; b < BOOTS; b++)
			ready_boot(&tallies[a][b], &boots[a][b]);
}

static struct interval quantile_of(double q, double alpha)
{
	struct bootstrap how = {4000, 7, alpha};
	struct interval interval;

	ready();
	assert_int_equal(bootstrap_quantile(&arms[0], q, &how, &interval), 0);
	return interval;
}

/*
 * Boot b has nothing but b + 1, so a replicate's median is the third of six
 * draws from 1 to 6: at most v with P(Binomial(6, v / 6) >= 3), which is 0.062,
 * 0.320, 0.656, 0.900, 0.991, 1.
 */
static void boots_are_drawn(void **state)
{
	struct interval interval;

	(void)state;
	for (size_t b = 0; b < BOOTS; b++)
		sample(0, b, b + 1, 1);
	interval = quantile_of(0.5, 0.05);
	assert_true(interval.estimate == 3);
	assert_true(interval.low == 1 && interval.high == 5);
	interval = quantile_of(0.5, 0.16);
	assert_true(interval.low == 2 && interval.high == 5);
	interval = quantile_of(0.5, 0.24);
	assert_true(interval.low == 2 && interval.high == 4);
	interval = quantile_of(0.5, 0.01);
	assert_true(interval.low == 1 && interval.high == 6);
}

/* The least v with P(Binomial(600, v / 100) >= rank) of p or more. */
static double exact_percentile(double p, size_t rank)
{
	double v = 1;

	while (1 - binomial_at_most(rank - 1, 600, v / 100) < p)
		v++;
	return v;
}

/*
 * Six equal boots of 1 to 100: whichever are drawn, a replicate is 600 draws
 * from 1 to 100, and the percentiles of its quantiles are known. 4,000
 * replicates may miss them by one.
 */
static void samples_are_drawn(void **state)
{
	static const double quantiles[] = {0.01, 0.5, 0.9, 0.98};

	(void)state;
	for (size_t b = 0; b < BOOTS; b++)
		for (uint64_t v = 1; v <= 100; v++)
			sample(0, b, v, 1);
	for (size_t i = 0; i < 4; i++) {
		struct interval interval = quantile_of(quantiles[i], 0.05);
		size_t rank = (size_t)ceil(quantiles[i] * 600);

		assert_true(fabs(interval.low -
				 exact_percentile(0.025, rank)) <= 1);
		assert_true(fabs(interval.high -
				 exact_percentile(0.975, rank)) <= 1);
		assert_true(interval.low < interval.high);
	}
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What bootstrap.c does, as one would say it: draw every sample. */
static double draw_all(double q)
{
	double values[BOOTS * 60];
	size_t count = 0;

	for (size_t b = 0; b < BOOTS; b++) {
		const struct tally *boot = &tallies[0][rand() % BOOTS];
		struct tally_entry *sorted = tally_sorted(boot);

		for (uint64_t i = 0; i < boot->samples; i++) {
			uint64_t rank = (uint64_t)rand() % boot->samples;
			size_t e = 0;

			for (; rank >= sorted[e].count; e++)
				rank -= sorted[e].count;
			values[count++] = (double)sorted[e].value;
		}
		free(sorted);
	}
	qsort(values, count, sizeof(*values), by_value);
	return values[(size_t)ceil(q * (double)count) - 1];
}

/*
 * Boots of different sizes and values. Of 4,000 plain replicates, the share at
 * or below a percentile must be the percentile's, give or take what chance does
 * to two times 4,000 draws (five standard deviations) and the jump of the value.
 */
static void as_if_all_were_drawn(void **state)
{
	struct interval interval = {0};
	size_t below = 0, at_low = 0, at_high = 0;
	const size_t replicates = 4000;

	(void)state;
	srand(3);
	for (size_t b = 0; b < BOOTS; b++)
		for (size_t i = 0; i < 10 + 5 * b; i++)
			sample(0, b, (uint64_t)rand() % 1000 + 50 * b,
			       1 + i % 2);
	interval = quantile_of(0.9, 0.2);
	for (size_t i = 0; i < replicates; i++) {
		double value = draw_all(0.9);

		below += value < interval.low;
		at_low += value <= interval.low;
		at_high += value <= interval.high;
	}
	assert_true((double)below / replicates < 0.1 + 0.034);
	assert_true((double)at_low / replicates > 0.1 - 0.034);
	assert_true((double)at_high / replicates > 0.9 - 0.034);
	assert_true(interval.high < 1300 && interval.low > 600);
}

/* The arms differ by a factor of two, whichever blocks are drawn. */
static void blocks_are_drawn_together(void **state)
{
	struct bootstrap how = {500, 1, 0.05};
	struct interval paired, apart;

	(void)state;
	for (size_t b = 0; b < BOOTS; b++) {
		sample(0, b, 1000 * (b + 1), 10);
		sample(1, b, 2000 * (b + 1), 10);
	}
	ready();
	assert_int_equal(
		bootstrap_ratio(&arms[0], &arms[1], true, 0.5, &how, &paired),
		0);
	assert_true(fabs(paired.low - log(2)) < 1e-12);
	assert_true(fabs(paired.high - log(2)) < 1e-12);
	assert_int_equal(
		bootstrap_ratio(&arms[0], &arms[1], false, 0.5, &how, &apart),
		0);
	assert_true(fabs(apart.estimate - log(2)) < 1e-12);
	assert_true(apart.low < 0.3 && apart.high > 1);
}

static void zeros_have_a_ratio(void **state)
{
	struct interval interval;

	(void)state;
	for (size_t b = 0; b < BOOTS; b++) {
		sample(0, b, 0, 10);
		sample(1, b, b ? 0 : 5, 10);
	}
	ready();
	assert_int_equal(bootstrap_ratio(&arms[0], &arms[1], true, 0.5,
					 &bootstrap_default, &interval),
			 0);
	assert_true(interval.low == 0 && interval.estimate == 0);
	assert_true(interval.high == 0 || interval.high == INFINITY);
}

/* The same seed gives the same digits, on every machine: known ones. */
static void a_seed_repeats(void **state)
{
	struct bootstrap how = {200, 12345, 0.05};
	struct interval a, b;

	(void)state;
	for (size_t boot = 0; boot < BOOTS; boot++)
		for (uint64_t v = 0; v < 1000; v++)
			sample(0, boot, 1000000 + 991 * v * v % (7919 + boot),
			       1);
	ready();
	assert_int_equal(bootstrap_quantile(&arms[0], 0.99, &how, &a), 0);
	assert_int_equal(bootstrap_quantile(&arms[0], 0.99, &how, &b), 0);
	assert_true(a.low == b.low && a.high == b.high);
	assert_true(a.low == 1007804 && a.high == 1007875);
	how.seed = 12346;
	assert_int_equal(bootstrap_quantile(&arms[0], 0.99, &how, &b), 0);
	assert_true(a.low != b.low || a.high != b.high);
}

/* A million samples a boot. */
static void large_boots(void **state)
{
	struct interval interval;

	(void)state;
	for (size_t b = 0; b < BOOTS; b++)
		for (uint64_t v = 0; v < 1000; v++)
			sample(0, b, 2000 + v, 1000);
	interval = quantile_of(0.999, 0.05);
	assert_true(interval.low >= 2998 && interval.high <= 2999);
}

static void bootstrap_refuses(void **state)
{
	const struct arm few = {lists[0], BOOTS - 1};
	struct interval interval;

	(void)state;
	ready();
	assert_int_equal(bootstrap_quantile(&arms[0], 0.5, &bootstrap_default,
					    &interval),
			 -ENODATA);
	for (size_t b = 0; b < BOOTS; b++)
		sample(0, b, 1, 1);
	ready();
	assert_int_equal(
		bootstrap_quantile(&few, 0.5, &bootstrap_default, &interval),
		-ENODATA);
	assert_int_equal(
		bootstrap_quantile(&arms[0], 1, &bootstrap_default, &interval),
		-EDOM);
	assert_int_equal(bootstrap_ratio(&arms[0], &few, true, 0.5,
					 &bootstrap_default, &interval),
			 -EINVAL);
}

static void samples_behind_a_quantile(void **state)
{
	struct backing backing;

	(void)state;
	assert_true(quantile_needs(0.5, 0.05) == 6);
	assert_true(quantile_needs(0.9, 0.05) == 29);
	assert_true(quantile_needs(0.99, 0.05) == 299);
	assert_true(quantile_needs(0.999, 0.05) == 2995);
	assert_true(quantile_needs(0.01, 0.05) == 299);
	assert_true(quantile_needs(1, 0.05) == UINT64_MAX);
	for (size_t b = 0; b < BOOTS; b++)
		sample(0, b, 5, b ? 1000 : 299);
	sample(1, 0, 1, 298);
	ready();
	backing = quantile_backing(lists[0], BOOTS, 0.99);
	assert_true(backing.samples == 5299 && backing.least == 299);
	assert_true(backing.beyond == 52); /* rank 5,247 */
	assert_true(backing.enough);
	backing = quantile_backing(lists[0], BOOTS, 0.999);
	assert_true(backing.needed == 2995 && !backing.enough);
	/* All together would have been enough: one boot is not. */
	assert_true(backing.samples > backing.needed);
	assert_false(quantile_backing(lists[1], 1, 0.99).enough);
	assert_false(quantile_backing(lists[1], 0, 0.5).enough);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(boots_are_drawn, reset, reset),
		cmocka_unit_test_setup_teardown(samples_are_drawn, reset,
						reset),
		cmocka_unit_test_setup_teardown(as_if_all_were_drawn, reset,
						reset),
		cmocka_unit_test_setup_teardown(blocks_are_drawn_together,
						reset, reset),
		cmocka_unit_test_setup_teardown(zeros_have_a_ratio, reset,
						reset),
		cmocka_unit_test_setup_teardown(a_seed_repeats, reset, reset),
		cmocka_unit_test_setup_teardown(large_boots, reset, reset),
		cmocka_unit_test_setup_teardown(bootstrap_refuses, reset,
						reset),
		cmocka_unit_test_setup_teardown(samples_behind_a_quantile,
						reset, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
