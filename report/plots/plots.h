/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the data of the figures, one file a figure, are printed with. The columns
 * of each are in report/plot-data.h.
 */
#ifndef REPORT_PLOTS_H
#define REPORT_PLOTS_H

#include <stdio.h>

#include "report/view.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct plotted {
	const struct summary *s;
	const struct choice *choice;
	FILE *out;
};

/* Prints the whole file. 0 or -ENOMEM. */
typedef int plot_fn(const struct plotted *p);

plot_fn plot_facts;
plot_fn plot_variants;
plot_fn plot_recovery;
plot_fn plot_where;
plot_fn plot_first_touch;
plot_fn plot_leaves;
plot_fn plot_growth;
plot_fn plot_bystander;
plot_fn plot_outage;
plot_fn plot_dma_map;
plot_fn plot_fio_outage;
plot_fn plot_bases;

/* The next kernel of this base, from place *k on; NULL past the last. */
const struct kernel *plot_next(const struct plotted *p, size_t *k);

/* Cells of this base that @filter picks; none where nothing has a headline. */
int plot_cells(const struct plotted *p, const struct filter *filter,
	       struct cell_list *list);

struct range {
	uint64_t value; /* as in the tables */
	uint64_t low, high; /* the least and the most that one boot has */
};

/* False where the kernel lacks it. */
bool plot_range(const struct plotted *p, const struct kernel *kernel,
		const struct cell *like, const struct measure *measure,
		struct range *range);
/* A row of the range behind @prefix, where there is one. */
void plot_row(const struct plotted *p, const struct kernel *kernel,
	      const struct cell *like, const struct measure *measure,
	      const char *prefix);

/* By that parameter, the least first. */
void plot_sort(struct cell_list *list, const char *name);
/* A phase's samples in one boot; NULL where it lacks them. */
const struct samples *plot_samples(const struct boot *boot,
				   const struct cell *like, const char *phase);

struct plot_point {
	int64_t x;
	uint64_t y;
};

/*
 * Leaves out points of a line that neither falls nor goes back, in place: what was
 * on the line before is at most @near above or below of what is left. The first
 * and the last stay. How many are left.
 */
size_t plot_thin(struct plot_point *points, size_t count, double near);

/* The value of a parameter that is a count, or a size in bytes. */
uint64_t parameter_number(const struct cell *cell, const char *name);

#endif
