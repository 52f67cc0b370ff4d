/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run as the analyser holds it: run -> kernels -> boots -> cells -> phases.
 * docs/RESULT-FORMAT.md says what each field means; what is here has been
 * checked against it.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/samples.h"

#define RESULT_FORMAT 1

struct parameter {
	char *name;
	char *value;
};

/* An event, as `cycles:k`, and its count around a phase. */
struct counter {
	char *name;
	bool counted; /* false: asked for, and not counted */
	uint64_t value;
};

struct phase {
	char *name;
	char *unit;
	struct samples samples;
	struct counter *counters;
	size_t counter_count;
};

enum cell_status {
	CELL_OK,
	CELL_SKIPPED,
	CELL_FAILED
};

struct cell {
	char *benchmark;
	int64_t version;
	struct parameter *parameters;
	size_t parameter_count;
	char *key; /* name=value joined by commas: the cell's identity */
	enum cell_status status;
	char *reason; /* "" where the status is ok */
	struct phase *phases;
	size_t phase_count;
	uint64_t pages_checked;
	uint64_t pages_wrong;
};

struct boot {
	unsigned int number;
	json_t *environment;
	struct cell *cells;
	size_t cell_count;
	/* The same by identity, for boot_cell(); NULL before boot_index(). */
	const struct cell **sorted;
	double seconds; /* the guest's clock at the end */
	json_t *noise; /* of its end record, or NULL */
	size_t bytes; /* of memory that it takes, about */
};

/* A boot that gave no result: boot-N.broken.json. */
struct broken {
	unsigned int number;
	char *reason;
	char *last_line; /* of its console, "" where there was none */
	int64_t attempts;
};

struct kernel {
	char *base;
	char *variant;
	const json_t *build; /* its object in run.json, or NULL; the run's */
	struct boot *boots; /* those that count, by number */
	size_t boot_count;
	struct broken *broken;
	size_t broken_count;
};

/* Boots of one run are compared, so each benchmark has one version in it. */
struct profile;
struct fio;

struct known {
	char *benchmark;
	int64_t version;
};

struct run {
	json_t *json; /* run.json */
	struct kernel *kernels; /* in the order of the report */
	size_t kernel_count;
	char **left_out; /* "file:line: why" of each boot not counted */
	size_t left_out_count;
	char *unit; /* of timed phases; NULL while no boot counts */
	json_t *torture; /* torture.json, or NULL */
	char *torture_refused; /* why it is left out, or NULL */
	struct profile *profile; /* of `make profile`, or NULL */
	char *profile_refused; /* why it is left out, or NULL */
	struct fio *fio; /* of `make bench-fio`, or NULL */
	char *fio_refused; /* why it is left out, or NULL */
	struct known *known; /* the benchmarks of the boots that count */
	size_t known_count;
	size_t bytes; /* that the boots take */
};

/* Why an input was refused, in words, for the caller to print. */
struct why {
	char text[256];
};

/* Fills @why, in ASCII; returns -EINVAL, so that a caller can return it. */
int refuse(struct why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void cell_free(struct cell *cell);
void boot_free(struct boot *boot);
void run_free(struct run *run);

/* The value of a parameter, or "" where the cell has none of that name. */
const char *cell_parameter(const struct cell *cell, const char *name);
bool cell_same(const struct cell *a, const struct cell *b);
/* Order of the identities: by benchmark, then by parameters. */
int cell_compare(const struct cell *a, const struct cell *b);
/* About what the cell takes of memory, in bytes. */
size_t cell_bytes(const struct cell *cell);
/*
 * Makes boot_cell() fast, once all cells are there. 0, or -ENOMEM. @twice is the
 * first cell whose identity an earlier one has, else 0.
 */
int boot_index(struct boot *boot, size_t *twice);
/* NULL where no cell of the boot has this identity. */
const struct cell *boot_cell(const struct boot *boot, const struct cell *like);

/* The string at @key of @object, or @otherwise; NULL objects are empty. */
const char *text_at(const json_t *object, const char *key,
		    const char *otherwise);
/* Grows @array by one zeroed element of @size; NULL where no memory is. */
void *append(void **array, size_t *count, size_t size);
/* "count": instructions, one tick each; else nanoseconds. */
bool run_counts(const struct run *run);

#endif
