/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions the reports ask of a summary: which cells there are, what one of
 * them costs on one kernel, and which of them the headline is about.
 */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "report/summary.h"

enum statistic {
	TOTAL, /* sum over the samples of a boot */
	MEDIAN, /* of one sample: for phases a cell goes through twice */
	P99,
	MAX,
	SAMPLES, /* how many, of all boots: what stands behind a quantile */
};

struct term {
	const char *phase;
	enum statistic statistic;
};

#define TERMS_MAX 8

/* A sum of phases of one cell. */
struct measure {
	const char *title;
	struct term terms[TERMS_MAX];
};

/*
 * What the figures of the headline are. first-touch maps the BAR twice, so that
 * its `mmap` has two samples and stands here by their median. The first access
 * after a recovery is a part of it: a variant that maps all on the first fault
 * pays there.
 */
extern const struct measure measure_reach;
extern const struct measure measure_toggle;
/* In counts: the clock runs on while a reset waits, its CPU time does not. */
extern const struct measure measure_reset_cpu;
/* In ns: the wait is a part of the outage. */
extern const struct measure measure_reset;
extern const struct measure measure_faults;
extern const struct measure measure_walk;

/*
 * False where the kernel lacks the cell or one of the phases, or where a p99 has
 * too few samples.
 */
bool measure_value(const struct summary *s, const struct kernel *kernel,
		   const struct cell *like, const struct measure *measure,
		   uint64_t *value);
/* The same in thousands groups, or "-". @text needs 32 bytes. */
const char *measure_text(char *text, const struct summary *s,
			 const struct kernel *kernel, const struct cell *like,
			 const struct measure *measure);
/* Why measure_value() was false, in words. */
const char *missing_reason(const struct kernel *kernel,
			   const struct cell *like);

#define FILTER_MAX 6

/* Cells of a benchmark whose parameters have these values; NULL name ends. */
struct filter {
	const char *benchmark;
	struct parameter_is {
		const char *name;
		const char *value;
	} want[FILTER_MAX];
};

struct cell_list {
	const struct cell **cells;
	size_t count;
};

/*
 * The cells of @base that some kernel measured, each once, in the order of the
 * summary. 0 or -ENOMEM; the caller frees list->cells.
 */
int select_cells(const struct summary *s, const char *base,
		 const struct filter *filter, struct cell_list *list);

/* Bytes of "4K", "2M", "1G"; 0 where it is no such size. */
uint64_t size_bytes(const char *text);
/* "1G" as "1 GiB"; other text unchanged. @text needs 72 bytes. */
const char *size_words(char *text, const char *size);

/* What the headline is about; pointers are NULL where nothing was measured. */
struct choice {
	const char *base;
	const char *target;
	const char *length;
	const char *align;
	const struct cell *first_touch;
	const struct cell *toggle;
	const struct cell *reset;
	const struct cell *leaves;
};

/*
 * A device before the stand-in, align=1G before 2M before 4K, then what most
 * kernels measured, then the largest length, then the first. False where there
 * is no such cell at all.
 */
bool choose(const struct summary *s, const char *base, struct choice *choice);
/* The same among cells of this length. */
bool choose_length(const struct summary *s, const char *base,
		   const char *length, struct choice *choice);
/*
 * Chooses for each base of the run, once: every section and figure asks. 0 or
 * -ENOMEM.
 */
int choices_make(struct summary *s);

/* The kernel of this base and variant, or NULL. */
const struct kernel *find_kernel(const struct run *run, const char *base,
				 const char *variant);

/* A question of the headline: a measure of one cell. */
struct question {
	const char *title;
	const char *words;
	const struct measure *measure;
	const struct cell *like;
};

#define QUESTIONS 3
#define BASELINE "huge-fault"
/* The A/A arm: the image of the baseline, booted under a second name. */
#define AGAIN "huge-fault.again"

/* measure_reset_cpu or measure_reset, as the unit of the run demands. */
const struct measure *reset_measure(const struct run *run);
void ask(const struct run *run, const struct choice *choice,
	 struct question questions[QUESTIONS]);
/* The value against the baseline's on the same cell; false where either lacks. */
bool ratio_to_baseline(const struct summary *s, const struct kernel *kernel,
		       const struct question *q, double *ratio);
/* The same as text, or "-". */
const char *against(char *text, size_t size, const struct summary *s,
		    const struct kernel *kernel, const struct question *q);
bool in_base(const struct kernel *kernel, const char *base);
bool is_again(const struct kernel *kernel);

#endif
