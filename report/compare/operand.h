/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is compared: a run, or a part of it, by its path. */
#ifndef REPORT_COMPARE_OPERAND_H
#define REPORT_COMPARE_OPERAND_H

#include "report/summary.h"

/*
 * RUN, RUN/BASE-VARIANT, RUN/BASE or RUN/VARIANT. Only the first two are folders
 * that exist.
 */
struct operand {
	const char *path; /* as it was given */
	char *folder; /* of the run */
	char *part; /* what is behind it; "" where there is nothing */
	const char *base; /* the run's; NULL: all of them */
	const char *variant; /* the same */
	const char *run_name;
	struct run *run;
	struct summary summary;
};

/*
 * Splits @path into folder and part; nothing is read but whether there is a
 * run.json. 0, -ENOMEM, or -EINVAL with @why. The caller frees folder and part.
 */
int operand_split(const char *path, struct operand *operand, struct why *why);
/* Sets base and variant from the part, once run is set. 0 or -EINVAL. */
int operand_select(struct operand *operand, struct why *why);
bool operand_has(const struct operand *operand, const struct kernel *kernel);
/*
 * What the runs of two operands are called: by their own names, where those tell
 * them apart, else by their folders.
 */
void operands_name(struct operand operands[2]);

#endif
