// SPDX-License-Identifier: GPL-2.0-or-later
#include "ktap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ktap_say(const char *format, ...)
{
	static char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

static bool wanted(const struct ktap_test *test, const char *only)
{
	return !only || strstr(test->name, only);
}

int ktap_run(const struct ktap_test *tests, size_t count, const char *only,
	     void *context)
{
	size_t number = 0;
	int failed = 0;

	for (size_t i = 0; i < count; i++)
		number += wanted(&tests[i], only);
	printf("KTAP version 1\n1..%zu\n", number);
	number = 0;
	for (size_t i = 0; i < count; i++) {
		const char *why;
		bool skipped;

		if (!wanted(&tests[i], only))
			continue;
		why = tests[i].run(context);
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
