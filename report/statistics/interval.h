/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an interval is, here and in every file of this folder. All of them work
 * on logs of ratios, to which a comparison adds: 0 is "no change", exp() of an
 * end is a ratio.
 */
#ifndef REPORT_STATISTICS_INTERVAL_H
#define REPORT_STATISTICS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

struct interval {
	double low, high; /* may be infinite; both ends belong to it */
	double estimate; /* of the value; within it, but for a bootstrap */
	double confidence; /* the one reached, not the one asked for */
};

/* Does it leave out 0, "no change"? */
bool interval_excludes_zero(const struct interval *interval);
/* The end that is farther from 0, as an absolute value. */
double interval_farthest(const struct interval *interval);

/*
 * log(other / baseline). Two zeros are equal: 0. A zero against something is
 * infinite, which every function of this folder takes as an order, never as
 * a number to add.
 */
double log_ratio(double baseline, double other);
/* exp(log) - 1 in percent: of log(1.02) it is 2. */
double log_percent(double log);

void sort_values(double *values, size_t count);
/* The median, of an even count the mean of the middle two; sorts @values. */
double sort_median(double *values, size_t count);

/* p <= alpha, where the two differ in more than the last digits. */
bool at_most(double p, double alpha);

#endif
