/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bijection of [0, n) without an array, for shuffled passes over any number
 * of pages: an array of indices would be memory traffic between the accesses.
 *
 * Two rounds of the multiply and xor-shift of splitmix64's finaliser (Steele,
 * Lea, Flood, "Fast splittable pseudorandom number generators", 2014), modulo
 * the power of two at or above n. Each step is a bijection there: adding a
 * constant, multiplying by an odd number, xoring the upper half onto the lower.
 * Results of n and above are sent round again (Black, Rogaway, "Ciphers with
 * arbitrary finite domains", 2002, cycle walking): less than two rounds on
 * average, as more than half of the power of two is below n.
 */
#ifndef RIG_PERMUTATION_H
#define RIG_PERMUTATION_H

#include <stdint.h>

struct permutation {
	uint64_t n;
	uint64_t mask;
	unsigned int half; /* bits of the xor-shift */
	uint64_t add, multiply[2];
};

/* @n is 2^63 at most. The same n and seed give the same permutation anywhere. */
void permutation_init(struct permutation *p, uint64_t n, uint64_t seed);

/* Where @i, below n, goes. */
static inline uint64_t permutation_at(const struct permutation *p, uint64_t i)
{
	do {
		i = (i + p->add) & p->mask;
		i = (i * p->multiply[0]) & p->mask;
		i ^= i >> p->half;
		i = (i * p->multiply[1]) & p->mask;
		i ^= i >> p->half;
	} while (i >= p->n);
	return i;
}

#endif
