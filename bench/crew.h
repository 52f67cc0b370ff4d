/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several processes that do as they are told, one after the other: this one,
 * and children that were forked before anything was mapped. An order is
 * carried out by each process in turn, so that one CPU is enough and the order
 * of events is the same in every run.
 */
#ifndef BENCH_CREW_H
#define BENCH_CREW_H

#include <stddef.h>
#include <sys/types.h>

struct crew_member {
	pid_t pid; /* 0: this process */
	int order; /* write an order here ... */
	int done; /* ... and read the answer, an int, here */
};

/*
 * Carries out @order in member @index: 0, or -errno. What it finds out it
 * leaves in memory that all members share, from crew_shared().
 */
typedef int crew_fn(void *context, size_t index, int order);

struct crew {
	struct crew_member *members;
	size_t count;
	crew_fn *fn;
	void *context;
};

/* Zeroed memory that forked children share, or NULL. */
void *crew_shared(size_t size);
void crew_shared_free(void *memory, size_t size);

/* @count processes, this one included. 0, -ENOMEM, or fork()'s error. */
int crew_start(struct crew *c, size_t count, crew_fn *fn, void *context);
/*
 * Gives @order to every member in turn. The first error of any ends it;
 * -ECHILD is a child that died.
 */
int crew_do(struct crew *c, int order);
/* Ends the children, waits for them, and frees. */
void crew_end(struct crew *c);

#endif
