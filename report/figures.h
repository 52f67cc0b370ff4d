/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures of a report: which there are, and what they are called. */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

struct run;

struct figure {
	const char
		*name; /* plots/NAME.svg, plots/NAME-BASE.svg past the first */
	const char *caption; /* the question that it answers */
	bool of_run; /* one for all bases, where there are several */
};

/* In the order of the report; the last one has no name. */
extern const struct figure figures[];

/* Whether the run has this figure for its base number @base. */
bool figure_is_there(const struct run *run, const struct figure *figure,
		     size_t base);

#endif
