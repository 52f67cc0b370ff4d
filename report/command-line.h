/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of pfnreport, their options and exit statuses: what --help, the
 * manual page and the completion are made of.
 */
#ifndef REPORT_COMMAND_LINE_H
#define REPORT_COMMAND_LINE_H

#include <argp.h>
#include <stdio.h>

struct exit_meaning {
	int code;
	const char *meaning; /* NULL ends the list */
};

struct command {
	const char *name; /* "" is what is done without a command */
	const char *arguments;
	const char *summary;
	const char *description; /* in sentences; NULL: the summary says all */
	const struct argp_option *options; /* NULL: none */
	const struct exit_meaning *exits; /* NULL: 0 and 2 */
};

/* The last one has no name at all: NULL. */
extern const struct command commands[];
/* That of this name, or NULL. */
const struct command *find_command(const char *name);

/* Options without a short form. */
enum {
	OPTION_HEADLINE = 256,
	OPTION_ALL,
	OPTION_ANYWAY,
	OPTION_BENCHMARK,
	OPTION_BISECT,
	OPTION_CELL,
	OPTION_FORMAT,
	OPTION_INLINED,
	OPTION_PAGE,
	OPTION_PHASE,
	OPTION_SEED,
	OPTION_THRESHOLD,
	OPTION_TOP,
	OPTION_TOPICS,
};

/* What --help of a command ends with: other commands, exit statuses. */
void describe_usage(FILE *out, const struct command *command);
/* The manual page, for man(1). */
void describe_manual(FILE *out);
/* Completion for bash. */
void describe_completion(FILE *out);

#endif
