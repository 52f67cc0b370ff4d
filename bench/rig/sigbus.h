/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses that may raise SIGBUS: a BAR's, while its memory is disabled. The
 * cost is one sigsetjmp() a call; an access inside costs nothing extra.
 */
#ifndef RIG_SIGBUS_H
#define RIG_SIGBUS_H

#include <stdint.h>

/*
 * Installs the handler for the process, and an alternate stack for the calling
 * thread; a forked child has both. 0 or -errno.
 */
int sigbus_init(void);

/* Reads 8 bytes, which are aligned. 0, or -EFAULT if that raised SIGBUS. */
int probe_read(const volatile void *addr, uint64_t *value);

/*
 * Runs fn(arg). Its result, or -EFAULT if an access inside raised SIGBUS: fn is
 * then left at that access (siglongjmp), so it must hold nothing that it frees
 * itself. Calls nest.
 */
int sigbus_protect(int (*fn)(void *), void *arg);

#endif
