/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `pfnreport compare`: docs/COMPARE.md says what it does and why. */
#ifndef REPORT_COMPARE_COMPARE_H
#define REPORT_COMPARE_COMPARE_H

#include <stdint.h>
#include <stdio.h>

#include "report/compare/comparable.h"
#include "report/compare/contrast.h"

enum format {
	FORMAT_TEXT,
	FORMAT_MARKDOWN,
	FORMAT_HTML,
	FORMAT_JSON,
	FORMAT_TSV,
};

/* Percent of change that is no regression yet; docs/COMPARE.md says why. */
#define THRESHOLD_COUNTS 5.0
#define THRESHOLD_TIMES 1.0

struct compare_options {
	const char *path[2];
	struct narrowed narrowed;
	double threshold; /* negative: the mode's own */
	uint32_t seed; /* of the bootstrap */
	enum format format;
	bool all; /* rows that did not change, too */
	bool anyway; /* what is refused otherwise */
	bool colour;
};

/* All that is known when a comparison is printed. */
struct compared {
	const struct compare_options *options;
	struct operand operands[2];
	struct pairs pairs;
	struct differences differences;
	struct contrasts rows;
	double threshold;
	bool counts; /* count mode */
	bool rounds; /* time mode: of one boot, so that no time is judged */
	bool same_blocks; /* time mode: the boots are paired */
	size_t boots[2]; /* the fewest of a kernel */
	size_t found[FOUND_COUNT]; /* rows, without controls and tails */
	size_t undecided; /* unresolved rows that the exit status goes by */
	size_t broken; /* boots and cells */
	int status;
};

/*
 * Compares, prints to @out, and complains to stderr. Returns the exit status:
 * 0 nothing is worse, 1 something is, 2 usage or not comparable, 3 not enough
 * data to say, 5 broken boots or cells.
 */
int compare(const struct compare_options *options, FILE *out);

/* The number of rows that stand in tables of what was compared. */
size_t compared_rows(const struct compared *c);

/* Each prints a comparison. 0 or -ENOMEM. */
int print_document(const struct compared *c, FILE *out);
int print_json(const struct compared *c, FILE *out);
int print_tsv(const struct compared *c, FILE *out);

#endif
