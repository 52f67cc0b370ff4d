// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the verdicts promise, for a table of m rows and alpha = 5 %:
 *
 * changed: of all tables, at most 5 % call a row changed that is not (Holm).
 * no change larger than X: read from intervals of 1 - alpha/m, which for all
 *	rows together miss at most 5 %; a row that did change by more than X is
 *	outside on one side only, so at most 2.5 % of all tables say this of one.
 * not resolved: all else. It is no statement of the kernels but of the run.
 *
 * A row that changed by less than X is `changed`: the interval says how little.
 */
#include "report/statistics/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/statistics/holm.h"
#include "report/statistics/rank.h"
#include "report/statistics/sign.h"

/* log(1.01) */
const struct rules rules_default = {0.05, 0.00995033085316808285, 0.8};

static bool has_boots(const struct comparison *row)
{
	return row->x_count && (!row->y || row->y_count);
}

static int test(struct comparison *row)
{
	row->p = 1;
	if (!row->y) {
		row->p = sign_p(row->x, row->x_count);
		return 0;
	}
	return rank_p(row->x, row->x_count, row->y, row->y_count, &row->p);
}

static int estimate(struct comparison *row)
{
	return row->y ? rank_interval(row->x, row->x_count, row->y,
				      row->y_count, row->alpha, &row->interval)
		      : sign_interval(row->x, row->x_count, row->alpha,
				      &row->interval);
}

static double detectable(const struct comparison *row, double alpha,
			 double power)
{
	return row->y ? rank_detectable(row->x, row->x_count, row->y,
					row->y_count, alpha, power)
		      : sign_detectable(row->x, row->x_count, alpha, power);
}

/*
 * With ties, a midrank test can reject where an end of the interval is exactly
 * 0: such a row is not `changed`. It can also, if rarely, not reject where the
 * interval, which knows no ties, leaves out 0: then the interval is widened to it.
 */
static enum verdict decide(struct comparison *row, const struct rules *rules,
			   bool enough)
{
	bool rejected = at_most(row->adjusted, rules->alpha);

	if (!enough)
		return NOT_RESOLVED;
	if (rejected && interval_excludes_zero(&row->interval))
		return CHANGED;
	row->interval.low = fmin(row->interval.low, 0);
	row->interval.high = fmax(row->interval.high, 0);
	if (interval_farthest(&row->interval) <= rules->threshold)
		return NO_CHANGE;
	return NOT_RESOLVED;
}

/* The rows that have boots, together. */
static int judge_rows(struct comparison **rows, size_t count,
		      const struct rules *rules, double *p, double *adjusted)
{
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		err = test(rows[i]);
		p[i] = rows[i]->p;
	}
	if (!err)
		err = holm_adjust(p, count, adjusted);
	for (size_t i = 0; !err && i < count; i++) {
		struct comparison *row = rows[i];

		row->adjusted = adjusted[i];
		row->alpha = holm_alpha(p, adjusted, count, i, rules->alpha);
		err = estimate(row);
		if (err && err != -ENODATA)
			return err;
		row->verdict = decide(row, rules, !err);
		row->detectable = detectable(row, rules->alpha / (double)count,
					     rules->power);
		err = 0;
	}
	return err;
}

int judge(struct comparison *rows, size_t count, const struct rules *rules)
{
	struct comparison **having =
		calloc(count + 1, sizeof(struct comparison *));
	double *p = calloc(2 * count + 1, sizeof(*p));
	int err = having && p ? 0 : -ENOMEM;
	size_t judged = 0;

	for (size_t i = 0; !err && i < count; i++) {
		struct comparison *row = &rows[i];

		row->p = row->adjusted = 1;
		row->alpha = rules->alpha;
		row->interval = (struct interval){-INFINITY, INFINITY, 0, 0};
		row->detectable = INFINITY;
		row->verdict = NOT_RESOLVED;
		if (has_boots(row))
			having[judged++] = row;
	}
	if (!err)
		err = judge_rows(having, judged, rules, p, p + count);
	free(having);
	free(p);
	return err;
}

size_t judge_blocks(size_t rows, double alpha)
{
	return sign_blocks(alpha / (double)(rows ? rows : 1));
}

size_t judge_boots(size_t rows, double alpha)
{
	return rank_boots(alpha / (double)(rows ? rows : 1));
}

const char *verdict_words(char *text, enum verdict verdict,
			  const struct rules *rules)
{
	if (verdict == NO_CHANGE)
		snprintf(text, 48, "no change larger than %.3g%%",
			 log_percent(rules->threshold));
	else
		strcpy(text, verdict == CHANGED ? "changed" : "not resolved");
	return text;
}
