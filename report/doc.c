// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/doc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void doc_open(struct doc *doc, bool markdown)
{
	memset(doc, 0, sizeof(*doc));
	doc->markdown = markdown;
	doc->out = open_memstream(&doc->text, &doc->size);
	doc->failed = !doc->out;
}

int doc_close(struct doc *doc)
{
	if (doc->out && fclose(doc->out))
		doc->failed = true;
	doc->out = NULL;
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

static void end_list(struct doc *doc)
{
	if (doc->in_list)
		fputc('\n', doc->out);
	doc->in_list = false;
}

void doc_heading(struct doc *doc, int level, const char *format, ...)
{
	va_list ap;
	char *text;

	va_start(ap, format);
	text = format_text(doc, format, ap);
	va_end(ap);
	if (!text)
		return;
	end_list(doc);
	if (doc->markdown) {
		fprintf(doc->out, "%.*s %s\n\n", level, "######", text);
	} else {
		size_t length = strlen(text);

		wrap_text(doc->out, text, "", "", DOC_COLUMNS);
		for (size_t i = 0; i < length && i < DOC_COLUMNS; i++)
			fputc(level > 1 ? '-' : '=', doc->out);
		fputs("\n\n", doc->out);
	}
	free(text);
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
	if (doc->markdown)
		fprintf(doc->out, "%s\n\n", text);
	else {
		wrap_text(doc->out, text, "", "", DOC_COLUMNS);
		fputc('\n', doc->out);
	}
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
	if (doc->markdown)
		fprintf(doc->out, "- %s\n", text);
	else
		wrap_text(doc->out, text, "- ", "  ", DOC_COLUMNS);
	doc->in_list = true;
	free(text);
}

/*
 * Like wrap_text(), for a command: "\" ends each line but the last, after a
 * space between words and at once inside a word that is too long.
 */
static void wrap_command(FILE *out, const char *text)
{
	const size_t room = DOC_COLUMNS - 2; /* for the " \" */
	char *copy = strdup(text), *save = NULL;
	bool fresh = true;
	size_t at = 2;

	fputs("  ", out);
	if (copy)
		plain_text(copy);
	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word;
	     word = strtok_r(NULL, " ", &save)) {
		size_t length = strlen(word);

		if (!fresh && at + 1 + length > room) {
			fputs(" \\\n    ", out);
			at = 4;
		} else if (!fresh) {
			fputc(' ', out);
			at++;
		}
		for (; at + length > room; at = 0) {
			size_t part = room - at;

			fprintf(out, "%.*s\\\n", (int)part, word);
			word += part;
			length -= part;
		}
		at += (size_t)fprintf(out, "%s", word);
		fresh = false;
	}
	fputs("\n\n", out);
	free(copy);
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
	if (doc->markdown)
		fprintf(doc->out, "```sh\n%s\n```\n\n", text);
	else
		wrap_command(doc->out, text);
	free(text);
}

void doc_image(struct doc *doc, const char *file, const char *caption)
{
	if (doc->failed || !doc->markdown)
		return;
	end_list(doc);
	fprintf(doc->out, "![%s](%s)\n\n", caption, file);
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
