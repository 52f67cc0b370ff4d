// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is the instrument fit? Negative controls are what no kernel-variant can
 * affect: getppid(), and the first touch of anonymous memory, 4 KiB at a time.
 * Where they differ between variants, something else differs too. The positive
 * control is the same getppid() with a known delay before it, by median: in
 * instructions a loop of that many, which must be found to the digit; in ns a
 * sleep, which must be found and, by a busy machine, may come out longer. A delay
 * that is not found makes the cell failed. (A first touch costs some instructions
 * more or less as the allocator has its lists.)
 *
 * Nothing of the target is mapped: it is open, as in any other cell.
 *
 * Kernel path: a system call that does nothing; do_anonymous_page().
 */
#include "benchmark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "parameters.h"
#include "rig/marks.h"
#include "rig/settle.h"

#define PAGE 4096
#define CALLS 1000
#define DELAYS 64
#define INSTRUCTIONS_A_ROUND 2
/* What a sleep may last longer, beside as long again. */
#define OVERSLEEP_NS 10000000

static const struct parameter parameters[] = {
	TARGET_PARAMETER("what is open, and not mapped"),
	{"length", "bytes of anonymous memory", PARAMETER_SIZE, "2M", PAGE,
	 UINT64_C(1) << 30, NULL},
	NUMBER_PARAMETER("delay", "that must be found, in instructions or ns",
			 "100000", 1000, 1000000000),
	{.name = NULL},
};

struct delay {
	uint64_t rounds; /* of the loop; 1 is none */
	struct timespec sleep; /* all zero is none */
};

/* The loop is there with and without a delay: it alone makes the difference. */
static uint64_t call(const struct delay *delay)
{
	uint64_t rounds = delay->rounds, start = clock_start();

#ifdef __x86_64__
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
#else
	(void)rounds;
#endif
	if (delay->sleep.tv_sec || delay->sleep.tv_nsec)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &delay->sleep, NULL);
	syscall(SYS_getppid);
	return clock_stop() - start;
}

/* @calls of getppid(), with the delay before each. */
static int getppids(struct cell *cell, const char *phase, int calls,
		    const struct delay *delay)
{
	struct tally *tally = cell_tally(cell, phase);
	int err = tally_add(tally, 0, 1);

	/* The tally's first memory, before the first sample needs it. */
	tally_clear(tally);
	mark_phase(phase);
	settle();
	for (int i = 0; !err && i < calls; i++)
		err = tally_add(tally, clock_value(cell->clock, call(delay)),
				1);
	mark_end();
	return err;
}

/* First touches of @pages pages. */
static int touches(struct cell *cell, uint64_t pages)
{
	struct tally *tally = cell_tally(cell, "anonymous-touch");
	size_t size = pages * PAGE;
	volatile unsigned char *memory =
		mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (memory == MAP_FAILED)
		return -errno;
	/* Page by page; a kernel without huge pages refuses, and need not. */
	madvise((void *)memory, size, MADV_NOHUGEPAGE);
	err = tally_add(tally, 0, 1);
	tally_clear(tally);
	mark_phase("anonymous-touch");
	settle();
	for (uint64_t i = 0; !err && i < pages; i++) {
		uint64_t start = clock_start(), stop;

		memory[i * PAGE] = 1;
		stop = clock_stop();
		err = tally_add(tally, clock_value(cell->clock, stop - start),
				1);
	}
	mark_end();
	munmap((void *)memory, size);
	return err;
}

static int median(struct cell *cell, const char *phase, uint64_t *value)
{
	const struct tally *tally = cell_tally(cell, phase);
	struct tally_entry *sorted = tally_sorted(tally);

	if (!sorted)
		return -ENOMEM;
	*value = tally_quantile(tally, sorted, 0.5);
	free(sorted);
	return 0;
}

static void judge(struct cell *cell, uint64_t injected, uint64_t found)
{
	uint64_t most = injected;

	if (cell->clock->unit == UNIT_NS)
		most = 2 * injected + OVERSLEEP_NS;
	if (found < injected || found > most)
		cell_fail(cell,
			  "a delay of %" PRIu64 " %s came out as %" PRIu64,
			  injected, clock_unit_name(cell->clock->unit), found);
}

static int find_delay(struct cell *cell, uint64_t injected)
{
	uint64_t with, without, found;
	int err = median(cell, "getppid", &without);

	if (!err)
		err = median(cell, "delayed-getppid", &with);
	if (err)
		return err;
	found = with > without ? with - without : 0;
	judge(cell, injected, found);
	err = tally_add(cell_tally(cell, "delay"), injected, 1);
	return err ? err : tally_add(cell_tally(cell, "delay-found"), found, 1);
}

static int run(struct cell *cell)
{
	uint64_t injected = cell_number(cell, "delay");
	struct delay delay = {.rounds = 1};
	int err = getppids(cell, "getppid", CALLS, &delay);

	if (!err)
		err = touches(cell, cell_number(cell, "length") / PAGE);
	if (cell->clock->unit == UNIT_INSTRUCTIONS) {
		injected -= injected % INSTRUCTIONS_A_ROUND;
		delay.rounds += injected / INSTRUCTIONS_A_ROUND;
	} else {
		/* Else the kernel may let each sleep last 50 us longer. */
		prctl(PR_SET_TIMERSLACK, 1);
		delay.sleep.tv_sec = (time_t)(injected / 1000000000);
		delay.sleep.tv_nsec = (long)(injected % 1000000000);
	}
	if (!err)
		err = getppids(cell, "delayed-getppid", DELAYS, &delay);
	prctl(PR_SET_TIMERSLACK, 0);
	return err ? err : find_delay(cell, injected);
}

const struct benchmark controls = {
	.name = "controls",
	.summary = "what no variant can affect, and a delay that must be found",
	.version = 1,
	.parameters = parameters,
	.run = run,
};
