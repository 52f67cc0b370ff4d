/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tables of a benchmark, tables-*.c, are written with. */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include "report/sections.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Where the tables of one benchmark go, and what they are of. */
struct place {
	struct doc *doc;
	const struct summary *s;
	const char *base;
	const char *target;
	const char *length; /* the largest measured for this benchmark */
};

/* The cells that @filter picks, a row a cell and kernel; nothing for none. */
void place_detail(const struct place *p, const struct filter *filter,
		  const struct measure *columns, size_t count);
/* The same with a row a cell and a column a kernel, below @words. */
void place_pivot(const struct place *p, const struct filter *filter,
		 const struct measure *measure, const char *words);

/* Each writes the tables of one benchmark; @brief: for the mail. */
void tables_outage(const struct place *p, bool brief);
void tables_controls(const struct place *p, bool brief);
void tables_bystander(const struct place *p, bool brief);
void tables_fork(const struct place *p, bool brief);
void tables_contended_touch(const struct place *p, bool brief);
void tables_reset_recovery(const struct place *p, bool brief);
void tables_dma_map(const struct place *p, bool brief);
void tables_bring_up(const struct place *p, bool brief);
void tables_power(const struct place *p, bool brief);
void tables_nvme_recovery(const struct place *p, bool brief);

#endif
