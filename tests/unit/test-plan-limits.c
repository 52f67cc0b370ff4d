// SPDX-License-Identifier: GPL-2.0-or-later
/* How much a plan may have of everything. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/plan-text.h"

/* @line and then @format with each number from @first to @last. */
static char *repeat(const char *line, const char *format, size_t first,
		    size_t last)
{
	size_t room = strlen(line) + (last - first + 1) * 32 + 1;
	char *text = malloc(room);
	size_t at;

	assert_non_null(text);
	at = (size_t)snprintf(text, room, "%s", line);
	for (size_t i = first; i <= last; i++)
		at += (size_t)snprintf(text + at, room - at, format, i);
	return text;
}

static void lists_have_a_limit(void **state)
{
	char *text = repeat("reset-recovery vmas=1", ",%zu", 2, 64);
	struct plan plan = good(text);

	(void)state;
	free(text);
	assert_int_equal(plan.count, 64);
	expect_cell(&plan, 63, "reset-recovery memfd 2M 1G toggle 64 1");
	plan_free(&plan);
	text = repeat("reset-recovery vmas=1", ",%zu", 2, 65);
	expect_refused(text, "p:1: 65: too many values");
	free(text);
}

static void words_have_a_limit(void **state)
{
	char *text = repeat("reset-recovery", " vmas=%zu", 1, 63);
	struct plan plan = good(text);

	(void)state;
	free(text);
	assert_int_equal(plan.count, 1);
	expect_cell(&plan, 0, "reset-recovery memfd 2M 1G toggle 63 1");
	plan_free(&plan);
	text = repeat("reset-recovery", " vmas=%zu", 1, 64);
	expect_refused(text, "p:1: vmas=64: too many words");
	free(text);
}

/* Whatever its length, an error is one line that names plan and line. */
static void long_lines_are_refused(void **state)
{
	char error[PLAN_ERROR_SIZE];
	struct plan plan;
	char *text;

	(void)state;
	/* A word of 1023 bytes is read, with its zeroes; one of 1024 is not. */
	text = repeat("first-touch\nreset-recovery vmas=", "0", 1, 1018);
	text[strlen(text) - 1] = '3';
	plan = good(text);
	free(text);
	expect_cell(&plan, 1, "reset-recovery memfd 2M 1G toggle 3 1");
	plan_free(&plan);
	text = repeat("first-touch\nreset-recovery vmas=", "0", 1, 1019);
	expect_refused(text, "p:2: reset-recovery: a list is too long");
	free(text);

	/* Names of 100,000 bytes, in each place that quotes one. */
	for (int i = 0; i < 4; i++) {
		static const char *const before[] = {
			"", "first-touch ",
			"first-touch x=", "first-touch access="};
		size_t size = i < 2 ? 100000 : 900;

		text = repeat(before[i], "x", 1, size);
		assert_int_equal(read_text(&plan, text, error), -EINVAL);
		assert_memory_equal(error, "p:1: ", 5);
		assert_true(strlen(error) < PLAN_ERROR_SIZE);
		assert_true(strlen(error) > 200);
		plan_free(&plan);
		free(text);
	}
	/* A long comment is no long line. */
	text = repeat("first-touch #", " x", 1, 100000);
	plan = good(text);
	assert_int_equal(plan.count, 1);
	plan_free(&plan);
	free(text);
}

/* 50 times 50 times 4 are all that a plan may have, and a repeated one more. */
static void plans_have_a_limit(void **state)
{
	char *half = repeat("reset-recovery action=toggle,reset length=4K,8K "
			    "processes=1",
			    ",%zu", 2, 50);
	char *text = repeat(strcat(half, " vmas=1"), ",%zu", 2, 50);
	struct plan plan;

	(void)state;
	text = realloc(text, strlen(text) + 64);
	assert_non_null(text);
	strcat(text, "\nreset-recovery length=8K\n");
	plan = good(text);
	assert_int_equal(plan.count, PLAN_MAX_CELLS);
	expect_cell(&plan, 0, "reset-recovery memfd 4K 1G toggle 1 1");
	expect_cell(&plan, 9999, "reset-recovery memfd 8K 1G reset 50 50");
	plan_free(&plan);
	strcat(text, "huge-pfnmap\n");
	expect_refused(text, "p:3: huge-pfnmap: too many cells");
	free(text);
	free(half);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(words_have_a_limit),
		cmocka_unit_test(long_lines_are_refused),
		cmocka_unit_test(plans_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
