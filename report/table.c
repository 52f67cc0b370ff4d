// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/doc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/model.h"

void table_init(struct table *table, size_t labels)
{
	memset(table, 0, sizeof(*table));
	table->labels = labels;
}

static void add_cell(struct table *table, const char *format, va_list ap)
{
	char **slot =
		append((void **)&table->cells, &table->count, sizeof(*slot));

	if (!slot)
		table->failed = true;
	else if (vasprintf(slot, format, ap) < 0) {
		*slot = NULL;
		table->failed = true;
	}
}

void table_head(struct table *table, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_cell(table, format, ap);
	va_end(ap);
	table->columns++;
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_cell(table, format, ap);
	va_end(ap);
}

static void markdown_cell(FILE *out, const char *text)
{
	fputs("| ", out);
	for (; *text; text++)
		fprintf(out, "%s%c", *text == '|' ? "\\" : "", *text);
	fputc(' ', out);
}

static void markdown_table(FILE *out, const struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		markdown_cell(out, t->cells[i]);
		if ((i + 1) % t->columns)
			continue;
		fputs("|\n", out);
		for (size_t c = 0; i + 1 == t->columns && c < t->columns; c++)
			fputs(c < t->labels ? "|:--" : "|--:", out);
		if (i + 1 == t->columns)
			fputs("|\n", out);
	}
	fputc('\n', out);
}

static size_t width(const struct table *t, size_t column)
{
	size_t most = 0;

	for (size_t i = column; i < t->count; i += t->columns)
		if (strlen(t->cells[i]) > most)
			most = strlen(t->cells[i]);
	return most;
}

/* One row: the labels, then columns from..to, two spaces between. */
static void text_row(FILE *out, const struct table *t, char *const *row,
		     size_t from, size_t to)
{
	char *line = NULL;
	size_t size = 0, length;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		return;
	for (size_t c = 0; c < t->labels; c++)
		fprintf(f, "%s%-*s", c ? "  " : "", (int)width(t, c), row[c]);
	for (size_t c = from; c < to; c++)
		fprintf(f, "  %*s", (int)width(t, c), row[c]);
	if (fclose(f))
		return;
	for (length = strlen(line); length && line[length - 1] == ' ';)
		line[--length] = '\0';
	/* A row can be too wide only by its labels: fold it. */
	if (length > DOC_COLUMNS)
		wrap_text(out, line, "", "    ", DOC_COLUMNS);
	else
		fprintf(out, "%s\n", line);
	free(line);
}

static void text_table(FILE *out, const struct table *t)
{
	size_t labels = 0, to;

	for (size_t c = 0; c < t->labels; c++)
		labels += width(t, c) + (c ? 2 : 0);
	for (size_t from = t->labels; from < t->columns; from = to) {
		size_t at = labels + 2 + width(t, from);

		for (to = from + 1; to < t->columns; to++) {
			at += 2 + width(t, to);
			if (at > DOC_COLUMNS)
				break;
		}
		for (size_t i = 0; i + t->columns <= t->count; i += t->columns)
			text_row(out, t, &t->cells[i], from, to);
		fputc('\n', out);
	}
}

void doc_table(struct doc *doc, struct table *table)
{
	doc->failed |= table->failed;
	for (size_t i = 0; !doc->failed && !doc->markdown && i < table->count;
	     i++)
		plain_text(table->cells[i]);
	if (!doc->failed && doc->in_list) {
		fputc('\n', doc->out);
		doc->in_list = false;
	}
	if (!doc->failed && table->columns) {
		if (doc->markdown)
			markdown_table(doc->out, table);
		else
			text_table(doc->out, table);
	}
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table_init(table, 0);
}
