/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a phase costs, apart from what the kernel had left to do. Freed pages,
 * RCU callbacks and timers of one phase are worked off in a later one, at the
 * first chance to reschedule; in count mode that is in the next one's digits,
 * and in the same place in each boot.
 */
#ifndef RIG_SETTLE_H
#define RIG_SETTLE_H

#include "rig/clock.h"

/* Before the first settle(), in this process or the one it was forked from. */
void settle_init(const struct clock_info *clock);

/*
 * To be called before a phase. In count mode: sleeps over a timer tick or
 * two, in which the kernel does what it has put off, and returns right behind
 * one, so that a phase shorter than their period (10 ms, 10 million instructions
 * at HZ=100) has none in it. In time mode: nothing, as a sleep cools caches and clocks.
 */
void settle(void);

#endif
