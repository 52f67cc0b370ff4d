// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc.h"

const struct measure measure_reach = {
	"first reach", {{"mmap", MEDIAN}, {"first-touch-total", TOTAL}}};
const struct measure measure_toggle = {"off/on",
				       {{"disable", TOTAL},
					{"enable", TOTAL},
					{"first-access", TOTAL},
					{"whole-bar", TOTAL}}};
const struct measure measure_reset_cpu = {
	"reset",
	{{"reset-cpu", TOTAL}, {"first-access", TOTAL}, {"whole-bar", TOTAL}}};
const struct measure measure_reset = {
	"reset",
	{{"reset", TOTAL}, {"first-access", TOTAL}, {"whole-bar", TOTAL}}};
const struct measure measure_faults = {"faults", {{"faults", TOTAL}}};
const struct measure measure_walk = {"walk", {{"second-touch-total", TOTAL}}};

static uint64_t row_statistic(const struct row *row, enum statistic statistic)
{
	switch (statistic) {
	case MEDIAN:
		return row->median;
	case P99:
		return row->p99;
	case MAX:
		return row->max;
	case SAMPLES:
		return row->all_samples;
	case TOTAL:
		break;
	}
	return row->total;
}

bool measure_value(const struct summary *s, const struct kernel *kernel,
		   const struct cell *like, const struct measure *measure,
		   uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < TERMS_MAX && measure->terms[i].phase; i++) {
		const struct term *term = &measure->terms[i];
		const struct row *row =
			like ? summary_row(s, kernel, like, term->phase) : NULL;
		uint64_t part;

		if (!row || (term->statistic == P99 && !row->p99_stands))
			return false;
		part = row_statistic(row, term->statistic);
		if (__builtin_add_overflow(*value, part, value))
			*value = UINT64_MAX;
	}
	return true;
}

const char *measure_text(char *text, const struct summary *s,
			 const struct kernel *kernel, const struct cell *like,
			 const struct measure *measure)
{
	uint64_t value;

	if (!measure_value(s, kernel, like, measure, &value))
		return strcpy(text, "-");
	return grouped(text, value);
}

const char *missing_reason(const struct kernel *kernel, const struct cell *like)
{
	if (!kernel->boot_count)
		return "no boot counts";
	for (size_t b = 0; like && b < kernel->boot_count; b++) {
		const struct cell *cell = boot_cell(&kernel->boots[b], like);

		if (cell)
			return cell->status == CELL_OK
				       ? "its cell lacks a phase"
				       : cell->reason;
	}
	return "not among its cells";
}

static bool matches(const struct cell *cell, const struct filter *filter)
{
	if (filter->benchmark && strcmp(cell->benchmark, filter->benchmark))
		return false;
	for (size_t i = 0; i < FILTER_MAX && filter->want[i].name; i++)
		if (strcmp(cell_parameter(cell, filter->want[i].name),
			   filter->want[i].value))
			return false;
	return true;
}

static bool listed(const struct cell_list *list, const struct cell *cell)
{
	for (size_t i = 0; i < list->count; i++)
		if (cell_same(list->cells[i], cell))
			return true;
	return false;
}

int select_cells(const struct summary *s, const char *base,
		 const struct filter *filter, struct cell_list *list)
{
	const struct cell *last = NULL;

	memset(list, 0, sizeof(*list));
	for (size_t i = 0; i < s->count; i++) {
		const struct row *row = &s->rows[i];
		const struct cell **slot;

		if (row->cell == last || strcmp(row->kernel->base, base))
			continue;
		last = row->cell;
		if (!matches(last, filter) || listed(list, last))
			continue;
		slot = append((void **)&list->cells, &list->count,
			      sizeof(*slot));
		if (!slot) {
			free(list->cells);
			return -ENOMEM;
		}
		*slot = last;
	}
	return 0;
}

uint64_t size_bytes(const char *text)
{
	static const char suffixes[] = "KMGT";
	const char *found;
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	found = *end ? strchr(suffixes, *end) : NULL;
	if (!found || end == text || end[1] || number > (1ul << 20))
		return 0;
	return (uint64_t)number << (10 * (found - suffixes + 1));
}

const char *size_words(char *text, const char *size)
{
	if (!size_bytes(size))
		snprintf(text, 72, "%s", size);
	else
		snprintf(text, 72, "%.*s %ciB", (int)strlen(size) - 1, size,
			 size[strlen(size) - 1]);
	return text;
}

const struct kernel *find_kernel(const struct run *run, const char *base,
				 const char *variant)
{
	for (size_t i = 0; i < run->kernel_count; i++)
		if (!strcmp(run->kernels[i].base, base) &&
		    !strcmp(run->kernels[i].variant, variant))
			return &run->kernels[i];
	return NULL;
}
