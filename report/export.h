/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What other programs read: docs/RESULT-FORMAT.md describes both. */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include <stdio.h>

#include "report/summary.h"

/* Of report.json; a reader looks at it first. */
#define REPORT_FORMAT 1

/* The whole of the analysis as JSON, the same bytes each time. 0 or -ENOMEM. */
int export_json(const struct summary *s, FILE *out);
/* Each boot's means in the Go benchmark format, for benchstat. 0. */
int export_benchmarks(const struct summary *s, FILE *out);

#endif
