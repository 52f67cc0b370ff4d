// SPDX-License-Identifier: GPL-2.0-or-later
/* The document as a mail: ASCII, at most 72 columns. */
#include <stdlib.h>
#include <string.h>

#include "report/doc-writer.h"

char *plain_text(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		unsigned char c = (unsigned char)*from;

		if (c == '`' || (c & 0xc0) == 0x80)
			continue; /* a later byte of a UTF-8 character */
		*to++ = c >= 0x80 ? '?' : (char)c;
	}
	*to = '\0';
	return text;
}

/* Where to cut a word that has : after its last comma, else anywhere. */
static size_t cut_at(const char *word, size_t room)
{
	for (size_t i = room; i > 1; i--)
		if (word[i - 1] == ',')
			return i;
	return room;
}

void wrap_text(FILE *out, const char *text, const char *first, const char *rest,
	       size_t columns)
{
	char *copy = strdup(text), *save = NULL;
	size_t at = strlen(first);
	bool fresh = true;

	fputs(first, out);
	if (copy)
		plain_text(copy);
	for (char *word = copy ? strtok_r(copy, " \n", &save) : NULL; word;
	     word = strtok_r(NULL, " \n", &save)) {
		size_t length = strlen(word);

		if (!fresh && at + 1 + length > columns) {
			at = (size_t)fprintf(out, "\n%s", rest) - 1;
			fresh = true;
		}
		while (at + length > columns) {
			size_t part = cut_at(word, columns - at);

			fprintf(out, "%.*s", (int)part, word);
			at = (size_t)fprintf(out, "\n%s", rest) - 1;
			word += part;
			length -= part;
		}
		at += (size_t)fprintf(out, "%s%s", fresh ? "" : " ", word);
		fresh = false;
	}
	fputc('\n', out);
	free(copy);
}

/* A link is its text, and where it leaves the document its target after it. */
static char *without_links(const char *text)
{
	char *plain = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&plain, &size);
	struct span span;

	if (!out)
		return NULL;
	while (next_span(&text, &span)) {
		fwrite(span.text, 1, span.length, out);
		if (span.kind == SPAN_LINK && *span.target != '#')
			fprintf(out, " (%.*s)", (int)span.target_length,
				span.target);
	}
	if (fclose(out)) {
		free(plain);
		return NULL;
	}
	return plain;
}

static void wrapped(struct doc *doc, const char *text, const char *first,
		    const char *rest)
{
	char *plain = without_links(text);

	if (plain)
		wrap_text(doc->out, plain, first, rest, DOC_COLUMNS);
	else
		doc->failed = true;
	free(plain);
}

/* The titles of the document, of a section and of what is below. */
static char underline(int level)
{
	return level > 2 ? '~' : level > 1 ? '-' : '=';
}

static void heading(struct doc *doc, const struct doc_heading *heading)
{
	size_t length = strlen(heading->text);

	wrapped(doc, heading->text, "", "");
	for (size_t i = 0; i < length && i < DOC_COLUMNS; i++)
		fputc(underline(heading->level), doc->out);
	fputs("\n\n", doc->out);
}

static void para(struct doc *doc, const char *text)
{
	wrapped(doc, text, "", "");
	fputc('\n', doc->out);
}

static void item(struct doc *doc, const char *text)
{
	wrapped(doc, text, "- ", "  ");
}

static void end_list(struct doc *doc)
{
	fputc('\n', doc->out);
}

/*
 * Like wrap_text(), for a command: "\" ends each line but the last, after a
 * space between words and at once inside a word that is too long.
 */
static void command(struct doc *doc, const char *text)
{
	const size_t room = DOC_COLUMNS - 2; /* for the " \" */
	char *copy = strdup(text), *save = NULL;
	bool fresh = true;
	size_t at = 2;

	fputs("  ", doc->out);
	if (copy)
		plain_text(copy);
	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word;
	     word = strtok_r(NULL, " ", &save)) {
		size_t length = strlen(word);

		if (!fresh && at + 1 + length > room) {
			fputs(" \\\n    ", doc->out);
			at = 4;
		} else if (!fresh) {
			fputc(' ', doc->out);
			at++;
		}
		for (; at + length > room; at = 0) {
			size_t part = room - at;

			fprintf(doc->out, "%.*s\\\n", (int)part, word);
			word += part;
			length -= part;
		}
		at += (size_t)fprintf(doc->out, "%s", word);
		fresh = false;
	}
	fputs("\n\n", doc->out);
	free(copy);
}

static void find_widths(const struct table *t, size_t *widths)
{
	for (size_t i = 0; i < t->count; i++) {
		size_t length = strlen(plain_text(t->cells[i]));

		if (length > widths[i % t->columns])
			widths[i % t->columns] = length;
	}
}

/* One row: the labels, then columns from..to, two spaces between. */
static void text_row(FILE *out, const struct table *t, const size_t *widths,
		     char *const *row, size_t from, size_t to)
{
	char *line = NULL;
	size_t size = 0, length;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		return;
	for (size_t c = 0; c < t->labels; c++)
		fprintf(f, "%s%-*s", c ? "  " : "", (int)widths[c], row[c]);
	for (size_t c = from; c < to; c++)
		fprintf(f, "  %*s", (int)widths[c], row[c]);
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

/* As many columns beside the labels as fit, and the others below. */
static void table(struct doc *doc, struct table *t)
{
	size_t *widths = calloc(t->columns, sizeof(*widths));
	size_t labels = 0, from = t->labels, to;

	if (!widths) {
		doc->failed = true;
		return;
	}
	find_widths(t, widths);
	for (size_t c = 0; c < t->labels; c++)
		labels += widths[c] + (c ? 2 : 0);
	do {
		size_t at = labels;

		for (to = from; to < t->columns; to++) {
			at += 2 + widths[to];
			if (to > from && at > DOC_COLUMNS)
				break;
		}
		for (size_t i = 0; i + t->columns <= t->count; i += t->columns)
			text_row(doc->out, t, widths, &t->cells[i], from, to);
		fputc('\n', doc->out);
		from = to;
	} while (from < t->columns);
	free(widths);
}

const struct doc_writer text_writer = {
	.heading = heading,
	.para = para,
	.item = item,
	.end_list = end_list,
	.command = command,
	.table = table,
};
