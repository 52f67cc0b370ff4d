// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct measure levels[] = {
	{"PUD", {{"pud-leaves", TOTAL}}},
	{"PMD", {{"pmd-leaves", TOTAL}}},
	{"PTE", {{"pte-leaves", TOTAL}}},
};

/* The place of a length among those of the list, by size. */
static size_t length_index(const struct cell_list *list, const char *length)
{
	size_t smaller = 0;

	for (size_t i = 0; i < list->count; i++) {
		const char *l = cell_parameter(list->cells[i], "length");
		bool repeated = false;

		for (size_t j = 0; j < i; j++)
			repeated |= !strcmp(
				l, cell_parameter(list->cells[j], "length"));
		smaller += !repeated && size_bytes(l) < size_bytes(length);
	}
	return smaller;
}

static void print_cell(const struct plotted *p, const struct kernel *kernel,
		       const struct cell_list *list, const struct cell *cell)
{
	const char *length = cell_parameter(cell, "length");
	uint64_t counts[COUNT(levels)];

	for (size_t i = 0; i < COUNT(levels); i++)
		if (!measure_value(p->s, kernel, cell, &levels[i], &counts[i]))
			return;
	fprintf(p->out, "%s\t%zu\t%s\t%s", cell_parameter(cell, "align"),
		length_index(list, length), length, kernel->variant);
	for (size_t i = 0; i < COUNT(levels); i++)
		fprintf(p->out, "\t%" PRIu64, counts[i]);
	fputc('\n', p->out);
}

int plot_leaves(const struct plotted *p)
{
	const struct filter filter = {"huge-pfnmap",
				      {{"target", p->choice->target}}};
	const struct kernel *kernel;
	struct cell_list list;
	int err = plot_cells(p, &filter, &list);

	fputs("align\tindex\tlength\tvariant\tpud\tpmd\tpte\n", p->out);
	for (size_t i = 0; i < list.count; i++)
		for (size_t k = 0; (kernel = plot_next(p, &k));)
			print_cell(p, kernel, &list, list.cells[i]);
	free(list.cells);
	return err;
}
