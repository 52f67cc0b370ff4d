// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/events.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <perfmon/pfmlib_perf_event.h>

#include "rig/tracepoint.h"

#define WALK_CYCLES "walk-cycles"

static const char default_events[] =
	"instructions,cycles,page-faults,minor-faults,context-switches,"
	"dTLB-load-misses," WALK_CYCLES;

/*
 * Cycles in which a page-table walk for a load was under way: Skylake and
 * later, Haswell and Broadwell, Sandy Bridge, Nehalem. AMD counts none.
 */
static const char *const walk_cycles[] = {
	"DTLB_LOAD_MISSES:WALK_ACTIVE",
	"DTLB_LOAD_MISSES:WALK_PENDING",
	"DTLB_LOAD_MISSES:WALK_DURATION",
	"DTLB_LOAD_MISSES:WALK_CYCLES",
};

size_t name_distance(const char *a, const char *b, size_t limit)
{
	size_t row[EVENT_NAME_SIZE], n = strlen(a), m = strlen(b);

	if (n >= EVENT_NAME_SIZE || m >= EVENT_NAME_SIZE)
		return limit;
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best =
				diagonal + (tolower((unsigned char)a[i - 1]) !=
					    tolower((unsigned char)b[j - 1]));

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m] < limit ? row[m] : limit;
}

void near_add(struct near_names *near, const char *candidate)
{
	/* A third of the letters: more is another name. */
	size_t limit = strlen(near->wanted) / 3 + 2;
	size_t distance = name_distance(near->wanted, candidate, limit);
	size_t at = near->count;

	if (distance == limit || strlen(candidate) >= EVENT_NAME_SIZE)
		return;
	for (size_t i = 0; i < near->count; i++)
		if (!strcasecmp(near->names[i], candidate))
			return;
	while (at && near->distances[at - 1] > distance)
		at--;
	if (at == MAX_NEAR)
		return;
	if (near->count < MAX_NEAR)
		near->count++;
	for (size_t i = near->count - 1; i > at; i--) {
		strcpy(near->names[i], near->names[i - 1]);
		near->distances[i] = near->distances[i - 1];
	}
	strcpy(near->names[at], candidate);
	near->distances[at] = distance;
}

static void near_tracepoint(void *near, const char *name)
{
	near_add(near, name);
}

/* Events of the PMUs that are here, their unit masks where @wanted has one. */
static void near_libpfm(struct near_names *near, const pfm_pmu_info_t *pmu)
{
	size_t length = strcspn(near->wanted, ":");

	for (int i = pmu->first_event; i != -1; i = pfm_get_event_next(i)) {
		pfm_event_info_t event = {.size = sizeof(event)};
		char name[2 * EVENT_NAME_SIZE];

		if (pfm_get_event_info(i, PFM_OS_PERF_EVENT_EXT, &event))
			continue;
		near_add(near, event.name);
		if (event.equiv)
			near_add(near, event.equiv);
		if (strlen(event.name) != length ||
		    strncasecmp(event.name, near->wanted, length))
			continue;
		for (int k = 0; k < event.nattrs; k++) {
			pfm_event_attr_info_t a = {.size = sizeof(a)};

			if (pfm_get_event_attr_info(i, k, PFM_OS_PERF_EVENT_EXT,
						    &a) ||
			    a.type != PFM_ATTR_UMASK)
				continue;
			snprintf(name, sizeof(name), "%s:%s", event.name,
				 a.name);
			near_add(near, name);
		}
	}
}

static void find_near(struct near_names *near)
{
	pfm_pmu_info_t pmu;
	pfm_pmu_t i;

	near_add(near, WALK_CYCLES);
	pfm_for_all_pmus(i)
	{
		memset(&pmu, 0, sizeof(pmu));
		pmu.size = sizeof(pmu);
		if (!pfm_get_pmu_info(i, &pmu) && pmu.is_present)
			near_libpfm(near, &pmu);
	}
	tracepoint_each(near_tracepoint, near);
}

/* Is it an event of a PMU that libpfm knows and this machine has not? */
static bool of_another_cpu(const char *name, char why[128])
{
	const char *event = strstr(name, "::") ? strstr(name, "::") + 2 : name;
	size_t length = strcspn(event, ":");
	pfm_pmu_info_t pmu;
	pfm_pmu_t p;

	pfm_for_all_pmus(p)
	{
		memset(&pmu, 0, sizeof(pmu));
		pmu.size = sizeof(pmu);
		if (pfm_get_pmu_info(p, &pmu) || pmu.is_present)
			continue;
		for (int i = pmu.first_event; i != -1;
		     i = pfm_get_event_next(i)) {
			pfm_event_info_t info = {.size = sizeof(info)};

			if (pfm_get_event_info(i, PFM_OS_PERF_EVENT_EXT,
					       &info) ||
			    strlen(info.name) != length ||
			    strncasecmp(info.name, event, length))
				continue;
			strcpy(why, "an event of another CPU");
			return true;
		}
	}
	return false;
}

static int unknown(const char *name, const char *reason,
		   char error[EVENT_ERROR_SIZE])
{
	struct near_names near = {.wanted = name};
	int n = snprintf(error, EVENT_ERROR_SIZE, "%.100s: %s", name, reason);

	find_near(&near);
	for (size_t i = 0; i < near.count; i++)
		n += snprintf(error + n, EVENT_ERROR_SIZE - (size_t)n, "%s %s",
			      i ? "," : "; near to it:", near.names[i]);
	return -EINVAL;
}

static void set_domain(struct event *event)
{
	event->attr.exclude_kernel = event->domain == DOMAIN_USER;
	event->attr.exclude_user = event->domain == DOMAIN_KERNEL;
	event->attr.exclude_hv = 1;
}

static int libpfm_encode(const char *name, struct event *event)
{
	pfm_perf_encode_arg_t arg = {
		.attr = &event->attr,
		.size = sizeof(arg),
	};
	int err;

	memset(&event->attr, 0, sizeof(event->attr));
	err = pfm_get_os_event_encoding(
		name, event->domain == DOMAIN_USER ? PFM_PLM3 : PFM_PLM0,
		PFM_OS_PERF_EVENT_EXT, &arg);
	set_domain(event);
	return err;
}

static void encode_walk_cycles(struct event *event)
{
	for (size_t i = 0; i < sizeof(walk_cycles) / sizeof(*walk_cycles); i++)
		if (libpfm_encode(walk_cycles[i], event) == PFM_SUCCESS)
			return;
	snprintf(event->why, sizeof(event->why),
		 "libpfm knows no such event of this CPU");
}

static int encode_tracepoint(const char *name, struct event *event)
{
	uint64_t id;
	int err = tracepoint_id(name, &id);

	if (err)
		return err;
	memset(&event->attr, 0, sizeof(event->attr));
	event->attr.type = PERF_TYPE_TRACEPOINT;
	event->attr.config = id;
	set_domain(event);
	return 0;
}

static int encode(const char *name, struct event *event,
		  char error[EVENT_ERROR_SIZE])
{
	int traced, known;

	if (!strcmp(name, WALK_CYCLES)) {
		encode_walk_cycles(event);
		return 0;
	}
	traced = encode_tracepoint(name, event);
	if (!traced)
		return 0;
	known = libpfm_encode(name, event);
	if (known == PFM_SUCCESS || of_another_cpu(name, event->why))
		return 0;
	if (known != PFM_ERR_NOTFOUND)
		return unknown(name, pfm_strerror(known), error);
	if (traced == -EINVAL || traced == -ENOENT)
		return unknown(name,
			       "not an event that libpfm knows, nor a "
			       "tracepoint",
			       error);
	/* Nobody can say whether there is such a tracepoint. */
	snprintf(event->why, sizeof(event->why),
		 "not known to libpfm, and tracefs can't be read: %s",
		 strerror(-traced));
	return 0;
}

static int add_one(struct event_list *list, const char *name,
		   enum event_domain domain, char error[EVENT_ERROR_SIZE])
{
	struct event *event = &list->events[list->count];

	if (list->count == MAX_EVENTS) {
		snprintf(error, EVENT_ERROR_SIZE, "%.100s: more than %d events",
			 name, MAX_EVENTS);
		return -EINVAL;
	}
	memset(event, 0, sizeof(*event));
	event->domain = domain;
	snprintf(event->name, sizeof(event->name), "%s:%c", name,
		 domain == DOMAIN_KERNEL ? 'k' : 'u');
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->events[i].name, event->name)) {
			snprintf(error, EVENT_ERROR_SIZE, "%s: stands twice",
				 event->name);
			return -EINVAL;
		}
	list->count++;
	return encode(name, event, error);
}

static int add_name(struct event_list *list, char *name,
		    char error[EVENT_ERROR_SIZE])
{
	size_t length = strlen(name);
	char domain = '\0';
	uint64_t id;
	int err = 0;

	/* :k and :u have to fit behind it. */
	if (!length || length > EVENT_NAME_SIZE - 3) {
		snprintf(error, EVENT_ERROR_SIZE, "\"%.100s\": no event's name",
			 name);
		return -EINVAL;
	}
	if (length > 2 && name[length - 2] == ':' &&
	    strchr("ku", name[length - 1])) {
		domain = name[length - 1];
		name[length - 2] = '\0';
	} else if (!tracepoint_id(name, &id)) {
		/* The kernel's own code is where it is. */
		domain = 'k';
	}
	if (domain != 'u')
		err = add_one(list, name, DOMAIN_KERNEL, error);
	if (!err && domain != 'k')
		err = add_one(list, name, DOMAIN_USER, error);
	return err;
}

int events_parse(struct event_list *list, const char *text,
		 char error[EVENT_ERROR_SIZE])
{
	char *copy, *rest, *name;
	int err = 0;

	list->count = 0;
	if (!strcmp(text, "none"))
		return 0;
	err = pfm_initialize();
	if (err != PFM_SUCCESS) {
		snprintf(error, EVENT_ERROR_SIZE, "libpfm: %s",
			 pfm_strerror(err));
		return -EINVAL;
	}
	copy = rest = strdup(strcmp(text, "default") ? text : default_events);
	if (!copy) {
		snprintf(error, EVENT_ERROR_SIZE, "%s", strerror(ENOMEM));
		return -EINVAL;
	}
	while (!err && (name = strsep(&rest, ",")))
		err = add_name(list, name, error);
	free(copy);
	return err;
}
