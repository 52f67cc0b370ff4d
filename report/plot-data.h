/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PLOT_DATA_H
#define REPORT_PLOT_DATA_H

#include "report/view.h"

/*
 * The data of the figures, tab-separated, a header line first. Where a value has
 * low and high beside it, these are the least and the most that one boot has:
 *
 * PLOT_FACTS       key value: base, unit, boots, length, target, align
 * PLOT_VARIANTS    index variant, in the order of the report
 * PLOT_RECOVERY    variant bytes value low high: disable + enable + first-access
 *                  + whole-bar at the headline's target and alignment
 * PLOT_WHERE       step label variant value low high, at the headline's place
 * PLOT_FIRST_TOUCH align length variant what value touches of boots: so many touches
 *                  of all boots took `value` or more (what=cost); the same of
 *                  as many touches as there were faults, or new page tables
 * PLOT_LEAVES      align length-index length variant pud pmd pte
 * PLOT_GROWTH      panel length number variant value low high: off/on by vmas
 *                  and processes; all pages touched by threads, each its own
 *                  share (disjoint) or all of it (same)
 * PLOT_BYSTANDER   column action length bystander variant quiet median value
 *                  low high: a bystander's worst before, its median and its
 *                  worst during the action
 * PLOT_OUTAGE      action length threads variant first second end value low
 *                  high gap late failed: on a time line from the action's
 *                  start, the first call's end, the second's begin and end,
 *                  the end of the last thread's gap; its longest gap; probes
 * PLOT_DMA_MAP     align length pages variant populated value low high
 * PLOT_FIO_OUTAGE  job threads variant series x y: ns on a time line from where
 *                  an outage begins; series is "due" and "done" (y reads, from
 *                  where the line begins; what a figure can't show of the
 *                  stairs is left out), "latency" (the longest of the reads
 *                  that were due in a part of the line, at x), and "off" (x is where the outage ends)
 * PLOT_BASES       question title base variant value low high
 *
 * What was not measured has no row.
 */
enum plot {
	PLOT_FACTS,
	PLOT_VARIANTS,
	PLOT_RECOVERY,
	PLOT_WHERE,
	PLOT_FIRST_TOUCH,
	PLOT_LEAVES,
	PLOT_GROWTH,
	PLOT_BYSTANDER,
	PLOT_OUTAGE,
	PLOT_DMA_MAP,
	PLOT_FIO_OUTAGE,
	PLOT_BASES,
	PLOT_COUNT,
};

/* "facts" and so on: the file is NAME.tsv, NAME-BASE.tsv past the first base. */
extern const char *const plot_names[PLOT_COUNT];

/* Of the run and not of each base: only the first base has it. */
bool plot_is_of_run(enum plot plot);

/* 0 or -ENOMEM. */
int plot_print(const struct summary *s, const char *base, enum plot plot,
	       FILE *out);

#endif
