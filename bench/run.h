/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the cells of a plan and writes their records. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdbool.h>

#include "plan.h"
#include "rig/device.h"
#include "rig/environment.h"
#include "rig/events.h"

struct run_options {
	struct environment_labels labels; /* mode "" takes what the clock is */
	enum device_interface interface;
	int output; /* a file descriptor */
	/*
	 * What is counted; NULL is the default set in time mode, and nothing in
	 * count mode, which has no PMU, and where each cell would run twice.
	 */
	struct event_list *events;
	bool log_from_now; /* of the kernel's log only what the run adds */
	bool mark; /* tell the profiler of cells and phases (rig/marks.h) */
};

struct run_counts {
	size_t ok, skipped, failed;
};

/*
 * Runs all cells, in order, and writes environment, cells and end. A cell that
 * fails does not stop the run. 0; -EPROTO where mode "count" was asked for and
 * the clock does not count instructions, with nothing written;
 * -EOPNOTSUPP where marks are asked for on a CPU without; else the error of
 * writing.
 */
int run_plan(const struct plan *plan, const struct run_options *options,
	     struct run_counts *counts);

#endif
