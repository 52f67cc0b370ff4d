// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract while everything happens at once: each operation in a race of
 * its own, and all of them together for as long as one likes.
 */
#include <inttypes.h>
#include <stdio.h>

#include "ktap.h"
#include "racer.h"
#include "races.h"

#define COMMANDS 24
#define RESETS 4
#define NAPS 10
#define PASSES 5

static const unsigned int reset_sites =
	SITE_BIT(SITE_RESET) | SITE_BIT(SITE_HOT_RESET) | SITE_BIT(SITE_FLR);
/* QEMU's port makes Linux wait for more than a second there. */
static const unsigned int slow_sites = SITE_BIT(SITE_HOT_RESET);
static const unsigned int power_sites = SITE_BIT(SITE_D3HOT) |
					SITE_BIT(SITE_LOW_POWER) |
					SITE_BIT(SITE_WAKE_UP);
static const unsigned int every_site = SITE_BIT(SITES) - 1;

/* One hand of each racer touches, the others do @id. */
static const char *race(struct contract *c, enum operation_id id,
			unsigned int site_bits, unsigned int rounds)
{
	struct race_plan plan = {
		.operations = OPERATION_BIT(id),
		.first_hand = OPERATION_BIT(OPERATION_TOUCH),
		.bar_sites = site_bits,
		.flr_sites = site_bits & ~slow_sites,
		.racers = 3,
		.hands = 2,
		.siters = 1,
		.passes = PASSES,
		.rounds = rounds,
		.seed = c->seed,
	};
	struct race_result result;

	if (id == OPERATION_PUD_LEAF && !c->huge)
		return "SKIP this variant has no PUD leaves";
	return race_run(c, &plan, &result);
}

const char *race_command(void *context, int id)
{
	return race(context, (enum operation_id)id, SITE_BIT(SITE_COMMAND),
		    COMMANDS);
}

const char *race_reset(void *context, int id)
{
	return race(context, (enum operation_id)id, reset_sites, RESETS);
}

const char *race_power(void *context, int id)
{
	return race(context, (enum operation_id)id, power_sites, NAPS);
}

const char *race_bar_restore(void *context, int id)
{
	return race(context, (enum operation_id)id, SITE_BIT(SITE_BAR_RESTORE),
		    COMMANDS);
}

static unsigned long tell_counts(const struct race_result *r)
{
	unsigned long total = 0;

	for (int i = 0; i < OPERATIONS; i++)
		total += atomic_load(&r->operations[i]);
	for (int i = 0; i < SITES; i++)
		total += atomic_load(&r->sites[i]);
	printf("# operations: %lu\n", total);
	for (int i = 0; i < OPERATIONS; i++)
		printf("# %s: %lu\n", operations[i].name,
		       atomic_load(&r->operations[i]));
	for (int i = 0; i < SITES; i++)
		printf("# %s: %lu\n", sites[i].name, atomic_load(&r->sites[i]));
	printf("# given up: %lu\n", atomic_load(&r->refused));
	return total;
}

/* Each kind of trouble is a test. */
int race_for(struct contract *c, unsigned int seconds)
{
	const struct race_plan plan = {
		.operations = every_operation,
		.first_hand = every_operation,
		.bar_sites = every_site,
		.flr_sites = every_site,
		.racers = RACERS_MOST,
		.hands = HANDS_MOST,
		.siters = 2,
		.seconds = seconds,
		.seed = c->seed,
	};
	struct race_result result;
	const char *log;
	int failed = 0, n = 0;

	printf("KTAP version 1\n1..%d\n", TROUBLES + 2);
	fflush(stdout);
	race_run(c, &plan, &result);
	for (int i = 0; i < TROUBLES; i++) {
		unsigned long times = atomic_load(&result.trouble[i]);

		failed += times != 0;
		printf("%sok %d %s", times ? "not " : "", ++n,
		       trouble_names[i]);
		if (times)
			printf(" # %lu times, first %s", times,
			       result.first[i]);
		putchar('\n');
	}
	log = clean_log(c);
	failed += log != NULL;
	printf("%sok %d kernel log is clean%s%s\n", log ? "not " : "", ++n,
	       log ? " # " : "", log ? log : "");
	log = tell_counts(&result) ? NULL : "nothing was done";
	failed += log != NULL;
	printf("%sok %d something was done%s%s\n", log ? "not " : "", ++n,
	       log ? " # " : "", log ? log : "");
	return failed;
}
