/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a host moves times: clocks that change, cores that are shared, others
 * that run, sleeping cores, and what happened meanwhile (time stolen, clocks
 * throttled). Read, never set: scripts/host/quiet sets what helps, if asked. Each that
 * is not as a measurement likes it is one warning, a sentence without a full stop
 * that begins with its name and a colon.
 */
#ifndef RIG_NOISE_H
#define RIG_NOISE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#define NOISE_UNKNOWN (-1)

/* Counters that grow, at one time; NOISE_UNKNOWN where the host does not say. */
struct noise_counts {
	int64_t steal, all; /* ticks of all CPUs, /proc/stat */
	int64_t package_throttled, core_throttled; /* events of all CPUs */
};

/*
 * The host as it is: an object for the environment record, of docs/RESULT-FORMAT.md,
 * with its `warnings`, and @now for noise_after(). @root stands before /proc, /sys
 * and /dev: "", or a made-up tree. The caller owns it; NULL: out of memory.
 */
json_t *noise_before(const char *root, struct noise_counts *now);

/* What came since @then: an object for the end record, with its `warnings`. */
json_t *noise_after(const char *root, const struct noise_counts *then);

/* Each of @noise's warnings as a line on stderr: `pfnbench: WARNING`. */
void noise_tell(const json_t *noise);

#endif
