/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two arms beside each other: what is compared, and what was found. */
#ifndef REPORT_COMPARE_CONTRAST_H
#define REPORT_COMPARE_CONTRAST_H

#include "report/compare/operand.h"
#include "report/view.h"

/* A kernel of either operand, and its partner. */
struct pair {
	const struct kernel *kernel[2]; /* baseline, other */
};

enum finding {
	FOUND_SAME, /* to the digit */
	FOUND_NONE, /* no change larger than the threshold */
	FOUND_BETTER,
	FOUND_WORSE,
	FOUND_DIFFERS, /* and neither is better */
	FOUND_UNRESOLVED,
	FOUND_WAIT, /* includes a wait, and its CPU time is another row */
	FOUND_COUNT,
};

/* "same", "worse" and so on, for tables; no spaces in it. */
extern const char *const finding_words[FOUND_COUNT];

/* One row of one kernel: a figure a boot. */
struct side {
	uint64_t *values; /* by boot, in the order of the kernel's boots */
	unsigned int *numbers; /* of those boots */
	size_t boots;
	uint64_t low, high; /* of the values */
	uint64_t shown; /* their lower median, as in summary.tsv */
	uint64_t samples; /* of the first boot */
	bool exact; /* two boots or more have the same samples */
};

/* What a change of a row means. */
struct nature {
	/* More is worse; false: a change is neither worse nor better. */
	bool directed;
	bool control; /* nothing that is compared here can affect it */
	bool wait; /* see FOUND_WAIT */
	/* Smaller differences of the sums say nothing. */
	double resolution;
	uint64_t pages; /* that the row's work is about; 0: none */
};

struct contrast {
	size_t pair;
	const struct cell *cell; /* of the baseline */
	const char *title; /* the phase, or the question */
	const char *unit;
	bool sum; /* of phases: a question of the headline */
	bool tail; /* a p99, of which no verdict is made */
	const char *beside; /* the question that it belongs to, or NULL */
	struct nature nature;
	struct side side[2]; /* baseline, other */
	double change; /* in percent; infinite where the baseline is 0 */
	double low, high; /* the interval of change, or its bounds */
	double p; /* adjusted; time mode only */
	double detectable; /* the smallest in percent; time mode only */
	enum finding finding;
};

/* What one arm has and the other has not. */
struct absent {
	size_t pair;
	int has; /* 0: the baseline, 1: the other, 2: neither measured it */
	const struct cell *cell;
	const char *phase; /* NULL: the whole cell */
	const char *reason;
};

struct contrasts {
	struct contrast *list;
	size_t count;
	struct absent *absent;
	size_t absent_count;
};

#endif
