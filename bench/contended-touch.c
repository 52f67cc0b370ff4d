// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs several threads to reach a BAR that was just mapped, at once:
 * each its own share of the pages (disjoint), or all of them all of it (same).
 * Three mappings: one thread alone, for comparison; all threads, for the total
 * and the faults; all threads with a stamp around each touch, for the tally.
 *
 * A fault is redundant if one thread alone had not needed it: another thread
 * mapped the page, or the leaf with the page in it, meanwhile. A variant that
 * maps all of the VMA in the first fault can do all of that work redundantly.
 *
 * Kernel path: vfio_pci's fault handler with memory_lock held for reading, under
 * the VMA's lock or the mmap lock; page-table locks; write-lock's mmap lock. In
 * eager variants no fault at all.
 *
 * Not measured: a populated BAR (first-touch's second touch), several processes,
 * writes. On one CPU threads take turns, and a fault is redundant only if a turn
 * ends inside of one that does the same: not on 6.12, whose kernel lets go of the
 * CPU only where it waits; on 7.3 at a timer tick, so in a fault of 10 million
 * instructions for sure. QEMU's vCPUs take turns as well, from one timer to the
 * next: more of them change little, and it takes KVM or a lab host to see threads
 * wait for each other.
 *
 * Counted are `alone` and `total`, from the gate's opening to the last thread's
 * end: beside the touches the threads' waking, their first steps and their exit.
 */
#include "benchmark.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "parameters.h"
#include "pfnbench/stamp.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/threads.h"
#include "steps.h"

#define MAX_THREADS 64

static const char *const parts[] = {"disjoint", "same", NULL};
enum part {
	DISJOINT,
	SAME
};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	NUMBER_PARAMETER("threads", "that touch at once", "2", 1, MAX_THREADS),
	CHOICE_PARAMETER("part", "of the pages, that each touches", "disjoint",
			 parts),
	{.name = NULL},
};

/* What one thread does, and what it found. Times are in ticks. */
struct share {
	const struct mapping *mapping;
	uint64_t first, end; /* pages */
	uint64_t *ticks; /* a touch each; NULL: no stamps between */
	uint64_t sum; /* of the pages' first words */
	uint64_t begun, done;
	uint64_t faults;
};

struct scene {
	struct cell *cell;
	struct mapping mapping;
	uint64_t pages;
	struct share shares[MAX_THREADS];
};

static volatile uint64_t *word(const struct share *s, uint64_t page)
{
	return (volatile uint64_t *)(s->mapping->addr + page * STAMP_PAGE_SIZE +
				     STAMP_READ_OFFSET);
}

static uint64_t touch_all_of(const struct share *s)
{
	uint64_t sum = 0;

	for (uint64_t page = s->first; page < s->end; page++)
		sum += *word(s, page);
	return sum;
}

static uint64_t touch_each_of(const struct share *s)
{
	uint64_t sum = 0;

	for (uint64_t page = s->first; page < s->end; page++) {
		uint64_t start = clock_start();
		uint64_t value = *word(s, page);

		s->ticks[page - s->first] = clock_stop() - start;
		sum += value;
	}
	return sum;
}

static int pass(void *arg)
{
	struct share *s = arg;
	uint64_t faults = thread_faults_now();

	s->begun = clock_start();
	s->sum = s->ticks ? touch_each_of(s) : touch_all_of(s);
	s->done = clock_stop();
	s->faults = thread_faults_now() - faults;
	return 0;
}

/* First over no page: what the thread needs of its stack is there then. */
static int run_share(void *context, size_t index)
{
	struct scene *s = context;
	struct share *share = &s->shares[index];
	struct share none = *share;

	none.end = none.first;
	pass(&none);
	return sigbus_protect(pass, share);
}

static uint64_t share_size(const struct share *s)
{
	return s->end - s->first;
}

static void divide(struct scene *s, size_t threads, uint64_t *ticks)
{
	bool same = cell_number(s->cell, "part") == SAME;

	for (size_t i = 0; i < threads; i++) {
		struct share *share = &s->shares[i];

		*share = (struct share){.mapping = &s->mapping,
					.end = s->pages,
					.ticks = ticks};
		if (!same) {
			share->first = s->pages * i / threads;
			share->end = s->pages * (i + 1) / threads;
		}
		if (ticks)
			ticks += share_size(share);
	}
}

static void compare(struct scene *s, size_t threads)
{
	if (!s->cell->device->stamped)
		return;
	for (size_t i = 0; i < threads; i++) {
		const struct share *share = &s->shares[i];
		uint64_t want = 0;

		for (uint64_t page = share->first; page < share->end; page++)
			want += stamp_of(s->mapping.first_page +
					 (uint32_t)page);
		s->cell->pages_checked += share_size(share);
		if (share->sum != want)
			s->cell->pages_wrong += share_size(share);
	}
}

/* A fresh mapping, and @threads at it; counted as @phase, NULL: not. */
static int touch_with(struct scene *s, size_t threads, uint64_t *ticks,
		      const char *phase)
{
	struct cell *cell = s->cell;
	struct team team;
	int err = reserve_bar(cell, cell->device, &s->mapping);

	if (err)
		return err;
	err = mapping_map(&s->mapping, cell->device, 0, PROT_READ);
	divide(s, threads, ticks);
	if (!err)
		err = team_start(&team, threads, run_share, s);
	if (!err) {
		team_wait(&team);
		settle();
		if (phase)
			count_begin(phase);
		team_release(&team);
		err = team_join(&team);
		count_end();
	}
	if (!err)
		compare(s, threads);
	mapping_release(&s->mapping);
	return err;
}

/* From the first thread's begin to the last one's end. */
static uint64_t total(const struct scene *s, size_t threads)
{
	uint64_t begun = s->shares[0].begun, done = s->shares[0].done;

	for (size_t i = 1; i < threads; i++) {
		if (s->shares[i].begun < begun)
			begun = s->shares[i].begun;
		if (s->shares[i].done > done)
			done = s->shares[i].done;
	}
	return done - begun;
}

static uint64_t all_faults(const struct scene *s, size_t threads)
{
	uint64_t faults = 0;

	for (size_t i = 0; i < threads; i++)
		faults += s->shares[i].faults;
	return faults;
}

static int alone(struct scene *s, uint64_t *faults)
{
	int err = touch_with(s, 1, NULL, "alone");

	*faults = s->shares[0].faults;
	if (!err)
		err = cell_time(s->cell, "alone", total(s, 1));
	return err ? err
		   : cell_sample(s->cell, "faults-alone", "faults", *faults);
}

static int together(struct scene *s, size_t threads, uint64_t needed)
{
	struct cell *cell = s->cell;
	int err = touch_with(s, threads, NULL, "total");
	uint64_t faults = all_faults(s, threads);

	if (!err)
		err = cell_time(cell, "total", total(s, threads));
	for (size_t i = 0; !err && i < threads; i++)
		err = cell_time(cell, "thread",
				s->shares[i].done - s->shares[i].begun);
	if (!err)
		err = cell_sample(cell, "faults", "faults", faults);
	return err ? err
		   : cell_sample(cell, "redundant-faults", "faults",
				 faults > needed ? faults - needed : 0);
}

static int each_touch(struct scene *s, size_t threads)
{
	bool same = cell_number(s->cell, "part") == SAME;
	size_t touches = s->pages * (same ? threads : 1);
	size_t size = touches * sizeof(uint64_t);
	struct tally *tally = cell_tally(s->cell, "touch");
	uint64_t *ticks =
		mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	int err;

	if (ticks == MAP_FAILED)
		return -errno;
	err = touch_with(s, threads, ticks, NULL);
	for (size_t i = 0; !err && i < touches; i++)
		err = tally_add(tally, clock_value(s->cell->clock, ticks[i]),
				1);
	munmap(ticks, size);
	return err;
}

static int run(struct cell *cell)
{
	size_t threads = cell_number(cell, "threads");
	struct scene *s = calloc(1, sizeof(*s));
	uint64_t needed = 0;
	int err;

	if (!s)
		return -ENOMEM;
	s->cell = cell;
	s->pages = cell_number(cell, "length") / STAMP_PAGE_SIZE;
	err = alone(s, &needed);
	if (!err)
		err = together(s, threads, needed);
	if (!err)
		err = each_touch(s, threads);
	free(s);
	return err;
}

const struct benchmark contended_touch = {
	.name = "contended-touch",
	.summary = "what it costs threads to reach a fresh mapping at once",
	.version = 1,
	.parameters = parameters,
	.run = run,
};
