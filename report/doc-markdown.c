// SPDX-License-Identifier: GPL-2.0-or-later
/* The document in GitHub's markdown. */
#include <string.h>

#include "report/doc-writer.h"

/*
 * Text, with what would start markup after a backslash. Within a table a "|"
 * ends a cell, whatever is around it.
 */
static void escape(FILE *out, const char *text, size_t length,
		   const char *special)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c && strchr(special, c))
			fputc('\\', out);
		fputc(c < ' ' ? ' ' : c, out);
	}
}

static void running(FILE *out, const char *text, bool in_table)
{
	const char *bar = in_table ? "|" : "";
	const char *special = in_table ? "\\<[*&`|" : "\\<[*&`";
	struct span span;

	while (next_span(&text, &span)) {
		if (span.kind == SPAN_TEXT)
			escape(out, span.text, span.length, special);
		if (span.kind == SPAN_CODE) {
			fputc('`', out);
			escape(out, span.text, span.length, bar);
			fputc('`', out);
		}
		if (span.kind == SPAN_LINK) {
			fputc('[', out);
			escape(out, span.text, span.length, special);
			fprintf(out, "](%.*s)", (int)span.target_length,
				span.target);
		}
	}
}

static void heading(struct doc *doc, const struct doc_heading *heading)
{
	fprintf(doc->out, "%.*s ", heading->level, "######");
	running(doc->out, heading->text, false);
	fputs("\n\n", doc->out);
}

static void para(struct doc *doc, const char *text)
{
	running(doc->out, text, false);
	fputs("\n\n", doc->out);
}

static void item(struct doc *doc, const char *text)
{
	fputs("- ", doc->out);
	running(doc->out, text, false);
	fputc('\n', doc->out);
}

static void end_list(struct doc *doc)
{
	fputc('\n', doc->out);
}

/* A fence that is longer than any row of backticks inside. */
static void command(struct doc *doc, const char *text)
{
	size_t longest = 2;

	for (const char *p = text; *p; p += strcspn(p, "`")) {
		size_t row = strspn(p, "`");

		longest = row > longest ? row : longest;
		p += row;
	}
	for (size_t i = 0; i <= longest; i++)
		fputc('`', doc->out);
	fprintf(doc->out, "sh\n%s\n", text);
	for (size_t i = 0; i <= longest; i++)
		fputc('`', doc->out);
	fputs("\n\n", doc->out);
}

static void image(struct doc *doc, const char *file, const char *caption)
{
	fputs("![", doc->out);
	escape(doc->out, caption, strlen(caption), "\\<[]*&`");
	fprintf(doc->out, "](%s)\n\n", file);
}

static void table(struct doc *doc, struct table *t)
{
	for (size_t i = 0; i < t->count; i++) {
		fputs("| ", doc->out);
		running(doc->out, t->cells[i], true);
		fputc(' ', doc->out);
		if ((i + 1) % t->columns)
			continue;
		fputs("|\n", doc->out);
		for (size_t c = 0; i + 1 == t->columns && c < t->columns; c++)
			fputs(c < t->labels ? "|:--" : "|--:", doc->out);
		if (i + 1 == t->columns)
			fputs("|\n", doc->out);
	}
	fputc('\n', doc->out);
}

/* A line for each section, with what is below it. */
static void contents(const struct doc *doc, FILE *out)
{
	int last = 0;

	for (size_t i = 0; i < doc->heading_count; i++) {
		const struct doc_heading *h = &doc->headings[i];

		if (h->level != 2 && (h->level != 3 || !last))
			continue;
		if (h->level == 2)
			fputs(last ? "\n- [" : "- [", out);
		else
			fputs(last == 2 ? ": [" : ", [", out);
		running(out, h->text, false);
		fprintf(out, "](#%s)", h->anchor);
		last = h->level;
	}
	fputs(last ? "\n\n" : "", out);
}

const struct doc_writer markdown_writer = {
	.detailed = true,
	.heading = heading,
	.para = para,
	.item = item,
	.end_list = end_list,
	.command = command,
	.image = image,
	.table = table,
	.contents = contents,
};
