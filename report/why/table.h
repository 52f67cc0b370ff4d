/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What phases are made of, as tables. */
#ifndef REPORT_WHY_TABLE_H
#define REPORT_WHY_TABLE_H

#include "report/doc.h"
#include "report/why/profile.h"

/* The @top dearest functions of a phase, and what all others are together. */
void functions_table(struct doc *doc, const struct profile_kernel *kernel,
		     const struct profile_phase *phase, size_t top);
/* The topics of a phase. */
void topics_table(struct doc *doc, const struct profile_kernel *kernel,
		  const struct profile_phase *phase);

/* A function on two sides; NULL where a side never ran it. */
struct delta {
	const struct profile_function *before;
	const struct profile_function *after;
};

struct deltas {
	struct delta *list; /* what differs most first, then by name */
	size_t count;
};

/* Pairs the functions of two phases by name. 0, or -ENOMEM. */
int deltas_make(const struct profile_phase *before,
		const struct profile_phase *after, struct deltas *deltas);
void deltas_free(struct deltas *deltas);
/* What @after costs more than @before; less than 0: it costs less. */
int64_t delta_cost(const struct delta *delta);
/* The function, whichever side has it. */
const struct profile_function *delta_any(const struct delta *delta);

/*
 * Which functions one side pays for and the other does not: the @top largest
 * differences, and before them what is on one side only, summed up. @names are
 * those of the sides.
 */
void difference_table(struct doc *doc, const char *const names[2],
		      const char *unit, const struct profile_phase *before,
		      const struct profile_phase *after, size_t top);

/* "12.3%", "<0.1%" or "0". @text needs 16 bytes. */
const char *share_text(char *text, uint64_t part, uint64_t whole);
/* What one page of @pages has of @cost, or "-". @text needs 32 bytes. */
const char *page_text(char *text, uint64_t cost, uint64_t pages);

#endif
