/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of a boot, checked. Input is not trusted: a record is taken whole
 * or refused with a reason, and nothing in it can make the reader crash.
 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "report/model.h"

/* What a boot must say of itself to belong where it was found. */
struct expected {
	const char *base;
	const char *variant;
	const char *mode;
	size_t room; /* bytes that the run's limit leaves for this boot */
};

/* Checks an environment record. 0 or -EINVAL with @why. */
int record_environment(const json_t *json, const struct expected *expected,
		       struct why *why);

/*
 * Copies a cell record into @cell, which the caller frees on success only.
 * @unit is that of the environment. 0, -EINVAL with @why, or -ENOMEM.
 */
int record_cell(const json_t *json, const char *unit, struct cell *cell,
		struct why *why);

/* Checks an end record against the number of cells before it. */
int record_end(const json_t *json, size_t cells, double *seconds,
	       struct why *why);

/*
 * Reads the lines of one boot. On success @boot is the caller's, its number
 * unset. 0, -ENOMEM, or -EINVAL with @why, which starts with the line number
 * where it is about a line.
 */
int boot_parse(const char *data, size_t size, const struct expected *expected,
	       struct boot *boot, struct why *why);
/* The same of a file. */
int boot_read(const char *path, const struct expected *expected,
	      struct boot *boot, struct why *why);

/* Is it a non-negative integer below 2^63? */
bool is_count(const json_t *json);
/* Is it an array, and all in it strings? */
bool are_strings(const json_t *list);
/* Is it a unit of time: instructions or ns? */
bool is_timed(const char *unit);
/* A name that can stand in a path, a TSV field and a table as it is. */
bool is_token(const char *text);

#endif
