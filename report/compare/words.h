/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How figures of a comparison read. Each fills and returns @text. */
#ifndef REPORT_COMPARE_WORDS_H
#define REPORT_COMPARE_WORDS_H

#include "report/compare/contrast.h"

#define WORDS_SIZE 48

/* Percent as "+8.9%", ten times and more as "11.2x", from zero as "new". */
const char *change_text(char text[WORDS_SIZE], double percent);
/* "[+7.1%, +10.2%]"; "" where it has no width. */
const char *interval_text(char text[WORDS_SIZE], const struct contrast *row);
/* The difference for each page, "+60.10"; "" where it is nothing to speak of. */
const char *per_page_text(char text[WORDS_SIZE], const struct contrast *row);
/* How much of a change it is, up or down: for sorting. */
double change_size(const struct contrast *row);
/* Worse, better or neither: is it shown without being asked for? */
bool has_changed(const struct contrast *row);
/* Is it one of the rows that are counted, and that the exit status goes by? */
bool is_judged(const struct contrast *row);

#endif
