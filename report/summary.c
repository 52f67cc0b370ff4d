// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/record.h"

struct boot_phases {
	const struct phase **list;
	size_t count;
};

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int merge_totals(const struct phase *const *phases, size_t count,
			struct row *row)
{
	uint64_t *totals = calloc(count, sizeof(*totals));
	uint64_t range;

	if (!totals)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		totals[i] = tally_total(&phases[i]->tally);
	qsort(totals, count, sizeof(*totals), by_size);
	row->total = totals[(count - 1) / 2];
	range = totals[count - 1] - totals[0];
	free(totals);
	row->spread = 0;
	if (range)
		row->spread =
			row->total ? 100.0 * (double)range / (double)row->total
				   : INFINITY;
	return 0;
}

static int merge_quantiles(const struct tally *all, struct row *row)
{
	struct tally_entry *sorted = tally_sorted(all);

	if (!sorted)
		return all->used ? -ENOMEM : 0;
	row->min = sorted[0].value;
	row->median = tally_quantile(all, sorted, 0.5);
	row->p99 = tally_quantile(all, sorted, 0.99);
	row->max = sorted[all->used - 1].value;
	free(sorted);
	return 0;
}

int row_merge(const struct phase *const *phases, size_t count, struct row *row)
{
	struct tally all;
	int err;

	tally_init(&all);
	row->boots = count;
	row->samples = phases[0]->tally.samples;
	row->exact = count > 1 ? EXACT_YES : EXACT_ONE;
	err = merge_totals(phases, count, row);
	for (size_t i = 0; !err && i < count; i++) {
		err = tally_merge(&all, &phases[i]->tally);
		if (!tally_equal(&phases[0]->tally, &phases[i]->tally))
			row->exact = EXACT_NO;
	}
	if (!err)
		err = merge_quantiles(&all, row);
	tally_free(&all);
	return err;
}

static const struct phase *find_phase(const struct cell *cell,
				      const struct phase *like)
{
	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, like->name) &&
		    !strcmp(cell->phases[i].unit, like->unit))
			return &cell->phases[i];
	return NULL;
}

/* The same phase of the same cell in this boot and every later one. */
static int collect(const struct kernel *kernel, size_t first,
		   const struct cell *cell, const struct phase *like,
		   struct boot_phases *found)
{
	for (size_t b = first; b < kernel->boot_count; b++) {
		const struct cell *c = boot_cell(&kernel->boots[b], cell);
		const struct phase *phase = NULL;
		const struct phase **slot;

		if (c && c->status == CELL_OK)
			phase = find_phase(c, like);
		if (!phase)
			continue;
		slot = append((void **)&found->list, &found->count,
			      sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = phase;
	}
	return 0;
}

static int add_row(struct summary *s, const struct kernel *kernel, size_t boot,
		   const struct cell *cell, const struct phase *phase)
{
	struct row *row = append((void **)&s->rows, &s->count, sizeof(*row));
	struct boot_phases found = {0};
	int err;

	if (!row)
		return -ENOMEM;
	row->kernel = kernel;
	row->cell = cell;
	row->phase = phase->name;
	row->unit = phase->unit;
	err = collect(kernel, boot, cell, phase, &found);
	if (!err)
		err = row_merge(found.list, found.count, row);
	free(found.list);
	return err;
}

static bool in_earlier_boot(const struct kernel *kernel, size_t boot,
			    const struct cell *cell)
{
	for (size_t b = 0; b < boot; b++) {
		const struct cell *c = boot_cell(&kernel->boots[b], cell);

		if (c && c->status == CELL_OK)
			return true;
	}
	return false;
}

/* All cells of one benchmark, each where it is met first. */
static int add_benchmark(struct summary *s, const struct kernel *kernel,
			 const char *benchmark)
{
	for (size_t b = 0; b < kernel->boot_count; b++)
		for (size_t c = 0; c < kernel->boots[b].cell_count; c++) {
			const struct cell *cell = &kernel->boots[b].cells[c];

			if (cell->status != CELL_OK ||
			    strcmp(cell->benchmark, benchmark) ||
			    in_earlier_boot(kernel, b, cell))
				continue;
			for (size_t p = 0; p < cell->phase_count; p++) {
				int err = add_row(s, kernel, b, cell,
						  &cell->phases[p]);
				if (err)
					return err;
			}
		}
	return 0;
}

static bool has_benchmark(const struct summary *s, size_t first,
			  const char *benchmark)
{
	for (size_t i = first; i < s->count; i++)
		if (!strcmp(s->rows[i].cell->benchmark, benchmark))
			return true;
	return false;
}

static int add_kernel(struct summary *s, const struct kernel *kernel)
{
	size_t first = s->count;

	for (size_t b = 0; b < kernel->boot_count; b++)
		for (size_t c = 0; c < kernel->boots[b].cell_count; c++) {
			const struct cell *cell = &kernel->boots[b].cells[c];
			int err;

			if (has_benchmark(s, first, cell->benchmark))
				continue;
			err = add_benchmark(s, kernel, cell->benchmark);
			if (err)
				return err;
		}
	return 0;
}

int summary_make(const struct run *run, struct summary *summary)
{
	memset(summary, 0, sizeof(*summary));
	summary->run = run;
	for (size_t k = 0; k < run->kernel_count; k++) {
		int err = add_kernel(summary, &run->kernels[k]);

		if (err) {
			summary_free(summary);
			return err;
		}
	}
	return 0;
}

void summary_free(struct summary *summary)
{
	free(summary->rows);
	memset(summary, 0, sizeof(*summary));
}

void row_exact_text(const struct row *row, char *text, size_t size)
{
	if (row->exact == EXACT_YES)
		snprintf(text, size, "yes");
	else if (row->exact == EXACT_ONE)
		snprintf(text, size, "one");
	else if (row->spread == 0 || row->spread >= 0.001)
		snprintf(text, size, "%.3f%%", row->spread);
	else
		snprintf(text, size, "%.6f%%", row->spread);
}

void summary_print(const struct summary *summary, FILE *out)
{
	fputs("base\tvariant\tbenchmark\tparameters\tphase\tunit\tboots\t"
	      "samples\tmin\tmedian\tp99\tmax\ttotal\texact\n",
	      out);
	for (size_t i = 0; i < summary->count; i++) {
		const struct row *r = &summary->rows[i];
		char exact[32];

		row_exact_text(r, exact, sizeof(exact));
		fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%zu", r->kernel->base,
			r->kernel->variant, r->cell->benchmark, r->cell->key,
			r->phase, r->unit, r->boots);
		fprintf(out,
			"\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			"\t%" PRIu64 "\t%" PRIu64 "\t%s\n",
			r->samples, r->min, r->median, r->p99, r->max, r->total,
			exact);
	}
}

const struct row *summary_row(const struct summary *summary,
			      const struct kernel *kernel,
			      const struct cell *like, const char *phase)
{
	for (size_t i = 0; i < summary->count; i++) {
		const struct row *r = &summary->rows[i];

		if (r->kernel == kernel && !strcmp(r->phase, phase) &&
		    cell_same(r->cell, like))
			return r;
	}
	return NULL;
}

bool row_is_timed(const struct row *row)
{
	return is_timed(row->unit);
}
