// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/counters.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rig/marks.h"
#include "rig/perf-control.h"
#include "rig/sysfs.h"

#define MAX_COUNTED 32
/* Software events apart: where a PMU is full, they still count. */
#define GROUPS (2 * DOMAINS)
#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

/* What was counted around one phase, by event. */
struct counted {
	char phase[32];
	uint64_t sums[MAX_EVENTS];
	enum verdict verdicts[GROUPS]; /* the worst of all its rounds */
};

struct group {
	size_t count; /* 0: not open */
	int fds[MAX_EVENTS]; /* the leader first */
	size_t events[MAX_EVENTS]; /* which of the list each one is */
};

/*
 * What a forked child counts has to come to its parent, which may end what the
 * child began.
 */
struct shared {
	size_t count;
	struct counted counted[MAX_COUNTED];
	struct counted *current; /* the phase that is being counted */
	struct reading before[GROUPS];
	bool unread[GROUPS]; /* there was nothing to read before */
};

static struct event_list *list; /* NULL: nothing is open */
/* Somebody wants to know of phases: else both ends of one are a single test. */
static bool watched;
/*
 * In the order of beginning; they end the other way round, so that the group of
 * the kernel's PMU events does not count the calls for the others.
 */
static struct group groups[GROUPS];
static struct shared *shared;

static size_t group_of(const struct event *event)
{
	bool pmu = event->attr.type != PERF_TYPE_SOFTWARE &&
		   event->attr.type != PERF_TYPE_TRACEPOINT;

	return 2 * (event->domain == DOMAIN_KERNEL) + pmu;
}

static int perf_event_open(struct perf_event_attr *attr, int group)
{
	return (int)syscall(SYS_perf_event_open, attr, 0, -1, group,
			    PERF_FLAG_FD_CLOEXEC);
}

static void explain(struct event *event, int err, bool leads)
{
	char paranoid[16];

	switch (err) {
	case ENOENT:
	case ENODEV:
	case EOPNOTSUPP:
		snprintf(event->why, sizeof(event->why),
			 "the running kernel has no counter for it");
		return;
	case ENOSYS:
		snprintf(event->why, sizeof(event->why),
			 "the running kernel has no perf events");
		return;
	case EACCES:
	case EPERM:
		if (sysfs_line(PARANOID, paranoid, sizeof(paranoid)))
			strcpy(paranoid, "not known");
		snprintf(event->why, sizeof(event->why),
			 "not permitted; perf_event_paranoid is %s", paranoid);
		return;
	case EINVAL:
		if (!leads) {
			snprintf(event->why, sizeof(event->why),
				 "it does not fit into a group with the events "
				 "before it");
			return;
		}
	}
	snprintf(event->why, sizeof(event->why), "%s", strerror(err));
}

static void open_event(size_t index)
{
	struct event *event = &list->events[index];
	struct group *g = &groups[group_of(event)];
	struct perf_event_attr attr = event->attr;
	int fd;

	attr.size = sizeof(attr);
	attr.inherit = 1;
	attr.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			   PERF_FORMAT_TOTAL_TIME_RUNNING;
	/* The leader alone says whether and how the group is scheduled. */
	attr.disabled = attr.pinned = g->count == 0;
	fd = perf_event_open(&attr, g->count ? g->fds[0] : -1);
	if (fd < 0) {
		explain(event, errno, g->count == 0);
		return;
	}
	g->fds[g->count] = fd;
	g->events[g->count++] = index;
}

int counters_open(struct event_list *events)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (shared == MAP_FAILED) {
		shared = NULL;
		return -ENOMEM;
	}
	list = events;
	watched = true;
	memset(groups, 0, sizeof(groups));
	for (size_t i = 0; i < list->count; i++)
		if (!list->events[i].why[0])
			open_event(i);
	return 0;
}

void counters_close(void)
{
	if (!list)
		return;
	for (size_t i = 0; i < GROUPS; i++)
		while (groups[i].count)
			close(groups[i].fds[--groups[i].count]);
	munmap(shared, sizeof(*shared));
	shared = NULL;
	list = NULL;
	watched = marks_on();
}

int counters_mark(void)
{
	int err = marks_start();

	watched = watched || !err;
	return err;
}

/* False: a pinned group that could not be scheduled has nothing to read. */
static bool read_group(const struct group *g, struct reading *r)
{
	struct {
		uint64_t count, enabled, running, values[MAX_EVENTS];
	} raw;
	size_t size = (3 + g->count) * sizeof(uint64_t);

	if (read(g->fds[0], &raw, sizeof(raw)) != (ssize_t)size)
		return false;
	r->enabled = raw.enabled;
	r->running = raw.running;
	memcpy(r->values, raw.values, g->count * sizeof(uint64_t));
	return true;
}

enum verdict reading_verdict(const struct reading *from,
			     const struct reading *to)
{
	uint64_t enabled = to->enabled - from->enabled;
	uint64_t running = to->running - from->running;

	if (running >= enabled)
		return COUNTED;
	return running ? MULTIPLEXED : NOT_SCHEDULED;
}

static struct counted *find(const char *phase, bool make)
{
	struct counted *c;

	for (size_t i = 0; i < shared->count; i++)
		if (!strncmp(shared->counted[i].phase, phase,
			     sizeof(c->phase) - 1))
			return &shared->counted[i];
	if (!make || shared->count == MAX_COUNTED)
		return NULL;
	c = &shared->counted[shared->count++];
	snprintf(c->phase, sizeof(c->phase), "%s", phase);
	return c;
}

static void enable(bool on)
{
	unsigned long request =
		on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE;

	for (size_t i = 0; i < GROUPS; i++) {
		struct group *g = &groups[on ? i : GROUPS - 1 - i];

		if (g->count)
			ioctl(g->fds[0], request, PERF_IOC_FLAG_GROUP);
	}
}

void count_begin(const char *phase)
{
	if (!watched)
		return;
	mark_phase(phase);
	if (!list)
		return;
	/* A phase that a SIGBUS ended is still on. */
	if (shared->current)
		enable(false);
	shared->current = find(phase, true);
	if (!shared->current)
		return;
	for (size_t i = 0; i < GROUPS; i++)
		if (groups[i].count)
			shared->unread[i] =
				!read_group(&groups[i], &shared->before[i]);
	perf_control_begin(phase);
	enable(true);
}

static void add(size_t which)
{
	const struct group *g = &groups[which];
	const struct reading *before = &shared->before[which];
	struct counted *current = shared->current;
	struct reading after;
	enum verdict verdict = NOT_SCHEDULED;

	if (!shared->unread[which] && read_group(g, &after))
		verdict = reading_verdict(before, &after);
	if (verdict > current->verdicts[which])
		current->verdicts[which] = verdict;
	for (size_t i = 0; verdict == COUNTED && i < g->count; i++)
		current->sums[g->events[i]] +=
			after.values[i] - before->values[i];
}

void count_end(void)
{
	if (!watched)
		return;
	mark_end();
	if (!list || !shared->current)
		return;
	enable(false);
	perf_control_end(shared->current->phase);
	for (size_t i = 0; i < GROUPS; i++)
		if (groups[i].count)
			add(i);
	shared->current = NULL;
}

json_t *counters_of(const char *phase)
{
	const struct counted *c = list ? find(phase, false) : NULL;
	json_t *object = json_object();

	for (size_t i = 0; object && c && i < list->count; i++) {
		const struct event *e = &list->events[i];
		bool counted =
			!e->why[0] && c->verdicts[group_of(e)] == COUNTED;

		if (json_object_set_new(
			    object, e->name,
			    counted ? json_integer((json_int_t)c->sums[i])
				    : json_null())) {
			json_decref(object);
			object = NULL;
		}
	}
	return object;
}

const char *counters_lost(const char *phase, const struct event *event)
{
	const struct counted *c = list ? find(phase, false) : NULL;

	switch (c ? c->verdicts[group_of(event)] : COUNTED) {
	case MULTIPLEXED:
		return "its group had to share the CPU's counters";
	case NOT_SCHEDULED:
		return "its group got no counters, of which the CPU has too "
		       "few, or others use them";
	default:
		return NULL;
	}
}
