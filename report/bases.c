// SPDX-License-Identifier: GPL-2.0-or-later
/* One base beside the others: what a variant costs on each. */
#include <string.h>

#include "report/sections.h"

/* Whether @variant of some earlier kernel of the run is this kernel's too. */
static bool variant_listed(const struct run *run, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (!strcmp(run->kernels[i].variant, run->kernels[k].variant))
			return true;
	return false;
}

static void heads(struct table *table, const struct run *run)
{
	const char *base;

	table_init(table, 1);
	table_head(table, "kernel");
	for (size_t i = 0; (base = base_at(run, i)); i++) {
		table_head(table, "%s", base);
		if (i)
			table_head(table, "x");
	}
}

/* The value on each base; x is the ratio to the first base. */
static void row(struct table *table, const struct summary *s,
		const char *variant, const struct question *q)
{
	uint64_t first = 0, value;
	const char *base;
	char text[32];

	table_cell(table, "%s", variant);
	for (size_t i = 0; (base = base_at(s->run, i)); i++) {
		const struct kernel *kernel =
			find_kernel(s->run, base, variant);
		bool known = kernel && measure_value(s, kernel, q->like,
						     q->measure, &value);

		table_cell(table, "%s", known ? grouped(text, value) : "-");
		if (!i)
			first = known ? value : 0;
		else
			table_cell(table, "%s",
				   known && first
					   ? ratio_text(text, sizeof(text),
							(double)value /
								(double)first)
					   : "-");
	}
}

void section_bases(struct doc *doc, const struct summary *s)
{
	struct question questions[QUESTIONS];
	const struct run *run = s->run;
	struct choice choice;
	struct table table;

	if (!choose(s, base_at(run, 0), &choice)) {
		doc_para(doc,
			 "%s has no figure that others could be "
			 "compared to.",
			 base_at(run, 0));
		return;
	}
	ask(run, &choice, questions);
	doc_para(doc,
		 "In %s, length=%s align=%s target=%s; x is the ratio to %s.",
		 run->unit, choice.length, choice.align, choice.target,
		 base_at(run, 0));
	for (size_t i = 0; i < QUESTIONS; i++) {
		doc_para(doc, "%s:", questions[i].words);
		heads(&table, run);
		for (size_t k = 0; k < run->kernel_count; k++)
			if (!variant_listed(run, k))
				row(&table, s, run->kernels[k].variant,
				    &questions[i]);
		doc_table(doc, &table);
	}
	doc_para(doc, "Bases differ in more than what maps a BAR: in how gcc "
		      "compiles them, in how far they can be preempted "
		      "(docs/METHOD.md). Variants are compared by their ratio "
		      "to `" BASELINE "` of the same base.");
}
