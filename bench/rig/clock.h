/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of every timed phase. Ticks are raw: the TSC on x86-64, elsewhere
 * nanoseconds of CLOCK_MONOTONIC_RAW. clock_init() finds out what a tick is
 * worth; QEMU's -icount shift=0 makes it one guest instruction.
 */
#ifndef RIG_CLOCK_H
#define RIG_CLOCK_H

#include <stdint.h>
#include <time.h>

enum clock_unit {
	UNIT_INSTRUCTIONS,
	UNIT_NS,
};

struct clock_info {
	enum clock_unit unit;
	const char *source; /* "tsc", "tsc-calibrated", "clock_monotonic_raw" */
	uint64_t
		empty_pair; /* the least an empty pair of stamps reads, in unit */
	uint64_t check_loop; /* instructions between the short and long loop */
	uint64_t check_short; /* ticks that the short loop took */
	uint64_t check_long; /* ticks that the long loop took */
	/* ns = ticks * mult >> shift, as in the kernel's perf_event_mmap_page */
	uint32_t mult;
	uint16_t shift;
};

/*
 * Fences as in Intel's "How to Benchmark Code Execution Times" (324264-001),
 * lfence for cpuid: what is before the stamp has completed, and nothing of what
 * is between the stamps begins before the first or is left after the second.
 * Between rdtsc and rdtscp are three instructions of ours: shl, mov, or.
 */
static inline uint64_t clock_start(void)
{
#ifdef __x86_64__
	uint64_t low, high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
	return high << 32 | low;
#else
	struct timespec t;

#ifdef __aarch64__
	/* Arm Architecture Reference Manual, B2.3.12: as lfence, for accesses. */
	__asm__ volatile("dsb sy\n\tisb" ::: "memory");
#endif
	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
#endif
}

static inline uint64_t clock_stop(void)
{
#ifdef __x86_64__
	uint64_t low, high;

	__asm__ volatile("rdtscp\n\tlfence"
			 : "=a"(low), "=d"(high)::"rcx", "memory");
	return high << 32 | low;
#else
	return clock_start();
#endif
}

/*
 * Finds the unit and, where it is ns, the conversion. Takes up to 50 ms. 0, or
 * -EOPNOTSUPP where the TSC doesn't run at a constant rate.
 */
int clock_init(struct clock_info *c);

/* @ticks, a difference of two stamps, in c->unit. */
uint64_t clock_value(const struct clock_info *c, uint64_t ticks);

/* "instructions" or "ns". */
const char *clock_unit_name(enum clock_unit u);

#endif
