/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything at once. Several processes, the racers, map both devices; in each
 * of them several threads, the hands, do operations on the mappings; some of
 * the racers have a thread more for each device, which takes it through sites.
 *
 * Each access checks what it sees. A page shows what it must, or refuses; while
 * the BARs are certain to be off it refuses; while they are certain to be on a
 * page that is mapped does not. When all have stopped, every page is refused
 * once more, and then there.
 */
#ifndef TESTS_RACE_H
#define TESTS_RACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "contract.h"
#include "site.h"

#define RACERS_MOST 4
#define HANDS_MOST 3
enum operation_id {
	OPERATION_TOUCH,
	OPERATION_MAP,
	OPERATION_FORK,
	OPERATION_EXIT,
	OPERATION_KILL,
	OPERATION_MUNMAP,
	OPERATION_MREMAP,
	OPERATION_MPROTECT,
	OPERATION_MAP_FIXED,
	OPERATION_DESCRIPTOR,
	OPERATION_PUD_LEAF,
	OPERATIONS,
};

#define OPERATION_BIT(id) (1u << (id))
static const unsigned int every_operation = OPERATION_BIT(OPERATIONS) - 1;

struct race_plan {
	unsigned int operations; /* bits, for all hands but a racer's first */
	unsigned int first_hand; /* bits, for that one */
	unsigned int bar_sites, flr_sites; /* bits */
	int racers, hands;
	int siters; /* racers that take the devices through sites */
	/* Until this time has passed, or, if it is 0, until ... */
	unsigned int seconds;
	/* ... each hand has done so many operations, and ... */
	unsigned int passes;
	/* ... the sites have been gone through so often. */
	unsigned int rounds;
	uint64_t seed;
};

/* The kinds of trouble. */
enum trouble {
	TROUBLE_WRONG, /* a page showed something else */
	TROUBLE_LEAK, /* one was answered while the BARs were off */
	TROUBLE_LOST, /* one was refused while they were on */
	TROUBLE_FAILED, /* a system call failed */
	TROUBLE_END, /* not all refused, or not all there, in the end */
	TROUBLE_DIED, /* a process ended as it should not */
	TROUBLES,
};

extern const char *const trouble_names[TROUBLES];

/* What has come of a race; shared by all processes of it. */
struct race_result {
	atomic_ulong operations[OPERATIONS];
	atomic_ulong sites[SITES];
	atomic_ulong refused; /* sites that gave up, as they may */
	atomic_ulong trouble[TROUBLES];
	char first[TROUBLES][160]; /* the first of each kind */
	atomic_bool told[TROUBLES]; /* ... is being written there */
};

/* Notes one trouble. */
void race_trouble(struct race_result *r, enum trouble kind, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

/*
 * Runs it. NULL, or what went wrong first; @result is filled in and may be
 * looked at. Both devices have memory enabled before and after.
 */
const char *race_run(struct contract *c, const struct race_plan *plan,
		     struct race_result *result);

#endif
