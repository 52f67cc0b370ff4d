// SPDX-License-Identifier: GPL-2.0-or-later
#include "describe.h"

#include <inttypes.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "plan.h"

const struct command commands[] = {
	{"list", "", "the benchmarks and their parameters"},
	{"run", "BENCHMARK [NAME=VALUE,...]...",
	 "measure, and write one record a line"},
	{"run", "--plan=FILE", "the same for each line of a plan"},
	{"stamp", "FILE SIZE", "make a file to back an emulated BAR"},
	{"manual", "", "this program's manual page, for man"},
	{"completion", "", "words to complete, for bash to source"},
	{NULL, NULL, NULL},
};

const struct exit_status exit_statuses[] = {
	{EXIT_FINE, "fine"},
	{EXIT_USAGE, "usage or bad input"},
	{EXIT_SKIPPED, "everything was skipped"},
	{EXIT_BROKEN, "a cell failed or the result can't be written"},
	{0, NULL},
};

const char *describe_values(const struct parameter *p, char text[128])
{
	char low[32], high[32];
	int n = 0;

	switch (p->kind) {
	case PARAMETER_CHOICE:
		for (size_t i = 0; p->choices[i] && n < 100; i++)
			n += sprintf(text + n, "%s%s", i ? "|" : "",
				     p->choices[i]);
		return text;
	case PARAMETER_TARGET:
		return "memfd|address|vendor:device";
	case PARAMETER_NUMBER:
		sprintf(text, "%" PRIu64 "..%" PRIu64, p->min, p->max);
		return text;
	default:
		size_format(p->min, low);
		size_format(p->max, high);
		sprintf(text, "%s..%s", low, high);
		return text;
	}
}

void describe_usage(FILE *out)
{
	const char *separator = "";

	fputs("Commands:\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %s %-*s %s\n", c->name,
			36 - (int)strlen(c->name), c->arguments, c->summary);
	fputs("\nExit status: ", out);
	for (const struct exit_status *s = exit_statuses; s->meaning; s++) {
		fprintf(out, "%s%d %s", separator, s->code, s->meaning);
		separator = ", ";
	}
	fputs(".", out);
}

void describe_benchmarks(FILE *out)
{
	char text[128];

	for (size_t i = 0; benchmarks[i]; i++) {
		const struct parameter *p = benchmarks[i]->parameters;

		fprintf(out, "%s: %s\n", benchmarks[i]->name,
			benchmarks[i]->summary);
		for (; p->name; p++)
			fprintf(out, "  %s=%s  %s; default %s\n", p->name,
				describe_values(p, text), p->summary,
				p->fallback);
	}
}
