// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plots/plots.h"

int plot_where(const struct plotted *p)
{
	const struct choice *c = p->choice;
	const struct {
		const struct cell *cell;
		struct measure measure;
	} steps[] = {
		{c->first_touch, {"mmap", {{"mmap", MEDIAN}}}},
		{c->first_touch,
		 {"first touch", {{"first-touch-total", TOTAL}}}},
		{c->toggle, {"disable", {{"disable", TOTAL}}}},
		{c->toggle, {"enable", {{"enable", TOTAL}}}},
		{c->toggle,
		 {"touch again",
		  {{"first-access", TOTAL}, {"whole-bar", TOTAL}}}},
		{c->first_touch, {"munmap", {{"munmap", MEDIAN}}}},
		{c->first_touch,
		 {"walk alone", {{"second-touch-total", TOTAL}}}},
	};
	const struct kernel *kernel;

	fputs("step\tlabel\tvariant\tvalue\tlow\thigh\n", p->out);
	for (size_t i = 0; i < COUNT(steps); i++)
		for (size_t k = 0; (kernel = plot_next(p, &k));) {
			char prefix[160];

			snprintf(prefix, sizeof(prefix), "%zu\t%s\t%s", i,
				 steps[i].measure.title, kernel->variant);
			plot_row(p, kernel, steps[i].cell, &steps[i].measure,
				 prefix);
		}
	return 0;
}
