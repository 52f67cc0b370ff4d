/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets the kernel fail the n-th allocation of pages that this thread makes:
 * CONFIG_FAIL_PAGE_ALLOC, by /proc/thread-self/fail-nth
 * (Documentation/fault-injection/fault-injection.rst).
 */
#ifndef STARVE_INJECT_H
#define STARVE_INJECT_H

#include <stdbool.h>

/* 0, or -errno: the kernel can't, or may not. */
int inject_init(void);
/* From now on the @nth allocation of pages of this thread fails, once. */
void inject_arm(unsigned int nth);
/* No longer. Was one failed since inject_arm()? */
bool inject_disarm(void);

#endif
