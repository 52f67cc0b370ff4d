// SPDX-License-Identifier: GPL-2.0-or-later
/* reset-recovery: by length, and how the enabling call grows. */
#include <stdlib.h>
#include <string.h>

#include "report/place.h"

static const struct measure columns[] = {
	{"populate", {{"populate", TOTAL}}},
	{"disable", {{"disable", TOTAL}}},
	{"enable", {{"enable", TOTAL}}},
	{"reset", {{"reset", TOTAL}}},
	{"reset-cpu", {{"reset-cpu", TOTAL}}},
	{"first-access", {{"first-access", TOTAL}}},
	{"whole-bar", {{"whole-bar", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
	{"sigbus", {{"sigbus", TOTAL}}},
};

static const struct measure enable = {"enable", {{"enable", TOTAL}}};

/* How many of the cells are like @cell but for the value of @grows? */
static size_t growth(const struct cell_list *cells, const struct cell *cell,
		     const char *grows)
{
	size_t count = 0;

	for (size_t i = 0; i < cells->count; i++) {
		const struct cell *other = cells->cells[i];
		size_t same = 0, p;

		for (p = 0; p < cell->parameter_count; p++) {
			const struct parameter *is = &cell->parameters[p];

			same += !strcmp(is->name, grows) ||
				!strcmp(cell_parameter(other, is->name),
					is->value);
		}
		count += same == p;
	}
	return count;
}

/*
 * The enabling call by the value of @grows, with one of @fixed, at the length
 * and alignment that most values were measured at.
 */
static void by_number(const struct place *p, const char *grows,
		      const char *fixed, const char *words)
{
	struct filter filter = {
		"reset-recovery",
		{{"target", p->target}, {"action", "toggle"}, {fixed, "1"}}};
	const struct cell *best = NULL;
	struct cell_list cells;
	size_t most = 1;

	if (select_cells(p->s, p->base, &filter, &cells)) {
		p->doc->failed = true;
		return;
	}
	for (size_t i = 0; i < cells.count; i++) {
		size_t values = growth(&cells, cells.cells[i], grows);

		if (values > most) {
			most = values;
			best = cells.cells[i];
		}
	}
	if (best) {
		filter.want[3] = (struct parameter_is){
			"length", cell_parameter(best, "length")};
		filter.want[4] = (struct parameter_is){
			"align", cell_parameter(best, "align")};
		place_pivot(p, &filter, &enable, words);
	}
	free(cells.cells);
}

static void by_length(const struct place *p, const char *action,
		      const struct measure *measure, bool brief,
		      const char *words)
{
	struct filter filter = {"reset-recovery",
				{{"target", p->target},
				 {"action", action},
				 {"processes", "1"},
				 {"align", "1G"},
				 {brief ? "vmas" : NULL, "1"}}};

	place_pivot(p, &filter, measure, words);
}

void tables_reset_recovery(const struct place *p, bool brief)
{
	const struct measure *reset = reset_measure(p->s->run);
	bool counts = run_counts(p->s->run);
	struct filter largest = {
		"reset-recovery",
		{{"target", p->target}, {"length", p->length}}};

	by_length(p, "toggle", &measure_toggle, brief,
		  "Cost to recover from memory off and on, `disable` + "
		  "`enable` + `first-access` + `whole-bar`:");
	by_length(p, "reset", reset, brief,
		  counts ? "Cost to recover from VFIO_DEVICE_RESET without its "
			   "waits, `reset-cpu` + `first-access` + `whole-bar`:"
			 : "Cost to recover from VFIO_DEVICE_RESET, `reset` + "
			   "`first-access` + `whole-bar`:");
	by_length(p, "hot-reset", reset, brief,
		  "The same of VFIO_DEVICE_PCI_HOT_RESET:");
	by_number(p, "vmas", "processes",
		  "`enable`, the call that enables memory, by the VMAs of one "
		  "process:");
	by_number(p, "processes", "vmas",
		  "`enable` by the processes that map the BAR:");
	if (brief)
		return;
	doc_para(p->doc, "Phases at the largest length, summed over VMAs and "
			 "processes:");
	place_detail(p, &largest, columns, COUNT(columns));
}
