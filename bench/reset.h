/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The resets that an `action` may be: one line of RESETS is one more for every
 * benchmark that has them, with what the device needs for it.
 */
#ifndef BENCH_RESET_H
#define BENCH_RESET_H

#include "benchmark.h"

/* X(its name, what does it, why a device has none) */
#define RESETS(X)                                                              \
	X("reset", device_reset, no_function_reset)                            \
	X("hot-reset", hot_reset, no_hot_reset)

/* For the list of a parameter's choices, behind those of the benchmark. */
#define RESET_NAME(name, perform, missing) name,
#define RESET_NAMES RESETS(RESET_NAME)

struct reset {
	const char *name;
	int (*perform)(struct device *d); /* 0 or -errno */
	/* Why @d, which is no stand-in, has no such reset, or NULL. */
	const char *(*missing)(const struct device *d);
};

/* The reset that the cell's action is; NULL is another action. */
const struct reset *reset_of(const struct cell *cell);

#endif
