// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An outage on one time line, which begins with the call that takes the BAR away.
 * A record has how long each call took, when each thread had its BAR back, and
 * how long its longest gap was; it does not have when the second call of a toggle
 * began. pfnbench sleeps until ten intervals after the first began, so that is
 * where it is put, or at the end of the first where that took longer.
 */
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OFF_INTERVALS 10 /* as in bench/outage.c */
#define UNITS_PER_US 1000 /* ns, or instructions, of which 1 ns is one */

static const struct measure disable = {"", {{"disable", TOTAL}}};
static const struct measure enable = {"", {{"enable", TOTAL}}};
static const struct measure reset = {"", {{"reset", TOTAL}}};
static const struct measure recovered = {"", {{"recovered", MAX}}};
static const struct measure gap = {"", {{"longest-gap", MAX}}};
static const struct measure late = {"", {{"late", TOTAL}}};
static const struct measure failed = {"", {{"failed", TOTAL}}};

struct calls {
	uint64_t first; /* ends */
	uint64_t second, end; /* begins, ends; the same where there is none */
};

static bool calls_of(const struct plotted *p, const struct kernel *kernel,
		     const struct cell *cell, struct calls *c)
{
	uint64_t asked = OFF_INTERVALS * UNITS_PER_US *
			 parameter_number(cell, "interval");

	if (!strcmp(cell_parameter(cell, "action"), "reset")) {
		c->second = c->end = 0;
		return measure_value(p->s, kernel, cell, &reset, &c->first);
	}
	if (!measure_value(p->s, kernel, cell, &disable, &c->first) ||
	    !measure_value(p->s, kernel, cell, &enable, &c->end))
		return false;
	c->second = c->first > asked ? c->first : asked;
	c->end += c->second;
	return true;
}

static void print_kernel(const struct plotted *p, const struct kernel *kernel,
			 const struct cell *cell)
{
	uint64_t longest, many, bad;
	struct calls c;
	struct range r;

	if (!calls_of(p, kernel, cell, &c) ||
	    !measure_value(p->s, kernel, cell, &gap, &longest) ||
	    !measure_value(p->s, kernel, cell, &late, &many) ||
	    !measure_value(p->s, kernel, cell, &failed, &bad) ||
	    !plot_range(p, kernel, cell, &recovered, &r))
		return;
	fprintf(p->out, "%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64,
		cell_parameter(cell, "action"), cell_parameter(cell, "length"),
		cell_parameter(cell, "threads"), kernel->variant, c.first,
		c.second, c.end);
	fprintf(p->out, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64,
		c.second + r.value, c.second + r.low, c.second + r.high);
	fprintf(p->out, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", longest,
		many, bad);
}

/* The longest, and of those the one with the fewest threads or the most. */
static const struct cell *pick(const struct cell_list *list, bool most)
{
	const struct cell *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		uint64_t mine = parameter_number(cell, "length");
		uint64_t its = best ? parameter_number(best, "length") : 0;
		uint64_t threads = parameter_number(cell, "threads");

		if (best &&
		    (mine < its ||
		     (mine == its &&
		      (threads > parameter_number(best, "threads")) != most)))
			continue;
		best = cell;
	}
	return best;
}

static int print_action(const struct plotted *p, const char *action)
{
	const struct filter filter = {"outage",
				      {{"target", p->choice->target},
				       {"align", p->choice->align},
				       {"action", action},
				       {"vmas", "1"}}};
	const struct cell *cells[2];
	const struct kernel *kernel;
	struct cell_list list;
	int err = plot_cells(p, &filter, &list);

	cells[0] = pick(&list, false);
	cells[1] = pick(&list, true);
	for (size_t i = 0; i < COUNT(cells) && cells[i]; i++) {
		if (i && cells[1] == cells[0])
			break;
		for (size_t k = 0; (kernel = plot_next(p, &k));)
			print_kernel(p, kernel, cells[i]);
	}
	free(list.cells);
	return err;
}

int plot_outage(const struct plotted *p)
{
	int err;

	fputs("action\tlength\tthreads\tvariant\tfirst\tsecond\tend\tvalue\tlow"
	      "\t"
	      "high\tgap\tlate\tfailed\n",
	      p->out);
	err = print_action(p, "toggle");
	return err ? err : print_action(p, "reset");
}
