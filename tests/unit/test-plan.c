// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* Reads @text as a plan called "p"; what it says is in @error. */
static int read_text(struct plan *plan, const char *text,
		     char error[PLAN_ERROR_SIZE])
{
	FILE *file = tmpfile();
	int err;

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	rewind(file);
	memset(plan, 0, sizeof(*plan));
	memset(error, 0, PLAN_ERROR_SIZE);
	err = plan_read(plan, file, "p", error);
	fclose(file);
	return err;
}

static struct plan good(const char *text)
{
	char error[PLAN_ERROR_SIZE];
	struct plan plan;

	if (read_text(&plan, text, error))
		fail_msg("%s", error);
	return plan;
}

/* The plan is refused, in one line that is @expected from its first byte. */
static void expect_refused(const char *text, const char *expected)
{
	char error[PLAN_ERROR_SIZE];
	struct plan plan;

	assert_int_equal(read_text(&plan, text, error), -EINVAL);
	assert_string_equal(error, expected);
	plan_free(&plan);
}

/* The same for one word behind `first-touch`, or another benchmark. */
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

/* A cell as a line of a plan, its values in the order of the parameters. */
static void expect_cell(const struct plan *plan, size_t i, const char *expected)
{
	char text[512];
	int n;

	assert_true(i < plan->count);
	n = snprintf(text, sizeof(text), "%s", plan->cells[i].benchmark->name);
	for (size_t p = 0; plan->cells[i].benchmark->parameters[p].name; p++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %s",
			      plan->cells[i].values[p].text);
	assert_string_equal(text, expected);
}

static void reads_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{"0", 0},
		{"0K", 0},
		{"1", 1},
		{"4096", 4096},
		{"004K", 4096},
		{"1028K", 1028 * 1024},
		{"2M", 2 << 20},
		{"1G", 1 << 30},
		{"64G", UINT64_C(64) << 30},
		{"9223372036854775807", INT64_MAX},
		{"9007199254740991K", UINT64_C(9007199254740991) << 10},
		{"8796093022207M", UINT64_C(8796093022207) << 20},
		{"8589934591G", UINT64_C(8589934591) << 30},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t bytes = 7;

		assert_int_equal(size_parse(cases[i].text, &bytes), 0);
		assert_int_equal(bytes, cases[i].bytes);
	}
}

static void refuses_what_is_no_size(void **state)
{
	static const char *const no_size[] = {
		"",   "K",   " 4K",   "-1",  "+1",  "4 K", "4k",
		"4T", "4KB", "4KiB",  "4K ", "0x4", "1e3", "1.5G",
		"4,", "M4",  "4K\t1", "G",   "\n",  "K4K", "\xb4",
	};
	/* 2^63 in each unit, then what does not fit 64 bits. */
	static const char *const too_large[] = {
		"9223372036854775808",	"9007199254740992K",
		"8796093022208M",	"8589934592G",
		"18446744073709551615", "18446744073709551615G",
		"18446744073709551616", "18014398509481985K",
		"17179869185G",		"99999999999999999999999999999999",
	};
	uint64_t bytes = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(no_size) / sizeof(*no_size); i++)
		assert_int_equal(size_parse(no_size[i], &bytes), -EINVAL);
	for (size_t i = 0; i < sizeof(too_large) / sizeof(*too_large); i++)
		assert_int_equal(size_parse(too_large[i], &bytes), -ERANGE);
	assert_int_equal(bytes, 7);
}

static void expect_format(uint64_t bytes, const char *expected)
{
	uint64_t back;
	char text[32];

	size_format(bytes, text);
	assert_string_equal(text, expected);
	if (bytes > INT64_MAX)
		return;
	assert_int_equal(size_parse(text, &back), 0);
	assert_int_equal(back, bytes);
}

static void writes_the_largest_unit_that_divides(void **state)
{
	(void)state;
	expect_format(0, "0");
	expect_format(1023, "1023");
	expect_format(1024, "1K");
	expect_format(1025, "1025");
	expect_format(4096, "4K");
	expect_format(1028 * 1024, "1028K");
	expect_format(1 << 20, "1M");
	expect_format((1 << 30) - (1 << 20), "1023M");
	expect_format(1 << 30, "1G");
	expect_format(UINT64_C(3) << 29, "1536M");
	expect_format(UINT64_C(1) << 40, "1024G");
	expect_format(INT64_MAX, "9223372036854775807");
	expect_format(UINT64_MAX, "18446744073709551615");
	/* Every power of two, whatever its unit. */
	for (int shift = 0; shift < 63; shift++) {
		uint64_t back, bytes = UINT64_C(1) << shift;
		char text[32];

		size_format(bytes, text);
		assert_true(strlen(text) <= 6 || shift >= 40);
		assert_int_equal(size_parse(text, &back), 0);
		assert_int_equal(back, bytes);
	}
}

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
		cmocka_unit_test(reads_sizes),
		cmocka_unit_test(refuses_what_is_no_size),
		cmocka_unit_test(writes_the_largest_unit_that_divides),
		cmocka_unit_test(a_benchmark_alone_takes_the_defaults),
		cmocka_unit_test(every_default_is_good),
		cmocka_unit_test(lists_multiply_the_last_parameter_fastest),
		cmocka_unit_test(the_last_word_counts),
		cmocka_unit_test(values_become_canonical),
		cmocka_unit_test(ranges_have_their_ends),
		cmocka_unit_test(repeated_cells_are_dropped),
		cmocka_unit_test(benchmarks_do_not_mix),
		cmocka_unit_test(comments_and_blanks_are_nothing),
		cmocka_unit_test(an_empty_plan_is_an_error),
		cmocka_unit_test(a_read_error_is_an_error),
		cmocka_unit_test(errors_have_their_line),
		cmocka_unit_test(unknown_parameters_are_named),
		cmocka_unit_test(bad_values_are_named),
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(words_have_a_limit),
		cmocka_unit_test(long_lines_are_refused),
		cmocka_unit_test(plans_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
