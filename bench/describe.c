// SPDX-License-Identifier: GPL-2.0-or-later
#include "describe.h"

#include <inttypes.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "plan.h"

/* Of those that are bound to vfio-pci, more are not listed. */
#define MOST_DEVICES 8

const struct command commands[] = {
	{"list", "", "the benchmarks and their parameters"},
	{"run", "BENCHMARK [NAME=VALUE,...]...",
	 "measure, and write one record a line"},
	{"run", "--plan=FILE", "the same for each line of a plan"},
	{"stamp", "FILE SIZE", "make a file to back an emulated BAR"},
	{"devices", "[ADDRESS...]",
	 "the PCI devices of this host, and which may be used"},
	{"devices", "--check ADDRESS...", "the same as an exit status"},
	{"manual", "", "this program's manual page, for man"},
	{"completion", "", "words to complete, for bash to source"},
	{NULL, NULL, NULL},
};

const struct exit_status exit_statuses[] = {
	{EXIT_FINE, "fine"},
	{EXIT_USAGE, "usage or bad input; a device that may not be used"},
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

/* What it needs beside a target, and which targets there are for it here. */
static void describe_needs(FILE *out, const struct needs *needs,
			   char (*bdfs)[16], size_t devices)
{
	const char *separator = "";

	fprintf(out, "  needs %s; ",
		needs->iommu   ? "a device behind an IOMMU"
		: needs->reset ? "a device that can be reset, for that action"
			       : "nothing but a target");
	if (needs->iommu && !devices) {
		fputs("can't run here: no device is bound to vfio-pci\n", out);
		return;
	}
	fputs("runs here on ", out);
	if (!needs->iommu) {
		fputs("memfd", out);
		separator = ", ";
	}
	for (size_t i = 0; i < devices; i++) {
		fprintf(out, "%s%s", separator, bdfs[i]);
		separator = ", ";
	}
	fputc('\n', out);
}

void describe_benchmarks(FILE *out)
{
	char text[128], bdfs[MOST_DEVICES][16];
	size_t devices = device_list(bdfs, MOST_DEVICES);

	for (size_t i = 0; benchmarks[i]; i++) {
		const struct parameter *p = benchmarks[i]->parameters;

		fprintf(out, "%s: %s\n", benchmarks[i]->name,
			benchmarks[i]->summary);
		describe_needs(out, &benchmarks[i]->needs, bdfs, devices);
		for (; p->name; p++)
			fprintf(out, "  %s=%s  %s; default %s\n", p->name,
				describe_values(p, text), p->summary,
				p->fallback);
	}
}
