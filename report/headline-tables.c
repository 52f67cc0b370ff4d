// SPDX-License-Identifier: GPL-2.0-or-later
/* The headline's tables: cost, who populated, where it was paid. */
#include <string.h>

#include "report/sections.h"

static void cost_table(struct doc *doc, const struct summary *s,
		       const struct choice *choice)
{
	struct question questions[QUESTIONS];
	struct table table;
	char text[32];

	ask(s->run, choice, questions);
	table_init(&table, 1);
	table_head(&table, "kernel");
	for (size_t i = 0; i < QUESTIONS; i++) {
		table_head(&table, "%s", questions[i].title);
		table_head(&table, "x");
	}
	for (size_t k = 0; k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, choice->base))
			continue;
		table_cell(&table, "%s", kernel->variant);
		for (size_t i = 0; i < QUESTIONS; i++) {
			const struct question *q = &questions[i];

			table_cell(&table, "%s",
				   measure_text(text, s, kernel, q->like,
						q->measure));
			table_cell(&table, "%s",
				   against(text, sizeof(text), s, kernel, q));
		}
	}
	doc_table(doc, &table);
}

static void fault_cells(struct table *table, const struct summary *s,
			const struct kernel *kernel,
			const struct choice *choice)
{
	static const struct measure before = {"", {{"page-tables-before", 0}}};
	static const struct measure after = {"", {{"page-tables-after", 0}}};
	uint64_t faults, from, to;
	char text[32];

	table_cell(table, "%s",
		   measure_text(text, s, kernel, choice->first_touch,
				&measure_faults));
	if (!measure_value(s, kernel, choice->first_touch, &measure_faults,
			   &faults))
		table_cell(table, "-");
	else if (!faults)
		table_cell(table, "no fault");
	else
		table_cell(table, "%s",
			   grouped(text, size_bytes(choice->length) / faults));
	if (measure_value(s, kernel, choice->first_touch, &before, &from) &&
	    measure_value(s, kernel, choice->first_touch, &after, &to))
		table_cell(table, "%s%s", to < from ? "-" : "",
			   grouped(text, to < from ? from - to : to - from));
	else
		table_cell(table, "-");
}

static void who_table(struct doc *doc, const struct summary *s,
		      const struct choice *choice)
{
	struct table table;
	char text[96];

	table_init(&table, 1);
	table_head(&table, "kernel");
	table_head(&table, "faults");
	table_head(&table, "bytes/fault");
	table_head(&table, "table bytes");
	table_head(&table, "PTE/PMD/PUD");
	table_head(&table, "off/on faults");
	table_head(&table, "reset faults");
	for (size_t k = 0; k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, choice->base))
			continue;
		table_cell(&table, "%s", kernel->variant);
		fault_cells(&table, s, kernel, choice);
		if (choice->leaves)
			cell_leaves(text, s, kernel, choice->leaves, NULL);
		table_cell(&table, "%s", choice->leaves ? text : "-");
		table_cell(&table, "%s",
			   measure_text(text, s, kernel, choice->toggle,
					&measure_faults));
		table_cell(&table, "%s",
			   measure_text(text, s, kernel, choice->reset,
					&measure_faults));
	}
	doc_table(doc, &table);
}

static void where_table(struct doc *doc, const struct summary *s,
			const struct choice *choice)
{
	const struct {
		struct measure measure;
		const struct cell *like;
	} columns[] = {
		{{"mmap", {{"mmap", MEDIAN}}}, choice->first_touch},
		{{"first touch", {{"first-touch-total", 0}}},
		 choice->first_touch},
		{{"munmap", {{"munmap", MEDIAN}}}, choice->first_touch},
		{{"disable", {{"disable", 0}}}, choice->toggle},
		{{"enable", {{"enable", 0}}}, choice->toggle},
		{{"1st access", {{"first-access", 0}}}, choice->toggle},
		{{"whole BAR", {{"whole-bar", 0}}}, choice->toggle},
		{{"reset", {{"reset", 0}}}, choice->reset},
		{{"reset CPU", {{"reset-cpu", 0}}}, choice->reset},
	};
	struct table table;
	char text[32];

	table_init(&table, 1);
	table_head(&table, "kernel");
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		table_head(&table, "%s", columns[i].measure.title);
	for (size_t k = 0; k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, choice->base))
			continue;
		table_cell(&table, "%s", kernel->variant);
		for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
			table_cell(&table, "%s",
				   measure_text(text, s, kernel,
						columns[i].like,
						&columns[i].measure));
	}
	doc_table(doc, &table);
}

/* Each "-" of the cost table, by name. */
static void say_missing(struct doc *doc, const struct summary *s,
			const struct choice *choice)
{
	struct question questions[QUESTIONS];
	uint64_t value;

	ask(s->run, choice, questions);
	if (!find_kernel(s->run, choice->base, BASELINE))
		doc_item(doc, "`" BASELINE "` is not in this run: no ratios.");
	for (size_t i = 0; i < QUESTIONS; i++)
		for (size_t k = 0; k < s->run->kernel_count; k++) {
			const struct kernel *kernel = &s->run->kernels[k];
			const struct question *q = &questions[i];

			if (!in_base(kernel, choice->base) ||
			    measure_value(s, kernel, q->like, q->measure,
					  &value))
				continue;
			doc_item(doc, "`%s`, %s: not measured: `%s`.",
				 kernel->variant, q->title,
				 missing_reason(kernel, q->like));
		}
}

void section_headline(struct doc *doc, const struct summary *s)
{
	struct choice choice;
	const char *base;

	for (size_t i = 0; (base = base_at(s->run, i)); i++) {
		if (!choose(s, base, &choice))
			continue;
		doc_para(doc,
			 "Cost in %s, %s, length=%s align=%s target=%s; x is "
			 "the ratio to `" BASELINE "`:",
			 s->run->unit, base, choice.length, choice.align,
			 choice.target);
		cost_table(doc, s, &choice);
		say_missing(doc, s, &choice);
		doc_para(doc, "Who populated it: faults of the first walk, "
			      "bytes one of them maps, page-table bytes it "
			      "added, leaves by level, faults of the walk "
			      "after each recovery:");
		who_table(doc, s, &choice);
		doc_para(doc,
			 "Where it was paid, in %s (off/on is disable + enable "
			 "+ 1st access + whole BAR):",
			 s->run->unit);
		where_table(doc, s, &choice);
	}
}
