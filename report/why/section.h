/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the section "Why". */
#ifndef REPORT_WHY_SECTION_H
#define REPORT_WHY_SECTION_H

#include "report/doc.h"
#include "report/why/asked.h"

/* What a model of caches and TLBs says; nothing where nothing was modelled. */
void section_model(struct doc *doc, const struct profile *profile,
		   const char *base);

/*
 * What explains a benchmark that has no profile of its own, or not of all: phases
 * of others that are the same work, beside what the run has measured. False where
 * the profile of @base has not what it takes.
 */
bool is_explained(const struct profile *profile, const char *base,
		  const char *benchmark);
void section_beside(struct doc *doc, const struct summary *s, const char *base,
		    const char *benchmark);

/* How the sums of a profile agree with what the run measured by itself. */
struct agreement {
	size_t both; /* kernels and phases that have both */
	size_t same;
	double most; /* the largest difference, as a share of the run's */
	const char *where; /* the phase that it is of */
};

/* Adds a phase; nothing where the run has no such cell, or measures times. */
void agreement_add(struct agreement *sum, const struct summary *s,
		   const struct asked *a);
void agreement_tell(struct doc *doc, const struct agreement *sum);

#endif
