// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/threads.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "rig/sigbus.h"
#include "rig/topology.h"

struct team_member {
	struct team *team;
	size_t index;
	pthread_t thread;
	int result;
};

/* What a thread does for itself before it may run. The main thread is the 0-th. */
static int prepare(const struct team_member *m)
{
	int err = topology_bind(m->index + 1);

	return err ? err : sigbus_init();
}

static void *member_main(void *arg)
{
	struct team_member *m = arg;
	struct team *t = m->team;
	int err = prepare(m);
	bool go;

	pthread_mutex_lock(&t->lock);
	t->ready++;
	pthread_cond_broadcast(&t->changed);
	while (t->gate == GATE_SHUT)
		pthread_cond_wait(&t->changed, &t->lock);
	go = t->gate == GATE_OPEN;
	pthread_mutex_unlock(&t->lock);
	m->result = err || !go ? err : t->fn(t->context, m->index);
	return NULL;
}

static void set_gate(struct team *t, int gate)
{
	pthread_mutex_lock(&t->lock);
	t->gate = gate;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

int team_start(struct team *t, size_t count, thread_fn *fn, void *context)
{
	*t = (struct team){
		.fn = fn,
		.context = context,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	t->members = calloc(count, sizeof(*t->members));
	if (!t->members)
		return -ENOMEM;
	while (t->count < count) {
		struct team_member *m = &t->members[t->count];
		int err;

		m->team = t;
		m->index = t->count;
		err = pthread_create(&m->thread, NULL, member_main, m);
		if (err) {
			set_gate(t, GATE_CANCELLED);
			team_join(t);
			return -err;
		}
		t->count++;
	}
	return 0;
}

void team_wait(struct team *t)
{
	pthread_mutex_lock(&t->lock);
	while (t->ready < t->count)
		pthread_cond_wait(&t->changed, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

void team_release(struct team *t)
{
	set_gate(t, GATE_OPEN);
}

int team_join(struct team *t)
{
	int err = 0;

	for (size_t i = 0; i < t->count; i++) {
		pthread_join(t->members[i].thread, NULL);
		if (!err)
			err = t->members[i].result;
	}
	free(t->members);
	t->members = NULL;
	t->count = 0;
	return err;
}
