// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pfnbench/tally.h"
#include "rig/record.h"

static void expect_entries(const struct tally *t,
			   const struct tally_entry *expected, size_t n)
{
	struct tally_entry *sorted = tally_sorted(t);

	assert_int_equal(t->used, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(sorted[i].value, expected[i].value);
		assert_int_equal(sorted[i].count, expected[i].count);
	}
	free(sorted);
}

static void counts_and_sorts(void **state)
{
	static const struct tally_entry expected[] = {
		{0, 2}, {5, 11}, {900, 1}, {UINT64_MAX, 3}};
	struct tally t;

	(void)state;
	tally_init(&t);
	assert_null(tally_sorted(&t));
	assert_int_equal(tally_add(&t, 900, 1), 0);
	assert_int_equal(tally_add(&t, UINT64_MAX, 3), 0);
	assert_int_equal(tally_add(&t, 5, 1), 0);
	assert_int_equal(tally_add(&t, 0, 2), 0);
	assert_int_equal(tally_add(&t, 5, 10), 0);
	assert_int_equal(tally_add(&t, 77, 0), 0);
	assert_int_equal(t.samples, 17);
	expect_entries(&t, expected, 4);
	tally_free(&t);
}

/* Far past the first capacity, with strides that share their low bits. */
static void keeps_everything_as_it_grows(void **state)
{
	struct tally t;
	struct tally_entry *sorted;

	(void)state;
	tally_init(&t);
	for (uint64_t pass = 0; pass < 2; pass++)
		for (uint64_t i = 0; i < 10000; i++)
			assert_int_equal(tally_add(&t, i << 32, i + 1), 0);
	assert_int_equal(t.used, 10000);
	assert_int_equal(t.samples, UINT64_C(10000) * 10001);
	sorted = tally_sorted(&t);
	for (uint64_t i = 0; i < 10000; i++) {
		assert_int_equal(sorted[i].value, i << 32);
		assert_int_equal(sorted[i].count, 2 * (i + 1));
	}
	free(sorted);
	tally_clear(&t);
	assert_int_equal(t.samples, 0);
	assert_int_equal(t.used, 0);
	assert_int_equal(tally_add(&t, 3, 1), 0);
	assert_int_equal(tally_total(&t), 3);
	tally_free(&t);
}

static void refuses_2_to_the_63_samples(void **state)
{
	struct tally t;

	(void)state;
	tally_init(&t);
	assert_int_equal(tally_add(&t, 1, INT64_MAX - 1), 0);
	assert_int_equal(tally_add(&t, 2, 2), -EOVERFLOW);
	assert_int_equal(t.samples, INT64_MAX - 1);
	assert_int_equal(tally_add(&t, 2, 1), 0);
	assert_int_equal(tally_add(&t, 2, 1), -EOVERFLOW);
	tally_free(&t);
}

/* Ranks by hand: ten samples, 1 1 1 1 2 2 2 2 2 50. */
static void quantiles_are_nearest_ranks(void **state)
{
	struct tally t;
	struct tally_entry *sorted;

	(void)state;
	tally_init(&t);
	tally_add(&t, 50, 1);
	tally_add(&t, 1, 4);
	tally_add(&t, 2, 5);
	sorted = tally_sorted(&t);
	assert_int_equal(tally_quantile(&t, sorted, 0), 1);
	assert_int_equal(tally_quantile(&t, sorted, 0.4), 1);
	assert_int_equal(tally_quantile(&t, sorted, 0.41), 2);
	assert_int_equal(tally_quantile(&t, sorted, 0.5), 2);
	assert_int_equal(tally_quantile(&t, sorted, 0.9), 2);
	assert_int_equal(tally_quantile(&t, sorted, 0.91), 50);
	assert_int_equal(tally_quantile(&t, sorted, 1), 50);
	free(sorted);
	tally_free(&t);
}

static void totals_saturate(void **state)
{
	struct tally t;

	(void)state;
	tally_init(&t);
	assert_int_equal(tally_total(&t), 0);
	tally_add(&t, 7, 3);
	tally_add(&t, 100, 2);
	assert_int_equal(tally_total(&t), 221);
	tally_add(&t, UINT64_MAX - 221, 1);
	assert_true(tally_total(&t) == UINT64_MAX);
	tally_add(&t, 1, 1);
	assert_true(tally_total(&t) == UINT64_MAX);
	tally_add(&t, UINT64_C(1) << 63, 2);
	assert_true(tally_total(&t) == UINT64_MAX);
	tally_free(&t);
}

/* Equal whatever the order, the capacity, and the sums. */
static void compares_contents(void **state)
{
	struct tally a, b;

	(void)state;
	tally_init(&a);
	tally_init(&b);
	assert_true(tally_equal(&a, &b));
	for (uint64_t i = 0; i < 1000; i++)
		tally_add(&a, i, 1);
	tally_clear(&a);
	tally_add(&a, 4, 2);
	tally_add(&a, 6, 2);
	assert_false(tally_equal(&a, &b));
	tally_add(&b, 6, 1);
	tally_add(&b, 4, 3);
	assert_int_equal(a.samples, b.samples);
	assert_false(tally_equal(&a, &b));
	tally_clear(&b);
	tally_add(&b, 6, 2);
	tally_add(&b, 5, 2);
	assert_false(tally_equal(&a, &b));
	tally_clear(&b);
	tally_add(&b, 6, 2);
	tally_add(&b, 4, 2);
	assert_true(tally_equal(&a, &b));
	tally_free(&a);
	tally_free(&b);
}

static void merges(void **state)
{
	static const struct tally_entry expected[] = {{1, 2}, {2, 8}, {3, 1}};
	struct tally a, b;

	(void)state;
	tally_init(&a);
	tally_init(&b);
	assert_int_equal(tally_merge(&a, &b), 0);
	tally_add(&a, 1, 2);
	tally_add(&a, 2, 3);
	tally_add(&b, 2, 5);
	tally_add(&b, 3, 1);
	assert_int_equal(tally_merge(&a, &b), 0);
	expect_entries(&a, expected, 3);
	assert_int_equal(a.samples, 11);
	assert_int_equal(b.samples, 6);
	tally_clear(&b);
	tally_add(&b, 9, INT64_MAX);
	assert_int_equal(tally_merge(&a, &b), -EOVERFLOW);
	tally_free(&a);
	tally_free(&b);
}

/* The line of RESULT-FORMAT.md, to the letter. */
static void is_written_as_the_format_says(void **state)
{
	static const char expected[] =
		"{\"name\":\"mmap\",\"unit\":\"ns\",\"tally\":[[3,2],[40,1]],"
		"\"counters\":{}}\n";
	char line[sizeof(expected) + 1] = "";
	struct record_writer writer;
	struct tally t;
	json_t *phase, *cell;
	int fds[2];

	(void)state;
	tally_init(&t);
	tally_add(&t, 40, 1);
	tally_add(&t, 3, 2);
	phase = record_phase("mmap", "ns", &t, NULL);
	cell = json_pack("{s:s}", "type", "cell");
	assert_int_equal(pipe(fds), 0);
	writer = (struct record_writer){.fd = fds[1]};
	assert_int_equal(record_write(&writer, phase), 0);
	assert_int_equal(writer.cells, 0);
	assert_int_equal(read(fds[0], line, sizeof(line)),
			 sizeof(expected) - 1);
	assert_string_equal(line, expected);
	assert_int_equal(record_write(&writer, cell), 0);
	assert_int_equal(writer.cells, 1);
	assert_int_equal(cell->refcount, 1);
	close(fds[0]);
	close(fds[1]);
	writer.fd = -1;
	assert_int_equal(record_write(&writer, cell), -EBADF);
	assert_int_equal(writer.cells, 1);
	json_decref(cell);
	json_decref(phase);
	tally_add(&t, UINT64_C(1) << 63, 1);
	assert_null(record_tally(&t));
	assert_null(record_phase("mmap", "ns", &t, NULL));
	tally_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_sorts),
		cmocka_unit_test(keeps_everything_as_it_grows),
		cmocka_unit_test(refuses_2_to_the_63_samples),
		cmocka_unit_test(quantiles_are_nearest_ranks),
		cmocka_unit_test(totals_saturate),
		cmocka_unit_test(compares_contents),
		cmocka_unit_test(merges),
		cmocka_unit_test(is_written_as_the_format_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
