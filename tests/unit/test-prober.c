// SPDX-License-Identifier: GPL-2.0-or-later
/* What is late counts from when it was due; a failure is no answer. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rig/prober.h"

#define ROOM 64
#define INTERVAL 100000

/* Slots 0 and 1 in time, then nothing for slots 2 to 5, which 6 serves. */
static struct probe_hit hits[] = {
	{1000, 1010, 0},
	{1100, 1115, 1},
	{1650, 1660, 2},
	{1700, 1705, 7},
};

static const struct prober known = {
	.start = 1000,
	.interval = 100,
	.hits = hits,
	.hit_count = 4,
	.last_failure = 1500,
};

static void a_late_probe_is_every_slot_it_missed(void **state)
{
	static const uint64_t latencies[] = {5, 10, 15, 60, 160, 260, 360, 460};
	struct tally_entry *sorted;
	struct tally t;

	(void)state;
	tally_init(&t);
	assert_int_equal(prober_latencies(&known, 0, INT64_MAX, &t), 0);
	assert_int_equal(t.samples, 8);
	sorted = tally_sorted(&t);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(sorted[i].value, latencies[i]);
	free(sorted);
	tally_clear(&t);
	/* By when it was due: slots 2 and 3. */
	assert_int_equal(prober_latencies(&known, 1200, 1400, &t), 0);
	assert_int_equal(t.samples, 2);
	tally_clear(&t);
	/* By its slots: 2 to 6 are one probe's. */
	assert_int_equal(prober_operations(&known, 1150, 1500, &t), 0);
	assert_int_equal(t.samples, 1);
	tally_clear(&t);
	assert_int_equal(prober_operations(&known, 1100, 1201, &t), 0);
	assert_int_equal(t.samples, 2);
	assert_int_equal(tally_total(&t), 15 + 10);
	tally_free(&t);
	assert_int_equal(prober_late(&known), 4);
}

static void gap_and_recovery(void **state)
{
	(void)state;
	assert_int_equal(prober_longest_gap(&known), 545);
	assert_int_equal(prober_recovered(&known, 1050), 610);
	assert_int_equal(prober_recovered(&known, 1660), 45);
	assert_int_equal(prober_recovered(&known, 1701), -ENODATA);
}

/* A reset that was preempted: one good probe, then one that had to wait. */
static void recovery_is_after_the_loss(void **state)
{
	struct probe_hit waited[] = {{1000, 1005, 0},
				     {1100, 1110, 1},
				     {1200, 1650, 2},
				     {1700, 1705, 7}};
	const struct prober p = {
		.start = 1000, .interval = 100, .hits = waited, .hit_count = 4};

	(void)state;
	assert_int_equal(prober_recovered(&p, 1050), 600);
	assert_int_equal(prober_recovered(&p, 1250), 455);
}

struct script {
	struct prober *prober;
	unsigned int calls;
	unsigned int fail_from, fail_to;
	int64_t stall; /* ns, in the first call */
	unsigned int stop_at;
};

static int scripted(void *context)
{
	struct script *s = context;
	unsigned int call = s->calls++;

	if (call == 0 && s->stall)
		prober_sleep(prober_now() + s->stall);
	if (call == s->stop_at)
		s->prober->stop = prober_now();
	return call >= s->fail_from && call < s->fail_to ? -EFAULT : 0;
}

static uint64_t slots_served(const struct prober *p)
{
	struct tally t;
	uint64_t n;

	tally_init(&t);
	assert_int_equal(prober_latencies(p, 0, INT64_MAX, &t), 0);
	n = t.samples;
	tally_free(&t);
	return n;
}

static struct prober *make(struct script *s)
{
	struct prober *p = prober_make(1, ROOM);

	assert_non_null(p);
	p->probe = scripted;
	p->context = s;
	p->interval = INTERVAL;
	p->start = prober_now() + INTERVAL;
	s->prober = p;
	return p;
}

/* However busy the machine is, no slot up to the stop is left out. */
static void every_slot_is_served(void **state)
{
	struct script s = {.fail_from = 3, .fail_to = 6, .stop_at = 9};
	struct prober *p = make(&s);

	(void)state;
	assert_int_equal(prober_run(p), 0);
	assert_int_equal(p->failures, 3);
	assert_true(p->hits[3].begin > p->last_failure);
	assert_int_equal(slots_served(p), (p->stop - p->start) / INTERVAL + 1);
	assert_true(prober_late(p) >= 3);
	prober_free(p, 1);
}

static void a_stall_is_counted(void **state)
{
	struct script s = {.stall = 10 * INTERVAL, .stop_at = 2};
	struct prober *p = make(&s);

	(void)state;
	assert_int_equal(prober_run(p), 0);
	assert_true(prober_late(p) >= 9);
	assert_true(slots_served(p) >= 11);
	prober_free(p, 1);
}

static void it_gives_up(void **state)
{
	struct script s = {.fail_to = UINT32_MAX, .stop_at = 0};
	struct prober *p = make(&s);

	(void)state;
	assert_int_equal(prober_run(p), -ETIMEDOUT);
	assert_int_equal(prober_recovered(p, 0), -ENODATA);
	prober_free(p, 1);
}

static void room_is_bounded(void **state)
{
	struct script s = {.stop_at = UINT32_MAX};
	struct prober *p = make(&s);

	(void)state;
	assert_int_equal(prober_run(p), -ENOSPC);
	assert_int_equal(p->hit_count, ROOM);
	prober_free(p, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_late_probe_is_every_slot_it_missed),
		cmocka_unit_test(gap_and_recovery),
		cmocka_unit_test(recovery_is_after_the_loss),
		cmocka_unit_test(every_slot_is_served),
		cmocka_unit_test(a_stall_is_counted),
		cmocka_unit_test(it_gives_up),
		cmocka_unit_test(room_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
