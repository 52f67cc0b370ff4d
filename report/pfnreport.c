// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of the analyser. What it does is elsewhere. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pfnbench/exit.h"
#include "report/command-line.h"
#include "report/compare/compare.h"
#include "report/complain.h"
#include "report/hosts.h"
#include "report/load.h"
#include "report/why/command.h"
#include "report/why/profile.h"
#include "report/sections.h"
#include "report/write.h"

/* What git bisect run takes for "this one can't be tested", and for "stop". */
#define EXIT_BISECT_SKIP 125
#define EXIT_BISECT_STOP 128

const char *argp_program_version = "pfnreport " PFNBENCH_VERSION;

struct arguments {
	const struct command *command;
	const char *folder;
	bool headline;
	bool page;
	bool bisect;
	struct compare_options compare;
	struct profile_options profile;
	char *hosts[HOSTS_MAX];
	size_t host_count;
	enum doc_form form;
};

/* git takes 1 to 124 for "bad", so that a wrong call must be none of them. */
static int bisect_status(int status)
{
	switch (status) {
	case EXIT_FINE:
	case EXIT_REGRESSION:
		return status;
	case EXIT_NOT_ENOUGH:
	case EXIT_BROKEN:
		return EXIT_BISECT_SKIP;
	}
	return EXIT_BISECT_STOP;
}

static bool asks_to_bisect(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--bisect"))
			return true;
	return false;
}

static char *filter_help(int key, const char *text, void *input)
{
	const struct arguments *a = input;
	char *usage = NULL;
	size_t size;
	FILE *out;

	if (key != ARGP_KEY_HELP_POST_DOC || !a)
		return (char *)text;
	out = open_memstream(&usage, &size);
	if (!out)
		return NULL;
	describe_usage(out, a->command);
	fclose(out);
	return usage;
}

static error_t parse_report(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_HEADLINE:
		a->headline = true;
		return 0;
	case OPTION_PAGE:
		a->page = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_error(state, "one results folder, not more");
		a->folder = text;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which results folder?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void parse_format(struct compare_options *o, const char *text)
{
	static const char *const names[] = {"text", "markdown", "html", "json",
					    "tsv"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], text)) {
			o->format = (enum format)i;
			return;
		}
	exit(complain(text, "not a format: text, markdown, html, json or tsv",
		      argp_err_exit_status));
}

static void parse_threshold(struct compare_options *o, const char *text)
{
	char *end;

	o->threshold = strtod(text, &end);
	if (end == text || *end || !isfinite(o->threshold) || o->threshold < 0)
		exit(complain(text, "not a number of percent from 0 up",
			      argp_err_exit_status));
}

static void parse_seed(struct compare_options *o, const char *text)
{
	char *end;
	unsigned long seed = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || seed > UINT32_MAX)
		exit(complain(text, "not a number from 0 to 4294967295",
			      argp_err_exit_status));
	o->seed = (uint32_t)seed;
}

static void parse_form(enum doc_form *form, const char *text)
{
	static const char *const names[] = {"text", "markdown", "html"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], text)) {
			*form = (enum doc_form)i;
			return;
		}
	exit(complain(text, "not a format: text, markdown or html",
		      argp_err_exit_status));
}

static void parse_top(struct profile_options *o, const char *text)
{
	char *end;
	unsigned long top = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || top > 1000000)
		exit(complain(text, "not a number from 1 to 1000000",
			      argp_err_exit_status));
	o->top = top;
}

static error_t parse_compare(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct compare_options *o = &a->compare;

	switch (key) {
	case OPTION_ALL:
		o->all = true;
		return 0;
	case OPTION_ANYWAY:
		o->anyway = true;
		return 0;
	case OPTION_BENCHMARK:
		o->narrowed.benchmark = text;
		return 0;
	case OPTION_BISECT:
		a->bisect = true;
		return 0;
	case OPTION_FORMAT:
		parse_format(o, text);
		return 0;
	case OPTION_PHASE:
		o->narrowed.phase = text;
		return 0;
	case OPTION_SEED:
		parse_seed(o, text);
		return 0;
	case OPTION_THRESHOLD:
		parse_threshold(o, text);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "two operands, not more");
		o->path[state->arg_num] = text;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "compare what with what?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_profile(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct profile_options *o = &a->profile;

	switch (key) {
	case OPTION_BENCHMARK:
		o->benchmark = text;
		return 0;
	case OPTION_CELL:
		o->cell = text;
		return 0;
	case OPTION_FORMAT:
		parse_form(&o->form, text);
		return 0;
	case OPTION_PHASE:
		o->phase = text;
		return 0;
	case OPTION_TOP:
		parse_top(o, text);
		return 0;
	case OPTION_TOPICS:
		o->topics = true;
		return 0;
	case OPTION_INLINED:
		o->inlined = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "two folders, not more");
		o->path[state->arg_num] = text;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which folder with a functions.tsv?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_hosts(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_FORMAT:
		parse_form(&a->form, text);
		return 0;
	case ARGP_KEY_ARG:
		if (a->host_count == HOSTS_MAX)
			argp_error(state, "%d runs, not more", HOSTS_MAX);
		a->hosts[a->host_count++] = text;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which results folders?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int print_headline(const struct summary *s)
{
	struct doc doc;
	int err;

	doc_open(&doc, DOC_TEXT);
	report_headline(&doc, s);
	err = doc_close(&doc);
	if (!err)
		fwrite(doc.text, 1, doc.size, stdout);
	free(doc.text);
	return err;
}

static int report(const struct arguments *a, const struct run *run)
{
	struct summary summary;
	int err;

	for (size_t i = 0; i < run->left_out_count; i++)
		complain(run->left_out[i], "this boot is left out", 0);
	if (run->torture_refused)
		complain("torture.json is left out", run->torture_refused, 0);
	if (run->profile_refused)
		complain("profile/profile.json is left out",
			 run->profile_refused, 0);
	for (size_t i = 0; run->profile && i < run->profile->left_out_count;
	     i++)
		complain(run->profile->left_out[i], "this profile is left out",
			 0);
	if (!run->unit)
		return complain(a->folder, "no boot counts, nothing to report",
				EXIT_NOT_ENOUGH);
	err = summary_make(run, &summary);
	if (!err && a->headline)
		err = print_headline(&summary);
	else if (!err)
		err = a->page ? write_page(a->folder, &summary)
			      : write_all(a->folder, &summary);
	summary_free(&summary);
	if (err)
		return complain(a->folder, strerror(-err), EXIT_USAGE);
	return run_is_broken(run) ? EXIT_BROKEN : EXIT_FINE;
}

static int report_run(struct arguments *a)
{
	struct why why = {"no memory"};
	struct run run;
	int status;

	if (run_load(a->folder, &run, &why))
		return complain(a->folder, why.text, EXIT_USAGE);
	status = report(a, &run);
	run_free(&run);
	return status;
}

/* What was said must have arrived before a verdict counts. */
static int written(int status)
{
	if (!ferror(stdout) && !fflush(stdout))
		return status;
	return complain("stdout", strerror(errno), EXIT_BROKEN);
}

static int compare_runs(struct arguments *a)
{
	const char *no_colour = getenv("NO_COLOR");
	int status;

	a->compare.colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
	status = written(compare(&a->compare, stdout));
	return a->bisect ? bisect_status(status) : status;
}

static int describe(int argc, char **argv)
{
	if (argc > 2)
		return complain(argv[1], "takes no words behind it",
				EXIT_USAGE);
	if (!strcmp(argv[1], "manual"))
		describe_manual(stdout);
	else
		describe_completion(stdout);
	return written(EXIT_FINE);
}

static int run_functions(struct arguments *a)
{
	return written(print_functions(&a->profile, stdout));
}

static int run_flame(struct arguments *a)
{
	return written(print_flame(&a->profile, stdout));
}

static int run_hosts(struct arguments *a)
{
	return written(report_hosts(a->hosts, a->host_count, a->form, stdout));
}

/* How each command that has options reads its words, and what it does. */
static const struct action {
	const char *name;
	char *program; /* as its usage calls it */
	argp_parser_t parse;
	int (*run)(struct arguments *a);
} actions[] = {
	{"", NULL, parse_report, report_run},
	{"compare", "pfnreport compare", parse_compare, compare_runs},
	{"functions", "pfnreport functions", parse_profile, run_functions},
	{"flame", "pfnreport flame", parse_profile, run_flame},
	{"hosts", "pfnreport hosts", parse_hosts, run_hosts},
};

static const struct action *find_action(const struct command *command)
{
	const struct action *action = actions;

	while (strcmp(action->name, command->name))
		action++;
	return action;
}

int main(int argc, char **argv)
{
	struct arguments a = {.compare = {.threshold = -1, .seed = 1},
			      .profile = {.top = PROFILE_TOP}};
	struct argp argp = {.help_filter = filter_help};
	const struct action *action;

	a.command = find_command(argc > 1 ? argv[1] : "");
	if (!a.command)
		a.command = find_command("");
	if (!a.command->options)
		return describe(argc, argv);
	action = find_action(a.command);
	argp.options = a.command->options;
	argp.args_doc = a.command->arguments;
	argp.parser = action->parse;
	if (asprintf((char **)&argp.doc, "%s\v ", a.command->description) < 0)
		return complain("pfnreport", strerror(ENOMEM), EXIT_USAGE);
	argp_err_exit_status = EXIT_USAGE;
	if (action->run == compare_runs && asks_to_bisect(argc, argv))
		argp_err_exit_status = EXIT_BISECT_STOP;
	if (action->program) {
		argv[1] = action->program;
		argc--;
		argv++;
	}
	if (argp_parse(&argp, argc, argv, 0, NULL, &a))
		return EXIT_USAGE;
	free((char *)argp.doc);
	return action->run(&a);
}
