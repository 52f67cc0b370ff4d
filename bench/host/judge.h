/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device of the host with all that is told of it. */
#ifndef HOST_JUDGE_H
#define HOST_JUDGE_H

#include "host/below.h"
#include "host/function.h"
#include "host/verdict.h"

#define MOST_MEMBERS 64

struct member {
	char address[16]; /* "" where it is not a PCI device */
	char name[64];
	char driver[64]; /* "" where none is bound, or not known */
};

struct judged {
	struct function function;
	struct nodes nodes; /* below it */
	/* The others of its IOMMU group, by address. */
	struct member members[MOST_MEMBERS];
	size_t member_count;
	struct verdict verdict;
};

/*
 * Reads the function @address and all that stands upon it, and judges. What can't
 * be read is a reason against it. judged_free() afterwards.
 */
void judge(const struct host *host, const char *address, struct judged *j);
void judged_free(struct judged *j);

#endif
