/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a benchmark is: a name, parameters and needs as data, and one function
 * that fills the phases of a cell. bench/table.c lists them all.
 */
#ifndef BENCH_BENCHMARK_H
#define BENCH_BENCHMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "pfnbench/tally.h"
#include "rig/clock.h"
#include "rig/device.h"

#define MAX_PARAMETERS 8

enum parameter_kind {
	PARAMETER_SIZE, /* bytes, a multiple of 4 KiB, written 4K, 2M, 1G */
	PARAMETER_NUMBER, /* a plain integer */
	PARAMETER_CHOICE, /* one of a list of words */
	PARAMETER_TARGET, /* memfd, a bus address, or vendor:device */
};

struct parameter {
	const char *name; /* NULL ends the list */
	const char *summary;
	enum parameter_kind kind;
	const char *fallback; /* the default, as a user writes it */
	uint64_t min, max; /* of sizes and numbers, inclusive */
	const char *const *choices; /* of a choice, NULL at the end */
};

/* A parameter's value: what was written, in canonical form, and its number. */
struct value {
	char text[32];
	uint64_t number; /* bytes, the integer, or the index of the choice */
};

/* What a benchmark can't do without; what lacks makes a cell `skipped`. */
struct needs {
	bool reset; /* that of its action, where that is one (reset.h) */
	bool iommu; /* which the stand-in has none of */
	bool access; /* to write to the BAR, where its access=write */
	/*
	 * The benchmark opens the target itself: cell->device is what was found
	 * when the run began, and closed.
	 */
	bool opens;
};

struct phase {
	const char *name;
	const char *unit;
	struct tally tally;
	json_t *counters; /* what was counted around it; NULL: nothing */
};

#define MAX_PHASES 16

enum cell_status {
	CELL_OK,
	CELL_SKIPPED,
	CELL_FAILED,
};

/* One benchmark with one value for each parameter, and what came of it. */
struct cell {
	const struct benchmark *benchmark;
	const struct value *values; /* in the order of the parameters */
	struct device *device;
	const struct clock_info *clock;

	struct phase phases[MAX_PHASES];
	size_t phase_count;
	uint64_t pages_checked;
	uint64_t pages_wrong;
	json_t *notes;
	enum cell_status status;
	char reason[256];
};

struct benchmark {
	const char *name;
	const char *summary;
	unsigned int version; /* cells of different versions don't compare */
	const struct parameter *parameters;
	struct needs needs;
	/*
	 * Fills the cell's phases. 0, or -errno after which the cell is failed
	 * with its reason, if it set none, being the error. Each timed phase
	 * stands between count_begin() and count_end() (rig/counters.h); a
	 * thread begins with topology_bind() (rig/topology.h). Where events are
	 * counted it runs twice on one cell's values.
	 */
	int (*run)(struct cell *cell);
};

extern const struct benchmark *const benchmarks[]; /* NULL at the end */
extern const struct benchmark first_touch, huge_pfnmap, reset_recovery;
extern const struct benchmark outage;
extern const struct benchmark controls;
extern const struct benchmark bystander;
extern const struct benchmark fork_benchmark; /* fork() is taken */
extern const struct benchmark contended_touch;
extern const struct benchmark dma_map_benchmark;
extern const struct benchmark bring_up;
extern const struct benchmark power;
extern const struct benchmark nvme_recovery;

const struct benchmark *benchmark_find(const char *name);

/* cell.c: what run() is written with. */

/* The value of parameter @name, which the benchmark has. */
const struct value *cell_value(const struct cell *cell, const char *name);
uint64_t cell_number(const struct cell *cell, const char *name);
/*
 * The phase called @name, made on first use, in the order of first use. Never
 * NULL: a benchmark has at most MAX_PHASES.
 */
struct phase *cell_phase(struct cell *cell, const char *name, const char *unit);
/* The tally of such a phase in the clock's unit. */
struct tally *cell_tally(struct cell *cell, const char *name);
/* Adds one sample; -ENOMEM or -EOVERFLOW. */
int cell_sample(struct cell *cell, const char *name, const char *unit,
		uint64_t value);
/* Adds one sample of time, @ticks of the clock, in the clock's unit. */
int cell_time(struct cell *cell, const char *name, uint64_t ticks);
/*
 * The same of ns: of CPU time, or of CLOCK_MONOTONIC. Under -icount shift=0 one is
 * one instruction, as near as the guest's kernel calibrated its clock.
 */
int cell_ns(struct cell *cell, const char *name, uint64_t ns);
void cell_note(struct cell *cell, const char *key, const char *text);
/* Makes the cell failed, or skipped, with this reason; the first one stays. */
void cell_fail(struct cell *cell, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void cell_skip(struct cell *cell, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Runs the benchmark; its error, or wrong pages, make the cell failed. */
void cell_run(struct cell *cell);
/* Frees what a cell holds, but for what its maker has given it. */
void cell_free(struct cell *cell);

#endif
