/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document in one of three forms: plain ASCII of at most 72 columns for a
 * mail, GitHub's markdown, or one HTML page that needs no other file. The same
 * calls write each, so that all say the same. Calls never fail; doc_close()
 * says whether all went well.
 *
 * Headings, paragraphs, items and table cells are running text: `code` stands
 * in backticks, a link is [text](target). Anything else in it is text and comes
 * out as it is, whatever it would mean to a browser; so may a value that comes
 * from a results folder. A link that leaves the document goes to https or to a
 * file, and is text otherwise.
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

enum doc_form {
	DOC_TEXT,
	DOC_MARKDOWN,
	DOC_HTML,
};

struct doc_heading {
	int level;
	char *text;
	char *anchor; /* unique in the document, as GitHub makes them */
};

#define DOC_HELD 2

struct doc {
	FILE *out;
	char *text;
	size_t size;
	const struct doc_writer *writer;
	/* Where doc_image() finds files: HTML takes them in. NULL: nowhere. */
	const char *folder;
	bool failed; /* out of memory somewhere */
	bool in_list;
	struct doc_heading *headings;
	size_t heading_count;
	bool wants_contents;
	size_t contents_at; /* where in the text they go */
	/* HTML: paragraphs that may become the caption of a table. */
	char *held[DOC_HELD];
	size_t held_count;
	size_t tables;
};

/* The caller ends it with doc_close(), whatever this returned. */
void doc_open(struct doc *doc, enum doc_form form);
/*
 * 0, with the text at doc->text for the caller to free, or -ENOMEM, with
 * nothing to free.
 */
int doc_close(struct doc *doc);

/* Has this form room for tables of detail? A mail has not. */
bool doc_is_detailed(const struct doc *doc);

void doc_heading(struct doc *doc, int level, const char *format, ...)
	DOC_PRINTF(3);
void doc_para(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
void doc_item(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
/* One line to be copied; text continues it on the next line with "\". */
void doc_command(struct doc *doc, const char *format, ...) DOC_PRINTF(2);
/* @caption says what the figure answers. A mail has none. */
void doc_image(struct doc *doc, const char *file, const char *caption);
/* Here stand links to the headings of levels 2 and 3; a mail has none. */
void doc_contents(struct doc *doc);

/* A table; cells are running text, the first `columns` of them the header. */
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
 * with the label columns. In HTML, the paragraphs right before it that end with
 * ":" are its caption.
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
