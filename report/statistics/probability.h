/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two distributions that the tests of this folder are made of. */
#ifndef REPORT_STATISTICS_PROBABILITY_H
#define REPORT_STATISTICS_PROBABILITY_H

#include <stddef.h>

/* P(X <= k) for X ~ Binomial(n, p), 0 < p < 1. */
double binomial_at_most(size_t k, size_t n, double p);

/* z with P(Z <= z) = p for a standard normal Z, 0 < p < 1; to 1e-12. */
double normal_quantile(double p);

/* The same of Student's t, to 1 % for @freedom of 10 or more. */
double t_quantile(double p, double freedom);

/*
 * The standard deviation of @count values, corrected so that on average it is
 * that of the normal noise they come from; NAN of fewer than two, or of a value
 * that is not finite.
 */
double unbiased_spread(const double *values, size_t count);

#endif
