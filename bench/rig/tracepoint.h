/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracepoints by name, through tracefs. */
#ifndef RIG_TRACEPOINT_H
#define RIG_TRACEPOINT_H

#include <stdint.h>

/*
 * The id of subsystem:name. -EINVAL where @name is not of that form, -ENOENT
 * where there is no such tracepoint, -ENODEV where no tracefs is mounted, or
 * the error of reading it.
 */
int tracepoint_id(const char *name, uint64_t *id);

/* Calls @fn for each tracepoint's name, as far as tracefs can be read. */
void tracepoint_each(void (*fn)(void *context, const char *name),
		     void *context);

#endif
