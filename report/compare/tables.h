/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of a comparison. */
#ifndef REPORT_COMPARE_TABLES_H
#define REPORT_COMPARE_TABLES_H

#include "report/compare/compare.h"
#include "report/doc.h"

/* The questions of the headline, and the counts beside them. */
void table_headline(struct doc *doc, const struct compared *c);
/* What changed: row by row, or a line a phase where that would be too many. */
void table_changes(struct doc *doc, const struct compared *c);
/* Count mode: figures whose boots are too far apart. */
void say_unresolved(struct doc *doc, const struct compared *c);
/* Time mode: the p99 of phases of many samples. */
void table_tails(struct doc *doc, const struct compared *c);
/* What can't be affected by what is compared, and whether it was. */
void say_controls(struct doc *doc, const struct compared *c);

#endif
