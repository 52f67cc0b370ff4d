/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a device may not be used. No reason: it may. */
#ifndef HOST_VERDICT_H
#define HOST_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#define MOST_REASONS 32

/*
 * NEVER: data or somebody's work would be lost, what was there could not be put
 * back as it was, or the device can't be measured at all. UNLESS_FORCED: what
 * is lost comes back with the driver.
 */
enum reason_weight {
	NEVER,
	UNLESS_FORCED
};

struct reason {
	const char *code; /* one word, for programs */
	enum reason_weight weight;
	char text[256]; /* a part of a sentence; plain ASCII */
};

struct verdict {
	struct reason reasons[MOST_REASONS];
	size_t count;
};

/*
 * Adds a reason, unless it is there. Where there is no room one that could be
 * forced gives way to one that can't; the verdict stays a refusal in any case.
 */
void verdict_add(struct verdict *v, enum reason_weight weight, const char *code,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* What could not be found out: @what, and the error. */
void verdict_unreadable(struct verdict *v, const char *what, int err);
/* Whether a device may be used: without force, or with it. */
bool verdict_allows(const struct verdict *v, bool force);

#endif
