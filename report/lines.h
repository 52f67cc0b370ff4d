/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a file that is not trusted, one at a time. */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include "report/model.h"

struct lines {
	int fd; /* -1: all is in the buffer, which is not ours */
	char *buffer;
	size_t capacity, begin, end;
	uint64_t left; /* bytes of the file that are still to be read */
};

/* Opens a boot's file. 0, -ENOMEM, or -EINVAL with @why. */
int lines_open(struct lines *l, const char *path, struct why *why);
/* The lines of @data, which must outlive them. */
void lines_of(struct lines *l, const char *data, size_t size);
/*
 * The next line, without its newline, good until the next call. 1, 0 at the end,
 * -ENOMEM, or -EINVAL with @why.
 */
int lines_next(struct lines *l, const char **line, size_t *length,
	       struct why *why);
void lines_close(struct lines *l);

#endif
