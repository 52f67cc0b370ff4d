// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was counted around the phases of each benchmark's largest cells. Nothing
 * where nothing was: then there is not even a heading.
 */
#include "report/counters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/sections.h"

/* Of one benchmark; what is beyond is in the boots' records. */
#define CELLS_MAX 4
/* Beside the two labels, as wide as a table may be. */
#define EVENTS_MAX (TABLE_COLUMNS_MAX - 2)

static const struct counter *find_counter(const struct phase *phase,
					  const char *name)
{
	for (size_t i = 0; i < phase->counter_count; i++)
		if (!strcmp(phase->counters[i].name, name))
			return &phase->counters[i];
	return NULL;
}

static const struct phase *find_phase(const struct cell *cell, const char *name)
{
	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, name))
			return &cell->phases[i];
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int counter_value(const struct kernel *kernel, const struct cell *like,
		  const char *phase, const char *event, uint64_t *value)
{
	uint64_t *values = calloc(kernel->boot_count + 1, sizeof(*values));
	size_t count = 0;

	if (!values)
		return -ENOMEM;
	for (size_t b = 0; b < kernel->boot_count; b++) {
		const struct cell *cell = boot_cell(&kernel->boots[b], like);
		const struct phase *p = cell ? find_phase(cell, phase) : NULL;
		const struct counter *c = p ? find_counter(p, event) : NULL;

		if (c && c->counted && cell->status == CELL_OK)
			values[count++] = c->value;
	}
	qsort(values, count, sizeof(*values), by_size);
	*value = count ? values[(count - 1) / 2] : 0;
	free(values);
	return count > 0;
}

static bool counted(struct doc *doc, const struct kernel *kernel,
		    const struct cell *like, const char *phase,
		    const char *event, uint64_t *value)
{
	int got = counter_value(kernel, like, phase, event, value);

	doc->failed |= got < 0;
	return got > 0;
}

/* Does any phase of the cell have a count, on any kernel of the base? */
static bool has_counts(const struct run *run, const char *base,
		       const struct cell *like)
{
	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];

		for (size_t b = 0;
		     in_base(kernel, base) && b < kernel->boot_count; b++) {
			const struct cell *cell =
				boot_cell(&kernel->boots[b], like);

			for (size_t p = 0; cell && p < cell->phase_count; p++) {
				const struct phase *phase = &cell->phases[p];

				for (size_t i = 0; i < phase->counter_count;
				     i++)
					if (phase->counters[i].counted)
						return true;
			}
		}
	}
	return false;
}

/* The events that some kernel counted in the cell, as the record orders them. */
static size_t list_events(struct doc *doc, const struct run *run,
			  const char *base, const struct cell *cell,
			  const char *events[EVENTS_MAX])
{
	const struct phase *any = NULL;
	size_t count = 0;
	uint64_t value;

	for (size_t p = 0; !any && p < cell->phase_count; p++)
		if (cell->phases[p].counter_count)
			any = &cell->phases[p];
	for (size_t i = 0; any && i < any->counter_count && count < EVENTS_MAX;
	     i++) {
		const char *event = any->counters[i].name;
		bool found = false;

		for (size_t k = 0; k < run->kernel_count; k++)
			for (size_t p = 0; !found && p < cell->phase_count &&
					   in_base(&run->kernels[k], base);
			     p++)
				found = counted(doc, &run->kernels[k], cell,
						cell->phases[p].name, event,
						&value);
		if (found)
			events[count++] = event;
	}
	return count;
}

/* Did any kernel of the base count more than nothing there? */
static bool above_zero(struct doc *doc, const struct run *run, const char *base,
		       const struct cell *cell, const char *phase,
		       const char *const *events, size_t count)
{
	uint64_t value;

	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < count && in_base(&run->kernels[k], base);
		     i++)
			if (counted(doc, &run->kernels[k], cell, phase,
				    events[i], &value) &&
			    value)
				return true;
	return false;
}

static void kernel_row(struct doc *doc, struct table *table,
		       const struct kernel *kernel, const struct cell *cell,
		       const char *phase, const char *const *events,
		       size_t count)
{
	char text[32];

	table_cell(table, "%s", phase);
	table_cell(table, "%s", kernel->variant);
	for (size_t i = 0; i < count; i++) {
		uint64_t value;

		table_cell(table, "%s",
			   counted(doc, kernel, cell, phase, events[i], &value)
				   ? grouped(text, value)
				   : "-");
	}
}

static void cell_table(struct doc *doc, const struct run *run, const char *base,
		       const struct cell *cell)
{
	const char *events[EVENTS_MAX];
	size_t count = list_events(doc, run, base, cell, events);
	struct table table;
	bool any = false;

	for (size_t p = 0; p < cell->phase_count; p++)
		any |= above_zero(doc, run, base, cell, cell->phases[p].name,
				  events, count);
	if (!any)
		return;
	doc_para(doc, "`%s` `%s` on %s:", cell->benchmark, cell->key, base);
	table_init(&table, 2);
	table_head(&table, "phase");
	table_head(&table, "kernel");
	for (size_t i = 0; i < count; i++)
		table_head(&table, "%s", events[i]);
	for (size_t p = 0; p < cell->phase_count; p++) {
		const char *phase = cell->phases[p].name;

		if (!above_zero(doc, run, base, cell, phase, events, count))
			continue;
		for (size_t k = 0; k < run->kernel_count; k++)
			if (in_base(&run->kernels[k], base))
				kernel_row(doc, &table, &run->kernels[k], cell,
					   phase, events, count);
	}
	doc_table(doc, &table);
}

static bool earlier(const struct cell_list *cells, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(cells->cells[j]->benchmark,
			    cells->cells[i]->benchmark))
			return true;
	return false;
}

/* The counted cells of the first one's benchmark with the largest length. */
static size_t largest(const struct run *run, const char *base,
		      const struct cell_list *all, size_t first,
		      struct cell_list *list)
{
	const char *name = all->cells[first]->benchmark;
	uint64_t most = 0;

	list->count = 0;
	for (size_t i = first; i < all->count; i++) {
		const struct cell *cell = all->cells[i];
		uint64_t bytes = size_bytes(cell_parameter(cell, "length"));

		if (strcmp(cell->benchmark, name) ||
		    (list->count && bytes < most) ||
		    !has_counts(run, base, cell))
			continue;
		if (bytes > most)
			list->count = 0;
		most = bytes;
		list->cells[list->count++] = cell;
	}
	return list->count;
}

static void on_base(struct doc *doc, const struct summary *s, const char *base,
		    bool *headed)
{
	const struct filter every = {NULL, {{NULL, NULL}}};
	struct cell_list all, list;

	if (select_cells(s, base, &every, &all)) {
		doc->failed = true;
		return;
	}
	list.cells = calloc(all.count + 1, sizeof(*list.cells));
	doc->failed |= !list.cells;
	for (size_t i = 0; list.cells && i < all.count; i++) {
		size_t count;

		if (earlier(&all, i))
			continue;
		count = largest(s->run, base, &all, i, &list);
		if (count && !*headed) {
			doc_heading(doc, 2, "Counters");
			doc_para(doc,
				 "Counted around each phase in a second "
				 "run of the cell: `:k` in the kernel, "
				 "`:u` in user mode, where a touch's "
				 "fault belongs. Lower median of the "
				 "boots; `-` was not counted. Phases in which "
				 "all kernels counted 0 are left out.");
			*headed = true;
		}
		for (size_t c = 0; c < count && c < CELLS_MAX; c++)
			cell_table(doc, s->run, base, list.cells[c]);
		if (count > CELLS_MAX)
			doc_para(doc,
				 "%zu further cells of this length are in the "
				 "boots' records.",
				 count - CELLS_MAX);
	}
	free(list.cells);
	free(all.cells);
}

void section_counters(struct doc *doc, const struct summary *s)
{
	const char *base;
	bool headed = false;

	for (size_t i = 0; (base = base_at(s->run, i)); i++)
		on_base(doc, s, base, &headed);
}
