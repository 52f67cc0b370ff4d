// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/figures.h"

#include <stddef.h>
#include <stdio.h>

#include "report/sections.h"

const struct figure figures[] = {
	{"recovery",
	 "What does it cost to recover from memory off and on, by the length "
	 "of the BAR?",
	 false},
	{"where", "Which step pays, at the largest length?", false},
	{"first-touch",
	 "How long does a first touch take, and how many take longer?", false},
	{"leaves", "Which leaves map the BAR, by its alignment and length?",
	 false},
	{"growth", "How do costs grow with VMAs, processes and threads?",
	 false},
	{"bystander", "How long does somebody else wait at worst?", false},
	{"outage", "How long is the BAR away, and what is that time spent on?",
	 false},
	{"dma-map", "What does a DMA map cost, populated and not?", false},
	{"fio-outage",
	 "What do readers at a fixed rate feel of an outage, and for how "
	 "long?",
	 false},
	{"bases", "What does the same cost on each base?", true},
	{NULL, NULL, false},
};

bool figure_is_there(const struct run *run, const struct figure *figure,
		     size_t base)
{
	return !figure->of_run || (!base && base_at(run, 1));
}

void section_figures(struct doc *doc, const struct run *run)
{
	const char *base;

	for (const struct figure *f = figures; f->name; f++)
		for (size_t i = 0; (base = base_at(run, i)); i++) {
			char file[128], caption[192];

			if (!figure_is_there(run, f, i))
				continue;
			snprintf(file, sizeof(file), "plots/%s%s%s.svg",
				 f->name, i ? "-" : "", i ? base : "");
			snprintf(caption, sizeof(caption), "%s%s%s%s",
				 f->caption, f->of_run ? "" : " (",
				 f->of_run ? "" : base, f->of_run ? "" : ")");
			doc_image(doc, file, caption);
		}
	doc_para(doc, "Drawn by `plots/draw.sh` from `plots/*.tsv`.");
}
