/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not the same on both sides, beside what is to be compared. */
#ifndef REPORT_COMPARE_COMPARABLE_H
#define REPORT_COMPARE_COMPARABLE_H

#include "report/compare/pairs.h"
#include "report/compare/rows.h"

enum weight {
	NOTED, /* said, and compared */
	REFUSED, /* compared with --anyway only */
	HOPELESS, /* never compared */
};

struct difference {
	enum weight weight;
	char *what;
	char *value[2]; /* baseline, other */
	const char *why; /* of a refusal */
};

struct differences {
	struct difference *list;
	size_t count;
};

/*
 * Each difference once, even where all pairs have it. 0 or -ENOMEM; the caller
 * ends it with differences_free(), in any case.
 */
int differences_find(const struct operand operands[2],
		     const struct pairs *pairs, const struct narrowed *narrowed,
		     struct differences *found);
void differences_free(struct differences *found);
/* The heaviest of them; NOTED where there is none. */
enum weight differences_weight(const struct differences *found);

#endif
