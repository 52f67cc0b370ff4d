// SPDX-License-Identifier: GPL-2.0-or-later
/* dma-map: what the DMA map costs, and what mmap() and a fault paid of it. */
#include "report/place.h"

static const struct measure map = {"dma-map", {{"dma-map", TOTAL}}};

static const struct measure columns[] = {
	{"mmap", {{"mmap", TOTAL}}},
	{"populate", {{"populate", TOTAL}}},
	{"dma-map", {{"dma-map", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
	{"dma-unmap", {{"dma-unmap", TOTAL}}},
	{"munmap", {{"munmap", TOTAL}}},
};

void tables_dma_map(const struct place *p, bool brief)
{
	struct filter cold = {"dma-map",
			      {{"target", p->target},
			       {"populated", "cold"},
			       {brief ? "align" : NULL, "1G"}}};
	struct filter warm = cold;
	struct filter all = {"dma-map", {{"target", p->target}}};

	warm.want[1].value = "warm";
	place_pivot(p, &cold, &map,
		    "Cost to map a BAR for DMA of which nothing was touched "
		    "before:");
	place_pivot(p, &warm, &map,
		    "The same where every page was; what is less is what the "
		    "faults cost:");
	if (brief)
		return;
	doc_para(p->doc, "Phases; with `populated=cold` the faults are those "
			 "of `dma-map`:");
	place_detail(p, &all, columns, COUNT(columns));
}
