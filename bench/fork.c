// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a mapped BAR adds to fork(): to the call itself, which copies its page
 * tables, to the child, whose first accesses may fault, and to the child's exit,
 * which frees them. mapped=no is the same process without the mapping, which
 * tells how much of it is the BAR's.
 *
 * Kernel path: copy_page_range() of a VM_PFNMAP VMA, which is copied at the fork
 * where an anonymous one would be left to faults; the child's faults, if any;
 * exit_mmap().
 *
 * Not measured: write faults (a shared mapping has no copy on write), vfork(),
 * clone(CLONE_VM), threads beside the one that forks. The child waits until its
 * parent has seen fork() return, so that `fork` has none of the child's work in
 * it; `exit` is from its last instruction to the return of the parent's waitpid().
 *
 * Counted, `fork` has the copying of the counters in it, `exit` their adding up;
 * and where the child has a CPU of its own, `fork` has its way to the wait.
 */
#include "benchmark.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crew.h"
#include "parameters.h"
#include "pfnbench/stamp.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "steps.h"

#define ROUNDS 8

static const char *const answers[] = {"yes", "no", NULL};
enum answer {
	YES,
	NO
};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("mapped", "whether the BAR is, and populated", "yes",
			 answers),
	{.name = NULL},
};

/* What a child found; in memory that it shares. Times are in ticks. */
struct findings {
	int err;
	int64_t page_tables; /* bytes, before it touched anything */
	uint64_t first_access, touch, faults;
	uint64_t checked, wrong;
	uint64_t exit; /* the stamp before it ends */
};

struct scene {
	struct cell *cell;
	struct mapping mapping;
	struct mapping spare; /* one page, which is no BAR's */
	struct findings *found;
	bool counted; /* what is touched: not while the child warms up */
};

static bool mapped(const struct scene *s)
{
	return cell_number(s->cell, "mapped") == YES;
}

static int first_access(void *arg)
{
	struct scene *s = arg;
	uint64_t start;

	if (s->counted)
		count_begin("child-first-access");
	start = clock_start();
	(void)*(volatile uint64_t *)s->mapping.addr;
	s->found->first_access = clock_stop() - start;
	count_end();
	return 0;
}

static int touch_whole(struct scene *s, const struct mapping *m, bool stamped)
{
	struct touch t = {.mapping = m,
			  .stamped = stamped,
			  .phase = s->counted ? "child-touch" : NULL};
	int err = touch_all(&t, &s->found->touch);

	s->found->checked = t.checked;
	s->found->wrong = t.wrong;
	return err;
}

/*
 * A new process faults on its stack, its data and its text as it first gets
 * there. A pass over a page of memory takes it through all that it will need.
 */
static int warm_up(struct scene *s)
{
	struct mapping bar = s->mapping;
	int err;

	s->mapping = s->spare;
	faults_now();
	settle();
	err = sigbus_protect(first_access, s);
	s->mapping = bar;
	return err ? err : touch_whole(s, &s->spare, false);
}

static int look_at_bar(struct scene *s)
{
	uint64_t faults;
	int err;

	s->counted = true;
	settle();
	faults = faults_now();
	err = sigbus_protect(first_access, s);
	if (!err)
		err = touch_whole(s, &s->mapping, s->cell->device->stamped);
	s->found->faults = faults_now() - faults;
	return err;
}

static void child(struct scene *s, int go)
{
	char byte;

	/* Not to outlive a parent that was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(go, &byte, 1) != 1)
		_exit(1);
	s->found->page_tables = vm_pte_bytes();
	s->found->err = warm_up(s);
	if (!s->found->err && mapped(s))
		s->found->err = look_at_bar(s);
	settle();
	count_begin("exit");
	s->found->exit = clock_start();
	_exit(0);
}

static int await(pid_t pid, uint64_t *returned)
{
	int status;
	pid_t got;

	do {
		got = waitpid(pid, &status, 0);
	} while (got < 0 && errno == EINTR);
	*returned = clock_stop();
	count_end();
	if (got < 0)
		return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -ECHILD;
}

static int record_child(struct scene *s, uint64_t returned)
{
	struct cell *cell = s->cell;
	const struct findings *f = s->found;
	int err = 0;

	if (f->err)
		return f->err;
	cell->pages_checked += f->checked;
	cell->pages_wrong += f->wrong;
	if (mapped(s)) {
		err = cell_time(cell, "child-first-access", f->first_access);
		if (!err)
			err = cell_time(cell, "child-touch", f->touch);
		if (!err)
			err = cell_sample(cell, "child-faults", "faults",
					  f->faults);
	}
	if (!err && f->page_tables >= 0)
		err = cell_sample(cell, "child-page-tables", "bytes",
				  (uint64_t)f->page_tables);
	return err ? err : cell_time(cell, "exit", returned - f->exit);
}

static int one_round(struct scene *s)
{
	uint64_t start, stop, returned = 0;
	int go[2], err;
	pid_t pid;

	if (pipe(go))
		return -errno;
	*s->found = (struct findings){.err = -ECHILD};
	settle();
	count_begin("fork");
	start = clock_start();
	pid = fork();
	if (!pid) {
		close(go[1]);
		child(s, go[0]);
	}
	stop = clock_stop();
	count_end();
	err = pid < 0 ? -EAGAIN : cell_time(s->cell, "fork", stop - start);
	/* A pipe that is closed unwritten ends the child. */
	if (!err && write(go[1], "", 1) != 1)
		err = -EPIPE;
	close(go[1]);
	close(go[0]);
	if (pid > 0) {
		int ended = await(pid, &returned);

		err = err ? err : ended;
	}
	return err ? err : record_child(s, returned);
}

static int populate(struct scene *s)
{
	uint64_t ticks;
	int err = mapping_map(&s->mapping, s->cell->device, 0,
			      s->cell->device->prot);

	return err ? err : read_pages(s->cell, &s->mapping, NULL, &ticks);
}

static int run(struct cell *cell)
{
	struct scene s = {.cell = cell};
	int err = reserve_bar(cell, cell->device, &s.mapping);

	if (err)
		return err;
	s.found = crew_shared(sizeof(*s.found));
	s.spare.addr = crew_shared(STAMP_PAGE_SIZE);
	s.spare.length = STAMP_PAGE_SIZE;
	if (!s.found || !s.spare.addr)
		err = -ENOMEM;
	if (!err && mapped(&s))
		err = populate(&s);
	/* What earlier cells left of the heap is copied as well; not the BAR's. */
	malloc_trim(0);
	for (int i = 0; !err && i < ROUNDS; i++)
		err = one_round(&s);
	crew_shared_free(s.spare.addr, STAMP_PAGE_SIZE);
	crew_shared_free(s.found, sizeof(*s.found));
	mapping_release(&s.mapping);
	return err;
}

const struct benchmark fork_benchmark = {
	.name = "fork",
	.summary = "what a mapped BAR adds to fork(), the child and its exit",
	.version = 1,
	.parameters = parameters,
	.run = run,
};
