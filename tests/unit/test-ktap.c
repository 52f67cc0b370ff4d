// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

static const char *passes(void *context)
{
	++*(int *)context;
	return NULL;
}

static const char *fails_by(void *context, int number)
{
	++*(int *)context;
	return ktap_say("by %d", number);
}

static const char *skips(void *context)
{
	++*(int *)context;
	return "SKIP no device";
}

static const struct ktap_test tests[] = {
	{.name = "one", .run = passes},
	{.name = "two", .run_with = fails_by, .number = 7},
	{.name = "two and a half", .run = skips},
};

/* What ktap_run() printed, until the next call. */
static const char *run(char *const *only, const struct ktap_hooks *hooks,
		       int *ran, int *failed)
{
	static char *text;
	FILE *terminal = stdout;
	size_t size;

	free(text);
	stdout = open_memstream(&text, &size);
	*failed = ktap_run(tests, 3, only, hooks, ran);
	fclose(stdout);
	stdout = terminal;
	return text;
}

static void runs_without_hooks(void **state)
{
	char *none[] = {NULL};
	int ran = 0, failed;

	(void)state;
	assert_string_equal(run(none, NULL, &ran, &failed),
			    "KTAP version 1\n1..3\n"
			    "ok 1 one\n"
			    "not ok 2 two # by 7\n"
			    "ok 3 two and a half # SKIP no device\n");
	assert_int_equal(ran, 3);
	assert_int_equal(failed, 1);
}

static void runs_what_is_named(void **state)
{
	char *part[] = {"tw", NULL}, *whole[] = {"=two", NULL};
	int ran = 0, failed;

	(void)state;
	assert_string_equal(run(part, NULL, &ran, &failed),
			    "KTAP version 1\n1..2\n"
			    "not ok 1 two # by 7\n"
			    "ok 2 two and a half # SKIP no device\n");
	assert_string_equal(run(whole, NULL, &ran, &failed),
			    "KTAP version 1\n1..1\n"
			    "not ok 1 two # by 7\n");
	assert_int_equal(ran, 3);
}

static void leaves_out_what_is_not_wanted(void **state)
{
	char *but[] = {"!half", NULL}, *part[] = {"tw", "!half", NULL};
	int ran = 0, failed;

	(void)state;
	assert_string_equal(run(but, NULL, &ran, &failed),
			    "KTAP version 1\n1..2\n"
			    "ok 1 one\n"
			    "not ok 2 two # by 7\n");
	assert_string_equal(run(part, NULL, &ran, &failed),
			    "KTAP version 1\n1..1\n"
			    "not ok 1 two # by 7\n");
	assert_int_equal(ran, 3);
}

static size_t begun;

static void before(const struct ktap_test *test, size_t number)
{
	(void)test;
	begun = number;
}

static const char *after(const struct ktap_test *test, const char *why)
{
	return strcmp(test->name, "one") ? why : "the log has a line";
}

static void a_hook_turns_a_verdict(void **state)
{
	const struct ktap_hooks hooks = {before, after};
	char *only[] = {"one", NULL};
	int ran = 0, failed;

	(void)state;
	assert_string_equal(run(only, &hooks, &ran, &failed),
			    "KTAP version 1\n1..1\n"
			    "not ok 1 one # the log has a line\n");
	assert_int_equal(failed, 1);
	assert_int_equal(begun, 1);
}

int main(void)
{
	const struct CMUnitTest unit[] = {
		cmocka_unit_test(runs_without_hooks),
		cmocka_unit_test(runs_what_is_named),
		cmocka_unit_test(leaves_out_what_is_not_wanted),
		cmocka_unit_test(a_hook_turns_a_verdict),
	};

	return cmocka_run_group_tests_name("ktap", unit, NULL, NULL);
}
