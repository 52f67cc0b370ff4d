/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run of a cell that is counted, not timed. */
#ifndef BENCH_COUNTED_H
#define BENCH_COUNTED_H

#include <jansson.h>

#include "benchmark.h"
#include "rig/events.h"

/*
 * Opens the events once, to find out which can be counted; the others get their
 * reason in @list and are named on stderr, a line a reason. The member `counters`
 * of the environment, the caller's; NULL is no memory.
 */
json_t *counted_trial(struct event_list *list);

/*
 * Runs @cell, which has been timed, a second time, and gives its phases their
 * counters. Only what is counted is kept of that run, but one that fails makes
 * the cell failed. 0 or -ENOMEM.
 */
int counted_run(struct cell *cell, struct event_list *list);

#endif
