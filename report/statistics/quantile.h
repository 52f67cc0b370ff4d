/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many samples must stand behind a quantile. */
#ifndef REPORT_STATISTICS_QUANTILE_H
#define REPORT_STATISTICS_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/samples.h"

struct backing {
	uint64_t samples; /* of all boots */
	uint64_t least; /* of the boot with the fewest */
	uint64_t needed; /* in each boot */
	uint64_t beyond; /* samples above the quantile's rank, all boots */
	bool enough; /* the quantile may be printed */
};

/*
 * The fewest samples with which the least and the largest enclose the q-quantile
 * in 1 - @alpha of all cases: 6 for the median, 299 for p99, 2,995 for p99.9 at
 * 0.05. UINT64_MAX where q is not between 0 and 1.
 */
uint64_t quantile_needs(double q, double alpha);

/* Whether each of the boots has as many as quantile_needs() at 0.05. */
struct backing quantile_backing(const struct samples *const *boots,
				size_t count, double q);

#endif
