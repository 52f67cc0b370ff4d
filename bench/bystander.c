// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one thread's populate, reset or enable does to somebody else, who does
 * something small on a fixed schedule (rig/prober.h):
 *
 *   map      another thread of the process maps and unmaps anonymous memory,
 *            for which it takes the mmap lock for writing;
 *   fault    another thread faults anonymous memory in, 4 KiB at a time, for
 *            which it takes its VMA's lock, or the mmap lock for reading;
 *   process  a process that has nothing of the BAR does both.
 *
 * The actor maps the BAR (populate), or turns its memory off and on (toggle), or
 * resets it (reset, hot-reset), and then reads every page once: a variant that leaves the
 * work to faults pays there, and its bystander, too.
 *
 * Kernel path: mmap_lock, memory_lock and per-VMA locks, as the actor's mmap(),
 * write of PCI_COMMAND, reset and faults hold them against mmap(), munmap() and
 * do_anonymous_page() of others.
 *
 * Not measured: the device's contents under load, NUMA, a bystander that uses
 * the BAR itself (outage). On one CPU nothing runs beside the actor: a bystander
 * is late when the kernel does not let go of the CPU, and it waits for a lock
 * only if the actor was scheduled away, or slept, with the lock held. `busy` has
 * both, `operation` the second alone, with the turns that others took in it. 6.12
 * reschedules in the kernel only where the code says so, 7.3 at each timer tick:
 * an actor that takes longer than one, 10 million instructions, shows there what
 * it holds. The process shares no lock of its mm: what it sees is the CPU, so
 * what map and fault see beyond it is a lock. A guest of two vCPUs shows locks
 * of shorter actions, by count, too: scripts/guest/guest --vcpus 2.
 *
 * Counted are `action` and `reach`, with what the bystander does meanwhile, be it
 * a thread or the process. What it does itself is too short to be counted.
 */
#include "benchmark.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parameters.h"
#include "pfnbench/stamp.h"
#include "reset.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/prober.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/threads.h"
#include "steps.h"

#define PAGE 4096
#define MAP_SIZE (16 * PAGE)
#define QUIET_SLOTS 20 /* before and after */
#define LEAD_NS 2000000 /* for the bystander to reach its first slot */
#define NS_PER_US 1000
#define ROOM 16384 /* good probes, and pages to fault in */

/* Behind these two it is a reset. */
enum action {
	POPULATE,
	TOGGLE
};
static const char *const actions[] = {"populate", "toggle", RESET_NAMES NULL};

static const char *const bystanders[] = {"map", "fault", "process", NULL};
enum bystander_kind {
	MAP,
	FAULT,
	PROCESS
};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("action", "what the actor does", "populate", actions),
	CHOICE_PARAMETER("bystander", "who sees it", "map", bystanders),
	INTERVAL_PARAMETER("microseconds between two probes"),
	{.name = NULL},
};

struct scene {
	struct cell *cell;
	struct mapping mapping;
	struct prober *prober;
	unsigned char *memory; /* a page for each probe of FAULT */
	size_t touched;
	uint64_t want, got; /* sums of the pages' stamps */
	int64_t begin, end; /* of all that the actor does */
};

static int map_and_unmap(void *context)
{
	void *at = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)context;
	if (at == MAP_FAILED)
		return -errno;
	return munmap(at, MAP_SIZE) ? -errno : 0;
}

/* Page 0 is touched before: from then on the VMA's own lock will do. */
static int fault_in(void *context)
{
	struct scene *s = context;

	if (++s->touched == ROOM)
		return -ENOSPC;
	*(volatile unsigned char *)(s->memory + s->touched * PAGE) = 1;
	return 0;
}

static int do_both(void *context)
{
	unsigned char *at = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)context;
	if (at == MAP_FAILED)
		return -errno;
	*(volatile unsigned char *)at = 1;
	return munmap(at, MAP_SIZE) ? -errno : 0;
}

static int run_thread(void *context, size_t index)
{
	struct scene *s = context;

	(void)index;
	return prober_run(s->prober);
}

/*
 * A process made before the BAR was mapped. It waits for a byte on @go, and ends
 * if there comes none. 0 or -errno.
 */
static int start_process(struct scene *s, pid_t *pid, int *go)
{
	int ends[2];
	char byte;

	if (pipe(ends))
		return -errno;
	*pid = fork();
	if (!*pid) {
		/* Not to outlive a parent that was killed. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 1 || prober_run(s->prober));
	}
	close(ends[0]);
	*go = ends[1];
	if (*pid > 0)
		return 0;
	close(*go);
	return -EAGAIN;
}

static int join_process(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ECHILD;
}

static int read_all(void *arg)
{
	struct scene *s = arg;
	uint64_t pages = s->mapping.length / STAMP_PAGE_SIZE, sum = 0;

	for (uint64_t i = 0; i < pages; i++)
		sum += *(volatile uint64_t *)(s->mapping.addr +
					      i * STAMP_PAGE_SIZE +
					      STAMP_READ_OFFSET);
	s->got = sum;
	return 0;
}

static int reach(struct scene *s)
{
	struct cell *cell = s->cell;
	uint64_t pages = s->mapping.length / STAMP_PAGE_SIZE;
	int err = sigbus_protect(read_all, s);

	if (!err && cell->device->stamped) {
		cell->pages_checked += pages;
		cell->pages_wrong += s->got == s->want ? 0 : pages;
	}
	return err;
}

static int map(struct scene *s)
{
	return mapping_map(&s->mapping, s->cell->device, 0,
			   s->cell->device->prot);
}

static int toggle(struct scene *s)
{
	int err = device_memory_enable(s->cell->device, false);
	int restored = device_memory_enable(s->cell->device, true);

	return err ? err : restored;
}

static int act(struct scene *s)
{
	uint64_t action = cell_number(s->cell, "action");
	const struct reset *how = reset_of(s->cell);
	int64_t done, reaching;
	int err;

	count_begin("action");
	s->begin = prober_now();
	if (action == POPULATE)
		err = map(s);
	else
		err = action == TOGGLE ? toggle(s)
				       : how->perform(s->cell->device);
	done = prober_now();
	count_end();
	count_begin("reach");
	reaching = prober_now();
	if (!err)
		err = reach(s);
	s->end = prober_now();
	count_end();
	if (!err)
		err = cell_ns(s->cell, "action", (uint64_t)(done - s->begin));
	return err ? err
		   : cell_ns(s->cell, "reach", (uint64_t)(s->end - reaching));
}

/* What there is before the bystander: it does not see this. */
static int prepare(struct scene *s)
{
	struct cell *cell = s->cell;
	int err = reserve_bar(cell, cell->device, &s->mapping);

	for (uint64_t i = 0; i < s->mapping.length / STAMP_PAGE_SIZE; i++)
		s->want += stamp_of(s->mapping.first_page + (uint32_t)i);
	if (!err && cell_number(cell, "action") != POPULATE)
		err = map(s);
	if (!err && cell_number(cell, "action") != POPULATE)
		err = reach(s);
	return err;
}

static void schedule(struct scene *s)
{
	static probe_fn *const probes[] = {map_and_unmap, fault_in, do_both};
	struct prober *p = s->prober;

	settle();
	p->probe = probes[cell_number(s->cell, "bystander")];
	p->context = s;
	p->interval = (int64_t)cell_number(s->cell, "interval") * NS_PER_US;
	p->start = prober_now() + LEAD_NS;
}

/* Quiet, the action between two slots, quiet. */
static int act_in_time(struct scene *s)
{
	struct prober *p = s->prober;
	int err;

	prober_sleep(p->start + QUIET_SLOTS * p->interval + p->interval / 2);
	err = act(s);
	p->stop = prober_now() + QUIET_SLOTS * p->interval;
	return err;
}

static int with_thread(struct scene *s)
{
	struct team team;
	int err = prepare(s), probed;

	if (!err)
		err = team_start(&team, 1, run_thread, s);
	if (err)
		return err;
	team_wait(&team);
	schedule(s);
	team_release(&team);
	err = act_in_time(s);
	probed = team_join(&team);
	return err ? err : probed;
}

static int with_process(struct scene *s)
{
	pid_t pid = -1;
	int go = -1, err = start_process(s, &pid, &go), probed;

	if (err)
		return err;
	err = prepare(s);
	if (!err) {
		schedule(s);
		err = write(go, "", 1) == 1 ? act_in_time(s) : -EPIPE;
	}
	close(go);
	probed = join_process(pid);
	return err ? err : probed;
}

/* The next slot after the end is there, too: an action can be that short. */
static int record(struct scene *s)
{
	struct cell *cell = s->cell;
	const struct prober *p = s->prober;
	int64_t until = s->end + p->interval;
	int err = prober_latencies(p, p->start, s->begin,
				   cell_tally(cell, "quiet"));

	if (!err)
		err = prober_latencies(p, s->begin, until,
				       cell_tally(cell, "busy"));
	if (!err)
		err = prober_operations(p, s->begin, until,
					cell_tally(cell, "operation"));
	if (!err)
		err = cell_sample(cell, "late", "probes", prober_late(p));
	if (p->failures)
		cell_fail(cell,
			  "%" PRIu64 " operations of the bystander "
			  "failed",
			  p->failures);
	return err;
}

static int run(struct cell *cell)
{
	struct scene s = {.cell = cell};
	int err = -ENOMEM;

	cell_note(cell, "clock", PROBER_CLOCK);
	s.prober = prober_make(1, ROOM);
	s.memory = mmap(NULL, ROOM * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (s.prober && s.memory != MAP_FAILED) {
		/* Page by page; a kernel without huge pages refuses, in vain. */
		madvise(s.memory, ROOM * PAGE, MADV_NOHUGEPAGE);
		*(volatile unsigned char *)s.memory = 1;
		err = cell_number(cell, "bystander") == PROCESS
			      ? with_process(&s)
			      : with_thread(&s);
	}
	if (!err)
		err = record(&s);
	mapping_release(&s.mapping);
	if (s.memory != MAP_FAILED)
		munmap(s.memory, ROOM * PAGE);
	prober_free(s.prober, 1);
	return err;
}

const struct benchmark bystander = {
	.name = "bystander",
	.summary = "what mapping, enabling or resetting a BAR does to others",
	.version = 1,
	.parameters = parameters,
	.needs = {.reset = true},
	.run = run,
};
