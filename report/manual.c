// SPDX-License-Identifier: GPL-2.0-or-later
/* The manual page, in man(7)'s macros, which every man reads. */
#include <stdbool.h>
#include <string.h>

#include "report/command-line.h"

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

/* Lines of at most 76 characters, each sentence begun on one of its own. */
static void paragraph(FILE *out, const char *text)
{
	char line[128] = "";
	size_t length = 0;

	while (*text) {
		size_t word = strcspn(text, " ");
		bool ended = length && line[length - 1] == '.';

		if (ended || length + 1 + word > 76) {
			put(out, line);
			fputc('\n', out);
			length = 0;
		}
		length += (size_t)snprintf(line + length, sizeof(line) - length,
					   "%s%.*s", length ? " " : "",
					   word > 76 ? 76 : (int)word, text);
		text += word + (text[word] == ' ');
	}
	put(out, line);
	fputc('\n', out);
}

static void write_call(FILE *out, const struct command *c)
{
	fputs(".B pfnreport\n", out);
	if (*c->name)
		fprintf(out, ".B %s\n", c->name);
	if (c->options)
		fputs("[\\fIOPTION\\fR]...\n", out);
	if (*c->arguments)
		fprintf(out, ".I %s\n", c->arguments);
}

static void write_synopsis(FILE *out)
{
	fputs(".SH SYNOPSIS\n", out);
	for (const struct command *c = commands; c->name; c++) {
		if (c != commands)
			fputs(".br\n", out);
		write_call(out, c);
	}
}

static void write_option(FILE *out, const struct argp_option *o)
{
	fputs(".TP\n\\fB\\-\\-", out);
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

static void write_command(FILE *out, const struct command *c)
{
	fputs(".SS pfnreport", out);
	if (*c->name)
		fprintf(out, " %s", c->name);
	if (*c->arguments)
		fprintf(out, " %s", c->arguments);
	fputc('\n', out);
	paragraph(out, c->description ? c->description : c->summary);
	for (const struct argp_option *o = c->options; o && o->name; o++)
		write_option(out, o);
	fputs(".PP\nExit status:\n", out);
	for (const struct exit_meaning *e = c->exits; e->meaning; e++) {
		fprintf(out, ".TP\n.B %d\n", e->code);
		paragraph(out, e->meaning);
	}
}

void describe_manual(FILE *out)
{
	fputs(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	      ".TH PFNREPORT 1 " PFNBENCH_DATE " \"pfnbench " PFNBENCH_VERSION
	      "\"\n"
	      ".SH NAME\n"
	      "pfnreport \\- report on runs of pfnbench, and compare them\n",
	      out);
	write_synopsis(out);
	fputs(".SH COMMANDS\n", out);
	for (const struct command *c = commands; c->name; c++)
		write_command(out, c);
	fputs(".SH SEE ALSO\n.BR pfnbench (1)\n", out);
}
