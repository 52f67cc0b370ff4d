// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to lose a BAR and to get it back: populate, then disable and
 * enable memory through the command register, or VFIO_DEVICE_RESET, or
 * VFIO_DEVICE_PCI_HOT_RESET, and reach every page again; with several VMAs and
 * several processes.
 */
#include "benchmark.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "crew.h"
#include "parameters.h"
#include "reset.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "steps.h"
#include "touch.h"

#define MAX_VMAS 1024

static const char *const actions[] = {"toggle", RESET_NAMES NULL};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("action", "how the BAR is lost", "toggle", actions),
	NUMBER_PARAMETER("vmas", "mappings of the whole length in each process",
			 "1", 1, MAX_VMAS),
	NUMBER_PARAMETER("processes", "processes that map it", "1", 1, 64),
	{.name = NULL},
};

enum order {
	MAP,
	POPULATE,
	PROBE,
	FIRST_ACCESS,
	WHOLE_BAR,
	UNMAP
};

/* What one process found; in memory that all share. Times are in ticks. */
struct findings {
	uint64_t populate;
	uint64_t sigbus;
	uint64_t leaks; /* probes that read something while disabled */
	uint64_t leaked; /* what the last of them read */
	uint64_t first_access[MAX_VMAS];
	uint64_t whole_bar;
	uint64_t faults;
	uint64_t checked, wrong;
};

struct scene {
	struct cell *cell;
	struct mapping *mappings; /* of this process */
	size_t vmas;
	struct findings *findings; /* one a process */
};

static int map_all(struct scene *s)
{
	int err = 0;

	for (size_t i = 0; !err && i < s->vmas; i++) {
		struct mapping *m = &s->mappings[i];

		err = reserve_bar(s->cell, s->cell->device, m);
		if (!err)
			err = mapping_map(m, s->cell->device, 0,
					  s->cell->device->prot);
	}
	return err;
}

/* Every page of every VMA: the sum over the VMAs, a pair of stamps for each. */
static int touch_vmas(struct scene *s, struct findings *f, bool stamped,
		      const char *phase, uint64_t *ticks)
{
	*ticks = 0;
	for (size_t i = 0; i < s->vmas; i++) {
		struct touch t = {.mapping = &s->mappings[i],
				  .stamped = stamped,
				  .phase = phase};
		uint64_t part;
		int err = touch_all(&t, &part);

		if (err)
			return err;
		*ticks += part;
		f->checked += t.checked;
		f->wrong += t.wrong;
	}
	return 0;
}

static int probe_vmas(struct scene *s, struct findings *f)
{
	for (size_t i = 0; i < s->vmas; i++) {
		uint64_t value;

		if (probe_read(s->mappings[i].addr, &value) == -EFAULT) {
			f->sigbus++;
		} else {
			f->leaks++;
			f->leaked = value;
		}
	}
	return 0;
}

struct first {
	struct scene *scene;
	struct findings *findings;
};

static int first_access(void *arg)
{
	struct first *first = arg;

	count_begin("first-access");
	for (size_t i = 0; i < first->scene->vmas; i++) {
		volatile uint64_t *word =
			(volatile uint64_t *)first->scene->mappings[i].addr;
		uint64_t start = clock_start();

		(void)*word;
		first->findings->first_access[i] = clock_stop() - start;
	}
	count_end();
	return 0;
}

static void unmap_all(struct scene *s)
{
	for (size_t i = 0; i < s->vmas; i++)
		mapping_release(&s->mappings[i]);
}

static int carry_out(void *context, size_t index, int order)
{
	struct scene *s = context;
	struct findings *f = &s->findings[index];
	struct first first = {s, f};
	bool stamped = s->cell->device->stamped;
	int err = 0;

	switch ((enum order)order) {
	case MAP:
		return map_all(s);
	case POPULATE:
		return touch_vmas(s, f, stamped, "populate", &f->populate);
	case PROBE:
		return probe_vmas(s, f);
	case FIRST_ACCESS:
		settle();
		f->faults = faults_now();
		return sigbus_protect(first_access, &first);
	case WHOLE_BAR:
		err = touch_vmas(s, f, stamped, "whole-bar", &f->whole_bar);
		f->faults = faults_now() - f->faults;
		return err;
	case UNMAP:
		unmap_all(s);
		return 0;
	}
	return -EINVAL;
}

static int timed_enable(struct cell *cell, bool on)
{
	const char *phase = on ? "enable" : "disable";
	uint64_t start, stop;
	int err;

	settle();
	count_begin(phase);
	start = clock_start();
	err = device_memory_enable(cell->device, on);
	stop = clock_stop();
	count_end();
	return err ? err : cell_time(cell, phase, stop - start);
}

/*
 * A reset waits for the device, 100 ms and more, and the clock runs on. What
 * the kernel works meanwhile is the thread's CPU time.
 */
static int timed_reset(struct cell *cell, int (*reset)(struct device *))
{
	uint64_t cpu, start, stop;
	int err;

	settle();
	count_begin("reset");
	cpu = cpu_now();
	start = clock_start();
	err = reset(cell->device);
	stop = clock_stop();
	cpu = cpu_now() - cpu;
	count_end();
	if (!err)
		err = cell_time(cell, "reset", stop - start);
	return err ? err : cell_ns(cell, "reset-cpu", cpu);
}

/* Loses the BAR and gets it back. While it is lost, nobody may reach it. */
static int act(struct cell *cell, struct crew *crew)
{
	const struct reset *how = reset_of(cell);
	int err, restored;

	if (how)
		return timed_reset(cell, how->perform);
	err = timed_enable(cell, false);
	if (!err && !cell->device->memfd)
		err = crew_do(crew, PROBE);
	restored = timed_enable(cell, true);
	return err ? err : restored;
}

static int perform(struct cell *cell, struct crew *crew)
{
	int err = crew_do(crew, MAP);

	if (!err)
		err = crew_do(crew, POPULATE);
	if (!err)
		err = act(cell, crew);
	if (err)
		return err;
	err = crew_do(crew, FIRST_ACCESS);
	if (!err)
		err = crew_do(crew, WHOLE_BAR);
	if (err == -EFAULT)
		cell_fail(cell, "lost mapping: SIGBUS while memory is enabled");
	return err;
}

static int record(struct scene *s, size_t processes)
{
	struct cell *cell = s->cell;
	uint64_t sigbus = 0, faults = 0;
	int err = 0;

	for (size_t p = 0; !err && p < processes; p++) {
		struct findings *f = &s->findings[p];

		err = cell_time(cell, "populate", f->populate);
		for (size_t i = 0; !err && i < s->vmas; i++)
			err = cell_time(cell, "first-access",
					f->first_access[i]);
		if (!err)
			err = cell_time(cell, "whole-bar", f->whole_bar);
		sigbus += f->sigbus;
		faults += f->faults;
		cell->pages_checked += f->checked;
		cell->pages_wrong += f->wrong;
		if (f->leaks)
			cell_fail(cell,
				  "leak: %lu probes of a disabled BAR in "
				  "process %zu were answered, the last by %#lx",
				  f->leaks, p, f->leaked);
	}
	if (!err)
		err = cell_sample(cell, "sigbus", "signals", sigbus);
	if (!err)
		err = cell_sample(cell, "faults", "faults", faults);
	return err;
}

static int run(struct cell *cell)
{
	size_t processes = cell_number(cell, "processes");
	size_t size = processes * sizeof(struct findings);
	struct scene s = {.cell = cell, .vmas = cell_number(cell, "vmas")};
	struct crew crew;
	int err = -ENOMEM;

	/* What is measured first comes first in the record. */
	cell_tally(cell, "populate");
	s.mappings = calloc(s.vmas, sizeof(*s.mappings));
	s.findings = crew_shared(size);
	if (s.mappings && s.findings)
		err = crew_start(&crew, processes, carry_out, &s);
	if (!err) {
		err = perform(cell, &crew);
		crew_do(&crew, UNMAP);
		crew_end(&crew);
	}
	if (!err)
		err = record(&s, processes);
	crew_shared_free(s.findings, size);
	free(s.mappings);
	return err;
}

const struct benchmark reset_recovery = {
	.name = "reset-recovery",
	.summary = "what it costs to lose a BAR and to get it back",
	.version = 1,
	.parameters = parameters,
	.needs = {.reset = true},
	.run = run,
};
