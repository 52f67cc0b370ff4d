/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of plans share: a plan as text, and what it must become. */
#ifndef TESTS_UNIT_PLAN_TEXT_H
#define TESTS_UNIT_PLAN_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "plan.h"

/* Reads @text as a plan called "p"; what it says is in @error. */
static inline int read_text(struct plan *plan, const char *text,
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

static inline struct plan good(const char *text)
{
	char error[PLAN_ERROR_SIZE];
	struct plan plan;

	if (read_text(&plan, text, error))
		fail_msg("%s", error);
	return plan;
}

/* The plan is refused, in one line that is @expected from its first byte. */
static inline void expect_refused(const char *text, const char *expected)
{
	char error[PLAN_ERROR_SIZE];
	struct plan plan;

	assert_int_equal(read_text(&plan, text, error), -EINVAL);
	assert_string_equal(error, expected);
	plan_free(&plan);
}

/* A cell as a line of a plan, its values in the order of the parameters. */
static inline void expect_cell(const struct plan *plan, size_t i,
			       const char *expected)
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

#endif
