// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The document as one HTML page: style and figures are inside, there is no
 * script, and it asks the network for nothing. It is well-formed XML too, so
 * that a test can tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc-writer.h"

/* Text as text, in an element or in a quoted attribute. */
static void escape(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '"')
			fputs("&quot;", out);
		else if (c == '\'')
			fputs("&#39;", out);
		else
			fputc(c < ' ' || c == 127 ? ' ' : c, out);
	}
}

static void running(FILE *out, const char *text, size_t length)
{
	const char *end = text + length;
	struct span span;

	while (text < end && next_span(&text, &span)) {
		/* What is kept back of the text is at its end, plain. */
		if (span.kind == SPAN_TEXT && text > end)
			span.length = (size_t)(end - span.text);
		if (span.kind == SPAN_LINK)
			fprintf(out, "<a href=\"%.*s\">",
				(int)span.target_length, span.target);
		fputs(span.kind == SPAN_CODE ? "<code>" : "", out);
		escape(out, span.text, span.length);
		fputs(span.kind == SPAN_CODE ? "</code>" : "", out);
		fputs(span.kind == SPAN_LINK ? "</a>" : "", out);
	}
}

static void running_all(FILE *out, const char *text)
{
	running(out, text, strlen(text));
}

static void write_para(FILE *out, const char *text)
{
	fputs("<p>", out);
	running_all(out, text);
	fputs("</p>\n", out);
}

/* Drops the oldest @count of what is held. */
static void drop(struct doc *doc, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(doc->held[i]);
	doc->held_count -= count;
	memmove(doc->held, doc->held + count,
		doc->held_count * sizeof(*doc->held));
}

/* What is held was no caption. */
static void release(struct doc *doc)
{
	for (size_t i = 0; i < doc->held_count; i++)
		write_para(doc->out, doc->held[i]);
	drop(doc, doc->held_count);
}

static void heading(struct doc *doc, const struct doc_heading *heading)
{
	release(doc);
	fprintf(doc->out, "<h%d id=\"%s\">", heading->level, heading->anchor);
	running_all(doc->out, heading->text);
	fprintf(doc->out, "</h%d>\n", heading->level);
}

static void para(struct doc *doc, const char *text)
{
	size_t length = strlen(text);
	char *copy;

	if (!length || text[length - 1] != ':') {
		release(doc);
		write_para(doc->out, text);
		return;
	}
	copy = strdup(text);
	if (!copy) {
		doc->failed = true;
		return;
	}
	if (doc->held_count == DOC_HELD) {
		write_para(doc->out, doc->held[0]);
		drop(doc, 1);
	}
	doc->held[doc->held_count++] = copy;
}

static void item(struct doc *doc, const char *text)
{
	release(doc);
	fputs(doc->in_list ? "<li>" : "<ul>\n<li>", doc->out);
	running_all(doc->out, text);
	fputs("</li>\n", doc->out);
}

static void end_list(struct doc *doc)
{
	fputs("</ul>\n", doc->out);
}

static void command(struct doc *doc, const char *text)
{
	release(doc);
	fputs("<pre tabindex=\"0\"><code>", doc->out);
	escape(doc->out, text, strlen(text));
	fputs("</code></pre>\n", doc->out);
}

static void missing_image(struct doc *doc, const char *file,
			  const char *caption)
{
	fputs("<p class=\"missing\">Not drawn: ", doc->out);
	escape(doc->out, caption, strlen(caption));
	fputs(". <code>plots/draw.sh</code> makes <code>", doc->out);
	escape(doc->out, file, strlen(file));
	fputs("</code>, and <code>pfnreport --html</code> then puts it "
	      "here.</p>\n",
	      doc->out);
}

static void image(struct doc *doc, const char *file, const char *caption)
{
	char *uri = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&uri, &size);
	int err = out ? write_data_uri(out, doc->folder, file) : -ENOMEM;

	if (out && fclose(out))
		err = -ENOMEM;
	release(doc);
	if (!err) {
		/* One that knows light and dark needs no white around it. */
		fprintf(doc->out, "<figure%s>\n<img alt=\"",
			strstr(uri, "prefers-color-scheme")
				? " class=\"themed\""
				: "");
		escape(doc->out, caption, strlen(caption));
		fprintf(doc->out, "\" src='%s' />\n<figcaption>", uri);
		escape(doc->out, caption, strlen(caption));
		fputs("</figcaption>\n</figure>\n", doc->out);
	} else if (err == -ENOENT) {
		missing_image(doc, file, caption);
	} else {
		doc->failed = true;
	}
	free(uri);
}

/* "Cost, `mmap` + `touch`:" and "`length=1G`:" are one caption. */
static void caption(struct doc *doc)
{
	const char *section =
		doc->heading_count ? doc->headings[doc->heading_count - 1].text
				   : "";

	doc->tables++;
	fprintf(doc->out,
		"<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
		"aria-labelledby=\"table-%zu\">\n<table>\n"
		"<caption id=\"table-%zu\"%s><span>",
		doc->tables, doc->tables,
		doc->held_count ? "" : " class=\"unseen\"");
	if (!doc->held_count)
		running_all(doc->out, section);
	for (size_t i = 0; i < doc->held_count; i++) {
		const char *text = doc->held[i];
		bool last = i + 1 == doc->held_count;

		fputs(i ? " " : "", doc->out);
		running(doc->out, text, strlen(text) - last);
	}
	drop(doc, doc->held_count);
	fputs("</span></caption>\n", doc->out);
}

static void cell(struct doc *doc, const struct table *t, size_t i)
{
	bool label = i % t->columns < t->labels;
	bool head = i < t->columns;
	const char *tag = head || label ? "th" : "td";

	fprintf(doc->out, "<%s%s%s>", tag,
		head	? " scope=\"col\""
		: label ? " scope=\"row\""
			: "",
		head && label ? " class=\"label\"" : "");
	running_all(doc->out, t->cells[i]);
	fprintf(doc->out, "</%s>", tag);
}

static void table(struct doc *doc, struct table *t)
{
	caption(doc);
	fputs("<thead>\n", doc->out);
	for (size_t i = 0; i < t->count; i++) {
		fputs(i % t->columns ? "" : "<tr>", doc->out);
		cell(doc, t, i);
		if ((i + 1) % t->columns == 0 || i + 1 == t->count)
			fputs("</tr>\n", doc->out);
		if (i + 1 == t->columns)
			fputs("</thead>\n<tbody>\n", doc->out);
	}
	fputs("</tbody>\n</table>\n</div>\n", doc->out);
}

static void end(struct doc *doc)
{
	release(doc);
}

static void title(const struct doc *doc, FILE *out)
{
	const char *text = doc->heading_count ? doc->headings[0].text : "";

	escape(out, text, strlen(text));
}

static void head(const struct doc *doc, FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\" />\n"
	      /* Should a value ever get out of its quotes, it loads nothing. */
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; img-src data:; "
	      "style-src 'unsafe-inline'; base-uri 'none'; "
	      "form-action 'none'\" />\n"
	      "<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\" />\n"
	      "<meta name=\"color-scheme\" content=\"light dark\" />\n<title>",
	      out);
	title(doc, out);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
		html_style);
}

/* Sections, and in them what is one level below. */
static void contents(const struct doc *doc, FILE *out)
{
	int level = 1;

	fputs("<nav aria-label=\"Contents\">\n", out);
	for (size_t i = 0; i < doc->heading_count; i++) {
		const struct doc_heading *h = &doc->headings[i];

		if (h->level < 2 || h->level > 3 || h->level > level + 1)
			continue;
		if (h->level > level)
			fputs("<ul>\n", out);
		else
			fputs(h->level < level ? "</li>\n</ul>\n</li>\n"
					       : "</li>\n",
			      out);
		fprintf(out, "<li><a href=\"#%s\">", h->anchor);
		running_all(out, h->text);
		fputs("</a>", out);
		level = h->level;
	}
	for (; level > 1; level--)
		fputs("</li>\n</ul>\n", out);
	fputs("</nav>\n", out);
}

static void tail(const struct doc *doc, FILE *out)
{
	(void)doc;
	fputs("</main>\n</body>\n</html>\n", out);
}

const struct doc_writer html_writer = {
	.detailed = true,
	.heading = heading,
	.para = para,
	.item = item,
	.end_list = end_list,
	.command = command,
	.image = image,
	.table = table,
	.end = end,
	.head = head,
	.contents = contents,
	.tail = tail,
};
