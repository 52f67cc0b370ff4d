// SPDX-License-Identifier: GPL-2.0-or-later
/* What the hands of a race do with the mappings. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "access.h"
#include "ktap.h"
#include "pfnbench/stamp.h"
#include "racer.h"

#define PAGE 4096ull
#define PMD_PAGES 512u
/*
 * One PMD leaf and a tail, so that a zap which passes by the leaf is not held up
 * at the next one; or as much as shows whether all of it is there.
 */
#define HUGE_SLICE (PMD_PAGES + 88)
#define SMALL_SLICE 200u
#define PUD_PAGES (512u * PMD_PAGES)

/* Far below where the kernel puts what has no address, and above mapping.c's. */
#define ARENA (UINT64_C(80) << 40)
#define ARENA_STEP (UINT64_C(8) << 30)
#define PLACE_STEP (UINT64_C(2) << 30)
/* No leaf fits there: 3 pages further than where one does, or would be. */
#define ASKEW_PAGES 3

#define LOOKS 16
#define MAPPED_MOST 700u

uint32_t hand_random(struct hand *h, uint32_t limit)
{
	/* xorshift64*, Vigna, "An experimental exploration of Marsaglia's
	 * xorshift generators, scrambled" */
	h->random ^= h->random >> 12;
	h->random ^= h->random << 25;
	h->random ^= h->random >> 27;
	return (uint32_t)(h->random * UINT64_C(2685821657736338717) >> 32) %
	       limit;
}

static struct race_result *result_of(struct hand *h)
{
	return h->racer->race->result;
}

static void failed(struct hand *h, const char *call)
{
	int err = errno;

	race_trouble(result_of(h), TROUBLE_FAILED, "%s: error %d", call, err);
}

/* One access, judged by what the BARs were before and after it. */
static void access_one(struct hand *h, struct course *c,
		       volatile unsigned char *addr, uint64_t want,
		       bool may_be_gone, bool write)
{
	unsigned int before = atomic_load(&c->reach.value);
	uint64_t value = want;
	enum answer answer =
		write ? access_write(addr + STAMP_WRITE_OFFSET, want)
		      : access_read(addr, &value);
	unsigned int after = atomic_load(&c->reach.value);
	enum reach reach = before == after ? reach_of(before) : REACH_UNSURE;

	if (answer == ANSWERED && value != want)
		race_trouble(result_of(h), TROUBLE_WRONG,
			     "%s: page at %p showed %#lx, not %#lx",
			     c->device->id, (void *)addr, value, want);
	else if (answer == ANSWERED && reach == REACH_OFF)
		race_trouble(result_of(h), TROUBLE_LEAK,
			     "%s: page at %p was answered while off",
			     c->device->id, (void *)addr);
	else if (answer == ANSWER_SIGBUS && reach == REACH_ON)
		race_trouble(result_of(h), TROUBLE_LOST,
			     "%s: page at %p was refused while on",
			     c->device->id, (void *)addr);
	else if (answer == ANSWER_SIGSEGV && !may_be_gone)
		race_trouble(result_of(h), TROUBLE_LOST,
			     "%s: page at %p is not mapped any more",
			     c->device->id, (void *)addr);
}

/* Pages [first, first + pages) of a slice, at one of its places. */
static void look(struct hand *h, const struct slice *s, enum place place,
		 uint64_t first, uint64_t pages, bool may_be_gone)
{
	struct course *c = &h->racer->race->bar;

	for (int i = 0; pages && i < LOOKS; i++) {
		uint64_t p = first;

		/* The first, the last, and others. */
		if (i == 1)
			p += pages - 1;
		else if (i > 1)
			p += hand_random(h, (uint32_t)pages);
		access_one(h, c, s->place[place] + p * PAGE,
			   stamp_of((uint32_t)(s->page + p)), may_be_gone,
			   false);
	}
}

static void look_at_flr(struct hand *h)
{
	access_one(h, &h->racer->race->flr, h->racer->flr.addr,
		   h->racer->flr.constant, false, false);
}

/* Of a slice of another hand, which may be about to do anything with it. */
static void touch(struct hand *h)
{
	struct racer *r = h->racer;
	const struct slice *s =
		&r->slices[hand_random(h, (uint32_t)r->race->plan.hands)];
	enum place place = PLACE_HOME;
	uint64_t p;

	if (r->pud.place[0] && !hand_random(h, 8))
		s = &r->pud;
	if (!hand_random(h, 4))
		place = hand_random(h, PLACES);
	look(h, s, place, 0, s->pages, true);
	p = hand_random(h, (uint32_t)s->pages);
	access_one(h, &r->race->bar, s->place[place] + p * PAGE,
		   stamp_of((uint32_t)(s->page + p)), true, true);
	look_at_flr(h);
}

/* Pages [page, page + pages) of the BAR; at @at, or anywhere if it is NULL. */
static void *map_by(int fd, const struct device *d, void *at, uint64_t page,
		    uint64_t pages)
{
	return mmap(at, pages * PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | (at ? MAP_FIXED : 0), fd,
		    (off_t)(d->offset + page * PAGE));
}

static void map_some(struct hand *h, int fd, bool unmap)
{
	const struct device *d = h->racer->race->bar.device;
	struct slice own = {
		.page = hand_random(h, 16 * PMD_PAGES),
		.pages = 1 + hand_random(h, MAPPED_MOST),
	};
	void *p = map_by(fd, d, NULL, own.page, own.pages);

	if (p == MAP_FAILED) {
		failed(h, "mmap");
		return;
	}
	own.place[PLACE_HOME] = p;
	look(h, &own, PLACE_HOME, 0, own.pages, false);
	if (unmap)
		munmap(p, own.pages * PAGE);
}

static void map_and_unmap(struct hand *h)
{
	const struct device *flr = h->racer->race->flr.device;
	struct view v;

	for (uint32_t i = hand_random(h, 3) + 1; i; i--)
		map_some(h, h->racer->race->bar.device->fd, true);
	if (view_map(&v, flr, NULL, 0, 1)) {
		failed(h, "mmap");
		return;
	}
	access_one(h, &h->racer->race->flr, v.addr, h->racer->flr.constant,
		   false, false);
	view_unmap(&v);
}

static int slice_map(struct racer *r, const struct slice *s)
{
	const struct device *d = r->race->bar.device;

	return map_by(d->fd, d, s->place[PLACE_HOME], s->page, s->pages) ==
			       MAP_FAILED
		       ? -errno
		       : 0;
}

static void map_again(struct hand *h, const struct slice *s)
{
	if (slice_map(h->racer, s))
		failed(h, "mmap with MAP_FIXED");
}

/* Waits for @pid, which must have ended as it should. */
static void reap(struct hand *h, pid_t pid, bool killed)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (killed ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL
		   : status != 0)
		race_trouble(result_of(h), TROUBLE_DIED,
			     "a child ended with status %#x", status);
}

static void fork_and_exit(struct hand *h)
{
	struct racer *r = h->racer;
	pid_t pid = fork();

	if (!pid) {
		for (int i = 0; i < r->race->plan.hands; i++)
			look(h, &r->slices[i], PLACE_HOME, 0,
			     r->slices[i].pages, true);
		look_at_flr(h);
		_exit(0);
	}
	if (pid < 0)
		failed(h, "fork");
	else
		reap(h, pid, false);
}

/* In a child: takes apart what it has inherited, as long as it lives. */
static void *destroyer(void *context)
{
	struct hand *h = context;
	const struct slice *s = &h->racer->slices[h->number];

	for (;;) {
		uint64_t p = hand_random(h, (uint32_t)s->pages);
		unsigned char *at = s->place[PLACE_HOME] + p * PAGE;

		mprotect(at, PAGE, PROT_READ);
		munmap(at, PAGE);
		if (!hand_random(h, 4))
			slice_map(h->racer, s);
	}
	return NULL;
}

/* A child with two threads, both busy with mappings when it ends. */
static pid_t fork_busy_child(struct hand *h, bool to_be_killed)
{
	pid_t pid = fork();
	const struct slice *s = &h->racer->slices[h->number];
	struct hand second = *h;
	pthread_t thread;

	if (pid)
		return pid;
	second.random ^= UINT64_C(0x9e3779b97f4a7c15);
	if (pthread_create(&thread, NULL, destroyer, &second))
		_exit(1);
	for (uint32_t i = hand_random(h, 8) + 1; i || to_be_killed; i--) {
		map_some(h, h->racer->race->bar.device->fd, to_be_killed);
		look(h, s, PLACE_HOME, 0, s->pages, true);
	}
	_exit(0);
}

static void fork_and_exit_busy(struct hand *h)
{
	pid_t pid = fork_busy_child(h, false);

	if (pid < 0)
		failed(h, "fork");
	else
		reap(h, pid, false);
}

static void fork_and_kill(struct hand *h)
{
	pid_t pid = fork_busy_child(h, true);

	if (pid < 0) {
		failed(h, "fork");
		return;
	}
	usleep(hand_random(h, 3000));
	kill(pid, SIGKILL);
	reap(h, pid, true);
}

/*
 * Each of these looks at its slice first: some variants map what was looked at.
 *
 * A part that is neither nothing nor all of it.
 */
static void cut(struct hand *h, uint64_t pages, uint64_t *from, uint64_t *count)
{
	*from = hand_random(h, (uint32_t)pages - 1);
	*count = 1 + hand_random(h, (uint32_t)(pages - *from - !*from));
	if (*count > HUGE_SLICE)
		*count = HUGE_SLICE;
}

static void unmap_part(struct hand *h, const struct slice *s)
{
	uint64_t from, count;

	look(h, s, PLACE_HOME, 0, s->pages, false);
	cut(h, s->pages, &from, &count);
	if (munmap(s->place[PLACE_HOME] + from * PAGE, count * PAGE))
		failed(h, "munmap");
	look(h, s, PLACE_HOME, 0, from, false);
	look(h, s, PLACE_HOME, from + count, s->pages - from - count, false);
	map_again(h, s);
}

static bool move(struct hand *h, const struct slice *s, uint64_t from,
		 uint64_t count, enum place old, enum place new)
{
	void *p = mremap(s->place[old] + from * PAGE, count * PAGE,
			 count * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			 s->place[new] + from * PAGE);

	if (p == MAP_FAILED)
		failed(h, "mremap");
	return p != MAP_FAILED;
}

/* All of it, a whole leaf, or any part; there, looked at, and back. */
static void move_part(struct hand *h, const struct slice *s)
{
	enum place to = hand_random(h, 2) ? PLACE_ALIGNED : PLACE_ASKEW;
	uint64_t from = 0, count = s->pages;

	look(h, s, PLACE_HOME, 0, s->pages, false);
	switch (hand_random(h, 3)) {
	case 0:
		if (count > PMD_PAGES)
			count = PMD_PAGES;
		break;
	case 1:
		cut(h, s->pages, &from, &count);
	}
	if (move(h, s, from, count, PLACE_HOME, to)) {
		look(h, s, to, from, count, false);
		look(h, s, PLACE_HOME, 0, from, false);
		look(h, s, PLACE_HOME, from + count, s->pages - from - count,
		     false);
		if (move(h, s, from, count, to, PLACE_HOME))
			look(h, s, PLACE_HOME, from, count, false);
		else
			munmap(s->place[to] + from * PAGE, count * PAGE);
	}
	map_again(h, s);
}

static void protect_part(struct hand *h, const struct slice *s)
{
	bool none = hand_random(h, 2);
	uint64_t from, count;
	unsigned char *at;

	look(h, s, PLACE_HOME, 0, s->pages, false);
	cut(h, s->pages, &from, &count);
	at = s->place[PLACE_HOME] + from * PAGE;
	if (mprotect(at, count * PAGE, none ? PROT_NONE : PROT_READ))
		failed(h, "mprotect");
	look(h, s, PLACE_HOME, from, count, none);
	look(h, s, PLACE_HOME, 0, from, false);
	if (mprotect(at, count * PAGE, PROT_READ | PROT_WRITE))
		failed(h, "mprotect");
	look(h, s, PLACE_HOME, 0, s->pages, false);
	map_again(h, s);
}

static void map_over_part(struct hand *h, const struct slice *s)
{
	const struct device *d = h->racer->race->bar.device;
	uint64_t from, count;

	look(h, s, PLACE_HOME, 0, s->pages, false);
	cut(h, s->pages, &from, &count);
	if (map_by(d->fd, d, s->place[PLACE_HOME] + from * PAGE, s->page + from,
		   count) == MAP_FAILED)
		failed(h, "mmap with MAP_FIXED");
	look(h, s, PLACE_HOME, from, count, false);
	look(h, s, PLACE_HOME, 0, s->pages, false);
	map_again(h, s);
}

static void munmap_own(struct hand *h)
{
	unmap_part(h, &h->racer->slices[h->number]);
}

static void mremap_own(struct hand *h)
{
	move_part(h, &h->racer->slices[h->number]);
}

static void mprotect_own(struct hand *h)
{
	protect_part(h, &h->racer->slices[h->number]);
}

static void map_fixed_own(struct hand *h)
{
	map_over_part(h, &h->racer->slices[h->number]);
}

/* As a group gives them; a cdev's is duplicated. */
static void descriptor(struct hand *h)
{
	const struct device *d = h->racer->race->bar.device;
	int fd = d->group < 0
			 ? dup(d->fd)
			 : ioctl(d->group, VFIO_GROUP_GET_DEVICE_FD, d->bdf);

	if (fd < 0) {
		failed(h, "a second descriptor");
		return;
	}
	map_some(h, fd, true);
	close(fd);
}

/* The same with the leaf that is as large as the BAR. */
static void pud_leaf(struct hand *h)
{
	static void (*const how[])(struct hand * h, const struct slice *s) = {
		unmap_part, move_part, protect_part, map_over_part};
	struct racer *r = h->racer;

	if (!r->pud.place[0] || pthread_mutex_trylock(&r->pud_lock))
		return;
	how[hand_random(h, 4)](h, &r->pud);
	pthread_mutex_unlock(&r->pud_lock);
}

const struct operation operations[OPERATIONS] = {
	[OPERATION_TOUCH] = {"touch", touch},
	[OPERATION_MAP] = {"mmap and munmap", map_and_unmap},
	[OPERATION_FORK] = {"fork and exit", fork_and_exit},
	[OPERATION_EXIT] = {"exit in the middle", fork_and_exit_busy},
	[OPERATION_KILL] = {"kill -9", fork_and_kill},
	[OPERATION_MUNMAP] = {"munmap of a part", munmap_own},
	[OPERATION_MREMAP] = {"mremap", mremap_own},
	[OPERATION_MPROTECT] = {"mprotect", mprotect_own},
	[OPERATION_MAP_FIXED] = {"MAP_FIXED over a part", map_fixed_own},
	[OPERATION_DESCRIPTOR] = {"another descriptor", descriptor},
	[OPERATION_PUD_LEAF] = {"pieces of a PUD leaf", pud_leaf},
};

static void place(struct slice *s, uint64_t at, uint64_t page, uint64_t pages)
{
	for (int i = 0; i < PLACES; i++)
		s->place[i] =
			(unsigned char *)(uintptr_t)(at +
						     (uint64_t)i * PLACE_STEP +
						     (i == PLACE_ASKEW
							      ? ASKEW_PAGES *
									PAGE
							      : 0));
	s->page = page;
	s->pages = pages;
}

int slices_map(struct racer *r)
{
	const struct contract *c = r->race->contract;
	/* The untouched base can lose a leaf in fork(): let there be none. */
	uint64_t askew = c->untouched ? 1 : 0;
	int hands = r->race->plan.hands, err = 0;

	for (int i = 0; !err && i < hands; i++) {
		uint64_t nth = (uint64_t)(r->number + 2 * i);

		place(&r->slices[i], ARENA + (uint64_t)i * ARENA_STEP,
		      nth * PMD_PAGES + askew,
		      c->huge ? HUGE_SLICE : SMALL_SLICE);
		err = slice_map(r, &r->slices[i]);
	}
	if (!err && c->huge && c->bar.size >= PUD_PAGES * PAGE) {
		place(&r->pud, ARENA + (uint64_t)hands * ARENA_STEP, 0,
		      PUD_PAGES);
		err = slice_map(r, &r->pud);
	}
	if (!err)
		err = view_map(&r->flr, &c->flr, NULL, 0, 1);
	r->flr.constant = c->flr_register;
	return err;
}

const char *slices_look(struct racer *r,
			const char *(*want)(const struct view *v))
{
	const char *why = want(&r->flr);

	for (int i = 0; !why && i < r->race->plan.hands; i++) {
		const struct slice *s = &r->slices[i];
		struct view v =
			view_at(s->place[PLACE_HOME], s->page, s->pages);

		why = want(&v);
	}
	/* Of the large one only what is around its PMD leaves. */
	for (uint64_t p = 0; !why && r->pud.place[0] && p < PUD_PAGES;
	     p += PMD_PAGES - 1) {
		struct view v =
			view_at(r->pud.place[PLACE_HOME] + p * PAGE, p, 1);

		why = want(&v);
	}
	return why;
}
