/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_COUNTERS_H
#define REPORT_COUNTERS_H

#include "report/model.h"

/*
 * What was counted of @event around a phase of a cell: the lower median of the
 * boots that counted it. 1 where one did, 0 where none did, or -ENOMEM.
 */
int counter_value(const struct kernel *kernel, const struct cell *like,
		  const char *phase, const char *event, uint64_t *value);

#endif
