/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One access of one thread to an address that may be anything: answered, or
 * refused with SIGBUS, or not mapped at all because another thread of the
 * process has just unmapped, moved or protected it.
 */
#ifndef TESTS_ACCESS_H
#define TESTS_ACCESS_H

#include <stdint.h>

enum answer {
	ANSWERED,
	ANSWER_SIGBUS,
	ANSWER_SIGSEGV,
};

/*
 * Installs the handlers for the process; after sigbus_init(), whose handler
 * goes on to serve what is not in one of the calls below. 0 or -errno.
 */
int access_init(void);

/* 8 bytes, aligned. @value is left alone unless the access is answered. */
enum answer access_read(const volatile void *addr, uint64_t *value);
enum answer access_write(volatile void *addr, uint64_t value);

#endif
