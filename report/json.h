/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON that is not trusted. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/model.h"

/*
 * One value, of any type, in at most JSON_MIB of memory; no key twice, no text longer than STRING_MAX, and every
 * text fit to be printed: what controls a terminal becomes spaces, backticks
 * apostrophes, so that no value can leave its code span. 0, or -EINVAL with @why.
 */
int json_read(const char *data, size_t size, json_t **json, struct why *why);

/*
 * A copy of @json, which it takes, and how many bytes that takes, about: what was
 * read above is fast to get and to drop, and has to be copied to stay. NULL where
 * no memory is.
 */
json_t *json_keep(json_t *json, size_t *bytes);

/* The same of a file that is one object, with the format of RESULT_FORMAT. */
int json_read_file(const char *path, json_t **json, struct why *why);
/* Of what such a file holds; @why starts with the line where it is not JSON. */
int json_read_document(const char *data, size_t size, json_t **json,
		       struct why *why);

#endif
