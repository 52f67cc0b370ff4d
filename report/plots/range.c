// SPDX-License-Identifier: GPL-2.0-or-later
/* A value, and how far boots are from each other in it. */
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct kernel *plot_next(const struct plotted *p, size_t *k)
{
	const struct run *run = p->s->run;

	while (*k < run->kernel_count) {
		const struct kernel *kernel = &run->kernels[(*k)++];

		if (in_base(kernel, p->choice->base))
			return kernel;
	}
	return NULL;
}

int plot_cells(const struct plotted *p, const struct filter *filter,
	       struct cell_list *list)
{
	memset(list, 0, sizeof(*list));
	if (!p->choice->target)
		return 0;
	return select_cells(p->s, p->choice->base, filter, list);
}

uint64_t parameter_number(const struct cell *cell, const char *name)
{
	const char *text = cell_parameter(cell, name);
	uint64_t bytes = size_bytes(text);

	return bytes ? bytes : strtoul(text, NULL, 10);
}

void plot_sort(struct cell_list *list, const char *name)
{
	for (size_t i = 1; i < list->count; i++)
		for (size_t j = i; j; j--) {
			const struct cell **at = &list->cells[j - 1];
			const struct cell *other = at[0];

			if (parameter_number(other, name) <=
			    parameter_number(at[1], name))
				break;
			at[0] = at[1];
			at[1] = other;
		}
}

const struct samples *plot_samples(const struct boot *boot,
				   const struct cell *like, const char *phase)
{
	const struct cell *cell = boot_cell(boot, like);

	if (!cell || cell->status != CELL_OK)
		return NULL;
	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, phase))
			return &cell->phases[i].samples;
	return NULL;
}

static uint64_t statistic_of(const struct samples *samples,
			     enum statistic statistic)
{
	switch (statistic) {
	case MEDIAN:
		return samples_quantile(&samples, 1, 0.5);
	case P99:
		return samples_quantile(&samples, 1, 0.99);
	case MAX:
		return samples_quantile(&samples, 1, 1);
	case SAMPLES:
		return samples->count;
	case TOTAL:
		break;
	}
	return samples_total(samples);
}

/* The measure of one boot alone; false where it lacks a phase. */
static bool boot_value(const struct boot *boot, const struct cell *like,
		       const struct measure *measure, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < TERMS_MAX && measure->terms[i].phase; i++) {
		const struct term *term = &measure->terms[i];
		const struct samples *samples =
			plot_samples(boot, like, term->phase);

		if (!samples || !samples->count)
			return false;
		if (__builtin_add_overflow(
			    *value, statistic_of(samples, term->statistic),
			    value))
			*value = UINT64_MAX;
	}
	return true;
}

bool plot_range(const struct plotted *p, const struct kernel *kernel,
		const struct cell *like, const struct measure *measure,
		struct range *range)
{
	bool any = false;

	if (!measure_value(p->s, kernel, like, measure, &range->value))
		return false;
	range->low = range->high = range->value;
	for (size_t b = 0; b < kernel->boot_count; b++) {
		uint64_t value;

		if (!boot_value(&kernel->boots[b], like, measure, &value))
			continue;
		if (!any || value < range->low)
			range->low = value;
		if (!any || value > range->high)
			range->high = value;
		any = true;
	}
	return true;
}

void plot_row(const struct plotted *p, const struct kernel *kernel,
	      const struct cell *like, const struct measure *measure,
	      const char *prefix)
{
	struct range r;

	if (plot_range(p, kernel, like, measure, &r))
		fprintf(p->out, "%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n",
			prefix, r.value, r.low, r.high);
}
