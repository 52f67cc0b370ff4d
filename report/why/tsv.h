/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of tab-separated fields that are not trusted. */
#ifndef REPORT_WHY_TSV_H
#define REPORT_WHY_TSV_H

#include "report/model.h"

/*
 * Splits @line into exactly @count fields, within a copy that replaces *@copy and
 * is the caller's. 0, -ENOMEM, or -EINVAL with @why.
 */
int tsv_split(const char *line, size_t length, char **copy, char **fields,
	      size_t count, struct why *why);
/* A count of at most 2^53. 0, or -EINVAL with @why, which calls it @what. */
int tsv_count(const char *text, const char *what, uint64_t *value,
	      struct why *why);
/* 1 to @most bytes of printable ASCII, no backtick? */
bool tsv_is_plain(const char *text, size_t most);
/*
 * Are these the names of a benchmark, the parameters of a cell, and a phase? 0, or
 * -EINVAL with @why.
 */
int tsv_check_phase(const char *benchmark, const char *parameters,
		    const char *phase, struct why *why);

#endif
