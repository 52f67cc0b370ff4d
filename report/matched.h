/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures of a run in time mode, paired by block and judged together. */
#ifndef REPORT_MATCHED_H
#define REPORT_MATCHED_H

#include "report/statistics/verdict.h"
#include "report/view.h"

/* One figure of a kernel against the same of another. */
struct match {
	const struct kernel *kernel;
	const char *title; /* of the figure */
	const struct cell *cell;
	double *ratios; /* logs, a block each */
	size_t blocks;
	unsigned int *left_out; /* blocks that only one of the two has */
	size_t left_out_count;
};

/* The rows of one table: Holm's procedure takes them together. */
struct matches {
	struct match *list;
	struct comparison *verdicts; /* after matches_judge(), one a match */
	size_t count;
};

/*
 * What @measure is of one cell of one boot; false where the boot lacks the cell,
 * or the cell failed or lacks a phase.
 */
bool boot_measure(const struct boot *boot, const struct cell *like,
		  const struct measure *measure, double *value);

/*
 * Adds @kernel against @baseline, unless no block has both. 0 or -ENOMEM. The
 * caller ends it with matches_free(), whatever this returned.
 */
int matches_add(struct matches *matches, const struct kernel *baseline,
		const struct kernel *kernel, const struct cell *like,
		const struct measure *measure);
/* 0 or -ENOMEM. */
int matches_judge(struct matches *matches);
size_t matches_with(const struct matches *matches, enum verdict verdict);
/* The blocks of the match that has most. */
size_t matches_blocks(const struct matches *matches);
void matches_free(struct matches *matches);

/* A ratio from its log: 1.0032, 15.931, inf. */
const char *log_text(char *text, size_t size, double log);

#endif
