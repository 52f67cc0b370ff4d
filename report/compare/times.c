// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/times.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare/words.h"
#include "report/statistics/bootstrap.h"
#include "report/statistics/pair.h"
#include "report/statistics/quantile.h"
#include "report/statistics/verdict.h"

#define TAIL 0.99

/* The rows of one table: Holm counts them together. */
struct family {
	struct contrast **rows;
	struct comparison *judged;
	size_t count;
};

static bool is_time(const struct contrast *row)
{
	return !strcmp(row->unit, "ns") && !row->tail;
}

static bool is_sum(const struct contrast *row)
{
	return is_time(row) && row->sum;
}

static bool is_control(const struct contrast *row)
{
	return is_time(row) && row->nature.control;
}

static bool is_detail(const struct contrast *row)
{
	return is_time(row) && !row->sum && !row->nature.control;
}

/* The boots of both arms as judge() wants them. 0 or -ENOMEM. */
static int fill_paired(const struct contrast *row, struct comparison *to)
{
	struct boot_value *values[2];
	size_t least = row->side[0].boots < row->side[1].boots
			       ? row->side[0].boots
			       : row->side[1].boots;
	double *ratios = calloc(least + 1, sizeof(*ratios));
	int err = ratios ? 0 : -ENOMEM;

	for (int s = 0; s < 2; s++) {
		const struct side *side = &row->side[s];

		values[s] = calloc(side->boots + 1, sizeof(*values[s]));
		if (!values[s])
			err = -ENOMEM;
		for (size_t b = 0; values[s] && b < side->boots; b++)
			values[s][b] = (struct boot_value){
				side->numbers[b], (double)side->values[b]};
	}
	if (!err)
		to->x_count =
			pair_blocks(values[0], row->side[0].boots, values[1],
				    row->side[1].boots, ratios);
	to->x = ratios;
	free(values[0]);
	free(values[1]);
	return err;
}

static int fill_apart(const struct contrast *row, struct comparison *to)
{
	double *logs[2];

	for (int s = 0; s < 2; s++) {
		const struct side *side = &row->side[s];

		logs[s] = calloc(side->boots + 1, sizeof(*logs[s]));
		for (size_t b = 0; logs[s] && b < side->boots; b++)
			logs[s][b] = log((double)side->values[b]);
	}
	to->x = logs[0];
	to->y = logs[1];
	to->x_count = row->side[0].boots;
	to->y_count = row->side[1].boots;
	return to->x && to->y ? 0 : -ENOMEM;
}

/*
 * A change for certain, but of less than the threshold: whether of less in
 * truth, too, the other end of the interval says.
 */
static enum finding found(const struct contrast *row, enum verdict verdict,
			  double threshold)
{
	if (verdict == CHANGED && fabs(row->change) > threshold) {
		if (!row->nature.directed)
			return FOUND_DIFFERS;
		return row->change > 0 ? FOUND_WORSE : FOUND_BETTER;
	}
	if (verdict != NOT_RESOLVED && fabs(row->low) <= threshold &&
	    fabs(row->high) <= threshold)
		return FOUND_NONE;
	return FOUND_UNRESOLVED;
}

static void take(struct contrast *row, const struct comparison *judged,
		 const struct compared *c)
{
	row->change = log_percent(judged->interval.estimate);
	row->low = log_percent(judged->interval.low);
	row->high = log_percent(judged->interval.high);
	row->p = c->rounds ? 1 : judged->adjusted;
	row->detectable =
		c->rounds ? INFINITY : log_percent(judged->detectable);
	row->finding = found(row, c->rounds ? NOT_RESOLVED : judged->verdict,
			     c->threshold);
}

static struct rules rules_of(const struct compared *c)
{
	struct rules rules = rules_default;

	rules.threshold = log1p(c->threshold / 100);
	return rules;
}

static void family_free(struct family *f)
{
	for (size_t i = 0; f->judged && i < f->count; i++) {
		free((double *)f->judged[i].x);
		free((double *)f->judged[i].y);
	}
	free(f->judged);
	free(f->rows);
}

static int judge_family(struct compared *c,
			bool (*belongs)(const struct contrast *row))
{
	struct family f = {0};
	struct rules rules = rules_of(c);
	int err;

	f.rows = calloc(c->rows.count + 1, sizeof(struct contrast *));
	f.judged = calloc(c->rows.count + 1, sizeof(*f.judged));
	err = f.rows && f.judged ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < c->rows.count; i++) {
		struct contrast *row = &c->rows.list[i];

		if (!belongs(row))
			continue;
		f.rows[f.count] = row;
		err = c->same_blocks ? fill_paired(row, &f.judged[f.count])
				     : fill_apart(row, &f.judged[f.count]);
		f.count++;
	}
	if (!err)
		err = judge(f.judged, f.count, &rules);
	for (size_t i = 0; !err && i < f.count; i++)
		take(f.rows[i], &f.judged[i], c);
	family_free(&f);
	return err;
}

/* --- tails --- */

/* The samples of this row in a boot of kernel @side, or NULL. */
static const struct samples *samples_in(const struct compared *c,
					const struct contrast *row, int side,
					unsigned int number)
{
	const struct kernel *k = c->pairs.list[row->pair].kernel[side];

	for (size_t b = 0; b < k->boot_count; b++)
		if (k->boots[b].number == number) {
			const struct phase *phase =
				contrast_phase(row, &k->boots[b]);

			return phase ? &phase->samples : NULL;
		}
	return NULL;
}

/* The boots of one side; where they are paired, those that both sides have. */
static int fill_arm(const struct compared *c, const struct contrast *row,
		    int side, struct arm *arm)
{
	const struct side *s = &row->side[side];
	const struct samples **boots = calloc(s->boots + 1, sizeof(*boots));

	*arm = (struct arm){boots, 0};
	for (size_t b = 0; boots && b < s->boots; b++)
		if (!c->same_blocks || samples_in(c, row, !side, s->numbers[b]))
			boots[arm->count++] =
				samples_in(c, row, side, s->numbers[b]);
	return boots ? 0 : -ENOMEM;
}

static int fill_tail(const struct compared *c, const struct contrast *from,
		     const struct arm arms[2], struct contrast *to)
{
	struct bootstrap how = bootstrap_default;
	struct interval ends, ratio;
	int err = 0;

	how.seed = c->options->seed;
	*to = (struct contrast){.pair = from->pair,
				.cell = from->cell,
				.title = from->title,
				.unit = from->unit,
				.tail = true,
				.nature = {.directed = true}};
	for (int s = 0; !err && s < 2; s++) {
		err = bootstrap_quantile(&arms[s], TAIL, &how, &ends);
		to->side[s].shown = (uint64_t)ends.estimate;
		to->side[s].boots = arms[s].count;
	}
	if (!err)
		err = bootstrap_ratio(&arms[0], &arms[1], c->same_blocks, TAIL,
				      &how, &ratio);
	if (err)
		return err;
	to->change = log_percent(ratio.estimate);
	to->low = log_percent(ratio.low);
	to->high = log_percent(ratio.high);
	to->finding = FOUND_UNRESOLVED;
	return 0;
}

/* Appends the p99 of a row where there are samples and boots enough for it. */
static int add_tail(struct compared *c, size_t index)
{
	const struct contrast *row = &c->rows.list[index];
	struct contrast tail, *slot;
	struct arm arms[2] = {0};
	int err = 0;

	for (int s = 0; !err && s < 2; s++) {
		err = fill_arm(c, row, s, &arms[s]);
		if (!err &&
		    !quantile_backing(arms[s].boots, arms[s].count, TAIL)
			     .enough)
			err = -ENODATA;
	}
	if (!err)
		err = fill_tail(c, row, arms, &tail);
	free((void *)arms[0].boots);
	free((void *)arms[1].boots);
	if (err)
		return err == -ENODATA ? 0 : err;
	slot = append((void **)&c->rows.list, &c->rows.count, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = tail;
	return 0;
}

static int add_tails(struct compared *c)
{
	size_t count = c->rows.count;
	int err = 0;

	for (size_t i = 0; !err && i < count; i++)
		if (is_detail(&c->rows.list[i]))
			err = add_tail(c, i);
	return err;
}

int times_judge(struct compared *c)
{
	int err = judge_family(c, is_sum);

	if (!err)
		err = judge_family(c, is_detail);
	if (!err)
		err = judge_family(c, is_control);
	return err ? err : add_tails(c);
}

void times_needs(const struct compared *c, bool sums, size_t *rows,
		 size_t *boots)
{
	*rows = 0;
	for (size_t i = 0; i < c->rows.count; i++)
		*rows += sums ? is_sum(&c->rows.list[i])
			      : is_detail(&c->rows.list[i]);
	*boots = c->same_blocks ? judge_blocks(*rows, rules_default.alpha)
				: judge_boots(*rows, rules_default.alpha);
}

bool tail_moved(const struct contrast *row)
{
	return row->tail && (row->low > 0 || row->high < 0);
}
