// SPDX-License-Identifier: GPL-2.0-or-later
/* The cells that a plan becomes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/plan-text.h"

static void a_benchmark_alone_takes_the_defaults(void **state)
{
	struct plan plan = good("first-touch\nhuge-pfnmap\nreset-recovery\n");

	(void)state;
	assert_int_equal(plan.count, 3);
	expect_cell(&plan, 0, "first-touch memfd 2M 1G read ascending");
	expect_cell(&plan, 1, "huge-pfnmap memfd 16M 1G");
	expect_cell(&plan, 2, "reset-recovery memfd 2M 1G toggle 1 1");
	assert_ptr_equal(plan.cells[0].benchmark, &first_touch);
	assert_int_equal(plan.cells[0].values[1].number, 2 << 20);
	assert_int_equal(plan.cells[0].values[3].number, 0);
	plan_free(&plan);
	assert_null(plan.cells);
	assert_int_equal(plan.count, 0);
	plan_free(&plan);
}

/* Every default is a value that a user may write as well. */
static void every_default_is_good(void **state)
{
	(void)state;
	for (size_t b = 0; benchmarks[b]; b++) {
		const struct parameter *p = benchmarks[b]->parameters;

		for (; p->name; p++) {
			char line[256];
			struct plan plan;

			snprintf(line, sizeof(line), "%s\n%s %s=%s",
				 benchmarks[b]->name, benchmarks[b]->name,
				 p->name, p->fallback);
			plan = good(line);
			assert_int_equal(plan.count, 1);
			plan_free(&plan);
		}
	}
}

static void lists_multiply_the_last_parameter_fastest(void **state)
{
	static const char *const expected[] = {
		"first-touch memfd 4K 4K write ascending",
		"first-touch memfd 4K 4K write shuffled",
		"first-touch memfd 4K 2M write ascending",
		"first-touch memfd 4K 2M write shuffled",
		"first-touch memfd 8K 4K write ascending",
		"first-touch memfd 8K 4K write shuffled",
		"first-touch memfd 8K 2M write ascending",
		"first-touch memfd 8K 2M write shuffled",
	};
	/* The order of the words is nothing, that of the values is kept. */
	struct plan plan = good("first-touch order=ascending,shuffled "
				"access=write align=4K,2M length=4K,8K");

	(void)state;
	assert_int_equal(plan.count, 8);
	for (size_t i = 0; i < 8; i++)
		expect_cell(&plan, i, expected[i]);
	assert_int_equal(plan.cells[1].values[4].number, 1);
	assert_int_equal(plan.cells[4].values[1].number, 8192);
	plan_free(&plan);
	plan = good("huge-pfnmap length=8K,4K,16K align=4K");
	assert_int_equal(plan.count, 3);
	expect_cell(&plan, 0, "huge-pfnmap memfd 8K 4K");
	expect_cell(&plan, 1, "huge-pfnmap memfd 4K 4K");
	expect_cell(&plan, 2, "huge-pfnmap memfd 16K 4K");
	plan_free(&plan);
}

/* A word that is there twice counts once, as the later one says. */
static void the_last_word_counts(void **state)
{
	struct plan plan = good("huge-pfnmap length=4K,8K length=2M");

	(void)state;
	assert_int_equal(plan.count, 1);
	expect_cell(&plan, 0, "huge-pfnmap memfd 2M 1G");
	plan_free(&plan);
}

static void values_become_canonical(void **state)
{
	struct plan plan = good("first-touch length=4096,2048K,0001G\n"
				"reset-recovery vmas=007 processes=64\n"
				"huge-pfnmap target=0000:65:00.0,1af4:1110\n");

	(void)state;
	assert_int_equal(plan.count, 6);
	expect_cell(&plan, 0, "first-touch memfd 4K 1G read ascending");
	expect_cell(&plan, 1, "first-touch memfd 2M 1G read ascending");
	expect_cell(&plan, 2, "first-touch memfd 1G 1G read ascending");
	expect_cell(&plan, 3, "reset-recovery memfd 2M 1G toggle 7 64");
	assert_int_equal(plan.cells[3].values[4].number, 7);
	expect_cell(&plan, 4, "huge-pfnmap 0000:65:00.0 16M 1G");
	expect_cell(&plan, 5, "huge-pfnmap 1af4:1110 16M 1G");
	plan_free(&plan);
}

static void repeated_cells_are_dropped(void **state)
{
	struct plan plan = good("first-touch length=4K,2M align=1G\n"
				"first-touch length=2M,4K,8K\n"
				"huge-pfnmap length=4K,4096,4K\n"
				"first-touch length=2048K access=read,write\n"
				"first-touch length=4K\n");

	(void)state;
	assert_int_equal(plan.count, 5);
	expect_cell(&plan, 0, "first-touch memfd 4K 1G read ascending");
	expect_cell(&plan, 1, "first-touch memfd 2M 1G read ascending");
	expect_cell(&plan, 2, "first-touch memfd 8K 1G read ascending");
	expect_cell(&plan, 3, "huge-pfnmap memfd 4K 1G");
	expect_cell(&plan, 4, "first-touch memfd 2M 1G write ascending");
	plan_free(&plan);
}

/* The same values under another benchmark are another cell. */
static void benchmarks_do_not_mix(void **state)
{
	struct plan plan = good("first-touch length=4K\n"
				"huge-pfnmap length=4K\n"
				"reset-recovery length=4K\n");

	(void)state;
	assert_int_equal(plan.count, 3);
	plan_free(&plan);
}

static void comments_and_blanks_are_nothing(void **state)
{
	struct plan plan = good("# a comment\n"
				"\n"
				"   \t \n"
				"\t first-touch \t length=4K   # one more\n"
				"#first-touch length=8K\n"
				"huge-pfnmap length=4K# length=8K");

	(void)state;
	assert_int_equal(plan.count, 2);
	expect_cell(&plan, 0, "first-touch memfd 4K 1G read ascending");
	expect_cell(&plan, 1, "huge-pfnmap memfd 4K 1G");
	plan_free(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_benchmark_alone_takes_the_defaults),
		cmocka_unit_test(every_default_is_good),
		cmocka_unit_test(lists_multiply_the_last_parameter_fastest),
		cmocka_unit_test(the_last_word_counts),
		cmocka_unit_test(values_become_canonical),
		cmocka_unit_test(repeated_cells_are_dropped),
		cmocka_unit_test(benchmarks_do_not_mix),
		cmocka_unit_test(comments_and_blanks_are_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
