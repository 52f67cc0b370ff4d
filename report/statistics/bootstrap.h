/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cluster bootstrap, for tails only: boots are drawn again, then the samples
 * within each. It shows how far a tail moves with the boots that were had; with
 * few boots its confidence is less than it says (docs/METHOD.md has figures), so
 * no verdict is made of it.
 */
#ifndef REPORT_STATISTICS_BOOTSTRAP_H
#define REPORT_STATISTICS_BOOTSTRAP_H

#include <stdint.h>

#include "report/samples.h"
#include "report/statistics/interval.h"

/* Fewer boots say nothing of how boots differ. */
#define BOOTSTRAP_BOOTS_MIN 6

struct bootstrap {
	unsigned int replicates;
	uint32_t seed; /* the caller prints it */
	double alpha;
};

/* 2,000 replicates, seed 1, 5 %. */
extern const struct bootstrap bootstrap_default;

/* The samples of an arm, boot by boot. */
struct arm {
	const struct samples *const *boots;
	size_t count;
};

/*
 * The q-quantile (nearest rank) over the samples of all boots together, and a
 * percentile interval of it. In the unit of the samples, not a log. 0; -ENODATA
 * of fewer than BOOTSTRAP_BOOTS_MIN boots or a boot without samples; -EDOM where
 * q is not between 0 and 1; -ENOMEM.
 */
int bootstrap_quantile(const struct arm *arm, double q,
		       const struct bootstrap *how, struct interval *interval);

/*
 * The log ratio of two arms' q-quantiles. Where @paired, boot i of both arms is
 * of one block, and blocks are drawn instead of boots; counts must then be equal
 * (-EINVAL). Else as above.
 */
int bootstrap_ratio(const struct arm *baseline, const struct arm *other,
		    bool paired, double q, const struct bootstrap *how,
		    struct interval *interval);

#endif
