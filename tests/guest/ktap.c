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

int ktap_run(const struct ktap_test *tests, size_t count, void *context)
{
	int failed = 0;

	printf("KTAP version 1\n1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		const char *why = tests[i].run(context);
		bool skipped = why && !strncmp(why, "SKIP", 4);

		if (why && !skipped)
			failed++;
		printf("%sok %zu %s%s%s\n", why && !skipped ? "not " : "",
		       i + 1, tests[i].name, why ? " # " : "", why ? why : "");
		fflush(stdout);
	}
	return failed;
}
