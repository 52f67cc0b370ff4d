/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document in one of two dialects: GitHub's markdown, or plain ASCII of at
 * most 72 columns for a mail. The same calls write either, so that both say
 * the same. Calls never fail; doc_close() says whether all went well.
 */
#ifndef REPORT_DOC_H
#define REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DOC_COLUMNS 72
#define TABLE_COLUMNS_MAX 16

#define DOC_PRINTF(n) __attribute__((format(printf, n, n + 1)))

struct doc {
	FILE *out;
	char *text;
	size_t size;
	bool markdown;
	bool failed; /* out of memory somewhere */
	bool in_list;
};

/* The caller ends it with doc_close(), whatever this returned. */
void doc_open(struct doc *doc, bool markdown);
/*
 * 0, with the text at doc->text for the caller to free, or -ENOMEM, with
 * nothing to free.
 */
int doc_close(struct doc *doc);

void doc_heading(struct doc *doc, int level, const char *format, ...)
	DOC_PRINTF(3);
/* `code` in backticks is kept by markdown and plain in text. */
void doc_para(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
void doc_item(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
/* One line to be copied; text continues it on the next line with "\". */
void doc_command(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
/* Markdown only. */
void doc_image(struct doc *doc, const char *file, const char *caption);

/* A table; cells are strings, the first `columns` of them the header. */
struct table {
	size_t columns;
	size_t labels; /* leading columns: left-aligned, never cut off */
	char **cells;
	size_t count;
	bool failed;
};

void table_init(struct table *table, size_t labels);
/* All header cells come before the first other cell. */
void table_head(struct table *table, const char *format, ...) DOC_PRINTF(2);
void table_cell(struct table *table, const char *format, ...) DOC_PRINTF(2);
/*
 * Writes the table and frees it. In text, a table too wide comes in parts, each
 * with the label columns.
 */
void doc_table(struct doc *doc, struct table *table);

/* Makes @text plain ASCII in place: "?" for any other character, no backtick. */
char *plain_text(char *text);

/* @value with commas between thousands; @text needs 32 bytes. */
const char *grouped(char *text, uint64_t value);
/* @value with three significant digits or so: 603, 42.1, 1.04, 0.0031. */
const char *ratio_text(char *text, size_t size, double value);

/*
 * Writes @text to @out in lines of at most @columns, the first after @first and
 * the others after @rest; a word that is too long is cut. Non-ASCII characters
 * become "?", backticks vanish.
 */
void wrap_text(FILE *out, const char *text, const char *first, const char *rest,
	       size_t columns);

#endif
