/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folded stacks, `frame;frame count` a line, as a tree: what flame graphs are
 * drawn from. The format is that of Brendan Gregg's stackcollapse programs.
 */
#ifndef REPORT_WHY_STACKS_H
#define REPORT_WHY_STACKS_H

#include "report/model.h"
#include "report/why/topics.h"

/* One of two profiles that are compared; of a single one the second. */
enum side {
	SIDE_BEFORE,
	SIDE_AFTER,
	SIDES
};

/* A function, called by what is its parent. */
struct frame {
	const char *name; /* of @length bytes, within the stacks */
	size_t length;
	enum topic topic;
	uint64_t self[SIDES]; /* of its own */
	uint64_t all[SIDES]; /* with what it called */
	struct frame *first, *last, *next; /* children, by name; sibling */
};

struct stack {
	char *text; /* frames, joined by ";" */
	uint64_t count;
	enum side side;
};

struct stacks {
	struct stack *stacks;
	size_t count;
	uint64_t sum[SIDES];
	size_t most; /* frames that they have together */
	struct frame *frames; /* the first is the root, which has no name */
	size_t frame_count;
};

struct lines;

/*
 * Adds the stacks of a file to @stacks, zeroed before the first, freed by
 * stacks_free(). 0, -ENOMEM, or -EINVAL with @why, which starts with the number
 * of the line.
 */
int stacks_parse(struct lines *lines, enum side side, struct stacks *stacks,
		 struct why *why);
/* The same of a file. */
int stacks_read(const char *path, enum side side, struct stacks *stacks,
		struct why *why);
/* Makes the tree, once, of all that was added. 0 or -ENOMEM. */
int stacks_fold(struct stacks *stacks);
void stacks_free(struct stacks *stacks);

#endif
