/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which phases of a profile the report asks about, and who is who in them. */
#ifndef REPORT_WHY_ASKED_H
#define REPORT_WHY_ASKED_H

#include "report/limits.h"
#include "report/why/profile.h"
#include "report/view.h"

/* One variant's way through a phase. */
struct way {
	const struct profile_kernel *kernel;
	const struct profile_phase *phase;
	uint64_t topics[TOPIC_COUNT]; /* what it costs by topic */
};

/* A phase of one cell as all profiled variants of a base go through it. */
struct asked {
	const char *benchmark;
	const char *phase;
	const char *parameters;
	struct way ways[VARIANTS_MAX]; /* in the order of the run */
	size_t count;
	const struct way *dearest;
	const struct way
		*next; /* the dearest but one; NULL where there is one */
	const struct way *cheapest;
	const struct way *baseline; /* NULL where it was not profiled */
};

/*
 * The phase number @n, from 0 on, of those of @benchmark that are asked about on
 * @base, each on the cell that costs most. False past the last.
 */
bool ask_profile(const struct profile *profile, const char *base,
		 const char *benchmark, size_t n, struct asked *asked);
/* The same of one benchmark and phase; false where nobody was profiled in it. */
bool ask_phase(const struct profile *profile, const char *base,
	       const char *benchmark, const char *phase, struct asked *asked);

/* Pages of 4 KiB of a cell's length; 0 where it has none. */
uint64_t pages_of_cell(const char *parameters);
/*
 * How many calls, or accesses, a phase is of, all its rounds together. 0 where
 * that can't be told: a phase without pages, or of several mappings.
 */
uint64_t calls_of(const struct profile_phase *phase);

/* The figures of a profile: plots/profile-NAME.svg, with -BASE past the first. */
enum profile_figure {
	FIGURE_TOUCH, /* what the dearest way of touching a BAR first is made of */
	FIGURE_ENABLE, /* the same of enabling memory */
	FIGURE_DIFFERENCE, /* the dearest ways of touching, against each other */
	PROFILE_FIGURES
};

struct profile_drawing {
	char file[128]; /* plots/profile-....svg */
	char caption[256];
	const struct way *ways[2]; /* the second: what is compared, or NULL */
	struct asked asked;
};

/* False where the profile of this base lacks what it takes. */
bool figure_of(const struct run *run, size_t base, enum profile_figure figure,
	       struct profile_drawing *drawing);
/*
 * Draws the figures of run->profile into FOLDER/plots, and removes those of a
 * profile that is no longer there. A figure whose stacks are not usable is left
 * out. 0 or -errno.
 */
int profile_figures_write(const char *folder, const struct run *run);

#endif
