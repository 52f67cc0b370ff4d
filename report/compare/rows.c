// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare/nature.h"

struct maker {
	const struct operand *operands;
	const struct pairs *pairs;
	const struct narrowed *narrowed;
	struct contrasts *rows;
};

static const struct phase *find_phase(const struct boot *boot,
				      const struct cell *like, const char *name,
				      const char *unit)
{
	const struct cell *cell = boot_cell(boot, like);

	if (!cell || cell->status != CELL_OK)
		return NULL;
	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, name) &&
		    (!unit || !strcmp(cell->phases[i].unit, unit)))
			return &cell->phases[i];
	return NULL;
}

const struct phase *contrast_phase(const struct contrast *row,
				   const struct boot *boot)
{
	return find_phase(boot, row->cell, row->title, row->unit);
}

static uint64_t phase_value(const struct phase *phase, enum statistic statistic)
{
	const struct samples *samples = &phase->samples;

	if (statistic == TOTAL)
		return samples_total(samples);
	return samples_quantile(&samples, 1, statistic == MEDIAN ? 0.5 : 0.99);
}

/* The sum of @measure in one boot; false where a term of it is missing. */
static bool boot_sum(const struct boot *boot, const struct cell *like,
		     const struct measure *measure, uint64_t *sum)
{
	*sum = 0;
	for (size_t i = 0; i < TERMS_MAX && measure->terms[i].phase; i++) {
		const struct term *term = &measure->terms[i];
		const struct phase *phase =
			find_phase(boot, like, term->phase, NULL);

		if (!phase)
			return false;
		if (__builtin_add_overflow(
			    *sum, phase_value(phase, term->statistic), sum))
			*sum = UINT64_MAX;
	}
	return true;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int add_value(struct side *side, uint64_t value, unsigned int number)
{
	size_t numbers = side->boots;
	unsigned int *slot =
		append((void **)&side->numbers, &numbers, sizeof(*slot));
	uint64_t *to =
		slot ? append((void **)&side->values, &side->boots, sizeof(*to))
		     : NULL;

	if (!to)
		return -ENOMEM;
	*slot = number;
	*to = value;
	return 0;
}

/* What follows from the values alone. */
static int settle(struct side *side)
{
	uint64_t *sorted = calloc(side->boots + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	if (side->boots) {
		memcpy(sorted, side->values, side->boots * sizeof(*sorted));
		qsort(sorted, side->boots, sizeof(*sorted), by_size);
		side->low = sorted[0];
		side->high = sorted[side->boots - 1];
		side->shown = sorted[(side->boots - 1) / 2];
	}
	free(sorted);
	return 0;
}

static int fill_side(const struct contrast *row, const struct kernel *kernel,
		     bool counts, struct side *side)
{
	const struct phase *first = NULL;
	/* A time is compared by its median, a count by its sum. */
	enum statistic statistic = counts ? TOTAL : MEDIAN;
	int err = 0;

	side->exact = true;
	for (size_t b = 0; !err && b < kernel->boot_count; b++) {
		const struct boot *boot = &kernel->boots[b];
		const struct phase *phase = contrast_phase(row, boot);

		if (!phase || (statistic == MEDIAN && !phase->samples.count))
			continue;
		if (!first)
			side->samples = phase->samples.count;
		else if (!samples_equal(&first->samples, &phase->samples))
			side->exact = false;
		first = first ? first : phase;
		err = add_value(side, phase_value(phase, statistic),
				boot->number);
	}
	side->exact &= side->boots > 1;
	return err ? err : settle(side);
}

static int fill_sum(const struct cell *like, const struct measure *measure,
		    const struct kernel *kernel, struct side *side)
{
	int err = 0;

	for (size_t b = 0; !err && b < kernel->boot_count; b++) {
		const struct boot *boot = &kernel->boots[b];
		uint64_t sum;

		if (boot_sum(boot, like, measure, &sum))
			err = add_value(side, sum, boot->number);
	}
	if (!err)
		err = settle(side);
	side->samples = 1;
	side->exact = side->boots > 1 && side->low == side->high;
	return err;
}

bool contrast_same(const struct contrast *row, const struct pairs *pairs)
{
	const struct pair *pair = &pairs->list[row->pair];
	const struct phase *first = NULL;

	if (row->sum)
		return row->side[0].low == row->side[1].high &&
		       row->side[0].high == row->side[1].low;
	for (int s = 0; s < 2; s++)
		for (size_t b = 0; b < pair->kernel[s]->boot_count; b++) {
			const struct phase *phase =
				contrast_phase(row, &pair->kernel[s]->boots[b]);

			if (!phase)
				continue;
			first = first ? first : phase;
			if (!samples_equal(&first->samples, &phase->samples))
				return false;
		}
	return true;
}

static struct contrast *new_row(struct maker *m, size_t pair)
{
	struct contrast *row =
		append((void **)&m->rows->list, &m->rows->count, sizeof(*row));

	if (row)
		row->pair = pair;
	return row;
}

static bool is_counted(const struct maker *m, const char *unit)
{
	return run_counts(m->operands[0].run) || strcmp(unit, "ns");
}

static int add_phase(struct maker *m, size_t pair, const struct row *from)
{
	struct contrast *row = new_row(m, pair);
	bool counts = is_counted(m, from->unit);
	int err = 0;

	if (!row)
		return -ENOMEM;
	row->cell = from->cell;
	row->title = from->phase;
	row->unit = from->unit;
	for (int s = 0; !err && s < 2; s++)
		err = fill_side(row, m->pairs->list[pair].kernel[s], counts,
				&row->side[s]);
	row->nature = nature_of(row->cell, row->title, row->unit,
				row->side[0].samples, counts);
	return err;
}

static int add_absent(struct maker *m, size_t pair, int has,
		      const struct cell *cell, const char *phase,
		      const char *reason)
{
	struct absent *a = append((void **)&m->rows->absent,
				  &m->rows->absent_count, sizeof(*a));

	if (!a)
		return -ENOMEM;
	*a = (struct absent){pair, has, cell, phase, reason};
	return 0;
}

static bool wanted(const struct maker *m, const struct cell *cell,
		   const char *phase)
{
	return (!m->narrowed->benchmark ||
		!strcmp(cell->benchmark, m->narrowed->benchmark)) &&
	       (!phase || !m->narrowed->phase ||
		!strcmp(phase, m->narrowed->phase));
}

static const struct row *same_row(const struct operand *o,
				  const struct kernel *kernel,
				  const struct row *like)
{
	const struct row *row =
		summary_row(&o->summary, kernel, like->cell, like->phase);

	return row && !strcmp(row->unit, like->unit) ? row : NULL;
}

/* Has this kernel measured the cell at all? */
static bool measured(const struct kernel *kernel, const struct cell *like)
{
	for (size_t b = 0; b < kernel->boot_count; b++) {
		const struct cell *cell = boot_cell(&kernel->boots[b], like);

		if (cell && cell->status == CELL_OK)
			return true;
	}
	return false;
}

/* A row that the other arm lacks: once a cell, or by itself. */
static int lack(struct maker *m, size_t pair, int has, const struct row *row,
		const struct cell **last)
{
	const struct kernel *other = m->pairs->list[pair].kernel[!has];

	if (measured(other, row->cell))
		return add_absent(m, pair, has, row->cell, row->phase,
				  "the cell lacks this phase");
	if (*last == row->cell)
		return 0;
	*last = row->cell;
	return add_absent(m, pair, has, row->cell, NULL,
			  missing_reason(other, row->cell));
}

/* The phases of a pair, and what one arm lacks; @has: whose rows are gone through. */
static int add_rows(struct maker *m, size_t pair, int has)
{
	const struct operand *o = &m->operands[has];
	const struct pair *p = &m->pairs->list[pair];
	const struct cell *last = NULL;
	int err = 0;

	for (size_t i = 0; !err && i < o->summary.count; i++) {
		const struct row *row = &o->summary.rows[i];

		if (row->kernel != p->kernel[has] ||
		    !wanted(m, row->cell, row->phase))
			continue;
		if (!same_row(&m->operands[!has], p->kernel[!has], row))
			err = lack(m, pair, has, row, &last);
		else if (!has)
			err = add_phase(m, pair, row);
	}
	return err;
}

/* Cells that neither arm has measured, by the baseline's reason. */
static int add_unmeasured(struct maker *m, size_t pair)
{
	const struct pair *p = &m->pairs->list[pair];
	const struct boot *boot = p->kernel[0]->boots;
	int err = 0;

	if (!p->kernel[0]->boot_count)
		return 0;
	for (size_t i = 0; !err && i < boot->cell_count; i++) {
		const struct cell *cell = &boot->cells[i];

		if (cell->status != CELL_OK && wanted(m, cell, NULL) &&
		    !measured(p->kernel[0], cell) &&
		    !measured(p->kernel[1], cell))
			err = add_absent(m, pair, 2, cell, NULL, cell->reason);
	}
	return err;
}

/* The rows of the baseline that have a partner, for choose() to look at. */
static int shared_summary(struct maker *m, size_t pair, struct summary *shared)
{
	const struct pair *p = &m->pairs->list[pair];
	const struct summary *all = &m->operands[0].summary;

	*shared = (struct summary){.run = all->run};
	for (size_t i = 0; i < all->count; i++) {
		const struct row *row = &all->rows[i];
		struct row *slot;

		if (row->kernel != p->kernel[0] ||
		    !same_row(&m->operands[1], p->kernel[1], row))
			continue;
		slot = append((void **)&shared->rows, &shared->count,
			      sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = *row;
	}
	return 0;
}

static int add_sum(struct maker *m, size_t pair, const struct question *q)
{
	struct contrast *row = new_row(m, pair);
	int err = 0;

	if (!row)
		return -ENOMEM;
	row->cell = q->like;
	row->title = q->title;
	row->unit = m->operands[0].run->unit;
	row->sum = true;
	row->nature = nature_of_sum(q->like, q->measure);
	for (int s = 0; !err && s < 2; s++)
		err = fill_sum(q->like, q->measure,
			       m->pairs->list[pair].kernel[s], &row->side[s]);
	if (!err && (!row->side[0].boots || !row->side[1].boots)) {
		free(row->side[0].values);
		free(row->side[0].numbers);
		free(row->side[1].values);
		free(row->side[1].numbers);
		m->rows->count--;
	}
	return err;
}

/* Counts that stand beside the questions, from the cells they are about. */
static void mark_beside(struct maker *m, size_t from, const struct choice *c)
{
	const struct {
		const struct cell *cell;
		const char *words;
		bool faults;
	} places[] = {
		{c->first_touch, "first reach", true},
		{c->toggle, "off/on", true},
		{c->reset, "reset", true},
		{c->leaves, "mapped", false},
	};

	for (size_t i = from; i < m->rows->count; i++) {
		struct contrast *row = &m->rows->list[i];

		for (size_t p = 0; p < sizeof(places) / sizeof(*places); p++)
			if (!row->sum && places[p].cell &&
			    cell_same(places[p].cell, row->cell) &&
			    (places[p].faults
				     ? !strcmp(row->unit, "faults")
				     : !strcmp(row->unit, "bytes") ||
					       !strcmp(row->unit, "leaves")))
				row->beside = places[p].words;
	}
}

static int add_pair(struct maker *m, size_t pair)
{
	struct question questions[QUESTIONS];
	struct summary shared = {0};
	struct choice choice;
	size_t from = m->rows->count;
	int err = shared_summary(m, pair, &shared);
	bool chosen =
		!err &&
		choose(&shared, m->pairs->list[pair].kernel[0]->base, &choice);

	if (chosen && !m->narrowed->phase) {
		ask(m->operands[0].run, &choice, questions);
		for (size_t i = 0; !err && i < QUESTIONS; i++)
			if (questions[i].like &&
			    wanted(m, questions[i].like, NULL))
				err = add_sum(m, pair, &questions[i]);
	}
	if (!err)
		err = add_rows(m, pair, 0);
	if (!err)
		err = add_rows(m, pair, 1);
	if (!err)
		err = add_unmeasured(m, pair);
	if (!err && chosen)
		mark_beside(m, from, &choice);
	free(shared.rows);
	return err;
}

int contrasts_make(const struct operand operands[2], const struct pairs *pairs,
		   const struct narrowed *narrowed, struct contrasts *rows)
{
	struct maker m = {operands, pairs, narrowed, rows};
	int err = 0;

	memset(rows, 0, sizeof(*rows));
	for (size_t p = 0; !err && p < pairs->count; p++)
		err = add_pair(&m, p);
	return err;
}

void contrasts_free(struct contrasts *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		for (int s = 0; s < 2; s++) {
			free(rows->list[i].side[s].values);
			free(rows->list[i].side[s].numbers);
		}
	free(rows->list);
	free(rows->absent);
	memset(rows, 0, sizeof(*rows));
}
