// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/prober.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define GIVE_UP_NS NS_PER_S

int64_t prober_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

void prober_sleep(int64_t until)
{
	struct timespec t = {until / NS_PER_S, until % NS_PER_S};

	/* Else the kernel may let it last 50 us longer, to wake two at once. */
	prctl(PR_SET_TIMERSLACK, 1);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
	prctl(PR_SET_TIMERSLACK, 0);
}

static size_t memory_of(size_t probers, size_t room)
{
	return probers *
	       (sizeof(struct prober) + room * sizeof(struct probe_hit));
}

struct prober *prober_make(size_t probers, size_t room)
{
	struct prober *all =
		mmap(NULL, memory_of(probers, room), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (all == MAP_FAILED)
		return NULL;
	for (size_t i = 0; i < probers; i++) {
		all[i].hits = (struct probe_hit *)(all + probers) + i * room;
		all[i].room = room;
		all[i].stop = INT64_MAX;
	}
	return all;
}

void prober_free(struct prober *probers, size_t count)
{
	if (probers)
		munmap(probers, memory_of(count, probers->room));
}

/* The number of slots due by @time: the first that is not. */
static uint64_t slots_by(const struct prober *p, int64_t time)
{
	return time < p->start
		       ? 0
		       : (uint64_t)((time - p->start) / p->interval) + 1;
}

int prober_run(struct prober *p)
{
	uint64_t unserved = 0; /* the first such slot */
	uint64_t next = 0; /* the one to be probed at */

	while (prober_due(p, unserved) <= p->stop) {
		int64_t begin, end;
		bool good;

		prober_sleep(prober_due(p, next));
		begin = prober_now();
		good = !p->probe(p->context);
		end = prober_now();
		if (good) {
			if (p->hit_count == p->room)
				return -ENOSPC;
			p->hits[p->hit_count++] =
				(struct probe_hit){begin, end, unserved};
			unserved = next = slots_by(p, begin);
			continue;
		}
		p->failures++;
		p->last_failure = begin;
		if (p->stop < end - GIVE_UP_NS)
			return -ETIMEDOUT;
		next = slots_by(p, end);
	}
	return 0;
}

/* Slots from the hit's first up to the one that @i + 1 begins with. */
static uint64_t served_until(const struct prober *p, size_t i)
{
	return slots_by(p, p->hits[i].begin);
}

int prober_latencies(const struct prober *p, int64_t from, int64_t to,
		     struct tally *tally)
{
	for (size_t i = 0; i < p->hit_count; i++) {
		const struct probe_hit *hit = &p->hits[i];

		for (uint64_t slot = hit->slot; slot < served_until(p, i);
		     slot++) {
			int64_t due = prober_due(p, slot);
			int err = 0;

			if (due >= from && due < to)
				err = tally_add(tally,
						(uint64_t)(hit->end - due), 1);
			if (err)
				return err;
		}
	}
	return 0;
}

int prober_operations(const struct prober *p, int64_t from, int64_t to,
		      struct tally *tally)
{
	for (size_t i = 0; i < p->hit_count; i++) {
		const struct probe_hit *hit = &p->hits[i];
		int64_t first = prober_due(p, hit->slot);
		int64_t last = prober_due(p, served_until(p, i) - 1);
		int err = 0;

		if (last >= from && first < to)
			err = tally_add(tally,
					(uint64_t)(hit->end - hit->begin), 1);
		if (err)
			return err;
	}
	return 0;
}

uint64_t prober_late(const struct prober *p)
{
	uint64_t late = 0;

	for (size_t i = 0; i < p->hit_count; i++) {
		const struct probe_hit *hit = &p->hits[i];

		for (uint64_t slot = hit->slot; slot < served_until(p, i);
		     slot++)
			late += hit->end - prober_due(p, slot) > p->interval;
	}
	return late;
}

int64_t prober_longest_gap(const struct prober *p)
{
	int64_t longest = 0;

	for (size_t i = 1; i < p->hit_count; i++) {
		int64_t gap = p->hits[i].end - p->hits[i - 1].end;

		if (gap > longest)
			longest = gap;
	}
	return longest;
}

int64_t prober_recovered(const struct prober *p, int64_t since)
{
	int64_t longest = -1, recovered = -ENODATA;

	for (size_t i = 0; i < p->hit_count; i++) {
		const struct probe_hit *hit = &p->hits[i];
		int64_t before = i ? p->hits[i - 1].end : p->start;

		if (hit->begin < since || hit->begin <= p->last_failure ||
		    hit->end - before <= longest)
			continue;
		longest = hit->end - before;
		recovered = hit->end - since;
	}
	return recovered;
}
