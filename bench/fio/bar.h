/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BAR that all threads of a fio process share: opened and mapped once. Knows
 * nothing of fio.
 */
#ifndef BENCH_FIO_BAR_H
#define BENCH_FIO_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a job asks for; every job of a process must ask for the same. */
struct bar_request {
	const char *target; /* "memfd", a bus address, or vendor:device */
	const char *interface; /* "any", "group" or "cdev" */
	uint64_t length; /* bytes; 0: all that may be mapped in one piece */
	bool write; /* the user lets any device be written to */
	bool prefault; /* read each page once, before any I/O */
};

/*
 * Opens and maps the BAR for the first caller; one for whom it is open gets the
 * same. Each success is paired with bar_put(). 0 or -errno with @why, a part of a
 * sentence. Callers take turns.
 */
int bar_get(const struct bar_request *r, char why[256]);
/* Unmaps and closes behind the last user. */
void bar_put(void);

/* Bytes that are mapped; whether they may be written to. */
uint64_t bar_length(void);
bool bar_may_write(void);

/* Each thread that accesses the BAR, before it does. 0 or -errno. */
int bar_thread_init(void);

/*
 * Copies @length bytes at @offset of the mapping from or to @buffer, by loads or
 * stores of 8 bytes each, in ascending order: what a device is asked does not
 * depend on how a compiler would copy. All three are multiples of 8. 0, or -EFAULT
 * if one of them raised SIGBUS: then a part may have been copied.
 */
int bar_read(uint64_t offset, void *buffer, size_t length);
int bar_write(uint64_t offset, const void *buffer, size_t length);

/*
 * Takes memory away and gives it back; the stand-in's raises SIGBUS in between,
 * too. And a function reset. 0 or -errno.
 */
int bar_memory_enable(bool on);
int bar_reset(void);
bool bar_can_reset(void);

#endif
