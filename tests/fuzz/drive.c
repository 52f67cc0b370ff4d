// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text != '\n' && *text != '\t' &&
		    ((unsigned char)*text < ' ' || *text == 0x7f))
			return false;
	return true;
}

void check_line(const char *text)
{
	for (; *text; text++)
		must(*text >= ' ' && *text < 0x7f, "a reason is no plain line");
}

static void check_mail(const char *text)
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

static void drive_doc(const struct summary *s, bool markdown,
		      void (*report)(struct doc *, const struct summary *))
{
	struct doc doc;

	doc_open(&doc, markdown);
	report(&doc, s);
	must(!doc_close(&doc), "a report is not made");
	must(is_printable(doc.text), "a report has a control character");
	if (!markdown)
		check_mail(doc.text);
	free(doc.text);
}

static void drive_tables(const struct summary *s)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	must(out, "no memory");
	summary_print(s, out);
	fflush(out);
	check_columns(text);
	for (size_t b = 0; base_at(s->run, b); b++)
		for (int p = 0; p < PLOT_COUNT; p++)
			must(!plot_print(s, base_at(s->run, b), (enum plot)p,
					 out),
			     "a plot is not made");
	fclose(out);
	must(is_printable(text), "a table has a control character");
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
	drive_doc(&summary, true, report_markdown);
	drive_doc(&summary, false, report_text);
	drive_doc(&summary, false, report_headline);
	drive_tables(&summary);
	summary_free(&summary);
}
