/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers do with input that was accepted. */
#ifndef FUZZ_DRIVE_H
#define FUZZ_DRIVE_H

#include "report/model.h"

/* Ends the program, so that the fuzzer keeps the input, where @good is false. */
void must(bool good, const char *what);
/* @data was accepted: the mutator starts from it, now and then. */
void remember(const uint8_t *data, size_t size);
/* The reason of a refusal is one line of a terminal. */
void check_line(const char *text);
/* Of a file: no control character but tab and newline. */
void check_text(const char *text);
/* Of report.txt: ASCII in DOC_COLUMNS. */
void check_mail(const char *text);
/* Of report.html: as many elements end as begin, and none is a script. */
void check_page(const char *text);
/*
 * Makes of @run all that pfnreport makes, and checks it: nothing in it controls
 * a terminal, report.txt fits a mail, summary.tsv has its columns, report.html
 * ends what it begins, report.json is JSON.
 */
void drive_report(const struct run *run);

#endif
