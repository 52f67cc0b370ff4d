/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that have to populate, move or split, and lack a page for it. */
#ifndef STARVE_STARVE_H
#define STARVE_STARVE_H

#include <stdbool.h>
#include <stdint.h>

#include "rig/device.h"
#include "rig/mapping.h"
#include "view.h"

#define PAGE 4096ull
#define PMD_PAGES 512ull
#define PUD_PAGES (512 * PMD_PAGES)

struct starved {
	struct device bar; /* RAM-backed, each page stamped */
	bool eager; /* calls populate, not faults */
	bool huge; /* with leaves that a cut has to split */
	uint64_t calls, failed; /* of all tests: made, and failed */
	/* Of the call under test. */
	struct mapping mapping, target;
	struct view view;
	int64_t tables; /* bytes of page tables before */
};

/*
 * A call to be made again and again, its first allocation failing, its second,
 * and so on until it makes no more of them. Each function returns NULL or what
 * is wrong.
 */
struct call {
	const char *(*prepare)(struct starved *s);
	/* 0 or -errno; nothing else is done in it. */
	int (*call)(struct starved *s);
	/* What has to hold after the call returned @err: 0 or -ENOMEM. */
	const char *(*check)(struct starved *s, int err);
	const char *(*clean)(struct starved *s);
	/* All allocations from the one on fail, and not one alone. */
	bool lasting;
};

/*
 * @must_fail: that no call failed is a failure too, as then nothing was tested.
 */
const char *starve(struct starved *s, const struct call *call, bool must_fail);

/* Maps @pages of the BAR from @page on, aligned as the BAR is modulo @align. */
const char *place(struct starved *s, uint64_t page, uint64_t pages,
		  uint64_t align);
/* The same, without mapping it yet. */
const char *reserve(struct starved *s, uint64_t page, uint64_t pages,
		    uint64_t align);
const char *unplace(struct starved *s);
/* Disable, look, enable, look: whatever happened before, that must be right. */
const char *toggled(struct starved *s);
/* A sample of the view's pages, with all places where a table or leaf ends. */
struct sight look(const struct view *v);
/* NULL, or what is not so of those pages. */
const char *all_right(const struct view *v);
const char *all_sigbus(const struct view *v);
/* Each page right, or else each SIGBUS. */
const char *all_or_nothing(const struct view *v);

/* cut.c */
const char *starved_munmap(void *context);
const char *starved_munmap_pud(void *context);
const char *starved_mprotect(void *context);
const char *starved_mremap(void *context);
const char *starved_fork(void *context);

/* enable.c */
const char *starved_enable_once(void *context);
const char *starved_enable(void *context);
const char *starved_reset(void *context);

#endif
