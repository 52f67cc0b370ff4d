/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the boots of all rows of one table to a verdict on each. */
#ifndef REPORT_STATISTICS_VERDICT_H
#define REPORT_STATISTICS_VERDICT_H

#include "report/statistics/interval.h"

enum verdict {
	NOT_RESOLVED,
	NO_CHANGE, /* none that is larger than the threshold */
	CHANGED,
};

struct rules {
	double alpha; /* of the whole table */
	double threshold; /* a log ratio: log(1.01) for 1 % */
	double power; /* for the smallest difference that could be seen */
};

/* 5 % of tables, 1 %, 80 %. */
extern const struct rules rules_default;

struct comparison {
	/*
	 * Paired: the log ratios of the blocks in @x, and @y is NULL. Else the
	 * logs of the baseline's boots in @x, of the other's in @y.
	 */
	const double *x, *y;
	size_t x_count, y_count;

	/* What judge() fills in. */
	double p; /* of this row alone */
	double adjusted; /* after Holm, over the rows of the table */
	double alpha; /* the interval is asked to have 1 - alpha */
	/*
	 * Of the log ratio. It leaves out 0 if and only if the verdict is
	 * CHANGED; its confidence is less than 1 - alpha where there are too
	 * few boots, and then the verdict is NOT_RESOLVED. From -INFINITY to
	 * INFINITY where an arm is empty.
	 */
	struct interval interval;
	/* The smallest log ratio that such a run finds; may be INFINITY. */
	double detectable;
	enum verdict verdict;
};

/*
 * Judges all rows of a table together. A row without boots is not one of the
 * rows that Holm counts. 0; -E2BIG (see RANK_MAX); -EDOM of a NaN; -ENOMEM.
 */
int judge(struct comparison *rows, size_t count, const struct rules *rules);

/*
 * Blocks without which nothing in a table of @rows rows can be `changed`: the
 * smallest p times the rows must be alpha at most. Paired, and for each of two
 * arms that are not paired.
 */
size_t judge_blocks(size_t rows, double alpha);
size_t judge_boots(size_t rows, double alpha);

/*
 * "changed", "no change larger than 1%" (the threshold), "not resolved"; @text
 * needs 48 bytes.
 */
const char *verdict_words(char *text, enum verdict verdict,
			  const struct rules *rules);

#endif
