// SPDX-License-Identifier: GPL-2.0-or-later
/* What is no plan, and how it is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tests/unit/plan-text.h"

/* One word is refused behind `first-touch`, or another benchmark. */
static void expect_word_refused(const char *benchmark, const char *word,
				const char *expected)
{
	char *words[] = {(char *)benchmark, (char *)word};
	char error[PLAN_ERROR_SIZE] = "";
	struct plan plan = {0};

	assert_int_equal(plan_add_words(&plan, words, 2, error), -EINVAL);
	assert_string_equal(error, expected);
	assert_int_equal(plan.count, 0);
	plan_free(&plan);
}

/* What both ends of a range are, and one step beyond each. */
static void ranges_have_their_ends(void **state)
{
	struct plan plan = good("first-touch length=4K,64G\n"
				"reset-recovery vmas=1,1024 processes=1,64\n");

	(void)state;
	assert_int_equal(plan.count, 6);
	plan_free(&plan);
	expect_word_refused("first-touch", "length=0",
			    "length=0: not in 4K to 64G, in steps of 4K");
	expect_word_refused("first-touch", "length=65540M",
			    "length=65540M: not in 4K to 64G, in steps of 4K");
	expect_word_refused("first-touch", "length=5000",
			    "length=5000: not in 4K to 64G, in steps of 4K");
	expect_word_refused("first-touch", "length=8G,6K",
			    "length=6K: not in 4K to 64G, in steps of 4K");
	/* A number is written without a unit, so its range is, too. */
	expect_word_refused("reset-recovery", "vmas=0",
			    "vmas=0: not in 1 to 1024");
	expect_word_refused("reset-recovery", "vmas=1025",
			    "vmas=1025: not in 1 to 1024");
	expect_word_refused("reset-recovery", "processes=65",
			    "processes=65: not in 1 to 64");
}

static void an_empty_plan_is_an_error(void **state)
{
	(void)state;
	expect_refused("", "p: no benchmark in it");
	expect_refused("\n\n", "p: no benchmark in it");
	expect_refused("# first-touch\n", "p: no benchmark in it");
}

/* A folder opens for reading, and can't be read. */
static void a_read_error_is_an_error(void **state)
{
	char error[PLAN_ERROR_SIZE] = "";
	struct plan plan = {0};
	FILE *file = fopen("/", "r");

	(void)state;
	assert_non_null(file);
	assert_int_equal(plan_read(&plan, file, "/", error), -EINVAL);
	assert_string_equal(error, "/: can't be read");
	fclose(file);
	plan_free(&plan);
}

/* @where, and the list of all benchmarks that there are. */
static void expect_unknown(const char *text, const char *where)
{
	char error[PLAN_ERROR_SIZE];
	int n = snprintf(error, sizeof(error),
			 "%s: no such benchmark; there are", where);

	for (size_t i = 0; benchmarks[i]; i++)
		n += snprintf(error + n, sizeof(error) - (size_t)n, " %s",
			      benchmarks[i]->name);
	expect_refused(text, error);
}

static void errors_have_their_line(void **state)
{
	(void)state;
	expect_unknown("second-touch\n", "p:1: second-touch");
	expect_refused("# one\n\nfirst-touch\n  first-touch length=3\n",
		       "p:4: length=3: not in 4K to 64G, in steps of 4K");
	/* The first of two, and the last line has no newline. */
	expect_unknown("first-touch\nFirst-touch\nhuge-pfnmap x",
		       "p:2: First-touch");
	expect_refused("first-touch\nhuge-pfnmap length",
		       "p:2: length: not of the form name=value");
	expect_unknown("length=4K first-touch\n", "p:1: length=4K");
}

static void unknown_parameters_are_named(void **state)
{
	(void)state;
	expect_word_refused("huge-pfnmap", "order=shuffled",
			    "order=shuffled: not a parameter of huge-pfnmap, "
			    "which has target length align");
	/* Neither a beginning of a name is one, nor more than it. */
	expect_word_refused("huge-pfnmap", "len=4K",
			    "len=4K: not a parameter of huge-pfnmap, which has "
			    "target length align");
	expect_word_refused("huge-pfnmap", "lengths=4K",
			    "lengths=4K: not a parameter of huge-pfnmap, which "
			    "has target length align");
	expect_word_refused("huge-pfnmap", "=4K",
			    "=4K: not a parameter of huge-pfnmap, which has "
			    "target length align");
	expect_word_refused("huge-pfnmap", "4K",
			    "4K: not of the form name=value");
}

static void bad_values_are_named(void **state)
{
	static const char no_size[] = "not a size such as 4K, 2M, 1G";
	static const char *const sizes[] = {"4T",
					    "2m",
					    "-4K",
					    "all",
					    "4K=",
					    "9223372036854775808",
					    "8589934592G",
					    "18446744073709555712",
					    "18014398509481988K"};
	static const char *const numbers[] = {
		"4K", "1.5", "-1", "one", "0x1", "18446744073709551617"};
	static const char *const targets[] = {
		"nvme0",	  "1af4",
		"MEMFD",	  "1AF4:1110",
		"0000:65:00.0/x", "0000:0000:0000:0000:0000:0000:00"};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char word[64], expected[128];

		snprintf(word, sizeof(word), "length=4K,%s", sizes[i]);
		snprintf(expected, sizeof(expected), "%s: %s", sizes[i],
			 no_size);
		expect_word_refused("first-touch", word, expected);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		char word[64], expected[128];

		snprintf(word, sizeof(word), "vmas=%s", numbers[i]);
		snprintf(expected, sizeof(expected), "%s: not a number",
			 numbers[i]);
		expect_word_refused("reset-recovery", word, expected);
	}
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		char word[64], expected[256];

		snprintf(word, sizeof(word), "target=%s", targets[i]);
		snprintf(expected, sizeof(expected),
			 "%s: not a target: memfd, a bus address such as "
			 "0000:01:00.0, or vendor:device in hex",
			 targets[i]);
		expect_word_refused("first-touch", word, expected);
	}
	expect_word_refused("first-touch", "align=8K",
			    "8K: align is one of 4K 2M 1G");
	expect_word_refused("first-touch", "align=4096",
			    "4096: align is one of 4K 2M 1G");
	expect_word_refused("first-touch", "access=execute",
			    "access=execute: not one of read write");
	expect_word_refused("first-touch", "access=rea",
			    "access=rea: not one of read write");
	expect_word_refused("reset-recovery", "action=toggle,Reset",
			    "action=Reset: not one of toggle reset hot-reset");
	expect_word_refused("first-touch", "length=", "length: no value");
	expect_word_refused("first-touch", "target=,", "target: no value");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_have_their_ends),
		cmocka_unit_test(an_empty_plan_is_an_error),
		cmocka_unit_test(a_read_error_is_an_error),
		cmocka_unit_test(errors_have_their_line),
		cmocka_unit_test(unknown_parameters_are_named),
		cmocka_unit_test(bad_values_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
