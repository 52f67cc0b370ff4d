/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boots of two arms, put together by the block in which both ran. */
#ifndef REPORT_STATISTICS_PAIR_H
#define REPORT_STATISTICS_PAIR_H

#include <stddef.h>

/* What one boot gave. */
struct boot_value {
	unsigned int block; /* the number of the boot; unique in its arm */
	double value; /* not negative */
};

/*
 * One log_ratio() a block that both arms have, into @ratios, which needs room
 * for the shorter arm; returns their number. The arms need no order.
 */
size_t pair_blocks(const struct boot_value *baseline, size_t baseline_count,
		   const struct boot_value *other, size_t other_count,
		   double *ratios);
/*
 * The blocks that only one arm has, ascending, into @blocks, which needs room
 * for both arms; returns their number.
 */
size_t pair_left_out(const struct boot_value *baseline, size_t baseline_count,
		     const struct boot_value *other, size_t other_count,
		     unsigned int *blocks);

#endif
