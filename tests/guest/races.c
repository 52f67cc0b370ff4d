// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract while everything happens at once: one process disables and
 * enables, or resets, in a loop; others touch, map and unmap, fork and exit. An
 * access sees the right stamp or SIGBUS, never anything else; and when the loop
 * has ended with memory enabled, everything is there.
 */
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract.h"
#include "crew.h"
#include "ktap.h"

#define PAGES 600
#define RACERS 3
/* The loop goes on until each racer has been round so often, if it ever is. */
#define PASSES 5
#define ROUNDS 150
#define MOST_ROUNDS 20000
#define RESETS 8

struct race {
	atomic_bool stop;
	struct {
		atomic_uint passes;
		uint64_t right, wrong, sigbus, odd, failed;
	} seen[RACERS];
};

typedef void racer_fn(struct contract *c, struct race *r, int who,
		      struct view *v);

static void note(struct race *r, int who, const struct sight *s)
{
	r->seen[who].right += s->right;
	r->seen[who].wrong += s->wrong;
	r->seen[who].sigbus += s->sigbus;
	if (s->wrong)
		r->seen[who].odd = s->odd;
}

static void touch(struct contract *c, struct race *r, int who, struct view *v)
{
	struct sight s = view_look(v);

	(void)c;
	note(r, who, &s);
}

static void map_touch_unmap(struct contract *c, struct race *r, int who,
			    struct view *v)
{
	struct view own;
	struct sight s;

	(void)v;
	if (view_map(&own, &c->bar, NULL, (uint64_t)who * 10, 100)) {
		r->seen[who].failed++;
		return;
	}
	s = view_look(&own);
	note(r, who, &s);
	view_unmap(&own);
}

static void fork_touch_exit(struct contract *c, struct race *r, int who,
			    struct view *v)
{
	struct view part = {v->addr, v->page, 64};
	pid_t pid = fork();

	(void)c;
	if (!pid) {
		struct sight s = view_look(&part);

		note(r, who, &s);
		_exit(0);
	}
	if (pid < 0)
		r->seen[who].failed++;
	else
		waitpid(pid, NULL, 0);
}

static void racer(struct contract *c, struct race *r, int who, racer_fn *fn)
{
	struct view v;

	if (view_map(&v, &c->bar, NULL, (uint64_t)who, PAGES))
		_exit(1);
	while (!atomic_load(&r->stop)) {
		fn(c, r, who, &v);
		atomic_fetch_add(&r->seen[who].passes, 1);
		sched_yield();
	}
	/* Memory is enabled for good: all of it must be there. */
	_exit(view_all_right(&v) ? 2 : 0);
}

static bool all_raced(struct race *r)
{
	for (int i = 0; i < RACERS; i++)
		if (atomic_load(&r->seen[i].passes) < PASSES)
			return false;
	return true;
}

static void toggle(struct contract *c)
{
	device_memory_enable(&c->bar, false);
	sched_yield();
	device_memory_enable(&c->bar, true);
	sched_yield();
}

static void reset(struct contract *c)
{
	device_reset(&c->bar);
	sched_yield();
}

static const char *verdict(const struct race *r, const int *codes)
{
	for (int i = 0; i < RACERS; i++) {
		if (r->seen[i].wrong)
			return ktap_say("racer %d: %lu accesses read something "
					"else, the last %#lx",
					i, r->seen[i].wrong, r->seen[i].odd);
		if (r->seen[i].failed)
			return ktap_say("racer %d: %lu calls failed", i,
					r->seen[i].failed);
		if (codes[i])
			return ktap_say("racer %d: %s", i,
					codes[i] == 2
						? "pages lost in the end"
						: "could not start, or died");
		if (r->seen[i].passes < PASSES)
			return ktap_say("racer %d came round %u times only", i,
					r->seen[i].passes);
	}
	return NULL;
}

static const char *race(struct contract *c, racer_fn *fn,
			void (*lose)(struct contract *c), int rounds)
{
	struct race *r = crew_shared(sizeof(*r));
	pid_t pids[RACERS];
	int codes[RACERS];
	const char *why;

	for (int i = 0; i < RACERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			racer(c, r, i, fn);
	}
	for (int i = 0; i < rounds || (!all_raced(r) && i < MOST_ROUNDS); i++)
		lose(c);
	atomic_store(&r->stop, true);
	for (int i = 0; i < RACERS; i++) {
		int status;

		waitpid(pids[i], &status, 0);
		codes[i] = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	why = verdict(r, codes);
	crew_shared_free(r, sizeof(*r));
	return why;
}

const char *race_touch(void *context)
{
	return race(context, touch, toggle, ROUNDS);
}

const char *race_mmap(void *context)
{
	return race(context, map_touch_unmap, toggle, ROUNDS);
}

const char *race_fork(void *context)
{
	return race(context, fork_touch_exit, toggle, ROUNDS);
}

const char *race_reset(void *context)
{
	return race(context, touch, reset, RESETS);
}
