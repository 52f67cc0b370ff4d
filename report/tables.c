// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of any cells: labels are the parameters that vary among them. */
#include <string.h>

#include "report/sections.h"

/* Is parameter @p (by place in the first cell) not the same in all cells? */
static bool varies(const struct cell_list *cells, size_t p)
{
	const struct parameter *first = &cells->cells[0]->parameters[p];

	for (size_t i = 1; i < cells->count; i++)
		if (strcmp(cell_parameter(cells->cells[i], first->name),
			   first->value))
			return true;
	return false;
}

/* Says what is the same in all cells; returns how many labels vary. */
static size_t say_fixed(struct doc *doc, const struct cell_list *cells)
{
	const struct cell *first = cells->cells[0];
	char text[256] = "";
	size_t labels = 0;

	for (size_t p = 0; p < first->parameter_count; p++) {
		size_t used = strlen(text);

		if (varies(cells, p))
			labels++;
		else
			snprintf(text + used, sizeof(text) - used, "%s%s=%s",
				 used ? " " : "", first->parameters[p].name,
				 first->parameters[p].value);
	}
	if (*text)
		doc_para(doc, "`%s`:", text);
	return labels;
}

static void label_heads(struct table *table, const struct cell_list *cells)
{
	const struct cell *first = cells->cells[0];

	for (size_t p = 0; p < first->parameter_count; p++)
		if (varies(cells, p))
			table_head(table, "%s", first->parameters[p].name);
}

static void label_cells(struct table *table, const struct cell_list *cells,
			const struct cell *cell)
{
	const struct cell *first = cells->cells[0];

	for (size_t p = 0; p < first->parameter_count; p++)
		if (varies(cells, p))
			table_cell(table, "%s",
				   cell_parameter(cell,
						  first->parameters[p].name));
}

static void detail_row(struct table *table, const struct summary *s,
		       const struct kernel *kernel, const struct cell *cell,
		       const struct measure *columns, size_t column_count)
{
	char text[32];

	for (size_t i = 0; i < column_count; i++)
		table_cell(table, "%s",
			   measure_text(text, s, kernel, cell, &columns[i]));
}

void detail_table(struct doc *doc, const struct summary *s, const char *base,
		  const struct cell_list *cells, const struct measure *columns,
		  size_t column_count)
{
	struct table table;

	if (!cells->count)
		return;
	table_init(&table, say_fixed(doc, cells) + 1);
	label_heads(&table, cells);
	table_head(&table, "kernel");
	for (size_t i = 0; i < column_count; i++)
		table_head(&table, "%s", columns[i].title);
	for (size_t c = 0; c < cells->count; c++)
		for (size_t k = 0; k < s->run->kernel_count; k++) {
			const struct kernel *kernel = &s->run->kernels[k];

			if (strcmp(kernel->base, base))
				continue;
			label_cells(&table, cells, cells->cells[c]);
			table_cell(&table, "%s", kernel->variant);
			detail_row(&table, s, kernel, cells->cells[c], columns,
				   column_count);
		}
	doc_table(doc, &table);
}

void cell_measure(char *text, const struct summary *s,
		  const struct kernel *kernel, const struct cell *cell,
		  const void *context)
{
	measure_text(text, s, kernel, cell, context);
}

void cell_leaves(char *text, const struct summary *s,
		 const struct kernel *kernel, const struct cell *cell,
		 const void *context)
{
	static const struct measure levels[] = {
		{"PTE", {{"pte-leaves", TOTAL}}},
		{"PMD", {{"pmd-leaves", TOTAL}}},
		{"PUD", {{"pud-leaves", TOTAL}}},
	};
	char a[32], b[32], c[32];
	uint64_t value;

	(void)context;
	if (!measure_value(s, kernel, cell, &levels[0], &value)) {
		strcpy(text, "-");
		return;
	}
	sprintf(text, "%s/%s/%s", measure_text(a, s, kernel, cell, &levels[0]),
		measure_text(b, s, kernel, cell, &levels[1]),
		measure_text(c, s, kernel, cell, &levels[2]));
}

void pivot_table(struct doc *doc, const struct summary *s, const char *base,
		 const struct cell_list *cells, const char *title,
		 cell_text_fn *cell_text, const void *context)
{
	struct table table;
	char text[96];

	if (!cells->count)
		return;
	table_init(&table, say_fixed(doc, cells));
	label_heads(&table, cells);
	if (!table.columns) {
		table.labels = 1;
		table_head(&table, "cell");
	}
	for (size_t k = 0; k < s->run->kernel_count; k++)
		if (in_base(&s->run->kernels[k], base))
			table_head(&table, "%s", s->run->kernels[k].variant);
	for (size_t c = 0; c < cells->count; c++) {
		const struct cell *cell = cells->cells[c];

		label_cells(&table, cells, cell);
		if (cells->count == 1)
			table_cell(&table, "%s", title);
		for (size_t k = 0; k < s->run->kernel_count; k++) {
			const struct kernel *kernel = &s->run->kernels[k];

			if (!in_base(kernel, base))
				continue;
			cell_text(text, s, kernel, cell, context);
			table_cell(&table, "%s", text);
		}
	}
	doc_table(doc, &table);
}
