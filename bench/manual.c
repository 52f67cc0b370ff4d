// SPDX-License-Identifier: GPL-2.0-or-later
/* The manual page, in man(7)'s macros, which every man reads. */
#include <string.h>

#include "describe.h"

/* Text as it stands: roff reads a backslash, a minus and a first dot its way. */
static void put(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

static void line(FILE *out, const char *macro, const char *text)
{
	fprintf(out, ".%s ", macro);
	put(out, text);
	fputc('\n', out);
}

static void paragraph(FILE *out, const char *text)
{
	put(out, text);
	fputc('\n', out);
}

/* Back to the usual font, and @text, if there is any; lines end in no space. */
static void put_after_space(FILE *out, const char *text)
{
	fputs(*text ? "\\fR " : "\\fR", out);
	put(out, text);
	fputc('\n', out);
}

static void write_synopsis(FILE *out)
{
	fputs(".SH SYNOPSIS\n", out);
	for (const struct command *c = commands; c->name; c++) {
		if (c != commands)
			fputs(".br\n", out);
		fputs(".B pfnbench\n[\\fIOPTION\\fR]... \\fB", out);
		put(out, c->name);
		put_after_space(out, c->arguments);
	}
}

static void write_commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (const struct command *c = commands; c->name; c++) {
		fputs(".TP\n\\fB", out);
		put(out, c->name);
		put_after_space(out, c->arguments);
		paragraph(out, c->summary);
	}
}

static void write_options(FILE *out, const struct argp_option *options)
{
	fputs(".SH OPTIONS\n", out);
	for (const struct argp_option *o = options; o->name; o++) {
		fputs(".TP\n", out);
		if (o->key > ' ' && o->key <= '~')
			fprintf(out, "\\fB\\-%c\\fR, ", o->key);
		fputs("\\fB\\-\\-", out);
		put(out, o->name);
		fputs("\\fR", out);
		if (o->arg) {
			fputs("=\\fI", out);
			put(out, o->arg);
			fputs("\\fR", out);
		}
		fputc('\n', out);
		paragraph(out, o->doc);
	}
}

static void write_parameters(FILE *out, const struct parameter *p)
{
	char text[128];

	for (; p->name; p++) {
		fputs(".TP\n\\fB", out);
		put(out, p->name);
		fputs("\\fR=", out);
		put(out, describe_values(p, text));
		fputc('\n', out);
		put(out, p->summary);
		fputs("; default ", out);
		put(out, p->fallback);
		fputc('\n', out);
	}
}

static void write_benchmarks(FILE *out)
{
	fputs(".SH BENCHMARKS\n"
	      "A value may be a list, separated by commas: one cell is "
	      "measured "
	      "for each\ncombination.\n",
	      out);
	for (size_t i = 0; benchmarks[i]; i++) {
		line(out, "SS", benchmarks[i]->name);
		paragraph(out, benchmarks[i]->summary);
		write_parameters(out, benchmarks[i]->parameters);
	}
}

static void write_exit_statuses(FILE *out)
{
	fputs(".SH EXIT STATUS\n", out);
	for (const struct exit_status *s = exit_statuses; s->meaning; s++) {
		fprintf(out, ".TP\n.B %d\n", s->code);
		paragraph(out, s->meaning);
	}
}

void describe_manual(FILE *out, const struct argp_option *options)
{
	fputs(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	      ".TH PFNBENCH 1 " PFNBENCH_DATE " \"pfnbench " PFNBENCH_VERSION
	      "\"\n"
	      ".SH NAME\n"
	      "pfnbench \\- measure what it costs to map a PCI BAR into a "
	      "process\n",
	      out);
	write_synopsis(out);
	fputs(".SH DESCRIPTION\n"
	      "Runs benchmarks on the BAR of a device that is bound to "
	      "vfio\\-pci, or on a\nmemfd that stands in for one, and writes "
	      "JSON, one record a line: first the\nenvironment, then one cell "
	      "a line, last the end without which the rest does\nnot "
	      "count.\n",
	      out);
	write_commands(out);
	write_options(out, options);
	write_benchmarks(out);
	write_exit_statuses(out);
}
