/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters around a phase, never around a touch. There is one set of them, of
 * the whole process: threads and children that begin after counters_open() are
 * counted with it, and a child may begin and end a phase, or begin one that its
 * parent ends when the child is no more. One phase at a time.
 *
 * Counting takes time: a software event some instructions of each fault. So
 * while times are taken no counter is open, and count_begin() and count_end()
 * do nothing; a cell is run once more to be counted.
 */
#ifndef RIG_COUNTERS_H
#define RIG_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "rig/events.h"

/*
 * Opens the events of @list: pinned groups, the kernel's and user mode's apart,
 * a PMU's events and software events apart. What can't be opened gets its reason there and is left out. 0, or
 * -ENOMEM. @list has to live until counters_close().
 */
int counters_open(struct event_list *list);
void counters_close(void);

/* From here on phases are marked for the profiler; marks_start()'s error. */
int counters_mark(void);

/*
 * Around a phase: outside of its stamps, behind settle(). What is counted
 * between the two is added to @phase, whose name is kept up to 31 letters.
 */
void count_begin(const char *phase);
void count_end(void);

/*
 * What has been counted around @phase since counters_open(), by name: a count,
 * or null for what was asked for and not counted. {} for a phase that nobody
 * counted. The caller owns it; NULL is no memory.
 */
json_t *counters_of(const char *phase);

/*
 * Why @event, which is open, was not counted in @phase, in words; NULL where it
 * was, or where nobody counted.
 */
const char *counters_lost(const char *phase, const struct event *event);

/* What read() gives of a group. */
struct reading {
	uint64_t enabled, running; /* ns */
	uint64_t values[MAX_EVENTS];
};

enum verdict {
	COUNTED,
	MULTIPLEXED, /* it had to share: what it read is a part */
	NOT_SCHEDULED, /* it never had its counters */
};

/*
 * Whether a group counted all that passed between two readings. Nothing is
 * scaled up: a part is no count.
 */
enum verdict reading_verdict(const struct reading *before,
			     const struct reading *after);

#endif
