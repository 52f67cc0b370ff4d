/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holm's step-down procedure: with many rows in a table, one of them is called
 * different by chance in at most alpha of all tables, however the rows depend
 * on each other.
 */
#ifndef REPORT_STATISTICS_HOLM_H
#define REPORT_STATISTICS_HOLM_H

#include <stddef.h>

/* The adjusted p of each of @count rows: at most alpha is a rejection. 0 or
 * -ENOMEM.
 */
int holm_adjust(const double *p, size_t count, double *adjusted);

/*
 * The alpha of the interval that goes with row @i: what the procedure held its p
 * against if it was rejected at @alpha, alpha / count if not. That interval
 * leaves out "no change" if and only if the row was rejected.
 */
double holm_alpha(const double *p, const double *adjusted, size_t count,
		  size_t i, double alpha);

#endif
