// SPDX-License-Identifier: GPL-2.0-or-later
/* Holm, and the verdicts on tables whose answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/statistics/holm.h"
#include "report/statistics/verdict.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)
#define BLOCKS 12

static void holm_by_hand(void **state)
{
	const double p[] = {0.01, 0.04, 0.03, 0.005};
	const double want[] = {0.03, 0.06, 0.06, 0.02};
	double adjusted[4];

	(void)state;
	assert_int_equal(holm_adjust(p, 4, adjusted), 0);
	for (size_t i = 0; i < 4; i++)
		assert_near(adjusted[i], want[i]);
	/* Rejected: 4 and 1, held against 0.05 / 4 and 0.05 / 3. */
	assert_near(holm_alpha(p, adjusted, 4, 3, 0.05), 0.05 / 4);
	assert_near(holm_alpha(p, adjusted, 4, 0, 0.05), 0.05 / 3);
	assert_near(holm_alpha(p, adjusted, 4, 1, 0.05), 0.05 / 4);
	assert_near(holm_alpha(p, adjusted, 4, 2, 0.05), 0.05 / 4);
}

static void holm_of_equal_p(void **state)
{
	const double p[] = {0.2, 0.02, 0.02, 0.9};
	double adjusted[4];

	(void)state;
	assert_int_equal(holm_adjust(p, 4, adjusted), 0);
	assert_near(adjusted[0], 0.4);
	assert_near(adjusted[1], 0.08);
	assert_near(adjusted[2], 0.08);
	assert_near(adjusted[3], 0.9);
	assert_int_equal(holm_adjust(p, 0, adjusted), 0);
}

/* A row whose ratios are @centre give or take @spread; no zero among them. */
static struct comparison paired(double *ratios, size_t count, double centre,
				double spread)
{
	for (size_t i = 0; i < count; i++)
		ratios[i] = centre + spread * (i % 2 ? 1 : -1) *
					     (double)(1 + i) / (double)count;
	return (struct comparison){.x = ratios, .x_count = count};
}

static void three_verdicts(void **state)
{
	double ratios[3][BLOCKS];
	struct comparison rows[3] = {
		paired(ratios[0], BLOCKS, 0.05, 0.01),
		paired(ratios[1], BLOCKS, 0, 0.001),
		paired(ratios[2], BLOCKS, 0, 0.1),
	};
	char text[48];

	(void)state;
	assert_int_equal(judge(rows, 3, &rules_default), 0);
	assert_int_equal(rows[0].verdict, CHANGED);
	assert_near(rows[0].p, 2. / 4096);
	assert_near(rows[0].adjusted, 6. / 4096);
	assert_near(rows[0].alpha, 0.05 / 3);
	assert_true(interval_excludes_zero(&rows[0].interval));
	assert_int_equal(rows[1].verdict, NO_CHANGE);
	assert_near(rows[1].alpha, 0.05 / 3);
	assert_int_equal(rows[2].verdict, NOT_RESOLVED);
	assert_true(rows[1].detectable < rows[2].detectable);
	assert_string_equal(verdict_words(text, CHANGED, &rules_default),
			    "changed");
	assert_string_equal(verdict_words(text, NO_CHANGE, &rules_default),
			    "no change larger than 1%");
	assert_string_equal(verdict_words(text, NOT_RESOLVED, &rules_default),
			    "not resolved");
}

/* Smaller than the threshold, and yet there. */
static void a_small_change_is_one(void **state)
{
	double ratios[BLOCKS];
	struct comparison row = paired(ratios, BLOCKS, 0.004, 0.001);

	(void)state;
	assert_int_equal(judge(&row, 1, &rules_default), 0);
	assert_int_equal(row.verdict, CHANGED);
	assert_true(row.interval.high < rules_default.threshold);
}

/* Six blocks are enough for one row, and for none of two. */
static void blocks_and_rows(void **state)
{
	double ratios[2][6];
	struct comparison rows[2] = {
		paired(ratios[0], 6, 0.05, 0.01),
		paired(ratios[1], 6, 0.05, 0.01),
	};

	(void)state;
	assert_int_equal(judge(rows, 1, &rules_default), 0);
	assert_int_equal(rows[0].verdict, CHANGED);
	assert_int_equal(judge(rows, 2, &rules_default), 0);
	assert_int_equal(rows[0].verdict, NOT_RESOLVED);
	assert_near(rows[0].adjusted, 0.0625);
	assert_true(isinf(rows[0].detectable));
	/* What there is: all six, with the 96.9 % that they have. */
	assert_near(rows[0].interval.confidence, 0.96875);
	assert_int_equal(judge_blocks(1, 0.05), 6);
	assert_int_equal(judge_blocks(2, 0.05), 7);
	assert_int_equal(judge_blocks(20, 0.05), 10);
	assert_int_equal(judge_blocks(36, 0.05), 11);
	assert_int_equal(judge_blocks(0, 0.05), 6);
	assert_int_equal(judge_boots(1, 0.05), 4);
	assert_int_equal(judge_boots(20, 0.05), 6);
}

/* Six blocks that agree to the digit are one row's "no change", not two's. */
static void equal_to_the_digit(void **state)
{
	double ratios[2][6] = {0};
	struct comparison rows[2] = {
		{.x = ratios[0], .x_count = 6},
		{.x = ratios[1], .x_count = 6},
	};

	(void)state;
	assert_int_equal(judge(rows, 1, &rules_default), 0);
	assert_int_equal(rows[0].verdict, NO_CHANGE);
	assert_near(rows[0].detectable, 0);
	assert_int_equal(judge(rows, 2, &rules_default), 0);
	assert_int_equal(rows[0].verdict, NOT_RESOLVED);
}

static void empty_rows_are_not_counted(void **state)
{
	double ratios[6];
	struct comparison rows[3] = {
		{.x = ratios},
		paired(ratios, 6, 0.05, 0.01),
		{.x = ratios, .x_count = 6, .y = ratios},
	};

	(void)state;
	assert_int_equal(judge(rows, 3, &rules_default), 0);
	assert_int_equal(rows[1].verdict, CHANGED);
	for (size_t i = 0; i < 3; i += 2) {
		assert_int_equal(rows[i].verdict, NOT_RESOLVED);
		assert_true(rows[i].interval.low == -INFINITY);
		assert_near(rows[i].interval.confidence, 0);
		assert_near(rows[i].p, 1);
	}
	assert_int_equal(judge(rows, 0, &rules_default), 0);
}

static void arms_that_are_not_paired(void **state)
{
	const double a[] = {0, 0.01, 0.02, 0.03}, b[] = {1, 1.01, 1.02, 1.03};
	struct comparison row = {.x = a, .y = b, .x_count = 4, .y_count = 4};

	(void)state;
	assert_int_equal(judge(&row, 1, &rules_default), 0);
	assert_int_equal(row.verdict, CHANGED);
	assert_near(row.interval.estimate, 1);
	assert_near(row.p, 2. / 70);
	row.x_count = row.y_count = 3;
	assert_int_equal(judge(&row, 1, &rules_default), 0);
	assert_int_equal(row.verdict, NOT_RESOLVED);
}

/*
 * Of tables of any kind, with and without ties: an interval with the confidence
 * that was asked for leaves out 0 if and only if the verdict is `changed`.
 */
static void intervals_and_verdicts_agree(void **state)
{
	double values[8][2][BLOCKS];
	size_t changed = 0;

	(void)state;
	srand(5);
	for (size_t table = 0; table < 3000; table++) {
		size_t count = 1 + (size_t)rand() % 8, steps = 3 + table % 40;
		struct comparison rows[8] = {{0}};

		for (size_t i = 0; i < count; i++) {
			struct comparison *row = &rows[i];

			row->x = values[i][0];
			row->y = table % 2 ? values[i][1] : NULL;
			row->x_count = 1 + (size_t)rand() % BLOCKS;
			row->y_count = 1 + (size_t)rand() % BLOCKS;
			for (size_t j = 0; j < 2 * BLOCKS; j++)
				values[i][j / BLOCKS][j % BLOCKS] =
					(double)((size_t)rand() % steps) +
					(double)(i % 3 * steps) *
						(j < BLOCKS ? -0.5 : 0.5);
		}
		assert_int_equal(judge(rows, count, &rules_default), 0);
		for (size_t i = 0; i < count; i++) {
			const struct interval *in = &rows[i].interval;

			if (!at_most(1 - in->confidence, rows[i].alpha)) {
				assert_int_equal(rows[i].verdict, NOT_RESOLVED);
				continue;
			}
			assert_int_equal(rows[i].verdict == CHANGED,
					 interval_excludes_zero(in));
			changed += rows[i].verdict == CHANGED;
		}
	}
	assert_true(changed > 100);
}

static void no_numbers_are_refused(void **state)
{
	double ratios[6] = {NAN};
	struct comparison row = {.x = ratios, .x_count = 6};

	(void)state;
	assert_int_equal(judge(&row, 1, &rules_default), -EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holm_by_hand),
		cmocka_unit_test(holm_of_equal_p),
		cmocka_unit_test(three_verdicts),
		cmocka_unit_test(a_small_change_is_one),
		cmocka_unit_test(blocks_and_rows),
		cmocka_unit_test(equal_to_the_digit),
		cmocka_unit_test(empty_rows_are_not_counted),
		cmocka_unit_test(arms_that_are_not_paired),
		cmocka_unit_test(intervals_and_verdicts_agree),
		cmocka_unit_test(no_numbers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
