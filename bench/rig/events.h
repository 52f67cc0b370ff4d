/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events by name, as perf_event_open() wants them: any name that libpfm4 knows
 * (`showevtinfo` lists them, software events among them), tracepoints as
 * subsystem:name, and `walk-cycles`, which each CPU calls otherwise.
 */
#ifndef RIG_EVENTS_H
#define RIG_EVENTS_H

#include <stddef.h>

#include <linux/perf_event.h>

#define MAX_EVENTS 48
#define EVENT_NAME_SIZE 112
#define EVENT_ERROR_SIZE 512

/* Kernel and user mode are counted apart. */
enum event_domain {
	DOMAIN_KERNEL,
	DOMAIN_USER,
	DOMAINS,
};

struct event {
	char name[EVENT_NAME_SIZE]; /* as asked for, and :k or :u */
	enum event_domain domain;
	struct perf_event_attr attr;
	char why[128]; /* it is not counted; "" where nothing is against it */
};

struct event_list {
	struct event events[MAX_EVENTS];
	size_t count;
};

/*
 * @text is "none", "default", or names with commas between; one that ends with
 * :k or :u is counted there alone, any other in both, a tracepoint in the
 * kernel. What this CPU or this kernel lacks is in the list, with its reason.
 * 0, or -EINVAL with @error, one line without a full stop: a name that nobody
 * knows, with those that are near to it, or one that stands twice.
 */
int events_parse(struct event_list *list, const char *text,
		 char error[EVENT_ERROR_SIZE]);

/*
 * How many letters have to be changed, left out or put in to make @a of @b;
 * upper and lower case are the same. At most @limit, which says: more.
 */
size_t name_distance(const char *a, const char *b, size_t limit);

/*
 * Names near to one that is unknown, the nearest first; nothing but the text
 * is kept of a candidate.
 */
#define MAX_NEAR 3
struct near_names {
	const char *wanted;
	char names[MAX_NEAR][EVENT_NAME_SIZE];
	size_t distances[MAX_NEAR];
	size_t count;
};
void near_add(struct near_names *near, const char *candidate);

#endif
