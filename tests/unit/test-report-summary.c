// SPDX-License-Identifier: GPL-2.0-or-later
/* A row of summary.tsv from samples whose figures are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "report/view.h"

#define BOOTS_MAX 4

#define VALUES_MAX 200

static struct samples boots[BOOTS_MAX];
static const struct samples *list[BOOTS_MAX];

static int reset(void **state)
{
	(void)state;
	for (size_t i = 0; i < BOOTS_MAX; i++) {
		samples_free(&boots[i]);
		assert_int_equal(samples_reserve(&boots[i], VALUES_MAX), 0);
		list[i] = &boots[i];
	}
	return 0;
}

static void sample(size_t boot, uint64_t value, uint64_t count)
{
	assert_int_equal(samples_add(&boots[boot], value, count), 0);
}

static struct row merge(size_t count)
{
	struct row row = {0};

	assert_int_equal(row_merge(list, count, &row), 0);
	return row;
}

static void check_exact(const struct row *row, const char *text)
{
	char exact[32];

	row_exact_text(row, exact, sizeof(exact));
	assert_string_equal(exact, text);
}

static void one_boot(void **state)
{
	struct row row;

	(void)state;
	for (uint64_t v = 1; v <= 200; v++)
		sample(0, v, 1);
	row = merge(1);
	assert_int_equal(row.boots, 1);
	assert_int_equal(row.samples, 200);
	assert_int_equal(row.min, 1);
	assert_int_equal(row.median, 100);
	assert_int_equal(row.p99, 198);
	assert_int_equal(row.max, 200);
	assert_int_equal(row.total, 20100);
	check_exact(&row, "one");
}

static void equal_boots_are_exact(void **state)
{
	struct row row;

	(void)state;
	for (size_t b = 0; b < 3; b++) {
		sample(b, 2404, 511);
		sample(b, 4000, 1);
	}
	row = merge(3);
	assert_int_equal(row.samples, 512);
	assert_int_equal(row.median, 2404);
	assert_int_equal(row.p99, 2404);
	assert_int_equal(row.max, 4000);
	assert_int_equal(row.total, 511 * 2404 + 4000);
	check_exact(&row, "yes");
}

/* Each boot must have 299: with q^299 < 0.05 one sample is above the p99. */
static void a_p99_needs_samples(void **state)
{
	struct row row;

	(void)state;
	assert_int_equal(p99_needs(), 299);
	sample(0, 1, 299);
	sample(1, 1, 298);
	row = merge(2);
	assert_int_equal(row.all_samples, 597);
	assert_false(row.p99_stands);
	sample(1, 2, 1);
	row = merge(2);
	assert_int_equal(row.samples, 299);
	assert_int_equal(row.all_samples, 598);
	assert_true(row.p99_stands);
}

static void spread_is_of_the_lower_median(void **state)
{
	struct row row;

	(void)state;
	sample(0, 1300, 1);
	sample(1, 1000, 1);
	sample(2, 1200, 1);
	sample(3, 1100, 1);
	row = merge(4);
	assert_int_equal(row.total, 1100);
	assert_int_equal(row.min, 1000);
	assert_int_equal(row.median, 1100);
	assert_int_equal(row.max, 1300);
	/* 300 of 1100 */
	check_exact(&row, "27.273%");
}

static void same_sum_of_other_samples_is_not_exact(void **state)
{
	struct row row;

	(void)state;
	sample(0, 10, 2);
	sample(1, 9, 1);
	sample(1, 11, 1);
	row = merge(2);
	assert_int_equal(row.exact, EXACT_NO);
	check_exact(&row, "0.000%");
}

static void small_and_infinite_spreads(void **state)
{
	struct row row;

	(void)state;
	sample(0, 1000000000, 1);
	sample(1, 1000000100, 1);
	row = merge(2);
	check_exact(&row, "0.000010%");
	reset(NULL);
	sample(0, 0, 1);
	sample(1, 5, 1);
	row = merge(2);
	assert_true(isinf(row.spread));
	check_exact(&row, "inf%");
}

static void no_samples_are_no_crash(void **state)
{
	struct row row = merge(2);

	(void)state;
	assert_int_equal(row.samples, 0);
	assert_int_equal(row.max, 0);
	assert_int_equal(row.total, 0);
	check_exact(&row, "yes");
}

static void totals_saturate(void **state)
{
	struct row row;

	(void)state;
	sample(0, INT64_MAX, 4);
	row = merge(1);
	assert_true(row.total == UINT64_MAX);
	assert_true(row.max == INT64_MAX);
}

static void sizes(void **state)
{
	char text[72];

	(void)state;
	assert_true(size_bytes("4K") == 4096);
	assert_true(size_bytes("2M") == 2u << 20);
	assert_true(size_bytes("64G") == UINT64_C(64) << 30);
	assert_true(size_bytes("") == 0);
	assert_true(size_bytes("4096") == 0);
	assert_true(size_bytes("4Kx") == 0);
	assert_true(size_bytes("99999999999999T") == 0);
	assert_string_equal(size_words(text, "1G"), "1 GiB");
	assert_string_equal(size_words(text, "odd"), "odd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_boot, reset, reset),
		cmocka_unit_test_setup_teardown(equal_boots_are_exact, reset,
						reset),
		cmocka_unit_test_setup_teardown(a_p99_needs_samples, reset,
						reset),
		cmocka_unit_test_setup_teardown(spread_is_of_the_lower_median,
						reset, reset),
		cmocka_unit_test_setup_teardown(
			same_sum_of_other_samples_is_not_exact, reset, reset),
		cmocka_unit_test_setup_teardown(small_and_infinite_spreads,
						reset, reset),
		cmocka_unit_test_setup_teardown(no_samples_are_no_crash, reset,
						reset),
		cmocka_unit_test_setup_teardown(totals_saturate, reset, reset),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
