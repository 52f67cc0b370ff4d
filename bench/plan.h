/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: which benchmarks, with which parameters. One line of text is a
 * benchmark and `name=value[,value...]` words; every combination of the values
 * is one cell, the last parameter varying fastest. A cell that was there already
 * is not there twice.
 */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stdio.h>

#include "benchmark.h"
#include "size.h"

struct plan_cell {
	const struct benchmark *benchmark;
	struct value values[MAX_PARAMETERS];
};

struct plan {
	struct plan_cell *cells;
	size_t count;
	size_t room;
};

#define PLAN_ERROR_SIZE 512
/* Cells of one plan; a product beyond it is a mistake in the plan. */
#define PLAN_MAX_CELLS 10000

/* Both: 0, or -EINVAL with a sentence in @error, or -ENOMEM. */
int plan_add_words(struct plan *plan, char *const words[], size_t count,
		   char error[PLAN_ERROR_SIZE]);
/* Lines with `#` comments; @name stands before the line number in @error. */
int plan_read(struct plan *plan, FILE *file, const char *name,
	      char error[PLAN_ERROR_SIZE]);
void plan_free(struct plan *plan);

#endif
