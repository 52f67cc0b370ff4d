/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernels of two operands belong together. */
#ifndef REPORT_COMPARE_PAIRS_H
#define REPORT_COMPARE_PAIRS_H

#include "report/compare/contrast.h"

struct pairs {
	struct pair *list; /* in the order of the baseline's run */
	size_t count;
	/* Those of either operand that have no partner. */
	const struct kernel **alone[2];
	size_t alone_count[2];
	bool same_base, same_variant; /* in every pair */
};

/*
 * Kernels pair by base and variant, but for what both operands name: of
 * RUN/6.12 and RUN/7.3 they pair by variant, of RUN/eager and RUN/huge-fault by
 * base. 0; -EINVAL with @why where a kernel would be compared with itself;
 * -ENOMEM. The caller ends it with pairs_free().
 */
int pairs_make(const struct operand operands[2], struct pairs *pairs,
	       struct why *why);
void pairs_free(struct pairs *pairs);

/*
 * What @side of the pairs is called in a table: base, variant, run, whatever
 * tells them apart. @text needs 96 bytes.
 */
const char *side_name(char *text, const struct pairs *pairs,
		      const struct operand operands[2], int side);
/* What tells one pair from the others: "eager", "6.12 eager", or "". */
const char *pair_name(char *text, const struct pairs *pairs, size_t pair);

#endif
