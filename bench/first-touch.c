// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to reach a BAR that was just mapped: mmap, touch each page
 * once, touch each again, munmap. Twice: with a stamp around each touch, for
 * the tally; and with one pair of stamps around all, for the total.
 */
#include "benchmark.h"

#include "parameters.h"
#include "rig/mapping.h"
#include "rig/marks.h"
#include "rig/process.h"
#include "steps.h"

#define SHUFFLE_SEED 1

static const char *const accesses[] = {"read", "write", NULL};
static const char *const orders[] = {"ascending", "shuffled", NULL};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("access", "what a touch is", "read", accesses),
	CHOICE_PARAMETER("order", "of the touches", "ascending", orders),
	{.name = NULL},
};

static int each_pass(struct cell *cell, struct touch *t, const char *phase)
{
	int err;

	/* Marked but not counted: a counter around each touch would be in it. */
	mark_phase(phase);
	err = touch_each(t, cell->clock, cell_tally(cell, phase));
	mark_end();
	account_pages(cell, t);
	return err;
}

/* The faults of the touches alone: what the result takes may fault as well. */
static int total_pass(struct cell *cell, struct touch *t, const char *phase,
		      uint64_t *faults)
{
	uint64_t ticks, before = faults_now();
	int err;

	t->phase = phase;
	err = touch_all(t, &ticks);

	*faults = faults_now() - before;
	account_pages(cell, t);
	return err ? err : cell_time(cell, phase, ticks);
}

static int stamped_passes(struct cell *cell, struct touch *t, struct mapping *m)
{
	int err = timed_map(cell, cell->device, m);

	if (!err)
		err = each_pass(cell, t, "first-touch");
	if (!err)
		err = each_pass(cell, t, "second-touch");
	return err ? err : timed_unmap(cell, m);
}

static int total_passes(struct cell *cell, struct touch *t, struct mapping *m)
{
	int64_t before = vm_pte_bytes(), after;
	uint64_t faults, later;
	int err = timed_map(cell, cell->device, m);

	if (err)
		return err;
	err = total_pass(cell, t, "first-touch-total", &faults);
	after = vm_pte_bytes();
	if (!err)
		err = total_pass(cell, t, "second-touch-total", &later);
	if (!err)
		err = cell_sample(cell, "faults", "faults", faults);
	if (!err && before >= 0 && after >= 0) {
		err = cell_sample(cell, "page-tables-before", "bytes",
				  (uint64_t)before);
		if (!err)
			err = cell_sample(cell, "page-tables-after", "bytes",
					  (uint64_t)after);
	}
	return err ? err : timed_unmap(cell, m);
}

typedef int passes_fn(struct cell *cell, struct touch *t, struct mapping *m);

static int run(struct cell *cell)
{
	static passes_fn *const passes[] = {stamped_passes, total_passes};
	struct mapping m;
	struct touch t = {
		.mapping = &m,
		.write = cell_number(cell, "access") == 1,
		.shuffled = cell_number(cell, "order") == 1,
		.seed = SHUFFLE_SEED,
		.stamped = cell->device->stamped,
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(passes) / sizeof(*passes); i++) {
		err = reserve_bar(cell, cell->device, &m);
		if (err)
			return err;
		err = passes[i](cell, &t, &m);
		mapping_release(&m);
	}
	return err;
}

const struct benchmark first_touch = {
	.name = "first-touch",
	.summary = "what it costs to reach a BAR that was just mapped",
	.version = 1,
	.parameters = parameters,
	.needs = {.access = true},
	.run = run,
};
