// SPDX-License-Identifier: GPL-2.0-or-later
/* The contract for processes other than the one that disables and enables. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract.h"
#include "crew.h"
#include "ktap.h"
#include "pfnbench/stamp.h"
#include "rig/kernel-log.h"
#include "rig/process.h"

#define PAGES 1200
#define PROCESSES 4

enum order {
	MAP,
	SIGBUS_ALL,
	RIGHT_ALL
};

/* Shared: what each process found wrong. */
struct finding {
	char why[256];
	uint64_t faults;
};

struct others {
	struct contract *contract;
	struct finding *findings;
	struct view view; /* of this process */
};

/*
 * Goes the whole way once over a page of our own: a child's first writes to its
 * stack and data are faults too, and not those that are counted.
 */
static void warm_up(void)
{
	static uint64_t page[512];
	struct view own = {(volatile unsigned char *)page, 0, 1};

	page[0] = stamp_of(0);
	view_all_right(&own);
	faults_now();
}

static int obey(void *context, size_t index, int order)
{
	struct others *o = context;
	struct finding *f = &o->findings[index];
	const char *why = NULL;
	uint64_t before;

	switch ((enum order)order) {
	case MAP:
		return view_map(&o->view, &o->contract->bar, NULL, index,
				PAGES);
	case SIGBUS_ALL:
		why = view_all_sigbus(&o->view);
		break;
	case RIGHT_ALL:
		warm_up();
		before = faults_now();
		why = view_all_right(&o->view);
		f->faults = faults_now() - before;
		break;
	}
	if (why)
		strncpy(f->why, why, sizeof(f->why) - 1);
	return why ? -1 : 0;
}

static const char *verdict(struct others *o)
{
	for (size_t i = 0; i < PROCESSES; i++) {
		if (o->findings[i].why[0])
			return ktap_say("process %zu: %s", i,
					o->findings[i].why);
		if (o->contract->eager && o->findings[i].faults)
			return ktap_say("process %zu: %lu faults after enable",
					i, o->findings[i].faults);
	}
	return NULL;
}

const char *other_processes(void *context)
{
	struct others o = {.contract = context};
	size_t size = PROCESSES * sizeof(*o.findings);
	struct crew crew;
	const char *why;

	o.findings = crew_shared(size);
	if (!o.findings || crew_start(&crew, PROCESSES, obey, &o))
		return "no processes";
	crew_do(&crew, MAP);
	device_memory_enable(&o.contract->bar, false);
	crew_do(&crew, SIGBUS_ALL);
	device_memory_enable(&o.contract->bar, true);
	crew_do(&crew, RIGHT_ALL);
	device_reset(&o.contract->bar);
	crew_do(&crew, RIGHT_ALL);
	why = verdict(&o);
	crew_end(&crew);
	view_unmap(&o.view);
	crew_shared_free(o.findings, size);
	return why;
}

/* In a child that inherits @v: 0 if @look finds nothing wrong. */
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

const char *forked(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c};
	struct view v;
	struct crew crew;
	const char *why;

	if (view_map(&v, &c->bar, NULL, 7, PAGES))
		return "mmap failed";
	why = first_of(view_all_right(&v), in_child(&v, view_all_right));
	/* Children that live through disable and enable. */
	o.view = v;
	o.findings = crew_shared(PROCESSES * sizeof(*o.findings));
	if (why || !o.findings || crew_start(&crew, PROCESSES, obey, &o))
		return first_of(why, "no processes");
	device_memory_enable(&c->bar, false);
	crew_do(&crew, SIGBUS_ALL);
	device_memory_enable(&c->bar, true);
	crew_do(&crew, RIGHT_ALL);
	why = verdict(&o);
	crew_end(&crew);
	crew_shared_free(o.findings, PROCESSES * sizeof(*o.findings));
	view_unmap(&v);
	return why;
}

const char *forked_while_disabled(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c};
	struct crew crew;
	const char *why;

	if (view_map(&o.view, &c->bar, NULL, 7, PAGES))
		return "mmap failed";
	o.findings = crew_shared(PROCESSES * sizeof(*o.findings));
	device_memory_enable(&c->bar, false);
	if (!o.findings || crew_start(&crew, PROCESSES, obey, &o))
		return "no processes";
	crew_do(&crew, SIGBUS_ALL);
	device_memory_enable(&c->bar, true);
	crew_do(&crew, RIGHT_ALL);
	why = verdict(&o);
	crew_end(&crew);
	crew_shared_free(o.findings, PROCESSES * sizeof(*o.findings));
	view_unmap(&o.view);
	return why;
}

const char *killed(void *context)
{
	struct contract *c = context;
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
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	if (read(ready[0], &byte, 1) != 1)
		return "no child";
	device_memory_enable(&c->bar, false);
	kill(pid, SIGKILL);
	device_memory_enable(&c->bar, true);
	waitpid(pid, NULL, 0);
	why = view_all_right(&mine);
	view_unmap(&mine);
	close(ready[0]);
	close(ready[1]);
	return why;
}

const char *clean_log(void *context)
{
	json_t *lines = kernel_log_bad_lines();
	const char *why = NULL;

	(void)context;
	if (json_array_size(lines))
		why = ktap_say("%zu lines, the first: %s",
			       json_array_size(lines),
			       json_string_value(json_array_get(lines, 0)));
	json_decref(lines);
	return why;
}
