// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096

static const struct measure dma_map = {"", {{"dma-map", TOTAL}}};

static bool same(const struct cell *a, const struct cell *b, const char *name)
{
	return !strcmp(cell_parameter(a, name), cell_parameter(b, name));
}

/* Whether the same place was measured cold and warm. */
static bool both(const struct cell_list *list, const struct cell *cell)
{
	for (size_t i = 0; i < list->count; i++)
		if (same(list->cells[i], cell, "align") &&
		    same(list->cells[i], cell, "length") &&
		    !same(list->cells[i], cell, "populated"))
			return true;
	return false;
}

/* Of this alignment: the longest of both kinds, or the longest of all. */
static const struct cell *longest(const struct cell_list *list,
				  const char *align, bool of_both)
{
	const struct cell *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];

		if (strcmp(cell_parameter(cell, "align"), align) ||
		    (of_both && !both(list, cell)))
			continue;
		if (!best || parameter_number(cell, "length") >
				     parameter_number(best, "length"))
			best = cell;
	}
	return best;
}

static void print_place(const struct plotted *p, const struct cell_list *list,
			const struct cell *place)
{
	const struct kernel *kernel;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];

		if (!same(cell, place, "align") || !same(cell, place, "length"))
			continue;
		for (size_t k = 0; (kernel = plot_next(p, &k));) {
			char prefix[256];

			snprintf(prefix, sizeof(prefix),
				 "%s\t%s\t%" PRIu64 "\t%s\t%s",
				 cell_parameter(cell, "align"),
				 cell_parameter(cell, "length"),
				 parameter_number(cell, "length") / PAGE,
				 kernel->variant,
				 cell_parameter(cell, "populated"));
			plot_row(p, kernel, cell, &dma_map, prefix);
		}
	}
}

int plot_dma_map(const struct plotted *p)
{
	static const char *const aligns[] = {"1G", "2M", "4K"};
	const struct filter filter = {"dma-map",
				      {{"target", p->choice->target},
				       {"interface", "group"},
				       {"from", "memory"}}};
	struct cell_list list;
	int err = plot_cells(p, &filter, &list);

	fputs("align\tlength\tpages\tvariant\tpopulated\tvalue\tlow\thigh\n",
	      p->out);
	for (size_t i = 0; i < COUNT(aligns); i++) {
		const struct cell *pair = longest(&list, aligns[i], true);
		const struct cell *all = longest(&list, aligns[i], false);

		if (all && (!pair || !same(all, pair, "length")))
			print_place(p, &list, all);
		if (pair)
			print_place(p, &list, pair);
	}
	free(list.cells);
	return err;
}
