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
 * The phase number @n, from 0 on, that is asked about on @base: of the benchmarks
 * that were profiled, in the order of their table, each on the cell that costs
 * most. False past the last.
 */
bool ask_profile(const struct profile *profile, const char *base, size_t n,
		 struct asked *asked);
/* The same of one benchmark and phase; false where nobody was profiled in it. */
bool ask_phase(const struct profile *profile, const char *base,
	       const char *benchmark, const char *phase, struct asked *asked);

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
