// SPDX-License-Identifier: GPL-2.0-or-later
/* Enable and reset, which populate the VMAs of other processes too. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "crew.h"
#include "ktap.h"
#include "starve/inject.h"
#include "starve/starve.h"

#define PROCESSES 3
#define VIEWS 3
#define PAGES (PMD_PAGES + 7)

enum order {
	MAP,
	ALL_OR_NOTHING,
	RIGHT,
	UNMAP
};

/* What each process has mapped, and what it found wrong; shared. */
struct others {
	struct starved *starved;
	struct view views[VIEWS]; /* of this process */
	char (*why)[200];
};

static struct others others;
static struct crew crew;

static int obey(void *context, size_t index, int order)
{
	struct others *o = context;
	const char *why = NULL;

	for (size_t i = 0; !why && i < VIEWS; i++) {
		struct view *v = &o->views[i];

		switch ((enum order)order) {
		case MAP:
			if (view_map(v, &o->starved->bar, NULL,
				     index * 50 + i * 1000, PAGES))
				why = "mmap failed";
			break;
		case ALL_OR_NOTHING:
			why = all_or_nothing(v);
			break;
		case RIGHT:
			why = all_right(v);
			break;
		case UNMAP:
			view_unmap(v);
			break;
		}
	}
	if (why)
		strncpy(o->why[index], why, sizeof(*o->why) - 1);
	return why ? -1 : 0;
}

static const char *all(enum order order)
{
	char text[200];

	if (!crew_do(&crew, order))
		return NULL;
	for (size_t i = 0; i < PROCESSES; i++) {
		if (!others.why[i][0])
			continue;
		strcpy(text, others.why[i]);
		others.why[i][0] = '\0';
		return ktap_say("process %zu: %s", i, text);
	}
	return "a process died";
}

/*
 * VMAs without page tables, as they were made while memory was disabled: what
 * was zapped still has its own, and needs no allocation to be mapped again.
 */
static const char *map_disabled(struct starved *s)
{
	if (device_memory_enable(&s->bar, false))
		return "disable failed";
	return all(MAP);
}

static int enable(struct starved *s)
{
	return device_memory_enable(&s->bar, true);
}

static const char *whole(struct starved *s, int err)
{
	const char *why = all(err ? ALL_OR_NOTHING : RIGHT);

	if (why || !err)
		return why;
	if (device_memory_enable(&s->bar, true))
		return "the next enable failed too";
	return all(RIGHT);
}

static const char *unmap_all(struct starved *s)
{
	(void)s;
	return all(UNMAP);
}

/* Memory is enabled, and the VMAs have nothing: the first allocation failed. */
static const char *enable_in_vain(struct starved *s)
{
	const char *why = map_disabled(s);

	if (why)
		return why;
	inject_arm(1, true);
	enable(s);
	inject_disarm();
	return all(ALL_OR_NOTHING);
}

static int reset(struct starved *s)
{
	return device_reset(&s->bar);
}

static const char *with_others(struct starved *s, const struct call *call,
			       bool must_fail)
{
	size_t size = PROCESSES * sizeof(*others.why);
	const char *why;

	others.starved = s;
	others.why = crew_shared(size);
	if (!others.why || crew_start(&crew, PROCESSES, obey, &others))
		return "no processes";
	why = starve(s, call, must_fail);
	crew_end(&crew);
	device_memory_enable(&s->bar, true);
	crew_shared_free(others.why, size);
	return why;
}

/*
 * What could not be populated at first is tried again as long as anything can be:
 * one allocation that fails does not fail the call.
 */
static const char *none_failed(struct starved *s, int err)
{
	return err ? "one allocation failed the call" : whole(s, err);
}

const char *starved_enable_once(void *context)
{
	static const struct call call = {
		.prepare = map_disabled,
		.call = enable,
		.check = none_failed,
		.clean = unmap_all,
	};

	return with_others(context, &call, false);
}

const char *starved_enable(void *context)
{
	static const struct call call = {
		.prepare = map_disabled,
		.call = enable,
		.check = whole,
		.clean = unmap_all,
		.lasting = true,
	};
	struct starved *s = context;

	return with_others(s, &call, s->eager);
}

const char *starved_reset(void *context)
{
	static const struct call call = {
		.prepare = enable_in_vain,
		.call = reset,
		.check = whole,
		.clean = unmap_all,
		.lasting = true,
	};
	struct starved *s = context;

	return with_others(s, &call, s->eager);
}
