// SPDX-License-Identifier: GPL-2.0-or-later
/* How good the figures are: the common series, and boot against boot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/host.h"
#include "report/sections.h"

#define LISTED_MAX 40

struct movement {
	size_t compared;
	size_t equal;
	size_t counts_differ; /* faults, leaves, bytes: must not move at all */
	uint64_t
		farthest; /* absolute difference of timed totals, in the unit */
	double largest; /* relative difference of timed totals */
	const struct row *of;
	const struct row *against;
};

static void compare(struct movement *m, const struct row *mine,
		    const struct row *base)
{
	uint64_t difference = mine->total > base->total
				      ? mine->total - base->total
				      : base->total - mine->total;
	double relative =
		(double)difference / (double)(base->total ? base->total : 1);

	m->compared++;
	m->equal += !difference;
	if (!difference)
		return;
	if (!row_is_timed(mine)) {
		m->counts_differ++;
		return;
	}
	if (difference > m->farthest)
		m->farthest = difference;
	if (relative > m->largest) {
		m->largest = relative;
		m->of = mine;
		m->against = base;
	}
}

static void say_movement(struct doc *doc, const char *base,
			 const struct movement *m, const char *unit)
{
	char a[32], b[32], c[32];

	doc_para(
		doc,
		"On %s, `huge-fault` (the common series, inert) against `base` "
		"(untouched): %zu figures compared by their totals%s, %zu "
		"equal "
		"to the digit; %zu of those that count faults, leaves, bytes "
		"or signals differ.",
		base, m->compared,
		strcmp(unit, "instructions")
			? ""
			: " (without `reset`, which counts its waits)",
		m->equal, m->counts_differ);
	if (!m->of)
		return;
	doc_para(doc,
		 "The largest difference of one figure is %s %s. The largest "
		 "relative one is %.3f%%: %s `%s`, phase `%s`, %s against %s.",
		 grouped(c, m->farthest), unit, 100 * m->largest,
		 m->of->cell->benchmark, m->of->cell->key, m->of->phase,
		 grouped(a, m->of->total), grouped(b, m->against->total));
}

/*
 * The movement of the phase that row @i has, over all cells of its benchmark.
 * False where an earlier row has that phase, or nothing can be compared.
 */
static bool phase_movement(const struct summary *s, size_t i,
			   const struct kernel *base, struct movement *m)
{
	const struct row *first = &s->rows[i];

	memset(m, 0, sizeof(*m));
	for (size_t j = 0; j < s->count; j++) {
		const struct row *row = &s->rows[j], *other;

		if (row->kernel != first->kernel ||
		    strcmp(row->phase, first->phase) ||
		    strcmp(row->cell->benchmark, first->cell->benchmark))
			continue;
		if (j < i)
			return false;
		other = summary_row(s, base, row->cell, row->phase);
		if (other)
			compare(m, row, other);
	}
	return m->compared;
}

static void movement_row(struct table *table, const struct row *first,
			 const struct movement *m)
{
	char text[32];

	table_cell(table, "%s", first->cell->benchmark);
	table_cell(table, "%s", first->phase);
	table_cell(table, "%zu", m->compared);
	table_cell(table, "%zu", m->equal);
	table_cell(table, "%s", grouped(text, m->farthest));
	table_cell(table, "%.3f%%", 100 * m->largest);
	table_cell(table, "%s", m->of ? grouped(text, m->of->total) : "-");
	table_cell(table, "%s", m->of ? grouped(text, m->against->total) : "-");
}

/* The largest differences of each phase, so that a small phase hides none. */
static void movement_table(struct doc *doc, const struct summary *s,
			   const struct kernel *mine, const struct kernel *base)
{
	struct movement m;
	struct table table;

	doc_para(doc,
		 "By phase: the largest difference in %s, the largest "
		 "relative one, and the two figures it is of (- where all are "
		 "equal).",
		 s->run->unit);
	table_init(&table, 2);
	table_head(&table, "benchmark");
	table_head(&table, "phase");
	table_head(&table, "cells");
	table_head(&table, "equal");
	table_head(&table, "largest");
	table_head(&table, "relative");
	table_head(&table, "huge-fault");
	table_head(&table, "base");
	for (size_t i = 0; i < s->count; i++) {
		const struct row *row = &s->rows[i];

		if (row->kernel == mine && row_is_timed(row) &&
		    phase_movement(s, i, base, &m))
			movement_row(&table, row, &m);
	}
	doc_table(doc, &table);
}

/*
 * A reset waits for the device, and in counts the clock runs on meanwhile: what
 * differs there is the wait. `reset-cpu` has the work.
 */
static bool is_waiting(const struct summary *s, const struct row *row)
{
	return run_counts(s->run) && !strcmp(row->phase, "reset");
}

static void common(struct doc *doc, const struct summary *s, const char *id)
{
	const struct kernel *base = find_kernel(s->run, id, "base");
	const struct kernel *mine = find_kernel(s->run, id, "huge-fault");
	struct movement m = {0};

	for (size_t i = 0; base && mine && i < s->count; i++) {
		const struct row *row = &s->rows[i], *other;

		if (row->kernel != mine || is_waiting(s, row))
			continue;
		other = summary_row(s, base, row->cell, row->phase);
		if (other)
			compare(&m, row, other);
	}
	if (!m.compared) {
		doc_para(doc,
			 "On %s, `base` and `huge-fault` have no figure in "
			 "common: what the common series moves is not shown.",
			 id);
		return;
	}
	say_movement(doc, id, &m, s->run->unit);
	if (doc_is_detailed(doc) && m.of)
		movement_table(doc, s, mine, base);
}

void section_common(struct doc *doc, const struct summary *s)
{
	const char *base;

	for (size_t i = 0; (base = base_at(s->run, i)); i++)
		common(doc, s, base);
}

static int by_spread(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;

	if (x->spread != y->spread)
		return x->spread < y->spread ? 1 : -1;
	return (x > y) - (x < y); /* the order of the summary */
}

static void spread_table(struct doc *doc, const struct row **rows, size_t count)
{
	struct table table;
	char text[32];

	table_init(&table, 3);
	table_head(&table, "kernel");
	table_head(&table, "cell");
	table_head(&table, "phase");
	table_head(&table, "total");
	table_head(&table, "spread");
	for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
		const struct row *r = rows[i];

		table_cell(&table, "%s %s", r->kernel->base,
			   r->kernel->variant);
		table_cell(&table, "%s %s", r->cell->benchmark, r->cell->key);
		table_cell(&table, "%s", r->phase);
		table_cell(&table, "%s", grouped(text, r->total));
		row_exact_text(r, text, sizeof(text));
		table_cell(&table, "%s", text);
	}
	doc_table(doc, &table);
	if (count > LISTED_MAX)
		doc_para(doc, "%zu more, with less spread, are in summary.tsv.",
			 count - LISTED_MAX);
}

static void say_exact(struct doc *doc, const struct summary *s, size_t exact,
		      size_t inexact, size_t one, double worst)
{
	if (run_counts(s->run))
		doc_para(doc,
			 "Of %zu figures %zu are exact (two boots or more have "
			 "the same tally to the digit), %zu are not, %zu come "
			 "from one boot.%s",
			 s->count, exact, inexact, one,
			 inexact ? " The usual reason is a timer tick inside "
				   "the phase."
				 : "");
	else
		doc_para(doc,
			 "These are times: %ss differ. Of %zu figures %zu "
			 "come from two %ss or more; the largest spread of "
			 "their totals is %.3f%%.",
			 run_replicate(s->run), s->count, exact + inexact,
			 run_replicate(s->run), worst);
}

void section_exactness(struct doc *doc, const struct summary *s)
{
	const struct row **rows = calloc(s->count + 1, sizeof(*rows));
	size_t exact = 0, inexact = 0, one = 0;
	double worst = 0;

	doc->failed |= !rows;
	for (size_t i = 0; rows && i < s->count; i++) {
		const struct row *row = &s->rows[i];

		exact += row->exact == EXACT_YES;
		one += row->exact == EXACT_ONE;
		if (row->exact == EXACT_NO)
			rows[inexact++] = row;
		worst = fmax(worst, row->spread);
	}
	say_exact(doc, s, exact, inexact, one, worst);
	if (rows && inexact && doc_is_detailed(doc)) {
		qsort(rows, inexact, sizeof(*rows), by_spread);
		spread_table(doc, rows, inexact);
	}
	free(rows);
}
