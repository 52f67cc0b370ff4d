/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets the kernel fail allocations of pages that this thread makes, the n-th or
 * all from it on: CONFIG_FAIL_PAGE_ALLOC, by /proc/thread-self/fail-nth and by
 * make-it-fail (Documentation/fault-injection/fault-injection.rst).
 */
#ifndef STARVE_INJECT_H
#define STARVE_INJECT_H

#include <stdbool.h>

/* 0, or -errno: the kernel can't, or may not. */
int inject_init(void);
/*
 * The @nth allocation of pages that this thread makes from now on fails, and if
 * @lasting every later one.
 */
void inject_arm(unsigned int nth, bool lasting);
/* No longer. Was one failed since inject_arm()? */
bool inject_disarm(void);

#endif
