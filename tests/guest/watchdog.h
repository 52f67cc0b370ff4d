/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that fails a test which hangs, says where, and ends the program. */
#ifndef TESTS_WATCHDOG_H
#define TESTS_WATCHDOG_H

#include <stddef.h>

/* To be called before there are descriptors that a fork() would keep open. */
int watchdog_start(unsigned int patience_seconds);
/* Test @number begins. */
void watchdog_test(size_t number, const char *name);
/* Something has come to an end, in whichever process: it does not hang. */
void watchdog_beat(void);

#endif
