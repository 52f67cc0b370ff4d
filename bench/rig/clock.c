// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

/* Short enough that a timer tick seldom falls into it: 12 us at shift=0. */
#define CHECK_ROUNDS 1000
#define INSTRUCTIONS_A_ROUND 4
#define CHECKS_RUNNING 3
#define CHECKS_AT_MOST 32

#define EMPTY_PAIRS 256
#define CALIBRATION_NS (20 * 1000000)
#define CALIBRATIONS_AT_MOST 20

/*
 * Four instructions a round. No processor that executes them natively takes
 * four TSC ticks for each round, and to the digit: it is two wide or wider.
 */
static uint64_t run_loop(uint64_t rounds)
{
	uint64_t start = clock_start();

	__asm__ volatile("1: nop\n\tnop\n\tdec %0\n\tjnz 1b"
			 : "+r"(rounds)
			 :
			 : "cc");
	return clock_stop() - start;
}

/* One retry after another, as a tick of the guest's timer may fall into one. */
static bool counts_instructions(struct clock_info *c)
{
	int running = 0;

	c->check_loop = CHECK_ROUNDS * INSTRUCTIONS_A_ROUND;
	for (int i = 0; i < CHECKS_AT_MOST && running < CHECKS_RUNNING; i++) {
		c->check_short = run_loop(CHECK_ROUNDS);
		c->check_long = run_loop(2 * CHECK_ROUNDS);
		if (c->check_long - c->check_short == c->check_loop)
			running++;
		else
			running = 0;
	}
	return running == CHECKS_RUNNING;
}

/* As linux/perf_event.h says to: again while the kernel writes. */
static int read_conversion(const volatile struct perf_event_mmap_page *page,
			   struct clock_info *c)
{
	uint32_t before;
	bool usable;

	do {
		before = page->lock;
		__asm__ volatile("" ::: "memory");
		usable = page->cap_user_time;
		c->mult = page->time_mult;
		c->shift = page->time_shift;
		__asm__ volatile("" ::: "memory");
	} while (page->lock != before || before & 1);
	return usable && c->mult ? 0 : -EOPNOTSUPP;
}

/* The kernel's own conversion; there only where it trusts the TSC itself. */
static int convert_by_kernel(struct clock_info *c)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1,
			      PERF_FLAG_FD_CLOEXEC);
	void *page;
	int err;

	if (fd < 0)
		return -errno;
	page = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED) {
		err = -errno;
	} else {
		err = read_conversion(page, c);
		munmap(page, size);
	}
	close(fd);
	return err;
}

static uint64_t raw_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* Ticks of the TSC in one second. */
static double rate(void)
{
	uint64_t ns = raw_ns(), ticks = clock_start(), passed;

	do {
		passed = raw_ns() - ns;
	} while (passed < CALIBRATION_NS);
	return (double)(clock_stop() - ticks) * NS_PER_S / (double)passed;
}

/*
 * Two windows that differ by a percent are no constant rate; but who loses the
 * CPU between two clocks sees that, too, so there are some tries.
 */
static int calibrate(struct clock_info *c)
{
	double first, second = rate(), ns;
	int tries = 0;

	do {
		if (tries++ == CALIBRATIONS_AT_MOST)
			return -EOPNOTSUPP;
		first = second;
		second = rate();
	} while (!(first > 0) || second < 0.99 * first ||
		 second > 1.01 * first);
	ns = 2 * (double)NS_PER_S / (first + second);
	for (c->shift = 32;
	     ns * (double)(UINT64_C(1) << c->shift) > UINT32_MAX;)
		c->shift--;
	c->mult = (uint32_t)(ns * (double)(UINT64_C(1) << c->shift));
	return 0;
}

static uint64_t empty_pair(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < EMPTY_PAIRS; i++) {
		uint64_t start = clock_start();
		uint64_t ticks = clock_stop() - start;

		if (ticks < least)
			least = ticks;
	}
	return least;
}

int clock_init(struct clock_info *c)
{
	int err = 0;

	memset(c, 0, sizeof(*c));
	c->source = "tsc";
	if (counts_instructions(c)) {
		c->unit = UNIT_INSTRUCTIONS;
	} else {
		c->unit = UNIT_NS;
		if (convert_by_kernel(c)) {
			c->source = "tsc-calibrated";
			err = calibrate(c);
		}
	}
	if (!err)
		c->empty_pair = clock_value(c, empty_pair());
	return err;
}

#else

/* Ticks are ns, and there is no loop of known length to count. */
int clock_init(struct clock_info *c)
{
	uint64_t start;

	memset(c, 0, sizeof(*c));
	c->unit = UNIT_NS;
	c->source = "clock_monotonic_raw";
	c->mult = 1;
	start = clock_start();
	c->empty_pair = clock_stop() - start;
	return 0;
}

#endif

/* In two halves, as linux/perf_event.h does it: the product may pass 2^64. */
uint64_t clock_value(const struct clock_info *c, uint64_t ticks)
{
	uint64_t whole, rest;

	if (c->unit == UNIT_INSTRUCTIONS)
		return ticks;
	whole = ticks >> c->shift;
	rest = ticks & ((UINT64_C(1) << c->shift) - 1);
	return whole * c->mult + (rest * c->mult >> c->shift);
}

const char *clock_unit_name(enum clock_unit u)
{
	return u == UNIT_INSTRUCTIONS ? "instructions" : "ns";
}
