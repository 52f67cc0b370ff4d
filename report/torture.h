/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_TORTURE_H
#define REPORT_TORTURE_H

#include "report/model.h"

/* The checked contents of a torture.json, or NULL with @why. */
json_t *torture_parse(const char *data, size_t size, struct why *why);
/*
 * Sets run->torture from PATH/torture.json, or run->torture_refused where that
 * is damaged; neither where there is none. 0 or -ENOMEM.
 */
int torture_load(const char *path, struct run *run);

/* Over the guests that are of the run's kernels, by source and patches. */
struct torture_sums {
	size_t guests, findings;
	json_int_t seconds, passed, failed, operations;
};
struct torture_sums torture_sum(const struct run *run);

#endif
