// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/record.h"
#include "report/statistics/quantile.h"
#include "report/view.h"

/* One phase of a cell, in each boot that has it. */
struct boot_samples {
	const struct samples **list;
	size_t count;
};

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int merge_totals(const struct samples *const *list, size_t count,
			struct row *row)
{
	uint64_t *totals = calloc(count, sizeof(*totals));
	uint64_t range;

	if (!totals)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		totals[i] = samples_total(list[i]);
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

uint64_t p99_needs(void)
{
	return quantile_needs(0.99, 0.05);
}

static void count_samples(const struct samples *const *list, size_t count,
			  struct row *row)
{
	uint64_t least = list[0]->count;

	row->samples = list[0]->count;
	row->all_samples = 0;
	for (size_t i = 0; i < count; i++) {
		row->all_samples += list[i]->count;
		if (list[i]->count < least)
			least = list[i]->count;
	}
	row->p99_stands = least >= p99_needs();
}

int row_merge(const struct samples *const *list, size_t count, struct row *row)
{
	row->boots = count;
	count_samples(list, count, row);
	row->exact = count > 1 ? EXACT_YES : EXACT_ONE;
	for (size_t i = 1; i < count; i++)
		if (!samples_equal(list[0], list[i]))
			row->exact = EXACT_NO;
	row->min = samples_quantile(list, count, 0);
	row->median = samples_quantile(list, count, 0.5);
	row->p99 = samples_quantile(list, count, 0.99);
	row->max = samples_quantile(list, count, 1);
	return merge_totals(list, count, row);
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
		   struct boot_samples *found)
{
	for (size_t b = first; b < kernel->boot_count; b++) {
		const struct cell *c = boot_cell(&kernel->boots[b], cell);
		const struct phase *phase = NULL;
		const struct samples **slot;

		if (c && c->status == CELL_OK)
			phase = find_phase(c, like);
		if (!phase)
			continue;
		slot = append((void **)&found->list, &found->count,
			      sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = &phase->samples;
	}
	return 0;
}

static int add_row(struct summary *s, const struct kernel *kernel, size_t boot,
		   const struct cell *cell, const struct phase *phase)
{
	struct row *row = append((void **)&s->rows, &s->count, sizeof(*row));
	struct boot_samples found = {0};
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

/* Appends the benchmark of @cell to those met, of which there are few. */
static int meet(const struct cell *cell, const char **met, size_t *count)
{
	for (size_t i = *count; i-- > 0;)
		if (!strcmp(met[i], cell->benchmark))
			return 0;
	if (*count == BENCHMARKS_MAX)
		return -EOVERFLOW;
	met[(*count)++] = cell->benchmark;
	return 0;
}

static int add_kernel(struct summary *s, const struct kernel *kernel)
{
	const char *met[BENCHMARKS_MAX];
	size_t count = 0;
	int err = 0;

	for (size_t b = 0; b < kernel->boot_count; b++)
		for (size_t c = 0; !err && c < kernel->boots[b].cell_count; c++)
			if (kernel->boots[b].cells[c].status == CELL_OK)
				err = meet(&kernel->boots[b].cells[c], met,
					   &count);
	for (size_t i = 0; !err && i < count; i++)
		err = add_benchmark(s, kernel, met[i]);
	return err;
}

/* By kernel, in the order of the run; then cell, then phase. */
static int row_compare(const struct row *a, const struct row *b)
{
	int order = (a->kernel > b->kernel) - (a->kernel < b->kernel);

	if (!order)
		order = cell_compare(a->cell, b->cell);
	return order ? order : strcmp(a->phase, b->phase);
}

/* Where two phases differ in the unit only, the first of them comes first. */
static int by_identity(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;
	int order = row_compare(x, y);

	return order ? order : (x > y) - (x < y);
}

static int sort_rows(struct summary *s)
{
	s->sorted = calloc(s->count + 1, sizeof(*s->sorted));
	if (!s->sorted)
		return -ENOMEM;
	for (size_t i = 0; i < s->count; i++)
		s->sorted[i] = &s->rows[i];
	qsort(s->sorted, s->count, sizeof(*s->sorted), by_identity);
	return 0;
}

int summary_make(const struct run *run, struct summary *summary)
{
	int err = 0;

	memset(summary, 0, sizeof(*summary));
	summary->run = run;
	for (size_t k = 0; !err && k < run->kernel_count; k++)
		err = add_kernel(summary, &run->kernels[k]);
	if (!err)
		err = sort_rows(summary);
	if (!err)
		err = choices_make(summary);
	if (err)
		summary_free(summary);
	return err;
}

void summary_free(struct summary *summary)
{
	free(summary->rows);
	free(summary->sorted);
	free(summary->choices);
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
		char exact[32], p99[32] = "-";

		row_exact_text(r, exact, sizeof(exact));
		if (r->p99_stands)
			snprintf(p99, sizeof(p99), "%" PRIu64, r->p99);
		fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%zu", r->kernel->base,
			r->kernel->variant, r->cell->benchmark, r->cell->key,
			r->phase, r->unit, r->boots);
		fprintf(out,
			"\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\t%" PRIu64
			"\t%" PRIu64 "\t%s\n",
			r->samples, r->min, r->median, p99, r->max, r->total,
			exact);
	}
}

/* The first of the rows that may be it, as two may differ in the unit only. */
const struct row *summary_row(const struct summary *summary,
			      const struct kernel *kernel,
			      const struct cell *like, const char *phase)
{
	const struct row key = {.kernel = kernel, .cell = like, .phase = phase};
	size_t low = 0, high = summary->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row_compare(summary->sorted[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < summary->count && !row_compare(summary->sorted[low], &key))
		return summary->sorted[low];
	return NULL;
}

bool row_is_timed(const struct row *row)
{
	return is_timed(row->unit);
}
