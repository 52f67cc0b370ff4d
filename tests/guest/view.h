/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process sees of a BAR through one mapping of it. */
#ifndef TESTS_VIEW_H
#define TESTS_VIEW_H

#include <stdint.h>

#include "rig/device.h"

struct view {
	volatile unsigned char *addr;
	uint64_t page; /* of the BAR, that addr shows */
	uint64_t pages; /* mapped from there on */
	uint64_t constant; /* what each page shows; 0: its own stamp */
};

static inline struct view view_at(volatile unsigned char *addr, uint64_t page,
				  uint64_t pages)
{
	return (struct view){.addr = addr, .page = page, .pages = pages};
}

/* 0 or -errno. @addr NULL: anywhere; else there, MAP_FIXED. */
int view_map(struct view *v, const struct device *d, void *addr, uint64_t page,
	     uint64_t pages);
void view_unmap(struct view *v);

/* What page @i of the view must show. */
uint64_t view_want(const struct view *v, uint64_t i);

/* Pages that show what they must, and those that refuse the access. */
struct sight {
	uint64_t right, wrong, sigbus, sigsegv;
	uint64_t odd; /* what the last wrong page showed */
};

/* Looks at each page of the view. */
struct sight view_look(const struct view *v);
/* NULL, or what is not as expected: all pages right, or all SIGBUS. */
const char *view_all_right(const struct view *v);
const char *view_all_sigbus(const struct view *v);

#endif
