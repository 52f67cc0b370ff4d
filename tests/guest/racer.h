/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a race share: race.c, operations.c, race-sites.c. */
#ifndef TESTS_RACER_H
#define TESTS_RACER_H

#include <pthread.h>

#include "race.h"

/*
 * What the BARs of a device are at the moment, and how often that has changed:
 * an access between two equal readings can be judged.
 */
enum reach {
	REACH_UNSURE,
	REACH_OFF,
	REACH_ON,
};

#define REACH_BITS 2

struct reach_word {
	atomic_uint value; /* enum reach, above it the number of changes */
};

static inline enum reach reach_of(unsigned int value)
{
	return value & ((1u << REACH_BITS) - 1);
}

enum phase {
	PHASE_RUN,
	PHASE_STOP, /* the hands stop */
	PHASE_ALL_OFF, /* the racers look: nothing is answered */
	PHASE_ALL_ON, /* the racers look: everything is there */
};

/* One for each device. */
struct course {
	struct device *device;
	unsigned int sites; /* bits */
	struct reach_word reach;
	/* Alone: written, and @reach is told. In a crowd: read. */
	pthread_rwlock_t lock;
	atomic_uint rounds;
};

struct race {
	struct contract *contract;
	struct race_plan plan;
	struct race_result *result;
	struct course bar, flr;
	atomic_int phase;
	atomic_int arrived; /* racers that are done with the phase */
	atomic_uint passes[RACERS_MOST][HANDS_MOST];
};

/*
 * A slice of the BAR and its addresses. Wherever a page of it is mapped it is
 * at the same distance from one of three places: where it belongs, a place
 * aligned in the same way, and one that is not, for mremap() to move it to.
 */
enum place {
	PLACE_HOME,
	PLACE_ALIGNED,
	PLACE_ASKEW,
	PLACES,
};

struct slice {
	unsigned char *place[PLACES];
	uint64_t page; /* of the BAR, that it begins with */
	uint64_t pages;
};

struct racer {
	struct race *race;
	int number;
	struct slice slices[HANDS_MOST]; /* one for each hand */
	struct view flr; /* the other device's page */
	/* The first GiB of the BAR, for one hand at a time; or no address. */
	struct slice pud;
	pthread_mutex_t pud_lock;
};

struct hand {
	struct racer *racer;
	int number;
	uint64_t random;
};

/* The next random number below @limit. */
uint32_t hand_random(struct hand *h, uint32_t limit);

/* operations.c */
struct operation {
	const char *name;
	/* It notes what goes wrong; the slice is whole again afterwards. */
	void (*run)(struct hand *h);
};

extern const struct operation operations[OPERATIONS];

/* Gives the racer's slices their places, and maps them all. 0 or -errno. */
int slices_map(struct racer *r);
/* Everything the racer has mapped, as it must be when nobody does anything. */
const char *slices_look(struct racer *r,
			const char *(*want)(const struct view *v));

/* race-sites.c: goes through the sites of a course until it is to stop. */
void run_sites(struct race *r, struct course *c, struct hand *h);
/* Awake, with memory enabled or not, whatever was done to it. 0 or -errno. */
int settle_device(struct device *d, bool on);

#endif
