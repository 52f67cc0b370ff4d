/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records as lines of JSON, on a file descriptor. */
#ifndef RIG_RECORD_H
#define RIG_RECORD_H

#include <stdint.h>

#include <jansson.h>

#include "pfnbench/tally.h"

struct record_writer {
	int fd;
	uint64_t cells; /* cell records written so far */
};

/*
 * Writes @object as one line, compact, members as they were inserted. The
 * caller keeps its reference. 0, -ENOMEM, or the error of write(), after which
 * a part of the line may be out.
 */
int record_write(struct record_writer *w, json_t *object);

/*
 * [[value, count], ...] by value. NULL where there is no memory, or a value is
 * not below 2^63, which is all that the format and JSON's readers hold.
 */
json_t *record_tally(const struct tally *t);

/*
 * A phase; @counters stay the caller's, and NULL are none. NULL as above.
 */
json_t *record_phase(const char *name, const char *unit, const struct tally *t,
		     json_t *counters);

#endif
