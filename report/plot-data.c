// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plot-data.h"

#include "report/plots/plots.h"

const char *const plot_names[PLOT_COUNT] = {
	[PLOT_FACTS] = "facts",
	[PLOT_VARIANTS] = "variants",
	[PLOT_RECOVERY] = "recovery",
	[PLOT_WHERE] = "where",
	[PLOT_FIRST_TOUCH] = "first-touch",
	[PLOT_LEAVES] = "leaves",
	[PLOT_GROWTH] = "growth",
	[PLOT_BYSTANDER] = "bystander",
	[PLOT_OUTAGE] = "outage",
	[PLOT_DMA_MAP] = "dma-map",
	[PLOT_FIO_OUTAGE] = "fio-outage",
	[PLOT_BASES] = "bases",
};

static plot_fn *const print[PLOT_COUNT] = {
	[PLOT_FACTS] = plot_facts,
	[PLOT_VARIANTS] = plot_variants,
	[PLOT_RECOVERY] = plot_recovery,
	[PLOT_WHERE] = plot_where,
	[PLOT_FIRST_TOUCH] = plot_first_touch,
	[PLOT_LEAVES] = plot_leaves,
	[PLOT_GROWTH] = plot_growth,
	[PLOT_BYSTANDER] = plot_bystander,
	[PLOT_OUTAGE] = plot_outage,
	[PLOT_DMA_MAP] = plot_dma_map,
	[PLOT_FIO_OUTAGE] = plot_fio_outage,
	[PLOT_BASES] = plot_bases,
};

bool plot_is_of_run(enum plot plot)
{
	return plot == PLOT_BASES;
}

int plot_print(const struct summary *s, const char *base, enum plot plot,
	       FILE *out)
{
	struct choice choice;
	const struct plotted p = {.s = s, .choice = &choice, .out = out};

	choose(s, base, &choice);
	return print[plot](&p);
}
