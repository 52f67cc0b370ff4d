// SPDX-License-Identifier: GPL-2.0-or-later
/* The contract for processes that come and go. */
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract.h"
#include "ktap.h"
#include "others.h"
#include "rig/process.h"

#define PAGES 1200
/* Times that one is killed, each time at another moment. */
#define KILLS 20
#define KILL_STEP_US 150

/* In a child that inherits @v: what @look finds wrong there. */
static const char *in_child(const struct view *v,
			    const char *(*look)(const struct view *v))
{
	char *why = crew_shared(256);
	const char *said;
	pid_t pid = fork();

	if (!pid) {
		said = look(v);
		if (said)
			strncpy(why, said, 255);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	said = why[0] ? ktap_say("child: %s", why) : NULL;
	crew_shared_free(why, 256);
	return said;
}

/* Two VMAs, for children to inherit. */
static const char *map_two(struct others *o)
{
	const struct device *d = o->device;
	const char *why = NULL;

	if (view_map(&o->views[0], d, NULL, 7, PAGES) ||
	    view_map(&o->views[1], d, NULL, 1, PAGES))
		return "mmap failed";
	for (size_t i = 0; !why && i < OTHERS_VIEWS; i++)
		why = view_all_right(&o->views[i]);
	return why;
}

/* Children that live through disable and enable. */
const char *forked(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->bar};
	const char *why = map_two(&o);

	why = first_of(why, in_child(&o.views[0], view_all_right));
	if (why || (why = others_start(&o)))
		return why;
	device_memory_enable(&c->bar, false);
	why = others_all_sigbus(&o);
	why = first_of(why, in_child(&o.views[0], view_all_sigbus));
	device_memory_enable(&c->bar, true);
	why = first_of(why, others_all_right(&o));
	others_end(&o);
	return why;
}

const char *forked_while_disabled(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->bar};
	const char *why = map_two(&o);

	device_memory_enable(&c->bar, false);
	if (why || (why = others_start(&o)))
		return why;
	why = others_all_sigbus(&o);
	device_memory_enable(&c->bar, true);
	why = first_of(why, others_all_right(&o));
	others_end(&o);
	return why;
}

/* One that maps goes while the device is disabled: killed, or of itself. */
static const char *gone(struct contract *c, bool killed)
{
	struct view v, mine;
	const char *why;
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) || view_map(&mine, &c->bar, NULL, 0, PAGES))
		return "mmap failed";
	pid = fork();
	if (!pid) {
		view_map(&v, &c->bar, NULL, 0, PAGES);
		view_look(&v);
		device_memory_enable(&c->bar, false);
		if (write(ready[1], "", 1) == 1 && killed)
			pause();
		_exit(0);
	}
	if (read(ready[0], &byte, 1) != 1)
		return "no child";
	if (killed)
		kill(pid, SIGKILL);
	/* Killed, it goes at the same time as this; else before it. */
	if (!killed)
		waitpid(pid, NULL, 0);
	why = view_all_sigbus(&mine);
	device_memory_enable(&c->bar, true);
	why = first_of(why, view_all_right(&mine));
	if (killed)
		waitpid(pid, NULL, 0);
	view_unmap(&mine);
	close(ready[0]);
	close(ready[1]);
	return why;
}

const char *killed(void *context)
{
	return gone(context, true);
}

const char *exited(void *context)
{
	return gone(context, false);
}

/*
 * It may not have got round to all of them, but the next one that enables does:
 * also to those of processes that were mapped before it was killed.
 */
const char *killed_enabling(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->bar};
	const char *why = others_start(&o);

	if (why)
		return why;
	why = others_map(&o);
	for (int i = 0; !why && i < KILLS; i++) {
		pid_t pid = fork();

		while (!pid) {
			device_memory_enable(&c->bar, false);
			device_memory_enable(&c->bar, true);
		}
		usleep((useconds_t)(i * KILL_STEP_US));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		device_memory_enable(&c->bar, true);
		why = others_all_right(&o);
	}
	others_end(&o);
	return why;
}

#define ENABLERS 3
#define ENABLE_ROUNDS 12
/* Three tables of PTEs at least. */
#define ENABLE_PAGES 1500

struct enablers {
	struct contract *contract;
	atomic_int round; /* they enable for the n-th time */
	atomic_int done; /* enablings, in all rounds */
	char why[200];
	uint64_t faults;
};

/*
 * Looks at its mapping, which is the only one, as soon as its own call has
 * returned. The first round warms up, and its faults do not count.
 */
static void enable_and_look(struct enablers *e, bool looks)
{
	struct contract *c = e->contract;
	const char *why = NULL;
	struct view v;

	if (looks && view_map(&v, &c->bar, NULL, 1, ENABLE_PAGES))
		why = "mmap failed";
	for (int round = 0; round < ENABLE_ROUNDS; round++) {
		uint64_t faults;

		while (atomic_load(&e->round) <= round)
			sched_yield();
		device_memory_enable(&c->bar, true);
		faults = faults_now();
		if (looks && !why)
			why = view_all_right(&v);
		if (looks && round)
			e->faults += faults_now() - faults;
		atomic_fetch_add(&e->done, 1);
	}
	if (why)
		strncpy(e->why, why, sizeof(e->why) - 1);
	_exit(0);
}

/* Whoever comes second has no less to show for it. */
const char *enabled_at_once(void *context)
{
	struct enablers *e = crew_shared(sizeof(*e));
	const char *why = NULL;
	pid_t pids[ENABLERS];

	if (!e)
		return "no shared memory";
	e->contract = context;
	for (int i = 0; i < ENABLERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			enable_and_look(e, !i);
	}
	for (int round = 1; round <= ENABLE_ROUNDS; round++) {
		device_memory_enable(&e->contract->bar, false);
		atomic_store(&e->round, round);
		while (atomic_load(&e->done) < ENABLERS * round)
			sched_yield();
	}
	for (int i = 0; i < ENABLERS; i++)
		waitpid(pids[i], NULL, 0);
	if (e->why[0])
		why = ktap_say("%s", e->why);
	else if (e->contract->eager && e->faults)
		why = ktap_say("%lu faults", e->faults);
	crew_shared_free(e, sizeof(*e));
	return why;
}
