// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many first touches take how long, and what the slow ones do. A record has
 * the costs of touches without their order, so a touch's cause isn't in it; but
 * the same cell counts its faults and the page-table pages that came with them.
 * Both cost more than a touch that does neither, so the n-th slowest touch, n
 * being either count, is where that cause begins.
 */
#include "report/plots/plots.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A page table's size, and what one touch is of. */
#define PAGE 4096

/*
 * Two points nearer than this, as ratios, are one on paper: in counts they are
 * few anyway, in ns every touch has its own.
 */
#define NEAR_VALUE 1.02
#define NEAR_COUNT 1.1

struct curve {
	const struct plotted *p;
	const struct kernel *kernel;
	const struct cell *cell;
	size_t boots; /* that have it */
	struct samples all; /* of these together */
};

/* Adds @from to @to. */
static int merge(struct samples *to, const struct samples *from)
{
	struct samples both;
	size_t i = 0, j = 0;
	int err = samples_reserve(&both, to->distinct + from->distinct);

	while (!err && (i < to->distinct || j < from->distinct)) {
		uint64_t a = i < to->distinct ? to->steps[i].value : UINT64_MAX;
		uint64_t b =
			j < from->distinct ? from->steps[j].value : UINT64_MAX;
		uint64_t count = 0;

		if (a <= b)
			count += samples_at(to, i++);
		if (b <= a)
			count += samples_at(from, j++);
		err = samples_add(&both, a < b ? a : b, count);
	}
	if (err) {
		samples_free(&both);
		return -ENOMEM;
	}
	samples_free(to);
	*to = both;
	return 0;
}

static int merge_boots(struct curve *c)
{
	int err = 0;

	for (size_t b = 0; !err && b < c->kernel->boot_count; b++) {
		const struct samples *samples = plot_samples(
			&c->kernel->boots[b], c->cell, "first-touch");

		if (!samples)
			continue;
		err = merge(&c->all, samples);
		c->boots++;
	}
	return err;
}

static void print_point(const struct curve *c, const char *what, uint64_t value,
			uint64_t touches)
{
	fprintf(c->p->out,
		"%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%zu\n",
		cell_parameter(c->cell, "align"),
		cell_parameter(c->cell, "length"), c->kernel->variant, what,
		value, touches, c->all.count, c->boots);
}

/* So many touches take the i-th value or more. */
static uint64_t touches_from(const struct curve *c, size_t i)
{
	return c->all.count - (i ? c->all.steps[i - 1].upto : 0);
}

/* The first and the last value are always there. */
static void print_costs(const struct curve *c)
{
	double last_value = 0, last_touches = 0;

	for (size_t i = 0; i < c->all.distinct; i++) {
		uint64_t value = c->all.steps[i].value;
		uint64_t touches = touches_from(c, i);

		if (i && i + 1 < c->all.distinct &&
		    (double)value < last_value * NEAR_VALUE &&
		    (double)touches * NEAR_COUNT > last_touches)
			continue;
		print_point(c, "cost", value, touches);
		last_value = (double)value;
		last_touches = (double)touches;
	}
}

/* Where the @n slowest of each boot begin. */
static void print_cause(const struct curve *c, const char *what, uint64_t n)
{
	size_t i = 0;

	if (!n || n > c->all.count / c->boots)
		return;
	while (i + 1 < c->all.distinct &&
	       touches_from(c, i + 1) >= n * c->boots)
		i++;
	print_point(c, what, c->all.steps[i].value, n * c->boots);
}

static void print_causes(const struct curve *c)
{
	static const struct measure before = {"",
					      {{"page-tables-before", TOTAL}}};
	static const struct measure after = {"",
					     {{"page-tables-after", TOTAL}}};
	uint64_t faults, from, to;

	if (!measure_value(c->p->s, c->kernel, c->cell, &measure_faults,
			   &faults))
		return;
	print_cause(c, "faults", faults);
	/* Tables that came without a fault each, mark no touch. */
	if (!measure_value(c->p->s, c->kernel, c->cell, &before, &from) ||
	    !measure_value(c->p->s, c->kernel, c->cell, &after, &to) ||
	    to <= from || (to - from) / PAGE > faults)
		return;
	print_cause(c, "tables", (to - from) / PAGE);
}

static int print_curve(const struct plotted *p, const struct kernel *kernel,
		       const struct cell *cell)
{
	struct curve c = {.p = p, .kernel = kernel, .cell = cell};
	int err = merge_boots(&c);

	if (!err && c.all.count) {
		print_costs(&c);
		print_causes(&c);
	}
	samples_free(&c.all);
	return err;
}

/* The longest of those with the least alignment, where it is not the best. */
static const struct cell *least_aligned(const struct plotted *p,
					const struct cell_list *list)
{
	const struct cell *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		uint64_t align = parameter_number(cell, "align");
		uint64_t least = best ? parameter_number(best, "align")
				      : size_bytes(p->choice->align);

		if (align < least || (best && align == least &&
				      parameter_number(cell, "length") >
					      parameter_number(best, "length")))
			best = cell;
	}
	return best;
}

int plot_first_touch(const struct plotted *p)
{
	const struct filter filter = {"first-touch",
				      {{"target", p->choice->target},
				       {"access", "read"},
				       {"order", "ascending"}}};
	const struct kernel *kernel;
	const struct cell *cells[2];
	struct cell_list list;
	int err = plot_cells(p, &filter, &list);

	fputs("align\tlength\tvariant\twhat\tvalue\ttouches\tof\tboots\n",
	      p->out);
	cells[0] = p->choice->first_touch;
	cells[1] = cells[0] ? least_aligned(p, &list) : NULL;
	for (size_t i = 0; i < COUNT(cells) && cells[i]; i++)
		for (size_t k = 0; !err && (kernel = plot_next(p, &k));)
			err = print_curve(p, kernel, cells[i]);
	free(list.cells);
	return err;
}
