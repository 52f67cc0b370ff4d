// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "report/place.h"

static const struct measure negative[] = {
	{"getppid", {{"getppid", MEDIAN}}},
	{"anonymous touch", {{"anonymous-touch", MEDIAN}}},
};

static const struct measure columns[] = {
	{"getppid", {{"getppid", MEDIAN}}},
	{"anonymous touch", {{"anonymous-touch", MEDIAN}}},
	{"delayed getppid", {{"delayed-getppid", MEDIAN}}},
	{"delay", {{"delay", MEDIAN}}},
	{"found", {{"delay-found", MEDIAN}}},
};

/* How far a control is apart between the kernels that have it. */
static size_t range(const struct place *p, const struct cell *cell,
		    const struct measure *measure, uint64_t *least,
		    uint64_t *most)
{
	const struct run *run = p->s->run;
	size_t kernels = 0;

	for (size_t k = 0; k < run->kernel_count; k++) {
		uint64_t value;

		if (!in_base(&run->kernels[k], p->base) ||
		    !measure_value(p->s, &run->kernels[k], cell, measure,
				   &value))
			continue;
		if (!kernels || value < *least)
			*least = value;
		if (!kernels || value > *most)
			*most = value;
		kernels++;
	}
	return kernels;
}

static void judge(const struct place *p, const struct cell *cell,
		  const struct measure *measure)
{
	uint64_t least = 0, most = 0;
	size_t kernels = range(p, cell, measure, &least, &most);
	char a[32], b[32];

	if (kernels < 2)
		return;
	if (least == most)
		doc_item(p->doc, "%s: the same on %zu kernels.", measure->title,
			 kernels);
	else
		doc_item(p->doc,
			 "%s: %s to %s on %zu kernels, which no variant "
			 "explains: other figures may differ by as much for "
			 "the same reason.",
			 measure->title, grouped(a, least), grouped(b, most),
			 kernels);
}

void tables_controls(const struct place *p, bool brief)
{
	struct filter all = {"controls", {{"target", p->target}}};
	struct cell_list list;

	if (select_cells(p->s, p->base, &all, &list)) {
		p->doc->failed = true;
		return;
	}
	doc_para(p->doc, "What no variant can affect, and a known delay that "
			 "must be found, medians of one call or touch:");
	/* Times always differ; whether by too much is section_instrument()'s. */
	for (size_t c = 0; run_counts(p->s->run) && c < list.count; c++)
		for (size_t i = 0; i < COUNT(negative); i++)
			judge(p, list.cells[c], &negative[i]);
	free(list.cells);
	if (!brief)
		place_detail(p, &all, columns, COUNT(columns));
}
