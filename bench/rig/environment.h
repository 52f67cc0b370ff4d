/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment record: where a boot's numbers are from. */
#ifndef RIG_ENVIRONMENT_H
#define RIG_ENVIRONMENT_H

#include <stddef.h>

#include <jansson.h>

#include "rig/clock.h"
#include "rig/device.h"

/* What only the caller knows; "" where it doesn't. */
struct environment_labels {
	char base[65], variant[65]; /* ids of the kernel; TOKEN_MAX and NUL */
	char config_sha256[65]; /* of /proc/config.gz unpacked */
	char mode[8]; /* "count" or "time" */
};

/*
 * The record of docs/RESULT-FORMAT.md; the caller owns it. What the host does
 * not say is "unknown". Stand-ins are not among the record's devices. NULL if
 * there is no memory.
 */
json_t *environment_record(const struct clock_info *c,
			   const struct environment_labels *labels,
			   struct device *const *devices, size_t n);

/* One entry of its `devices`; same ownership. */
json_t *environment_device(const struct device *d);

#endif
