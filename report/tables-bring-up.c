// SPDX-License-Identifier: GPL-2.0-or-later
/* bring-up: what a start pays for a device, as a sum and step by step. */
#include "report/place.h"

/* In counts without the waits: they are the device's. */
static const struct measure start[] = {
	{"start",
	 {{"open", TOTAL},
	  {"bind", TOTAL},
	  {"info", TOTAL},
	  {"enable", TOTAL},
	  {"mmap", TOTAL},
	  {"first-access", TOTAL},
	  {"dma-map", TOTAL}}},
	{"start",
	 {{"open", TOTAL},
	  {"bind-cpu", TOTAL},
	  {"info", TOTAL},
	  {"enable", TOTAL},
	  {"mmap", TOTAL},
	  {"first-access", TOTAL},
	  {"dma-map", TOTAL}}},
};

static const struct measure columns[] = {
	{"open", {{"open", TOTAL}}},
	{"bind", {{"bind", TOTAL}}},
	{"bind-cpu", {{"bind-cpu", TOTAL}}},
	{"info", {{"info", TOTAL}}},
	{"enable", {{"enable", TOTAL}}},
	{"mmap", {{"mmap", TOTAL}}},
	{"first-access", {{"first-access", TOTAL}}},
	{"dma-map", {{"dma-map", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
	{"dma-unmap", {{"dma-unmap", TOTAL}}},
	{"munmap", {{"munmap", TOTAL}}},
	{"close", {{"close", TOTAL}}},
	{"close-cpu", {{"close-cpu", TOTAL}}},
};

void tables_bring_up(const struct place *p, bool brief)
{
	struct filter group = {"bring-up",
			       {{"target", p->target}, {"interface", "group"}}};
	struct filter all = {"bring-up", {{"target", p->target}}};
	bool counts = run_counts(p->s->run);

	place_pivot(
		p, &group, &start[counts],
		counts ? "What a start pays for the device, without the "
			 "waits for its reset, `open` + `bind-cpu` + "
			 "`info` + `enable` + `mmap` + `first-access` + "
			 "`dma-map`:"
		       : "What a start pays for the device, `open` + `bind` "
			 "+ `info` + `enable` + `mmap` + `first-access` + "
			 "`dma-map`:");
	if (brief)
		return;
	doc_para(p->doc, "Step by step, summed over the BARs; iommufd maps "
			 "none of them for DMA:");
	place_detail(p, &all, columns, COUNT(columns));
}
