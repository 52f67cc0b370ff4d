// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/settle.h"

#include <sched.h>
#include <stdbool.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
/* Behind the tick, so that it has come first. */
#define LAG_NS 20000

static int64_t tick; /* its period in ns; 0 where nothing is to be done */
static int64_t seen; /* when a tick came, in CLOCK_MONOTONIC */

static int64_t read_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* When the next tick comes: the coarse clock stands still between two. */
static int64_t await_tick(void)
{
	int64_t before = read_ns(CLOCK_MONOTONIC_COARSE), after;
	int64_t limit = read_ns(CLOCK_MONOTONIC) + 2 * tick;

	do {
		after = read_ns(CLOCK_MONOTONIC_COARSE);
	} while (after == before && read_ns(CLOCK_MONOTONIC) < limit);
	return after;
}

void settle_init(const struct clock_info *clock)
{
	struct timespec resolution = {0};

	tick = 0;
	if (clock->unit != UNIT_INSTRUCTIONS ||
	    clock_getres(CLOCK_MONOTONIC_COARSE, &resolution))
		return;
	tick = resolution.tv_sec * NS_PER_S + resolution.tv_nsec;
	seen = await_tick();
}

void settle(void)
{
	struct timespec t;
	int64_t ticks, wake;

	if (!tick)
		return;
	/*
	 * Ticks come on a grid. With high-resolution timers the sleep ends
	 * where it says; without them at the tick after that.
	 */
	ticks = (read_ns(CLOCK_MONOTONIC) - seen) / tick + 2;
	wake = seen + ticks * tick + LAG_NS;
	t.tv_sec = wake / NS_PER_S;
	t.tv_nsec = wake % NS_PER_S;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	/* What was woken at the same time goes first. */
	sched_yield();
}
