/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row a kernel, cell and phase: what summary.tsv holds, and all that the
 * reports and the plots are made of.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include <stdio.h>

#include "report/model.h"

enum exactness {
	EXACT_YES, /* two boots or more, the same tally */
	EXACT_NO,
	EXACT_ONE, /* a single boot counts */
};

struct row {
	const struct kernel *kernel;
	const struct cell *cell; /* of the first boot that has it */
	const char *phase;
	const char *unit;
	size_t boots; /* that have this cell with status ok */
	uint64_t samples; /* of the first of them */
	uint64_t all_samples; /* of all of them */
	/* Over the samples of all boots, by nearest rank; 0 without samples. */
	uint64_t min, median, p99, max;
	/* Each boot has samples enough for a p99: else it is not to be shown. */
	bool p99_stands;
	uint64_t total; /* lower median of the boots' sums */
	enum exactness exact;
	/* 100 * (largest - smallest sum) / total; infinite where total is 0. */
	double spread;
};

struct summary {
	const struct run *run;
	struct row *rows; /* in the order of summary.tsv */
	size_t count;
	/* The same by kernel, cell and phase, for summary_row(). */
	const struct row **sorted;
	struct choice *choices; /* one a base, for choose() */
	size_t choice_count;
};

/* 0 or -ENOMEM. The rows point into @run, which must outlive them. */
int summary_make(const struct run *run, struct summary *summary);
void summary_free(struct summary *summary);

/* Fills @row from a phase's samples, one of each boot; count must be > 0. */
int row_merge(const struct samples *const *list, size_t count, struct row *row);

/* Samples that each boot must have for a p99 to be shown. */
uint64_t p99_needs(void);

/* The text of the column `exact`: "yes", "one" or "0.013%". */
void row_exact_text(const struct row *row, char *text, size_t size);

/* The whole of summary.tsv. */
void summary_print(const struct summary *summary, FILE *out);

/* NULL where this kernel has no such row. @like gives the cell's identity. */
const struct row *summary_row(const struct summary *summary,
			      const struct kernel *kernel,
			      const struct cell *like, const char *phase);
/* Is the unit of this row a time: instructions or ns? */
bool row_is_timed(const struct row *row);

#endif
