// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/figures.h"

#include <stddef.h>
#include <stdio.h>

#include "report/sections.h"

const struct figure figures[] = {
	{"recovery", "Cost to recover from memory off and on, against the "
		     "length of the BAR"},
	{"where", "Where each variant pays, at the largest length"},
	{"leaves", "Leaves by level, length and alignment"},
	{NULL, NULL},
};

void section_figures(struct doc *doc, const struct run *run)
{
	const char *base;

	for (const struct figure *f = figures; f->name; f++)
		for (size_t i = 0; (base = base_at(run, i)); i++) {
			char file[128], caption[192];

			snprintf(file, sizeof(file), "plots/%s%s%s.svg",
				 f->name, i ? "-" : "", i ? base : "");
			snprintf(caption, sizeof(caption), "%s (%s)",
				 f->caption, base);
			doc_image(doc, file, caption);
		}
	doc_para(doc, "Drawn by `plots/draw.sh` from `plots/*.tsv`.");
}
