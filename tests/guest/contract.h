/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_CONTRACT_H
#define TESTS_CONTRACT_H

#include <stdbool.h>

#include "rig/device.h"
#include "view.h"

struct contract {
	struct device bar; /* RAM-backed, each page stamped */
	struct device flr; /* has function-level reset */
	bool eager; /* no fault is allowed after enable */
	bool untouched; /* the base, without the common series */
};

/* The first of the two that is not NULL. */
const char *first_of(const char *a, const char *b);

/* processes.c */
const char *other_processes(void *context);
const char *forked(void *context);
const char *forked_while_disabled(void *context);
const char *killed(void *context);
const char *clean_log(void *context);

/* pieces.c */
const char *pmd_unmapped(void *context);
const char *pmd_protected(void *context);
const char *pmd_moved(void *context);
const char *pud_unmapped(void *context);
const char *pud_protected(void *context);
const char *pud_moved(void *context);
const char *pud_moved_askew(void *context);

/* races.c */
const char *race_touch(void *context);
const char *race_mmap(void *context);
const char *race_fork(void *context);
const char *race_reset(void *context);

#endif
