/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Takes the BAR away at fixed moments of a job, from a thread of its own, while
 * others read it. Knows nothing of fio.
 */
#ifndef BENCH_FIO_OUTAGES_H
#define BENCH_FIO_OUTAGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OUTAGES_MAX 16

enum outage_kind {
	OUTAGE_TOGGLE, /* memory off, and on again after a while */
	OUTAGE_RESET, /* VFIO_DEVICE_RESET */
};

struct outage {
	enum outage_kind kind;
	uint64_t due; /* ns from the job's first I/O */
	/* When each call began and ended, ns from there; a reset is the first. */
	uint64_t first_begin, first_end;
	uint64_t second_begin, second_end;
	int error; /* of the calls, 0 or -errno */
};

struct outages {
	struct outage list[OUTAGES_MAX];
	size_t count;
	uint64_t off_ns; /* how long a toggle leaves memory off */
};

/*
 * "500ms:toggle,2s:reset": moments in us, ms or s, ascending. -EINVAL with @why, a
 * part of a sentence. An empty text is none.
 */
int outages_parse(struct outages *o, const char *text, char why[256]);

/* ns of CLOCK_MONOTONIC. */
uint64_t outages_now(void);

/* Starts the thread, for moments from @zero on. 0 or -errno. */
int outages_start(struct outages *o, uint64_t zero);
/* Ends it; an outage that has begun is gone through, those to come are not. */
void outages_stop(void);

/* A line an outage that took place: `outage` KIND DUE and its four times. */
void outages_print(const struct outages *o, FILE *file);

#endif
