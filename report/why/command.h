/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `pfnreport functions` and `pfnreport flame`. */
#ifndef REPORT_WHY_COMMAND_H
#define REPORT_WHY_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "report/doc.h"

#define PROFILE_TOP 20

struct profile_options {
	/* Folders with a functions.tsv; the second NULL: nothing to compare. */
	const char *path[2];
	const char *benchmark; /* NULL: any */
	const char *phase; /* NULL: any */
	const char *cell; /* parameters that it must have, or NULL */
	enum doc_form form;
	size_t top;
	bool topics;
	bool inlined; /* inlined.tsv instead of functions.tsv */
};

/*
 * Each writes to @out, complains on stderr, and returns an exit status.
 * print_functions() writes tables, print_flame() one figure, of the only phase
 * that the options leave.
 */
int print_functions(const struct profile_options *options, FILE *out);
int print_flame(const struct profile_options *options, FILE *out);

#endif
