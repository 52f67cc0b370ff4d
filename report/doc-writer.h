/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a form of a document is made of; for doc-*.c alone. */
#ifndef REPORT_DOC_WRITER_H
#define REPORT_DOC_WRITER_H

#include "report/doc.h"

/*
 * Each writes to doc->out, and is called with a document that has not failed.
 * Those that may be NULL write nothing in this form.
 */
struct doc_writer {
	bool detailed;
	void (*heading)(struct doc *doc, const struct doc_heading *heading);
	void (*para)(struct doc *doc, const char *text);
	void (*item)(struct doc *doc, const char *text);
	/* After the last item of a list. */
	void (*end_list)(struct doc *doc);
	void (*command)(struct doc *doc, const char *text);
	void (*image)(struct doc *doc, const char *file,
		      const char *caption); /* or NULL */
	void (*table)(struct doc *doc, struct table *table);
	/* Before the document is put together; or NULL. */
	void (*end)(struct doc *doc);
	/* These write to @out, around the text and where contents go; or NULL. */
	void (*head)(const struct doc *doc, FILE *out);
	void (*contents)(const struct doc *doc, FILE *out);
	void (*tail)(const struct doc *doc, FILE *out);
};

extern const struct doc_writer text_writer, markdown_writer, html_writer;
/* The style sheet of a page. */
extern const char html_style[];

enum span_kind {
	SPAN_TEXT,
	SPAN_CODE,
	SPAN_LINK,
};

/* A piece of running text. */
struct span {
	enum span_kind kind;
	const char *text;
	size_t length;
	const char *target; /* of a link */
	size_t target_length;
};

/* Takes the next span off *@text; false at its end. */
bool next_span(const char **text, struct span *span);

/*
 * An image file as a data: URI into @out, fit for an attribute in single
 * quotes; nothing where it can't be read. 0, -ENOENT or -ENOMEM.
 */
int write_data_uri(FILE *out, const char *folder, const char *file);

#endif
