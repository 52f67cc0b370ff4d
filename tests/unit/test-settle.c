// SPDX-License-Identifier: GPL-2.0-or-later
/* A phase begins behind a tick of the kernel's timer, in count mode only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "rig/settle.h"

#define NS_PER_S INT64_C(1000000000)

static int64_t coarse_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* The coarse clock only moves with a tick. */
static void a_tick_has_passed(void **state)
{
	const struct clock_info counting = {.unit = UNIT_INSTRUCTIONS};
	struct timespec resolution;

	(void)state;
	assert_int_equal(clock_getres(CLOCK_MONOTONIC_COARSE, &resolution), 0);
	settle_init(&counting);
	for (int i = 0; i < 5; i++) {
		int64_t before = coarse_ns();

		settle();
		assert_true(coarse_ns() - before >= resolution.tv_nsec);
	}
}

/* No sleep at all: with one, the loop would take minutes. */
static void nothing_in_time_mode(void **state)
{
	const struct clock_info timing = {.unit = UNIT_NS};
	int64_t start = coarse_ns();

	(void)state;
	settle_init(&timing);
	/* Had each slept for a tick of 1 ms, the shortest, this were 100 s. */
	for (int i = 0; i < 100000; i++)
		settle();
	assert_true(coarse_ns() - start < 50 * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tick_has_passed),
		cmocka_unit_test(nothing_in_time_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
