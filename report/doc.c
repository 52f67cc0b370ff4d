// SPDX-License-Identifier: GPL-2.0-or-later
/* What all forms of a document have in common. */
#include "report/doc.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc-writer.h"
#include "report/model.h"

static const struct doc_writer *const writers[] = {
	[DOC_TEXT] = &text_writer,
	[DOC_MARKDOWN] = &markdown_writer,
	[DOC_HTML] = &html_writer,
};

void doc_open(struct doc *doc, enum doc_form form)
{
	memset(doc, 0, sizeof(*doc));
	doc->writer = writers[form];
	doc->out = open_memstream(&doc->text, &doc->size);
	doc->failed = !doc->out;
}

bool doc_is_detailed(const struct doc *doc)
{
	return doc->writer->detailed;
}

static void end_list(struct doc *doc)
{
	if (doc->in_list && !doc->failed)
		doc->writer->end_list(doc);
	doc->in_list = false;
}

/* The text with its head, contents and tail, in place of the text alone. */
static void put_together(struct doc *doc)
{
	const struct doc_writer *writer = doc->writer;
	size_t size = 0, at = doc->contents_at;
	char *whole = NULL;
	FILE *out = open_memstream(&whole, &size);

	if (!out) {
		doc->failed = true;
		return;
	}
	if (writer->head)
		writer->head(doc, out);
	fwrite(doc->text, 1, at, out);
	if (writer->contents && doc->wants_contents)
		writer->contents(doc, out);
	fwrite(doc->text + at, 1, doc->size - at, out);
	if (writer->tail)
		writer->tail(doc, out);
	if (fclose(out))
		doc->failed = true;
	free(doc->text);
	doc->text = whole;
	doc->size = size;
}

static void free_parts(struct doc *doc)
{
	for (size_t i = 0; i < doc->heading_count; i++) {
		free(doc->headings[i].text);
		free(doc->headings[i].anchor);
	}
	free(doc->headings);
	doc->headings = NULL;
	doc->heading_count = 0;
	for (size_t i = 0; i < doc->held_count; i++)
		free(doc->held[i]);
	doc->held_count = 0;
}

int doc_close(struct doc *doc)
{
	end_list(doc);
	if (!doc->failed && doc->writer->end)
		doc->writer->end(doc);
	if (doc->out && fclose(doc->out))
		doc->failed = true;
	doc->out = NULL;
	if (!doc->failed)
		put_together(doc);
	free_parts(doc);
	if (!doc->failed)
		return 0;
	free(doc->text);
	doc->text = NULL;
	return -ENOMEM;
}

static char *format_text(struct doc *doc, const char *format, va_list ap)
{
	char *text = NULL;

	if (doc->failed || vasprintf(&text, format, ap) < 0) {
		doc->failed = true;
		return NULL;
	}
	return text;
}

/*
 * As GitHub does it: lower case, a hyphen for a space, nothing for any other
 * mark; what was there before gets a number.
 */
static char *anchor_of(const struct doc *doc, const char *text)
{
	char *anchor = strdup(text), *to = anchor, *numbered = NULL;
	size_t same = 0;

	if (!anchor)
		return NULL;
	for (const char *from = text; *from; from++)
		if (isalnum((unsigned char)*from) || strchr("-_", *from))
			*to++ = (char)tolower((unsigned char)*from);
		else if (*from == ' ')
			*to++ = '-';
	*to = '\0';
	for (size_t i = 0; i < doc->heading_count; i++) {
		const char *other = doc->headings[i].anchor;
		size_t length = strlen(anchor);

		same += !strncmp(other, anchor, length) &&
			(!other[length] ||
			 (other[length] == '-' &&
			  strspn(other + length + 1, "0123456789") ==
				  strlen(other + length + 1)));
	}
	if (!same)
		return anchor;
	if (asprintf(&numbered, "%s-%zu", anchor, same) < 0)
		numbered = NULL;
	free(anchor);
	return numbered;
}

void doc_heading(struct doc *doc, int level, const char *format, ...)
{
	struct doc_heading *heading;
	char *text, *anchor;
	va_list ap;

	va_start(ap, format);
	text = format_text(doc, format, ap);
	va_end(ap);
	if (!text)
		return;
	end_list(doc);
	anchor = anchor_of(doc, text);
	heading = append((void **)&doc->headings, &doc->heading_count,
			 sizeof(*heading));
	if (!heading || !anchor) {
		doc->failed = true;
		doc->heading_count -= heading != NULL;
		free(text);
		free(anchor);
		return;
	}
	*heading = (struct doc_heading){level, text, anchor};
	doc->writer->heading(doc, heading);
}

void doc_para(struct doc *doc, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(doc, format, ap);
	va_end(ap);
	if (!text)
		return;
	end_list(doc);
	doc->writer->para(doc, text);
	free(text);
}

void doc_item(struct doc *doc, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(doc, format, ap);
	va_end(ap);
	if (!text)
		return;
	doc->writer->item(doc, text);
	doc->in_list = true;
	free(text);
}

void doc_command(struct doc *doc, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(doc, format, ap);
	va_end(ap);
	if (!text)
		return;
	end_list(doc);
	doc->writer->command(doc, text);
	free(text);
}

void doc_image(struct doc *doc, const char *file, const char *caption)
{
	if (doc->failed || !doc->writer->image)
		return;
	end_list(doc);
	doc->writer->image(doc, file, caption);
}

void doc_contents(struct doc *doc)
{
	if (doc->failed || !doc->writer->contents)
		return;
	end_list(doc);
	if (fflush(doc->out))
		doc->failed = true;
	doc->contents_at = doc->size;
	doc->wants_contents = true;
}

void doc_table(struct doc *doc, struct table *table)
{
	doc->failed |= table->failed;
	end_list(doc);
	if (!doc->failed && table->columns)
		doc->writer->table(doc, table);
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	table_init(table, 0);
}

const char *grouped(char *text, uint64_t value)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, value);
	char *to = text;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

const char *ratio_text(char *text, size_t size, double value)
{
	if (value >= 100)
		snprintf(text, size, "%.0f", value);
	else if (value >= 10)
		snprintf(text, size, "%.1f", value);
	else if (value >= 0.1)
		snprintf(text, size, "%.2f", value);
	else if (value >= 0.0001)
		snprintf(text, size, "%.4f", value);
	else
		snprintf(text, size, "%.1e", value);
	return text;
}
