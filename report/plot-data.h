/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_PLOT_DATA_H
#define REPORT_PLOT_DATA_H

#include "report/view.h"

/*
 * The data of the figures of one base, tab-separated, a header line first:
 *
 * PLOT_FACTS     key value: base, unit, length, target, align
 * PLOT_VARIANTS  index variant, in the order of the report
 * PLOT_RECOVERY  variant bytes value: disable + enable + first-access +
 *                whole-bar at the headline's target and alignment
 * PLOT_WHERE     step label variant value, at the headline's place
 * PLOT_LEAVES    align length-index length variant level count
 *
 * What was not measured has no row.
 */
enum plot {
	PLOT_FACTS,
	PLOT_VARIANTS,
	PLOT_RECOVERY,
	PLOT_WHERE,
	PLOT_LEAVES,
	PLOT_COUNT,
};

/* "facts" and so on: the file is NAME.tsv, NAME-BASE.tsv past the first base. */
extern const char *const plot_names[PLOT_COUNT];

/* 0 or -ENOMEM. */
int plot_print(const struct summary *s, const char *base, enum plot plot,
	       FILE *out);

#endif
