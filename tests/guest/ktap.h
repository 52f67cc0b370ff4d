/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KTAP, version 1, as Documentation/dev-tools/ktap.rst has it. */
#ifndef TESTS_KTAP_H
#define TESTS_KTAP_H

#include <stdbool.h>
#include <stddef.h>

struct ktap_test {
	const char *name;
	/* NULL: passed; a sentence: failed; one that starts with SKIP: not run */
	const char *(*run)(void *context);
};

/*
 * Runs those whose name holds @only (NULL: all), prints all; returns how many
 * failed.
 */
int ktap_run(const struct ktap_test *tests, size_t count, const char *only,
	     void *context);

/* A sentence in a static buffer: what a test returns. */
const char *ktap_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
