// SPDX-License-Identifier: GPL-2.0-or-later
#include "others.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"
#include "pfnbench/stamp.h"
#include "rig/process.h"

#define PAGE 4096ull
#define PMD_PAGES 512ull
/* More than a PMD leaf, and no multiple of one. */
#define PAGES (PMD_PAGES + 88)

enum order {
	MAP,
	SIGBUS_ALL,
	RIGHT_ALL,
};

/* What a process found wrong, and the faults that it took. */
struct finding {
	char why[200];
	uint64_t faults;
};

/* One page, in two VMAs. */
static int map_register(struct others *o)
{
	for (size_t i = 0; i < OTHERS_VIEWS; i++) {
		int err = view_map(&o->views[i], o->device, NULL, 0, 1);

		if (err)
			return err;
		o->views[i].constant = o->contract->flr_register;
	}
	return 0;
}

/* Many pages, in one VMA that has room for a PMD leaf and one that has not. */
static int map_stamps(struct others *o, size_t index)
{
	const uint64_t align[OTHERS_VIEWS] = {PMD_PAGES * PAGE, PAGE};

	for (size_t i = 0; i < OTHERS_VIEWS; i++) {
		uint64_t page = PMD_PAGES * index + i;
		struct mapping *m = &o->maps[i];
		int err =
			mapping_reserve(m, page * PAGE, PAGES * PAGE, align[i]);

		if (!err)
			err = mapping_map(m, o->device, page * PAGE,
					  PROT_READ | PROT_WRITE);
		if (err)
			return err;
		o->views[i] = view_at(m->addr, page, PAGES);
	}
	return 0;
}

static const char *look(struct others *o,
			const char *(*want)(const struct view *v))
{
	const char *why = NULL;

	for (size_t i = 0; !why && i < OTHERS_VIEWS; i++)
		why = want(&o->views[i]);
	return why;
}

/*
 * Goes the whole way once over a page of our own: a child's first writes to its
 * stack and data are faults too, and not those that are counted.
 */
static uint64_t faults_when_warm(const struct others *o)
{
	static uint64_t page[512];
	struct others own = *o;

	page[0] = stamp_of(0);
	for (size_t i = 0; i < OTHERS_VIEWS; i++)
		own.views[i] = view_at((volatile unsigned char *)page, 0, 1);
	look(&own, view_all_right);
	return faults_now();
}

static int obey(void *context, size_t index, int order)
{
	struct others *o = context;
	struct finding *f = &o->findings[index];
	const char *why = NULL;
	uint64_t before;

	switch ((enum order)order) {
	case MAP:
		if (o->device == &o->contract->flr ? map_register(o)
						   : map_stamps(o, index))
			why = "mmap failed";
		break;
	case SIGBUS_ALL:
		why = look(o, view_all_sigbus);
		break;
	case RIGHT_ALL:
		before = faults_when_warm(o);
		why = look(o, view_all_right);
		f->faults = faults_now() - before;
		break;
	}
	if (why)
		strncpy(f->why, why, sizeof(f->why) - 1);
	return why ? -1 : 0;
}

static const char *tell(struct others *o, enum order order, bool count_faults)
{
	int err = crew_do(&o->crew, order);

	for (size_t i = 0; i < OTHERS; i++) {
		const struct finding *f = &o->findings[i];

		if (f->why[0])
			return ktap_say("process %zu: %s", i, f->why);
		if (count_faults && o->contract->eager && f->faults)
			return ktap_say("process %zu: %lu faults", i,
					f->faults);
	}
	return err ? "a process died" : NULL;
}

const char *others_start(struct others *o)
{
	o->findings = crew_shared(OTHERS * sizeof(*o->findings));
	if (!o->findings)
		return "no shared memory";
	if (crew_start(&o->crew, OTHERS, obey, o)) {
		crew_shared_free(o->findings, OTHERS * sizeof(*o->findings));
		return "no processes";
	}
	return NULL;
}

const char *others_map(struct others *o)
{
	const char *why = tell(o, MAP, false);

	return first_of(why, tell(o, RIGHT_ALL, false));
}

const char *others_all_sigbus(struct others *o)
{
	return tell(o, SIGBUS_ALL, false);
}

const char *others_all_right(struct others *o)
{
	return tell(o, RIGHT_ALL, true);
}

static void unmap(struct others *o)
{
	for (size_t i = 0; i < OTHERS_VIEWS; i++) {
		if (o->maps[i].reserve)
			mapping_release(&o->maps[i]);
		else
			view_unmap(&o->views[i]);
	}
}

void others_leave(struct others *o)
{
	for (size_t i = 1; i < o->crew.count; i++) {
		close(o->crew.members[i].order);
		close(o->crew.members[i].done);
	}
	unmap(o);
}

void others_end(struct others *o)
{
	crew_end(&o->crew);
	unmap(o);
	crew_shared_free(o->findings, OTHERS * sizeof(*o->findings));
}
