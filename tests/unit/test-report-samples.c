// SPDX-License-Identifier: GPL-2.0-or-later
/* Samples: what is refused, and figures against those of a plain sorted list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/samples.h"

#define BOOTS 5
#define VALUES 40
#define COUNT_MAX 6

static void refuses_what_is_out_of_order(void **state)
{
	struct samples s;

	(void)state;
	assert_int_equal(samples_reserve(&s, 4), 0);
	assert_int_equal(samples_add(&s, 5, 0), -EINVAL);
	assert_int_equal(samples_add(&s, 5, 2), 0);
	assert_int_equal(samples_add(&s, 5, 1), -EINVAL);
	assert_int_equal(samples_add(&s, 4, 1), -EINVAL);
	assert_int_equal(samples_add(&s, 6, 1), 0);
	assert_int_equal(s.count, 3);
	assert_int_equal(samples_at(&s, 0), 2);
	assert_int_equal(samples_at(&s, 1), 1);
	samples_free(&s);
}

static void refuses_too_many(void **state)
{
	struct samples s;

	(void)state;
	assert_int_equal(samples_reserve(&s, 3), 0);
	assert_int_equal(samples_add(&s, 0, UINT64_MAX), -EOVERFLOW);
	assert_int_equal(samples_add(&s, 0, SAMPLES_MAX - 1), 0);
	assert_int_equal(samples_add(&s, 1, 2), -EOVERFLOW);
	assert_int_equal(samples_add(&s, 1, 1), 0);
	assert_true(s.count == SAMPLES_MAX);
	/* The whole of the limit, a thousand times, and still exact. */
	assert_true(s.count <= UINT64_MAX / BOOTS_MAX);
	samples_free(&s);
}

static void nothing_is_no_crash(void **state)
{
	struct samples s = {0};
	const struct samples *list[] = {&s};

	(void)state;
	assert_int_equal(samples_upto(&s, 7), 0);
	assert_int_equal(samples_total(&s), 0);
	assert_int_equal(samples_quantile(list, 1, 0.5), 0);
	assert_true(samples_equal(&s, &s));
	samples_free(&s);
}

static void equal_only_if_all_is(void **state)
{
	struct samples a, b;

	(void)state;
	assert_int_equal(samples_reserve(&a, 2), 0);
	assert_int_equal(samples_reserve(&b, 2), 0);
	samples_add(&a, 1, 2);
	samples_add(&b, 1, 1);
	assert_false(samples_equal(&a, &b));
	samples_add(&b, 2, 1);
	assert_false(samples_equal(&a, &b));
	samples_free(&b);
	assert_int_equal(samples_reserve(&b, 2), 0);
	samples_add(&b, 1, 2);
	assert_true(samples_equal(&a, &b));
	samples_free(&a);
	samples_free(&b);
}

static void totals_saturate(void **state)
{
	struct samples s;

	(void)state;
	assert_int_equal(samples_reserve(&s, 2), 0);
	samples_add(&s, 3, 4);
	samples_add(&s, UINT64_MAX - 12, 1);
	assert_true(samples_total(&s) == UINT64_MAX);
	samples_free(&s);
	assert_int_equal(samples_reserve(&s, 1), 0);
	samples_add(&s, UINT64_MAX / 2, 3);
	assert_true(samples_total(&s) == UINT64_MAX);
	samples_free(&s);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Adds a boot's samples to @all too, one by one; some boots have none. */
static size_t draw(struct samples *s, uint64_t *all, size_t count,
		   unsigned int *seed)
{
	int distinct = rand_r(seed) % VALUES;
	uint64_t value = 0;

	assert_int_equal(samples_reserve(s, VALUES), 0);
	for (int i = 0; i < distinct; i++) {
		int same = 1 + rand_r(seed) % COUNT_MAX;

		value += 1 + (uint64_t)(rand_r(seed) % 50);
		assert_int_equal(samples_add(s, value, (uint64_t)same), 0);
		while (same--)
			all[count++] = value;
	}
	return count;
}

/* Nearest rank, as it is defined. */
static uint64_t ranked(const uint64_t *all, size_t count, double q)
{
	double rank = ceil(q * (double)count);

	return count ? all[rank > 1 ? (size_t)rank - 1 : 0] : 0;
}

static void quantiles_are_those_of_a_sorted_list(void **state)
{
	static const double quantiles[] = {0, 0.01, 0.5, 0.9, 0.99, 0.999, 1};
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		static uint64_t all[BOOTS * VALUES * COUNT_MAX];
		const struct samples *list[BOOTS];
		struct samples boots[BOOTS];
		size_t count = 0, n = 1 + (size_t)rand_r(&seed) % BOOTS;

		for (size_t b = 0; b < n; b++) {
			count = draw(&boots[b], all, count, &seed);
			list[b] = &boots[b];
		}
		qsort(all, count, sizeof(*all), by_value);
		for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles);
		     i++)
			assert_int_equal(
				samples_quantile(list, n, quantiles[i]),
				ranked(all, count, quantiles[i]));
		for (size_t b = 0; b < n; b++)
			samples_free(&boots[b]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_out_of_order),
		cmocka_unit_test(refuses_too_many),
		cmocka_unit_test(nothing_is_no_crash),
		cmocka_unit_test(equal_only_if_all_is),
		cmocka_unit_test(totals_saturate),
		cmocka_unit_test(quantiles_are_those_of_a_sorted_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
