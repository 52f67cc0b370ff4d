// SPDX-License-Identifier: GPL-2.0-or-later
/* What one more VMA, process or thread adds. */
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct measure alone = {"alone", {{"alone", TOTAL}}};
static const struct measure together = {"total", {{"total", TOTAL}}};

struct panel {
	const char *name;
	const char *parameter; /* that grows */
	const struct measure *measure;
	const struct measure *at_one; /* in each cell: what one of it takes */
	struct filter filter;
};

/* The cell whose length goes furthest; the longest length of several. */
static const struct cell *furthest(const struct cell_list *list,
				   const char *parameter)
{
	const struct cell *best = NULL;
	uint64_t most = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		uint64_t number = parameter_number(cell, parameter);

		if (!best || number > most ||
		    (number == most &&
		     parameter_number(cell, "length") >
			     parameter_number(best, "length"))) {
			best = cell;
			most = number;
		}
	}
	return best;
}

static void print_cell(const struct plotted *p, const struct panel *panel,
		       const struct kernel *kernel, const struct cell *cell,
		       uint64_t number, const struct measure *measure)
{
	char prefix[256];

	snprintf(prefix, sizeof(prefix), "%s\t%s\t%" PRIu64 "\t%s", panel->name,
		 cell_parameter(cell, "length"), number, kernel->variant);
	plot_row(p, kernel, cell, measure, prefix);
}

/* The cells as long as @like, by number, and what one takes before them. */
static void print_kernel(const struct plotted *p, const struct panel *panel,
			 const struct kernel *kernel,
			 const struct cell_list *list, const struct cell *like)
{
	const char *length = cell_parameter(like, "length");
	bool first = true;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		uint64_t number = parameter_number(cell, panel->parameter);

		if (strcmp(cell_parameter(cell, "length"), length))
			continue;
		if (first && panel->at_one && number > 1)
			print_cell(p, panel, kernel, cell, 1, panel->at_one);
		first = false;
		print_cell(p, panel, kernel, cell, number, panel->measure);
	}
}

static int print_panel(const struct plotted *p, const struct panel *panel)
{
	const struct kernel *kernel;
	const struct cell *like;
	struct cell_list list;
	int err = plot_cells(p, &panel->filter, &list);

	plot_sort(&list, panel->parameter);
	like = furthest(&list, panel->parameter);
	/* One point grows nowhere. */
	if (like && parameter_number(like, panel->parameter) > 1)
		for (size_t k = 0; (kernel = plot_next(p, &k));)
			print_kernel(p, panel, kernel, &list, like);
	free(list.cells);
	return err;
}

int plot_growth(const struct plotted *p)
{
	const char *target = p->choice->target, *align = p->choice->align;
	const struct panel panels[] = {
		{"vmas",
		 "vmas",
		 &measure_toggle,
		 NULL,
		 {"reset-recovery",
		  {{"target", target},
		   {"align", align},
		   {"action", "toggle"},
		   {"processes", "1"}}}},
		{"processes",
		 "processes",
		 &measure_toggle,
		 NULL,
		 {"reset-recovery",
		  {{"target", target},
		   {"align", align},
		   {"action", "toggle"},
		   {"vmas", "1"}}}},
		{"disjoint",
		 "threads",
		 &together,
		 &alone,
		 {"contended-touch",
		  {{"target", target},
		   {"align", align},
		   {"part", "disjoint"}}}},
		{"same",
		 "threads",
		 &together,
		 &alone,
		 {"contended-touch",
		  {{"target", target}, {"align", align}, {"part", "same"}}}},
	};
	int err = 0;

	fputs("panel\tlength\tnumber\tvariant\tvalue\tlow\thigh\n", p->out);
	for (size_t i = 0; !err && i < COUNT(panels); i++)
		err = print_panel(p, &panels[i]);
	return err;
}
