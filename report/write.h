/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include "report/summary.h"

/*
 * Writes every file that is made of a run into its folder; each is made in
 * memory first and renamed into place. Figures of data that have changed are
 * removed. 0 or a negative errno; files before the one that failed stay.
 */
int write_all(const char *folder, const struct summary *s);
/* report.html alone, with the figures that have been drawn since. */
int write_page(const char *folder, const struct summary *s);

#endif
