/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Count mode: differences of counts, and what they say. No statistics. */
#ifndef REPORT_COMPARE_COUNTS_H
#define REPORT_COMPARE_COUNTS_H

#include "report/compare/contrast.h"

/*
 * Fills in change, low, high and finding of a contrast whose sides and nature
 * are set. @same: both sides have the same samples. @threshold in percent.
 */
void counts_judge(struct contrast *contrast, bool same, double threshold);

/* What is not exact and moves by less than this many percent has not moved. */
#define COUNTS_RESOLUTION 1.0

#endif
