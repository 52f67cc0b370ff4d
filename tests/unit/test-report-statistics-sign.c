// SPDX-License-Identifier: GPL-2.0-or-later
/* Sign intervals, pairs and ratios, by hand and from published tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/statistics/pair.h"
#include "report/statistics/probability.h"
#include "report/statistics/sign.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* 1, 2, ... in an order that is not theirs. */
static void ladder(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = 1 + (double)((i * 7 + 3) % count);
}

/*
 * The ends' order and the confidence in percent, from Table A.26 of W. J. Dixon,
 * F. J. Massey, Introduction to Statistical Analysis: sums of binomial
 * coefficients over 2^n.
 */
static void interval_of_published_orders(void **state)
{
	static const struct {
		size_t count, order;
		double alpha, confidence;
	} known[] = {
		{6, 1, 0.05, 1 - 2 * 1. / 64},
		{8, 1, 0.05, 1 - 2 * 1. / 256},
		{9, 2, 0.05, 1 - 2 * 10. / 512},
		{10, 2, 0.05, 1 - 2 * 11. / 1024},
		{12, 3, 0.05, 1 - 2 * 79. / 4096},
		{15, 4, 0.05, 1 - 2 * 576. / 32768},
		{20, 6, 0.05, 1 - 2 * 21700. / 1048576},
		{10, 1, 0.01, 1 - 2 * 1. / 1024},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct interval interval;
		double values[32];
		size_t n = known[i].count;

		/* 7 and these counts have no common divisor. */
		ladder(values, n);
		assert_int_equal(
			sign_interval(values, n, known[i].alpha, &interval), 0);
		assert_near(interval.low, (double)known[i].order);
		assert_near(interval.high, (double)(n + 1 - known[i].order));
		assert_near(interval.confidence, known[i].confidence);
		assert_near(interval.estimate, (double)(n + 1) / 2);
	}
}

static void five_blocks_are_too_few(void **state)
{
	const double values[] = {0.3, 0.1, 0.2, 0.5, 0.4};
	struct interval interval;

	(void)state;
	assert_int_equal(sign_interval(values, 5, 0.05, &interval), -ENODATA);
	assert_near(interval.low, 0.1);
	assert_near(interval.high, 0.5);
	assert_near(interval.confidence, 0.9375);
	assert_int_equal(sign_interval(values, 1, 0.05, &interval), -ENODATA);
	assert_near(interval.low, 0.3);
	assert_near(interval.confidence, 0);
	assert_int_equal(sign_interval(values, 0, 0.05, &interval), -EDOM);
}

static void no_numbers_are_refused(void **state)
{
	const double values[] = {0, 0, 0, NAN, 0, 0};
	struct interval interval;

	(void)state;
	assert_int_equal(sign_interval(values, 6, 0.05, &interval), -EDOM);
}

static void p_of_a_coin(void **state)
{
	const double nine[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, -1};

	(void)state;
	assert_near(sign_p(nine, 10), 2 * 11. / 1024);
	assert_near(sign_p(nine, 9), 2 * 1. / 512);
	assert_near(sign_p(nine + 8, 2), 1);
	assert_near(sign_p(nine, 0), 1);
	assert_near(sign_least_p(6), 0.03125);
	assert_near(sign_least_p(1), 1);
}

/* A zero is on neither side, and stays. */
static void zeros_count_against_a_change(void **state)
{
	const double zeros[6] = {0};
	const double one_zero[] = {1, 2, 3, 4, 5, 0, 6, 7, 8};
	struct interval interval;

	(void)state;
	assert_near(sign_p(zeros, 6), 1);
	assert_int_equal(sign_interval(zeros, 6, 0.05, &interval), 0);
	assert_near(interval.low, 0);
	assert_near(interval.high, 0);
	assert_false(interval_excludes_zero(&interval));
	/* 8 of 9: the interval from the second of nine is above 0. */
	assert_near(sign_p(one_zero, 9), 2 * 10. / 512);
	assert_int_equal(sign_interval(one_zero, 9, 0.05, &interval), 0);
	assert_near(interval.low, 1);
	assert_near(sign_p(one_zero, 6), 2 * 7. / 64);
}

static void infinite_ratios_are_an_order(void **state)
{
	const double values[] = {INFINITY,  INFINITY, 0.1, -INFINITY,
				 -INFINITY, 0.2,      0.3};
	const double apart[] = {-INFINITY, INFINITY};
	struct interval interval;

	(void)state;
	assert_int_equal(sign_interval(values, 7, 0.05, &interval), 0);
	assert_true(interval.low == -INFINITY && interval.high == INFINITY);
	assert_near(interval.estimate, 0.2);
	assert_true(isinf(sign_detectable(values, 7, 0.05, 0.8)));
	assert_int_equal(sign_interval(apart, 2, 0.05, &interval), -ENODATA);
	assert_near(interval.estimate, 0);
}

static void blocks_that_are_needed(void **state)
{
	(void)state;
	assert_int_equal(sign_blocks(0.05), 6);
	assert_int_equal(sign_blocks(0.01), 8);
	assert_int_equal(sign_blocks(0.05 / 20), 10);
	assert_int_equal(sign_blocks(0.03125), 6);
	assert_int_equal(sign_blocks(1), 1);
	assert_true(sign_blocks(0) == SIZE_MAX);
	assert_near(sign_level(6, 0.05), 0.03125);
	assert_near(sign_level(10, 0.05), 2 * 11. / 1024);
	assert_near(sign_level(5, 0.05), 0);
}

/* P(all six above) = 0.8 at u = 0.8^(1/6) = 0.963490, z(u) = 1.792737. */
static void smallest_difference_of_six_blocks(void **state)
{
	const double values[] = {1, -1, 1, -1, 1, -1};
	/* sqrt(6/5) / c4, c4 = 0.951532862 */
	double spread = sqrt(1.2) / 0.951532861;

	(void)state;
	assert_true(fabs(unbiased_spread(values, 6) - spread) < 1e-8);
	assert_true(fabs(sign_detectable(values, 6, 0.05, 0.8) -
			 1.792737 * spread) < 1e-5);
	assert_true(isinf(sign_detectable(values, 5, 0.05, 0.8)));
	assert_true(isinf(sign_detectable(values, 6, 0.01, 0.8)));
	assert_true(isnan(unbiased_spread(values, 1)));
}

static void distributions(void **state)
{
	(void)state;
	assert_near(binomial_at_most(2, 10, 0.5), 56. / 1024);
	assert_near(binomial_at_most(1, 3, 0.2), 0.896);
	assert_near(binomial_at_most(3, 3, 0.2), 1);
	/* Symmetric, far beyond what 2^-n can be told from 0. */
	assert_true(fabs(binomial_at_most(2000, 4001, 0.5) - 0.5) < 1e-9);
	assert_near(normal_quantile(0.5), 0);
	assert_near(normal_quantile(0.975), 1.959963984540054);
	assert_near(normal_quantile(1e-9), -5.997807015);
}

static void ratios(void **state)
{
	(void)state;
	assert_near(log_ratio(200, 100), -log(2));
	assert_near(log_ratio(0, 0), 0);
	assert_true(log_ratio(0, 1) == INFINITY);
	assert_true(log_ratio(1, 0) == -INFINITY);
	assert_near(log_percent(log(1.02)), 2);
}

static void boots_are_paired_by_number(void **state)
{
	const struct boot_value baseline[] = {
		{1, 100}, {2, 100}, {4, 100}, {10, 100}};
	const struct boot_value other[] = {{10, 400}, {3, 7}, {2, 200}};
	unsigned int blocks[7];
	double out[3];

	(void)state;
	assert_int_equal(pair_blocks(baseline, 4, other, 3, out), 2);
	assert_near(out[0], log(2));
	assert_near(out[1], log(4));
	assert_int_equal(pair_left_out(baseline, 4, other, 3, blocks), 3);
	assert_int_equal(blocks[0], 1);
	assert_int_equal(blocks[1], 3);
	assert_int_equal(blocks[2], 4);
	assert_int_equal(pair_blocks(baseline, 0, other, 3, out), 0);
	assert_int_equal(pair_left_out(baseline, 4, baseline, 4, blocks), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interval_of_published_orders),
		cmocka_unit_test(five_blocks_are_too_few),
		cmocka_unit_test(no_numbers_are_refused),
		cmocka_unit_test(p_of_a_coin),
		cmocka_unit_test(zeros_count_against_a_change),
		cmocka_unit_test(infinite_ratios_are_an_order),
		cmocka_unit_test(blocks_that_are_needed),
		cmocka_unit_test(smallest_difference_of_six_blocks),
		cmocka_unit_test(distributions),
		cmocka_unit_test(ratios),
		cmocka_unit_test(boots_are_paired_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
