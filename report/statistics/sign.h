/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sign test and its interval, on the log ratios of paired blocks. They ask
 * only that under "no change" a ratio is as likely above 1 as below; no shape
 * of the noise, and no equal noise in all blocks.
 */
#ifndef REPORT_STATISTICS_SIGN_H
#define REPORT_STATISTICS_SIGN_H

#include "report/statistics/interval.h"

/*
 * The interval between two order statistics that covers the median with at
 * least 1 - @alpha. 0; -ENODATA where @count is too small for that: @interval
 * is then from the least to the largest, with what confidence that has;
 * -EDOM of no value or a NaN; -ENOMEM.
 */
int sign_interval(const double *ratios, size_t count, double alpha,
		  struct interval *interval);

/*
 * Exact, two-sided p of the median being 0. A ratio that is exactly 0 counts
 * against a change: it stays in @count, on neither side. So p <= alpha if and
 * only if the interval of that alpha leaves out 0. 1 of no value.
 */
double sign_p(const double *ratios, size_t count);

/* The smallest p that @count blocks can give: 2^(1 - count), 1 at most. */
double sign_least_p(size_t count);
/* How many blocks it takes for a p of @alpha: 6 for 0.05. */
size_t sign_blocks(double alpha);
/* How often @count blocks of equal arms give p <= @alpha: 0.031 for 6. */
double sign_level(size_t count, double alpha);

/*
 * The smallest log ratio that this test finds in @power of all runs such as
 * this one, if noise is normal with the spread that @ratios show. INFINITY
 * where @count blocks can't give a p of @alpha, or a ratio is infinite.
 */
double sign_detectable(const double *ratios, size_t count, double alpha,
		       double power);

#endif
