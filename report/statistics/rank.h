/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two arms whose boots are not paired: the Wilcoxon-Mann-Whitney test and the
 * shift that belongs to it. Inputs are one figure a boot (logs, for ratios). It
 * asks that under "no change" all boots are alike: a drift between the arms is
 * taken for a change.
 */
#ifndef REPORT_STATISTICS_RANK_H
#define REPORT_STATISTICS_RANK_H

#include "report/statistics/interval.h"

/* Boots of an arm. The exact distribution of more takes too long. */
#define RANK_MAX 64

/*
 * Exact, two-sided p from the permutation distribution of the midranks, into
 * @p: twice the smaller tail, 1 at most. 0; -E2BIG; -EDOM of an empty arm or a
 * NaN; -ENOMEM.
 */
int rank_p(const double *baseline, size_t baseline_count, const double *other,
	   size_t other_count, double *p);

/*
 * Hodges-Lehmann: the median of all differences other - baseline, and the
 * interval between two of them that covers the shift with at least 1 - @alpha.
 * Errors as rank_p(); -ENODATA as sign_interval().
 */
int rank_interval(const double *baseline, size_t baseline_count,
		  const double *other, size_t other_count, double alpha,
		  struct interval *interval);

/* The smallest p that such arms can give. */
double rank_least_p(size_t baseline_count, size_t other_count);
/* How many boots each arm takes for a p of @alpha: 4 for 0.05. */
size_t rank_boots(double alpha);

/* As sign_detectable(); approximate, see the derivation. */
double rank_detectable(const double *baseline, size_t baseline_count,
		       const double *other, size_t other_count, double alpha,
		       double power);

#endif
