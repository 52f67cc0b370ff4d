// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/statistics/probability.h"

#include <math.h>
#include <stdbool.h>

/* The log of a probability below which a double can hold no first term. */
#define LEAST_LOG -700

/*
 * P(X = i) = C(n, i) p^i (1-p)^(n-i). Each term from the one before, so that for
 * p = 1/2 and n up to 56 all are exact; from logarithms where the first could
 * not be told from 0.
 */
double binomial_at_most(size_t k, size_t n, double p)
{
	double odds = p / (1 - p), sum = 0, term = pow(1 - p, (double)n);
	bool far = (double)n * log1p(-p) < LEAST_LOG;

	if (k >= n)
		return 1;
	for (size_t i = 0; i <= k; i++) {
		if (far)
			term = exp(lgamma((double)n + 1) -
				   lgamma((double)i + 1) -
				   lgamma((double)(n - i) + 1) +
				   (double)i * log(p) +
				   (double)(n - i) * log1p(-p));
		sum += term;
		term = term * (double)(n - i) / (double)(i + 1) * odds;
	}
	return fmin(sum, 1);
}

double normal_quantile(double p)
{
	double low = -40, high = 40;

	/* Phi(z) = erfc(-z / sqrt(2)) / 2, which is accurate in both tails. */
	while (high - low > 1e-13) {
		double z = (low + high) / 2;

		if (erfc(-z * M_SQRT1_2) / 2 < p)
			low = z;
		else
			high = z;
	}
	return (low + high) / 2;
}

/* Abramowitz, Stegun, 26.7.5, the first three terms. */
double t_quantile(double p, double freedom)
{
	double z = normal_quantile(p);

	return z + (z * z * z + z) / (4 * freedom) +
	       (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) /
		       (96 * freedom * freedom);
}

/*
 * The mean of the sample standard deviation of n normal values is c4 sigma, with
 * c4 = sqrt(2 / (n-1)) Gamma(n/2) / Gamma((n-1)/2): 0.952 for n = 6.
 */
double unbiased_spread(const double *values, size_t count)
{
	double n = (double)count, mean = 0, squares = 0, c4;

	if (count < 2)
		return NAN;
	for (size_t i = 0; i < count; i++)
		mean += values[i] / n;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	if (!isfinite(squares))
		return NAN;
	c4 = sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2));
	return sqrt(squares / (n - 1)) / c4;
}
