// SPDX-License-Identifier: GPL-2.0-or-later
/* The two-sample rank test and its shift, by hand and from a textbook. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>

#include "report/statistics/rank.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static double p_of(const double *a, size_t m, const double *b, size_t n)
{
	double p = -1, again = -2;

	assert_int_equal(rank_p(a, m, b, n, &p), 0);
	assert_int_equal(rank_p(b, n, a, m, &again), 0);
	assert_near(p, again);
	return p;
}

/*
 * M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods, example 4.1:
 * ten placentas at term and five earlier. W = 35 of 50, one-sided p 0.1272; a
 * shift of -0.305 from term to earlier.
 */
static void placentas(void **state)
{
	const double term[] = {0.80, 0.83, 1.89, 1.04, 1.45,
			       1.38, 1.91, 1.64, 0.73, 1.46};
	const double earlier[] = {1.15, 0.88, 0.90, 0.74, 1.21};
	struct interval interval;

	(void)state;
	/* 382 of C(15, 5) = 3003 ways have a U of 35 or more. */
	assert_near(p_of(term, 10, earlier, 5), 2 * 382. / 3003);
	assert_int_equal(rank_interval(term, 10, earlier, 5, 0.05, &interval),
			 0);
	assert_near(interval.estimate, -0.305);
	assert_near(interval.low, -0.76);
	assert_near(interval.high, 0.15);
	assert_true(interval.confidence > 0.95 && interval.confidence < 0.97);
}

static void arms_apart(void **state)
{
	const double low[] = {1, 2, 3, 4}, high[] = {5, 6, 7, 8};

	(void)state;
	assert_near(p_of(low, 4, high, 4), 2. / 70);
	assert_near(p_of(low, 3, high, 3), 2. / 20);
	assert_near(p_of(low, 1, high, 1), 1);
	assert_near(rank_least_p(4, 4), 2. / 70);
	assert_int_equal(rank_boots(0.05), 4);
	assert_int_equal(rank_boots(0.05 / 20), 6); /* 2 of C(12, 6) = 924 */
}

static void few_boots_have_no_interval(void **state)
{
	const double low[] = {1, 2, 3}, high[] = {5, 6.5, 8};
	struct interval interval;

	(void)state;
	assert_int_equal(rank_interval(low, 3, high, 3, 0.05, &interval),
			 -ENODATA);
	assert_near(interval.confidence, 0.9);
	assert_near(interval.low, 2);
	assert_near(interval.high, 7);
	assert_near(interval.estimate, 4.5);
	assert_int_equal(rank_interval(low, 1, high, 1, 0.05, &interval),
			 -ENODATA);
	assert_near(interval.confidence, 0);
}

/* Midranks 1, 2.5, 2.5, 4; sums of two: 3.5 3.5 5 5 6.5 6.5. */
static void ties_by_hand(void **state)
{
	const double a[] = {1, 2}, b[] = {2, 3}, same[] = {7, 7, 7, 7, 7, 7};

	(void)state;
	assert_near(p_of(a, 2, b, 2), 2 * 2. / 6);
	assert_near(p_of(same, 6, same, 6), 1);
}

static void equal_arms(void **state)
{
	const double same[] = {7, 7, 7, 7, 7, 7};
	struct interval interval;

	(void)state;
	assert_int_equal(rank_interval(same, 6, same, 6, 0.05, &interval), 0);
	assert_near(interval.low, 0);
	assert_near(interval.high, 0);
	assert_near(rank_detectable(same, 6, same, 6, 0.05, 0.8), 0);
}

static void infinite_logs(void **state)
{
	const double zeros[] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
	const double some[] = {1, 2, 3, 4};
	struct interval interval;

	(void)state;
	assert_near(p_of(zeros, 4, some, 4), 2. / 70);
	assert_int_equal(rank_interval(zeros, 4, some, 4, 0.05, &interval), 0);
	assert_true(interval.low == INFINITY);
	assert_int_equal(rank_interval(zeros, 4, zeros, 4, 0.05, &interval), 0);
	assert_near(interval.high, 0);
	assert_true(isinf(rank_detectable(zeros, 4, some, 4, 0.05, 0.8)));
}

static void limits(void **state)
{
	double many[RANK_MAX + 1] = {0}, p;
	struct interval interval;

	(void)state;
	for (size_t i = 0; i <= RANK_MAX; i++)
		many[i] = (double)i;
	assert_int_equal(rank_p(many, RANK_MAX + 1, many, 4, &p), -E2BIG);
	assert_int_equal(
		rank_interval(many, 4, many, RANK_MAX + 1, 0.05, &interval),
		-E2BIG);
	assert_int_equal(rank_p(many, 0, many, 4, &p), -EDOM);
	many[0] = NAN;
	assert_int_equal(rank_p(many, 4, many, 4, &p), -EDOM);
	many[0] = 0;
	/* As large as may be, and symmetric. */
	assert_near(p_of(many, RANK_MAX, many, RANK_MAX), 1);
}

/*
 * s = sqrt(5/3) / c4(4); t of 6 degrees of freedom, by three terms, 2.433745 and
 * 0.905630 (exact: 2.446912, 0.905703); sqrt(pi/3 / 2).
 */
static void smallest_difference(void **state)
{
	const double a[] = {1, 2, 3, 4}, b[] = {11, 12, 13, 14};
	double spread = sqrt(5. / 3) / 0.921317732;

	(void)state;
	assert_true(fabs(rank_detectable(a, 4, b, 4, 0.05, 0.8) -
			 spread * 3.339375 * 0.723601) < 1e-5);
	assert_true(isinf(rank_detectable(a, 3, b, 3, 0.05, 0.8)));
	assert_true(isinf(rank_detectable(a, 1, b, 1, 1, 0.8)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placentas),
		cmocka_unit_test(arms_apart),
		cmocka_unit_test(few_boots_have_no_interval),
		cmocka_unit_test(ties_by_hand),
		cmocka_unit_test(equal_arms),
		cmocka_unit_test(infinite_logs),
		cmocka_unit_test(limits),
		cmocka_unit_test(smallest_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
