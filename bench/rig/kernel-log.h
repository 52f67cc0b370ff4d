/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RIG_KERNEL_LOG_H
#define RIG_KERNEL_LOG_H

#include <jansson.h>

/*
 * What was logged before this call is none of ours: a lab host has been up for
 * long, with devices that we have no part in. 0 or -errno, and then all of it is.
 */
int kernel_log_from_now(void);

/*
 * Lines that the kernel itself has logged since boot, or since
 * kernel_log_from_now(), at level warning or worse
 * and that are not known to be harmless, as an array of strings; the caller
 * owns it. Empty where /dev/kmsg can't be opened, as by an ordinary user. NULL
 * only if there is no memory.
 */
json_t *kernel_log_bad_lines(void);

#endif
