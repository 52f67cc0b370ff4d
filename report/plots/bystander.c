// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct measure worst = {"worst", {{"busy", MAX}}};
static const struct measure median = {"median", {{"busy", MEDIAN}}};
static const struct measure quiet = {"quiet", {{"quiet", MAX}}};

static bool same(const struct cell *a, const struct cell *b, const char *name)
{
	return !strcmp(cell_parameter(a, name), cell_parameter(b, name));
}

/* How many bystanders of this cell's action were measured at its length. */
static size_t bystanders(const struct cell_list *list, const struct cell *cell)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += same(list->cells[i], cell, "action") &&
			 same(list->cells[i], cell, "length") &&
			 same(list->cells[i], cell, "interval");
	return count;
}

/* Of an action: where most bystanders were, the longest of several; else the
 * longest of all.
 */
static const struct cell *column(const struct cell_list *list,
				 const char *action, bool most)
{
	const struct cell *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		size_t mine = most ? bystanders(list, cell) : 0;
		size_t its = most && best ? bystanders(list, best) : 0;

		if (strcmp(cell_parameter(cell, "action"), action))
			continue;
		if (!best || mine > its ||
		    (mine == its && parameter_number(cell, "length") >
					    parameter_number(best, "length")))
			best = cell;
	}
	return best;
}

static void print_cell(const struct plotted *p, size_t index,
		       const struct cell *cell)
{
	const struct kernel *kernel;

	for (size_t k = 0; (kernel = plot_next(p, &k));) {
		char prefix[256];
		uint64_t middle, before;

		if (!measure_value(p->s, kernel, cell, &median, &middle) ||
		    !measure_value(p->s, kernel, cell, &quiet, &before))
			continue;
		snprintf(prefix, sizeof(prefix),
			 "%zu\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64, index,
			 cell_parameter(cell, "action"),
			 cell_parameter(cell, "length"),
			 cell_parameter(cell, "bystander"), kernel->variant,
			 before, middle);
		plot_row(p, kernel, cell, &worst, prefix);
	}
}

static void print_column(const struct plotted *p, const struct cell_list *list,
			 size_t index, const struct cell *like)
{

	for (size_t i = 0; i < list->count; i++)
		if (same(list->cells[i], like, "action") &&
		    same(list->cells[i], like, "length") &&
		    same(list->cells[i], like, "interval"))
			print_cell(p, index, list->cells[i]);
}

int plot_bystander(const struct plotted *p)
{
	static const char *const actions[] = {"populate", "toggle", "reset"};
	const struct filter filter = {
		"bystander",
		{{"target", p->choice->target}, {"align", p->choice->align}}};
	struct cell_list list;
	size_t index = 0;
	int err = plot_cells(p, &filter, &list);

	fputs("column\taction\tlength\tbystander\tvariant\tquiet\tmedian\t"
	      "value\tlow\thigh\n",
	      p->out);
	for (size_t i = 0; i < COUNT(actions); i++) {
		const struct cell *most = column(&list, actions[i], true);
		const struct cell *longest = column(&list, actions[i], false);

		if (!most)
			continue;
		print_column(p, &list, index++, most);
		if (!same(most, longest, "length"))
			print_column(p, &list, index++, longest);
	}
	free(list.cells);
	return err;
}
