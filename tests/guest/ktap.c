// SPDX-License-Identifier: GPL-2.0-or-later
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* That a test may still hold, before it says one more. */
#define SENTENCES 16

const char *ktap_say(const char *format, ...)
{
	static char texts[SENTENCES][256];
	static unsigned int next;
	char *text = texts[next++ % SENTENCES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(texts[0]), format, args);
	va_end(args);
	return text;
}

/* =NAME is that test, TEXT each that holds it. */
static bool names(const char *word, const struct ktap_test *test)
{
	if (*word == '=')
		return !strcmp(test->name, word + 1);
	return strstr(test->name, word) != NULL;
}

static bool wanted(const struct ktap_test *test, char *const *only)
{
	bool named = false, asked = false;

	for (; *only; only++) {
		if (**only == '!' && strstr(test->name, *only + 1))
			return false;
		if (**only == '!')
			continue;
		asked = true;
		named |= names(*only, test);
	}
	return named || !asked;
}

int ktap_run(const struct ktap_test *tests, size_t count, char *const *only,
	     const struct ktap_hooks *hooks, void *context)
{
	size_t number = 0;
	int failed = 0;

	for (size_t i = 0; i < count; i++)
		number += wanted(&tests[i], only);
	printf("KTAP version 1\n1..%zu\n", number);
	fflush(stdout);
	number = 0;
	for (size_t i = 0; i < count; i++) {
		const char *why;
		bool skipped;

		if (!wanted(&tests[i], only))
			continue;
		if (hooks)
			hooks->before(&tests[i], number + 1);
		why = tests[i].run
			      ? tests[i].run(context)
			      : tests[i].run_with(context, tests[i].number);
		if (hooks)
			why = hooks->after(&tests[i], why);
		skipped = why && !strncmp(why, "SKIP", 4);
		if (why && !skipped)
			failed++;
		printf("%sok %zu %s%s%s\n", why && !skipped ? "not " : "",
		       ++number, tests[i].name, why ? " # " : "",
		       why ? why : "");
		fflush(stdout);
	}
	return failed;
}
