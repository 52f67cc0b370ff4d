// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/export.h"
#include "report/plot-data.h"
#include "report/sections.h"

#define SUMMARY_TABS 13 /* between 14 columns */

void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

/* No control character, of ASCII or of C1, which is c2 80 to c2 9f in UTF-8. */
static bool is_printable(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p != '\n' && *p != '\t' && (*p < ' ' || *p == 0x7f))
			return false;
		if (*p == 0xc2 && p[1] < 0xa0)
			return false;
	}
	return true;
}

void check_text(const char *text)
{
	must(is_printable(text), "a file has a control character");
}

void check_line(const char *text)
{
	for (; *text; text++)
		must(*text >= ' ' && *text < 0x7f, "a reason is no plain line");
}

void check_mail(const char *text)
{
	size_t column = 0;

	for (; *text; text++) {
		column = *text == '\n' ? 0 : column + 1;
		must(column <= DOC_COLUMNS, "report.txt is too wide");
		must(*text == '\n' || (*text >= ' ' && *text < 0x7f),
		     "report.txt is no plain text");
	}
}

static void check_columns(const char *text)
{
	for (size_t tabs = 0; *text; text++) {
		tabs += *text == '\t';
		if (*text != '\n')
			continue;
		must(tabs == SUMMARY_TABS, "summary.tsv lacks a column");
		tabs = 0;
	}
}

/* As many elements end as begin, none before its begin, and none is a script. */
void check_page(const char *text)
{
	int depth = 0;

	must(!strcasestr(text, "<script"), "report.html has a script");
	for (; (text = strchr(text, '<')); text++) {
		const char *end = strchr(text, '>');

		must(end, "report.html has a < that is no tag");
		if (text[1] == '!')
			continue;
		if (text[1] == '/')
			depth--;
		else if (end[-1] != '/')
			depth++;
		must(depth >= 0, "report.html ends what did not begin");
	}
	must(!depth, "report.html does not end what it begins");
}

static void drive_doc(const struct summary *s, enum doc_form form,
		      void (*report)(struct doc *, const struct summary *))
{
	struct doc doc;

	doc_open(&doc, form);
	report(&doc, s);
	must(!doc_close(&doc), "a report is not made");
	must(is_printable(doc.text), "a report has a control character");
	if (form == DOC_TEXT)
		check_mail(doc.text);
	if (form == DOC_HTML)
		check_page(doc.text);
	free(doc.text);
}

static int print_summary(const struct summary *s, FILE *out)
{
	summary_print(s, out);
	return 0;
}

static int print_plots(const struct summary *s, FILE *out)
{
	const char *base;
	int err = 0;

	for (size_t b = 0; (base = base_at(s->run, b)); b++)
		for (int p = 0; !err && p < PLOT_COUNT; p++)
			err = plot_print(s, base, (enum plot)p, out);
	return err;
}

static char *drive_print(const struct summary *s,
			 int (*print)(const struct summary *s, FILE *out))
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	must(out && !print(s, out) && !fclose(out), "a file is not made");
	must(strlen(text) == size, "a file has a NUL");
	must(is_printable(text), "a file has a control character");
	return text;
}

static void drive_files(const struct summary *s)
{
	char *text = drive_print(s, print_summary);
	json_t *json;

	check_columns(text);
	free(text);
	free(drive_print(s, print_plots));
	free(drive_print(s, export_benchmarks));
	text = drive_print(s, export_json);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	must(json, "report.json is not JSON");
	json_decref(json);
	free(text);
}

void drive_report(const struct run *run)
{
	struct summary summary;

	for (size_t i = 0; i < run->left_out_count; i++)
		check_line(run->left_out[i]);
	if (run->torture_refused)
		check_line(run->torture_refused);
	run_is_broken(run);
	if (!run->unit)
		return;
	must(!summary_make(run, &summary), "no summary is made");
	drive_doc(&summary, DOC_MARKDOWN, report_write);
	drive_doc(&summary, DOC_TEXT, report_write);
	drive_doc(&summary, DOC_HTML, report_write);
	drive_doc(&summary, DOC_TEXT, report_headline);
	drive_files(&summary);
	summary_free(&summary);
}
