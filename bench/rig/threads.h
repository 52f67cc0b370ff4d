/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that start together. On one CPU "together" means that all are ready
 * when the first runs: they then take turns as the scheduler says.
 */
#ifndef RIG_THREADS_H
#define RIG_THREADS_H

#include <pthread.h>
#include <stddef.h>

/* What thread @index does: 0 or -errno. Accesses to a BAR may be protected. */
typedef int thread_fn(void *context, size_t index);

struct team_member;

struct team {
	thread_fn *fn;
	void *context;
	struct team_member *members;
	size_t count;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t ready; /* members that wait for the gate */
	enum {
		GATE_SHUT,
		GATE_OPEN,
		GATE_CANCELLED,
	} gate;
};

/*
 * Makes @count threads, each with its own stack for SIGBUS (rig/sigbus.h), that
 * wait for the gate. 0, or -errno with none left.
 */
int team_start(struct team *t, size_t count, thread_fn *fn, void *context);
/* Waits until all are ready, so that what follows is no start-up of theirs. */
void team_wait(struct team *t);
/* Opens the gate: they run fn. Once. */
void team_release(struct team *t);
/* Waits for all and frees. The first error of any, by index. Once. */
int team_join(struct team *t);

#endif
