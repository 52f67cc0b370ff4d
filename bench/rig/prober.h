/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A prober: does something on a fixed schedule, and what it can't do in time
 * counts from when it was due. A slot is due every interval. A good probe serves
 * every slot that was due when it began; the latency of each is from its own due
 * time to the end of that probe. So an outage of a hundred slots is a hundred
 * late slots, not one (no coordinated omission).
 *
 * Times are ns of CLOCK_MONOTONIC. Where QEMU counts (-icount shift=0,sleep=off)
 * one ns is one instruction of whatever ran in the guest, or one skipped while
 * all of it slept, as near as the guest calibrated its clock: how long things
 * took, not what this thread executed.
 */
#ifndef RIG_PROBER_H
#define RIG_PROBER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "pfnbench/tally.h"

/* For a record, which has such times beside those of rig/clock.h. */
#define PROBER_CLOCK                                                           \
	"CLOCK_MONOTONIC, ns; in count mode one is one instruction of the "    \
	"guest, or one skipped while it slept"

/* One probe: 0 if it was good, any -errno if not. */
typedef int probe_fn(void *context);

struct probe_hit { /* a good probe */
	int64_t begin, end;
	uint64_t slot; /* the first that it served */
};

struct prober {
	probe_fn *probe;
	void *context;
	int64_t start; /* when slot 0 is due */
	int64_t interval;
	struct probe_hit *hits; /* room for @room of them, no page of it new */
	size_t room;
	_Atomic int64_t stop; /* the last slot is due at or before it */

	size_t hit_count;
	uint64_t failures; /* probes that were not good */
	int64_t last_failure; /* when the last of them began; 0: none */
};

/* ns of CLOCK_MONOTONIC. */
int64_t prober_now(void);
/* Sleeps until then, to the clock's resolution. */
void prober_sleep(int64_t until);

/*
 * Memory for @probers of them, each with @room hits, all written once, that
 * forked children share. NULL if there is none.
 */
struct prober *prober_make(size_t probers, size_t room);
void prober_free(struct prober *probers, size_t count);

/*
 * Probes until all slots up to p->stop are served, which any thread or, in
 * shared memory, process may set meanwhile. 0; -ENOSPC where there is no room
 * for another hit; -ETIMEDOUT if slots wait one second past p->stop.
 */
int prober_run(struct prober *p);

/* What came of it, when the prober has ended. */

/* When slot @slot is due. */
static inline int64_t prober_due(const struct prober *p, uint64_t slot)
{
	return p->start + (int64_t)slot * p->interval;
}

/* Adds the latency of each slot due in [from, to). 0, or the tally's error. */
int prober_latencies(const struct prober *p, int64_t from, int64_t to,
		     struct tally *tally);
/*
 * Adds how long each good probe took that served a slot due in [from, to): from
 * its own begin, not from when it was due. 0, or the tally's error.
 */
int prober_operations(const struct prober *p, int64_t from, int64_t to,
		      struct tally *tally);
/* Slots whose latency is more than an interval: the next was due before. */
uint64_t prober_late(const struct prober *p);
/* The longest time from the end of a good probe to the end of the next. */
int64_t prober_longest_gap(const struct prober *p);
/*
 * From @since to the end of the longest gap behind it: of the good probes that
 * began after it and after the last failure, the end of the one that came longest
 * after the one before it. Not simply of the first, which on a kernel that can be
 * preempted may come before the BAR is lost. -ENODATA if there is none.
 */
int64_t prober_recovered(const struct prober *p, int64_t since);

#endif
