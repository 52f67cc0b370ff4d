// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plots/plots.h"

#include <inttypes.h>
#include <stdlib.h>

int plot_recovery(const struct plotted *p)
{
	const struct filter filter = {"reset-recovery",
				      {{"target", p->choice->target},
				       {"align", p->choice->align},
				       {"action", "toggle"},
				       {"vmas", "1"},
				       {"processes", "1"}}};
	const struct kernel *kernel;
	struct cell_list list;
	int err = plot_cells(p, &filter, &list);

	plot_sort(&list, "length");
	fputs("variant\tbytes\tvalue\tlow\thigh\n", p->out);
	for (size_t k = 0; (kernel = plot_next(p, &k));)
		for (size_t i = 0; i < list.count; i++) {
			const struct cell *cell = list.cells[i];
			char prefix[160];

			snprintf(prefix, sizeof(prefix), "%s\t%" PRIu64,
				 kernel->variant,
				 parameter_number(cell, "length"));
			plot_row(p, kernel, cell, &measure_toggle, prefix);
		}
	free(list.cells);
	return err;
}
