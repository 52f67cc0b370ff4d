// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/permutation.h"

/* splitmix64, for the constants only. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void permutation_init(struct permutation *p, uint64_t n, uint64_t seed)
{
	unsigned int bits = 1;

	while (UINT64_C(1) << bits < n)
		bits++;
	p->n = n;
	p->mask = (UINT64_C(1) << bits) - 1;
	p->half = (bits + 1) / 2;
	p->add = next(&seed);
	p->multiply[0] = next(&seed) | 1;
	p->multiply[1] = next(&seed) | 1;
}
