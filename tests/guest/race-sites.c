// SPDX-License-Identifier: GPL-2.0-or-later
/* The threads of a race that take a device through its sites. */
#include <unistd.h>

#include "racer.h"

/* One round in so many is in a crowd: at the same time as others. */
#define CROWD 6
/* The longest that the BARs stay on or off, but for ... */
#define DWELL_US 2000
/*
 * ... every so many times that they are off: until the hands have done so many operations
 * each, or for so long. One that began before has then ended, and has looked.
 */
#define LONG_EVERY 3
#define LONG_OPERATIONS 2
#define LONG_TRIES 400
#define LONG_TRY_US 500
/* What needs nobody to interfere: an event that another site would take away,
 * and BARs that are nowhere while someone enables them. */
static const unsigned int alone_only =
	SITE_BIT(SITE_WAKE_UP) | SITE_BIT(SITE_BAR_RESTORE);

static void tell(struct course *c, enum reach reach)
{
	unsigned int old = atomic_load(&c->reach.value), new;

	do {
		new = ((old >> REACH_BITS) + 1) << REACH_BITS | reach;
	} while (!atomic_compare_exchange_weak(&c->reach.value, &old, new));
}

int settle_device(struct device *d, bool on)
{
	static const enum site_id sleeps[] = {SITE_LOW_POWER, SITE_D3HOT};
	int err = 0;

	for (size_t i = 0; !err && i < 2; i++) {
		const struct site *s = &sites[sleeps[i]];

		if (!s->missing(d))
			err = s->on(d);
	}
	return err ? err : device_memory_enable(d, on);
}

/* Whether each hand of each racer has gone on since @before. */
static bool all_went_on(struct race *r,
			unsigned int before[RACERS_MOST][HANDS_MOST])
{
	for (int i = 0; i < r->plan.racers; i++)
		for (int j = 0; j < r->plan.hands; j++)
			if (atomic_load(&r->passes[i][j]) - before[i][j] <
			    LONG_OPERATIONS)
				return false;
	return true;
}

static void dwell_long(struct race *r)
{
	unsigned int before[RACERS_MOST][HANDS_MOST];

	for (int i = 0; i < r->plan.racers; i++)
		for (int j = 0; j < r->plan.hands; j++)
			before[i][j] = atomic_load(&r->passes[i][j]);
	for (int i = 0; i < LONG_TRIES && !all_went_on(r, before) &&
			atomic_load(&r->phase) == PHASE_RUN;
	     i++)
		usleep(LONG_TRY_US);
}

static void dwell(struct race *r, struct course *c, struct hand *h, bool off)
{
	uint32_t us = hand_random(h, DWELL_US);

	/* Mostly none: a sleep of a microsecond is one of fifty. */
	if (off && atomic_load(&c->rounds) % LONG_EVERY == 0)
		dwell_long(r);
	else if (us > DWELL_US / 2)
		usleep(us - DWELL_US / 2);
}

static void note(struct race *r, struct course *c, enum site_id id, int err,
		 const char *what)
{
	if (site_refused(err))
		atomic_fetch_add(&r->result->refused, 1);
	else if (err)
		race_trouble(r->result, TROUBLE_FAILED, "%s: %s %s: error %d",
			     c->device->id, sites[id].name, what, -err);
}

/* Nobody else touches a site meanwhile: what the BARs are is certain. */
static void alone(struct race *r, struct course *c, enum site_id id,
		  struct hand *h)
{
	const struct site *s = &sites[id];
	int err = 0;

	pthread_rwlock_wrlock(&c->lock);
	if (reach_of(atomic_load(&c->reach.value)) != REACH_ON) {
		/* At the start, or a crowd was here. */
		note(r, c, id, settle_device(c->device, true), "before it");
	}
	tell(c, REACH_UNSURE);
	if (s->off) {
		err = s->off(c->device);
		note(r, c, id, err, "off");
	}
	if (!err && s->off) {
		tell(c, REACH_OFF);
		dwell(r, c, h, true);
		tell(c, REACH_UNSURE);
	}
	if (!err) {
		err = s->on(c->device);
		note(r, c, id, err, "on");
	}
	if (!err || site_refused(err)) {
		tell(c, REACH_ON);
		dwell(r, c, h, false);
	}
	pthread_rwlock_unlock(&c->lock);
	if (!err)
		atomic_fetch_add(&r->result->sites[id], 1);
}

/* Whatever others do with the device; it may well fail. */
static void in_a_crowd(struct race *r, struct course *c, enum site_id id,
		       struct hand *h)
{
	const struct site *s = &sites[id];
	int err = 0;

	pthread_rwlock_rdlock(&c->lock);
	tell(c, REACH_UNSURE);
	if (s->off) {
		err = s->off(c->device);
		dwell(r, c, h, true);
	}
	if (s->on(c->device))
		err = -1;
	pthread_rwlock_unlock(&c->lock);
	if (!err)
		atomic_fetch_add(&r->result->sites[id], 1);
}

static enum site_id choose(unsigned int bits, struct hand *h)
{
	uint32_t nth = hand_random(h, (uint32_t)__builtin_popcount(bits));

	while (nth--)
		bits &= bits - 1;
	return (enum site_id)__builtin_ctz(bits);
}

void run_sites(struct race *r, struct course *c, struct hand *h)
{
	/* With one racer that does this there is no crowd to be had. */
	bool crowds = r->plan.siters > 1 && c->sites & ~alone_only;

	while (atomic_load(&r->phase) == PHASE_RUN) {
		if (crowds && !hand_random(h, CROWD))
			in_a_crowd(r, c, choose(c->sites & ~alone_only, h), h);
		else
			alone(r, c, choose(c->sites, h), h);
		atomic_fetch_add(&c->rounds, 1);
	}
}
