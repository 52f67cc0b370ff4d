/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "report/model.h"

/*
 * Reads a results folder. A boot that can't be taken goes to run->left_out;
 * only what makes the whole folder unusable is an error: -EINVAL with @why,
 * or -ENOMEM. On success the caller frees @run.
 */
int run_load(const char *path, struct run *run, struct why *why);

#endif
