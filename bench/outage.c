// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What users of a BAR see while it is lost: threads that read it on a fixed
 * schedule, from before to after. A probe reads one page of each VMA, a page of
 * its own a thread, the last page among them; it is good if all of them answer.
 * What is late counts from when it was due (rig/prober.h).
 *
 * toggle: memory off through PCI_COMMAND, ten intervals later on again; those
 * ten are the outage that was asked for, what comes on top is the kernel's.
 * reset, hot-reset: VFIO_DEVICE_RESET, VFIO_DEVICE_PCI_HOT_RESET; most of it is
 * the device's own time.
 *
 * Kernel path: vfio_pci's write of PCI_COMMAND or its reset, with the zap; the
 * probes' faults; in eager variants the populate that the enabling call does.
 *
 * Not measured: how long one access takes (first-touch), what the enabling call
 * costs by size (reset-recovery). Times have the interval's resolution, as a
 * thread that slept can't see earlier that the BAR is back. On one CPU a probe
 * also waits for whoever runs, in the kernel without a break most of all: a
 * latency there says how long nobody else ran, be it by a lock or by the CPU.
 *
 * Counted are the calls, with what the probers do meanwhile: in a reset, which
 * waits, that is a good deal. `quiet` and `probe` are touches: they are not.
 */
#include "benchmark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "parameters.h"
#include "pfnbench/stamp.h"
#include "reset.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/prober.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/threads.h"
#include "steps.h"

#define QUIET_SLOTS 20 /* before and after */
#define OFF_SLOTS 10
#define LEAD_NS 1000000 /* for all threads to reach their first slot */
#define NS_PER_US 1000
/* A good probe a slot: 1.6 s of the shortest interval. */
#define ROOM 16384

static const char *const actions[] = {"toggle", RESET_NAMES NULL};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("action", "how the BAR is lost", "toggle", actions),
	NUMBER_PARAMETER("threads", "that probe", "1", 1, 64),
	NUMBER_PARAMETER("vmas", "mappings of the whole length", "1", 1, 64),
	INTERVAL_PARAMETER("microseconds between two probes of a thread"),
	{.name = NULL},
};

/* What one thread probes, and what it saw. */
struct view {
	const struct mapping *mappings;
	size_t vmas;
	uint64_t page;
	bool stamped;
	uint64_t sigbus;
	uint64_t checked, wrong;
	uint64_t leaks; /* all-ones: what a BAR that is off answers */
};

struct scene {
	struct cell *cell;
	struct mapping *mappings;
	struct view *views;
	struct prober *probers;
	size_t vmas, threads;
	/* When the call that takes the BAR away, and that gives it back, began. */
	int64_t lost, enabling;
};

static void compare(struct view *v, uint64_t value)
{
	if (!v->stamped)
		return;
	v->checked++;
	if (value == UINT64_MAX)
		v->leaks++;
	else if (value != stamp_of(v->mappings->first_page + (uint32_t)v->page))
		v->wrong++;
}

/* Every VMA is read, also when one before it failed. */
static int probe(void *context)
{
	struct view *v = context;
	int err = 0;

	for (size_t i = 0; i < v->vmas; i++) {
		uint64_t value;

		if (probe_read(v->mappings[i].addr + v->page * STAMP_PAGE_SIZE +
				       STAMP_READ_OFFSET,
			       &value)) {
			v->sigbus++;
			err = -EFAULT;
		} else {
			compare(v, value);
		}
	}
	return err;
}

static int run_prober(void *context, size_t index)
{
	struct scene *s = context;

	return prober_run(&s->probers[index]);
}

/* The last page of each thread's share of the length. */
static uint64_t page_of(const struct scene *s, size_t thread)
{
	uint64_t pages = cell_number(s->cell, "length") / STAMP_PAGE_SIZE;
	uint64_t end = pages * (thread + 1) / s->threads;

	return end ? end - 1 : 0;
}

static int map_all(struct scene *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->vmas; i++) {
		struct mapping *m = &s->mappings[i];
		uint64_t ticks;

		err = reserve_bar(s->cell, s->cell->device, m);
		if (!err)
			err = mapping_map(m, s->cell->device, 0,
					  s->cell->device->prot);
		if (!err)
			err = read_pages(s->cell, m, NULL, &ticks);
	}
	return err;
}

/* Slots of the threads lie evenly between each other. */
static void schedule(struct scene *s, int64_t first)
{
	int64_t interval =
		(int64_t)cell_number(s->cell, "interval") * NS_PER_US;

	for (size_t i = 0; i < s->threads; i++) {
		struct prober *p = &s->probers[i];

		s->views[i] = (struct view){
			.mappings = s->mappings,
			.vmas = s->vmas,
			.page = page_of(s, i),
			.stamped = s->cell->device->stamped,
		};
		p->probe = probe;
		p->context = &s->views[i];
		p->interval = interval;
		p->start = first + (int64_t)i * interval / (int64_t)s->threads;
	}
}

static int toggle(struct scene *s)
{
	struct cell *cell = s->cell;
	int64_t disabled, enabled;
	int err, restored;

	count_begin("disable");
	s->lost = prober_now();
	err = device_memory_enable(cell->device, false);
	disabled = prober_now();
	count_end();
	prober_sleep(s->lost + OFF_SLOTS * s->probers->interval);
	count_begin("enable");
	s->enabling = prober_now();
	restored = device_memory_enable(cell->device, true);
	enabled = prober_now();
	count_end();
	if (!err)
		err = restored;
	if (!err)
		err = cell_ns(cell, "disable", (uint64_t)(disabled - s->lost));
	return err ? err
		   : cell_ns(cell, "enable", (uint64_t)(enabled - s->enabling));
}

/* The phase is `reset`, whichever of them it is. */
static int reset(struct scene *s, const struct reset *how)
{
	int64_t done;
	int err;

	count_begin("reset");
	s->lost = s->enabling = prober_now();
	err = how->perform(s->cell->device);
	done = prober_now();
	count_end();
	return err ? err
		   : cell_ns(s->cell, "reset", (uint64_t)(done - s->lost));
}

/* Quiet, the outage, quiet. Whatever happens, the probers are told to stop. */
static int perform(struct scene *s)
{
	const struct reset *how = reset_of(s->cell);
	int64_t quiet, first, stop;
	struct team team;
	int err, probed;

	err = team_start(&team, s->threads, run_prober, s);
	if (err)
		return err;
	team_wait(&team);
	settle();
	first = prober_now() + LEAD_NS;
	schedule(s, first);
	quiet = QUIET_SLOTS * s->probers->interval;
	team_release(&team);
	/* Between two slots, so that none is due at the same time. */
	prober_sleep(first + quiet +
		     s->probers->interval / (2 * (int64_t)s->threads));
	err = how ? reset(s, how) : toggle(s);
	stop = prober_now() + quiet;
	for (size_t i = 0; i < s->threads; i++)
		s->probers[i].stop = stop;
	probed = team_join(&team);
	if (probed == -ETIMEDOUT)
		cell_fail(s->cell, "lost mapping: still SIGBUS a second after "
				   "memory was enabled");
	return err ? err : probed;
}

static int record_thread(struct scene *s, const struct prober *p)
{
	struct cell *cell = s->cell;
	int64_t recovered = prober_recovered(p, s->enabling);
	int err;

	if (recovered < 0)
		return (int)recovered;
	err = prober_latencies(p, p->start, s->lost, cell_tally(cell, "quiet"));
	if (!err)
		err = prober_latencies(p, s->lost, INT64_MAX,
				       cell_tally(cell, "probe"));
	if (!err)
		err = cell_ns(cell, "longest-gap",
			      (uint64_t)prober_longest_gap(p));
	return err ? err : cell_ns(cell, "recovered", (uint64_t)recovered);
}

static int record(struct scene *s)
{
	struct cell *cell = s->cell;
	uint64_t late = 0, failed = 0, sigbus = 0, leaks = 0;
	int err = 0;

	for (size_t i = 0; !err && i < s->threads; i++) {
		const struct view *v = &s->views[i];

		err = record_thread(s, &s->probers[i]);
		late += prober_late(&s->probers[i]);
		failed += s->probers[i].failures;
		sigbus += v->sigbus;
		leaks += v->leaks;
		cell->pages_checked += v->checked;
		cell->pages_wrong += v->wrong + v->leaks;
	}
	if (leaks)
		cell_fail(cell,
			  "leak: %" PRIu64 " reads of a lost BAR were answered",
			  leaks);
	if (!err)
		err = cell_sample(cell, "late", "probes", late);
	if (!err)
		err = cell_sample(cell, "failed", "probes", failed);
	return err ? err : cell_sample(cell, "sigbus", "signals", sigbus);
}

static int run(struct cell *cell)
{
	struct scene s = {
		.cell = cell,
		.vmas = cell_number(cell, "vmas"),
		.threads = cell_number(cell, "threads"),
	};
	int err = -ENOMEM;

	cell_note(cell, "clock", PROBER_CLOCK);
	s.mappings = calloc(s.vmas, sizeof(*s.mappings));
	s.views = calloc(s.threads, sizeof(*s.views));
	s.probers = prober_make(s.threads, ROOM);
	if (s.mappings && s.views && s.probers)
		err = map_all(&s);
	if (!err)
		err = perform(&s);
	if (!err)
		err = record(&s);
	for (size_t i = 0; s.mappings && i < s.vmas; i++)
		mapping_release(&s.mappings[i]);
	prober_free(s.probers, s.threads);
	free(s.views);
	free(s.mappings);
	return err;
}

const struct benchmark outage = {
	.name = "outage",
	.summary = "what threads that read a BAR see while it is lost",
	.version = 2, /* 2: `recovered` is the end of the longest gap */
	.parameters = parameters,
	.needs = {.reset = true},
	.run = run,
};
