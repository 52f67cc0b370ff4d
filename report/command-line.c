// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/command-line.h"

#include <string.h>

#include "pfnbench/exit.h"

static const struct argp_option report_options[] = {
	{"headline", OPTION_HEADLINE, NULL, 0,
	 "Print the headline table and write nothing", 0},
	{"html", OPTION_PAGE, NULL, 0,
	 "Write report.html alone, with the figures that are drawn by now", 0},
	{0},
};

static const struct argp_option compare_options[] = {
	{"all", OPTION_ALL, NULL, 0, "Print the rows that did not change, too",
	 0},
	{"anyway", OPTION_ANYWAY, NULL, 0,
	 "Compare what is refused otherwise, and say so", 0},
	{"benchmark", OPTION_BENCHMARK, "NAME", 0, "Only this benchmark", 0},
	{"bisect", OPTION_BISECT, NULL, 0,
	 "For git bisect run: 125 (skip) where there is no verdict, 128 (stop) "
	 "for usage",
	 0},
	{"format", OPTION_FORMAT, "FORMAT", 0,
	 "text, markdown, html, json or tsv; default: text", 0},
	{"phase", OPTION_PHASE, "NAME", 0, "Only this phase", 0},
	{"seed", OPTION_SEED, "N", 0,
	 "Of the bootstrap of tails, in time mode; default: 1", 0},
	{"threshold", OPTION_THRESHOLD, "PERCENT", 0,
	 "A change up to this is no regression; default: 5 for counts, 1 for "
	 "times",
	 0},
	{0},
};

static const struct argp_option functions_options[] = {
	{"benchmark", OPTION_BENCHMARK, "NAME", 0, "Only this benchmark", 0},
	{"cell", OPTION_CELL, "NAME=VALUE,...", 0,
	 "Only cells with these parameters", 0},
	{"format", OPTION_FORMAT, "FORMAT", 0,
	 "text, markdown or html; default: text", 0},
	{"inlined", OPTION_INLINED, NULL, 0,
	 "Functions of the source, inlined ones apart (inlined.tsv)", 0},
	{"phase", OPTION_PHASE, "NAME", 0, "Only this phase", 0},
	{"top", OPTION_TOP, "N", 0,
	 "How many functions of a phase; default: 20", 0},
	{"topics", OPTION_TOPICS, NULL, 0,
	 "What the functions are about, instead of each by itself", 0},
	{0},
};

static const struct argp_option flame_options[] = {
	{"benchmark", OPTION_BENCHMARK, "NAME", 0, "Of this benchmark", 0},
	{"cell", OPTION_CELL, "NAME=VALUE,...", 0,
	 "Of the cell with these parameters", 0},
	{"phase", OPTION_PHASE, "NAME", 0, "Of this phase", 0},
	{0},
};

static const struct argp_option hosts_options[] = {
	{"format", OPTION_FORMAT, "FORMAT", 0,
	 "text, markdown or html; default: text", 0},
	{0},
};

static const struct exit_meaning report_exits[] = {
	{EXIT_FINE, "reported"},
	{EXIT_USAGE, "usage, or not a results folder"},
	{EXIT_NOT_ENOUGH, "no boot to report on"},
	{EXIT_BROKEN, "reported, but a boot or a cell is broken"},
	{0, NULL},
};

static const struct exit_meaning compare_exits[] = {
	{EXIT_FINE, "nothing is worse"},
	{EXIT_REGRESSION, "something is worse, by more than the threshold"},
	{EXIT_USAGE, "usage, or not comparable"},
	{EXIT_NOT_ENOUGH, "not enough data to say"},
	{EXIT_BROKEN, "a boot or a cell of what is compared is broken"},
	{125, "with --bisect, instead of 3 and 5"},
	{128, "with --bisect, instead of 2"},
	{0, NULL},
};

static const struct exit_meaning profile_exits[] = {
	{EXIT_FINE, "printed"},
	{EXIT_USAGE, "usage, or files that are not of a profile"},
	{EXIT_NOT_ENOUGH, "no such phase, or more than one for a figure"},
	{EXIT_BROKEN, "what was printed could not be written"},
	{0, NULL},
};

static const struct exit_meaning plain_exits[] = {
	{EXIT_FINE, "fine"},
	{EXIT_USAGE, "usage"},
	{0, NULL},
};

const struct command commands[] = {
	{"", "RUN", "write all reports of a run into its folder",
	 "Reads the records of a pfnbench run and writes its summary.tsv, "
	 "REPORT.md, report.txt and plots/*.tsv.",
	 report_options, report_exits},
	{"compare", "BASELINE OTHER", "tell what is worse in OTHER, and better",
	 "Compares two runs, two kernels, two variants or two bases, and says "
	 "in the exit status whether something is worse. BASELINE and OTHER "
	 "are each a results folder, RUN; a kernel of it, RUN/6.12-eager; all "
	 "variants of a base, RUN/6.12; or a variant on all bases, RUN/eager. "
	 "Kernels are compared with those of the same base and variant, but "
	 "for what both name: RUN/6.12 and RUN/7.3 are compared variant by "
	 "variant.",
	 compare_options, compare_exits},
	{"functions", "PROFILE [OTHER]",
	 "tell which functions a phase is spent in",
	 "Prints what the phases of a kernel consist of, function by function, "
	 "from the functions.tsv that `make profile` left in PROFILE, a folder "
	 "like results/latest/profile/6.12-eager. With OTHER it prints the "
	 "difference: which functions one of the two kernels pays for, and the "
	 "other does not.",
	 functions_options, profile_exits},
	{"flame", "PROFILE [OTHER]", "draw a flame graph, or a difference",
	 "Draws the call stacks of one phase as an SVG, to standard output: a "
	 "flame graph of PROFILE, coloured by topic; with OTHER a differential "
	 "one, in which what costs more in OTHER is red and what costs less "
	 "blue.",
	 flame_options, profile_exits},
	{"hosts", "RUN...", "show runs of several machines side by side",
	 "Prints what each variant costs against the baseline of the same run, "
	 "a column a run: of lab hosts, of guests, counts beside times. It has "
	 "no verdicts; each run's own report has.",
	 hosts_options, report_exits},
	{"manual", "", "print this program's manual page, for man", NULL, NULL,
	 plain_exits},
	{"completion", "", "print words to complete, for bash to source", NULL,
	 NULL, plain_exits},
	{NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct command *find_command(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

void describe_usage(FILE *out, const struct command *command)
{
	const char *separator = "";

	if (!*command->name) {
		fputs("Commands:\n", out);
		for (const struct command *c = commands; c->name; c++)
			if (*c->name)
				fprintf(out, "  %s %-*s %s\n", c->name,
					26 - (int)strlen(c->name), c->arguments,
					c->summary);
		fputs("\nA folder that is called like a command is ./compare. "
		      "`pfnreport compare --help` tells more.\n\n",
		      out);
	}
	fputs("Exit status: ", out);
	for (const struct exit_meaning *e = command->exits; e->meaning; e++) {
		fprintf(out, "%s%d %s", separator, e->code, e->meaning);
		separator = ", ";
	}
	fputs(".", out);
}
