/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pfnbench says of itself, each in another form and all from the same
 * tables: of commands, of options, of benchmarks and their parameters.
 */
#ifndef BENCH_DESCRIBE_H
#define BENCH_DESCRIBE_H

#include <argp.h>
#include <stdio.h>

#include "benchmark.h"

struct command {
	const char *name; /* NULL ends the list */
	const char *arguments;
	const char *summary;
};

extern const struct command commands[];

struct exit_status {
	int code;
	const char *meaning; /* NULL ends the list */
};

extern const struct exit_status exit_statuses[];

/* Which values parameter @p takes: "read|write", "4K..64G". */
const char *describe_values(const struct parameter *p, char text[128]);
/* The commands and the exit status, as --help ends with them. */
void describe_usage(FILE *out);
/* `pfnbench list`: the benchmarks and their parameters. */
void describe_benchmarks(FILE *out);
/* The manual page, for man(1). Ends of @options: an entry of zeroes. */
void describe_manual(FILE *out, const struct argp_option *options);
/* Completion for bash. */
void describe_completion(FILE *out, const struct argp_option *options);

#endif
