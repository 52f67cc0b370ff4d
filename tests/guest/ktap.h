/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KTAP, version 1, as Documentation/dev-tools/ktap.rst has it. */
#ifndef TESTS_KTAP_H
#define TESTS_KTAP_H

#include <stdbool.h>
#include <stddef.h>

/* NULL: passed; a sentence: failed; one that starts with SKIP: not run */
struct ktap_test {
	const char *name;
	const char *(*run)(void *context);
	/* Instead of run, where several tests differ in a number. */
	const char *(*run_with)(void *context, int number);
	int number;
};

/* What is done around each test; after() may turn its verdict into another. */
struct ktap_hooks {
	void (*before)(const struct ktap_test *test, size_t number);
	const char *(*after)(const struct ktap_test *test, const char *why);
};

/*
 * Runs those tests whose name holds a text of @only, or is what follows the =
 * of one, and not those whose name holds what follows the ! of one; all of them
 * if nothing is asked for. @only ends with NULL, @hooks may be NULL. Prints KTAP;
 * returns how many failed.
 */
int ktap_run(const struct ktap_test *tests, size_t count, char *const *only,
	     const struct ktap_hooks *hooks, void *context);

/* A sentence, good until a dozen later ones: what a test returns. */
const char *ktap_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
