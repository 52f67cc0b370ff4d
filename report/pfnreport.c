// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of the analyser; the only part of it that prints. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "report/load.h"
#include "report/sections.h"
#include "report/write.h"

const char *argp_program_version = "pfnreport " PFNBENCH_VERSION;

/* No short form. */
#define HEADLINE 256

struct options {
	const char *folder;
	bool headline;
};

static const struct argp_option options[] = {
	{"headline", HEADLINE, NULL, 0,
	 "Print the headline table and write nothing", 0},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case HEADLINE:
		o->headline = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_error(state, "one results folder, not more");
		o->folder = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which results folder?");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RUN-DIR",
	.doc = "Reads the records of a pfnbench run and writes its "
	       "summary.tsv, "
	       "REPORT.md, report.txt and plots/*.tsv.\v"
	       "Exit status: 0 fine, 2 usage or not a results folder, 3 no "
	       "boot to report on, 5 reported, but a boot or a cell is broken.",
};

static int complain(const char *what, const char *why, int status)
{
	fprintf(stderr, "pfnreport: %s: %s\n", what, why);
	return status;
}

static int print_headline(const struct summary *s)
{
	struct doc doc;
	int err;

	doc_open(&doc, false);
	report_headline(&doc, s);
	err = doc_close(&doc);
	if (!err)
		fwrite(doc.text, 1, doc.size, stdout);
	free(doc.text);
	return err;
}

static int report(const struct options *o, const struct run *run)
{
	struct summary summary;
	int err;

	for (size_t i = 0; i < run->left_out_count; i++)
		complain(run->left_out[i], "this boot is left out", 0);
	if (run->torture_refused)
		complain("torture.json is left out", run->torture_refused, 0);
	if (!run->unit)
		return complain(o->folder, "no boot counts, nothing to report",
				EXIT_NOT_ENOUGH);
	err = summary_make(run, &summary);
	if (!err)
		err = o->headline ? print_headline(&summary)
				  : write_all(o->folder, &summary);
	summary_free(&summary);
	if (err)
		return complain(o->folder, strerror(-err), EXIT_USAGE);
	return run_is_broken(run) ? EXIT_BROKEN : EXIT_FINE;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct why why = {"no memory"};
	struct run run;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_USAGE;
	if (run_load(o.folder, &run, &why))
		return complain(o.folder, why.text, EXIT_USAGE);
	status = report(&o, &run);
	run_free(&run);
	return status;
}
