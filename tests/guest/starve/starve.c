// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every variant's kernel must keep where there is no memory for a page
 * table: the call fails with ENOMEM or gets by, no page table is lost, nothing
 * is half mapped, and the next call that enables memory mends it. Run in a guest
 * whose kernel can fail allocations (config/debug.config); KTAP on stdout.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "access.h"
#include "ktap.h"
#include "pfnbench/exit.h"
#include "rig/process.h"
#include "rig/sigbus.h"
#include "starve/inject.h"
#include "starve/starve.h"

/*
 * Slabs that are full take pages too, now and then: what is the third allocation
 * of a call is its fourth the next time, and goes by untried. So a few rounds.
 */
#define ROUNDS 4
/* No call here makes as many allocations. */
#define MOST_ALLOCATIONS 2000
/* How sparsely a view is looked at. */
#define EDGE 2
#define STRIDE 61
#define SPARSE 9973
#define MOST_EDGES 16
/* How often all is done again where page tables seem to be left. */
#define AGAIN 4
/* Tables of three PMD leaves' worth and a part, on a page that is none. */
#define ODD_PAGE 3
#define ODD_PAGES (3 * PMD_PAGES + 5)

/*
 * What each CPU has counted for itself goes into the sums of /proc/meminfo every
 * second or so, and at once for who asks.
 */
static void fold_counts(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		sleep(3);
	if (fd >= 0)
		close(fd);
}

/* Page tables of all but this process, in KiB; -1: not known. */
static long tables_of_others(void)
{
	long kib = -1;
	char line[128];
	FILE *in;

	fold_counts();
	in = fopen("/proc/meminfo", "re");
	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "PageTables: %ld kB", &kib) == 1)
			break;
	if (in)
		fclose(in);
	return kib < 0 ? kib : kib - (long)(vm_pte_bytes() / 1024);
}

static const char *once(struct starved *s, const struct call *call,
			unsigned int nth, bool *injected)
{
	const char *why = call->prepare(s), *after;
	int err;

	*injected = false;
	if (why)
		return why;
	if (nth)
		inject_arm(nth, call->lasting);
	err = call->call(s);
	if (nth)
		*injected = inject_disarm();
	s->calls++;
	s->failed += err != 0;
	if (err && err != -ENOMEM)
		why = ktap_say("failed with %s", strerror(-err));
	else if (err && !*injected)
		why = "failed, and no allocation did";
	else
		why = call->check(s, err);
	after = call->clean(s);
	return why ? why : after;
}

/* The first allocation fails, the second, ... until there are no more of them. */
static const char *round_of(struct starved *s, const struct call *call)
{
	for (unsigned int nth = 1; nth <= MOST_ALLOCATIONS; nth++) {
		char text[200];
		bool injected;
		const char *why = once(s, call, nth, &injected);

		if (why) {
			snprintf(text, sizeof(text), "%s", why);
			return ktap_say("allocation %u failed: %s", nth, text);
		}
		if (!injected)
			return NULL;
	}
	return "still allocates";
}

const char *starve(struct starved *s, const struct call *call, bool must_fail)
{
	uint64_t failed;
	bool injected;
	/* Once without, so that code and stack are there. */
	const char *why = once(s, call, 0, &injected);

	failed = s->failed;
	for (int i = 0; !why && i < ROUNDS; i++)
		why = round_of(s, call);
	if (!why && must_fail && s->failed == failed)
		why = "no failure reached the call";
	return why;
}

const char *reserve(struct starved *s, uint64_t page, uint64_t pages,
		    uint64_t align)
{
	if (mapping_reserve(&s->mapping, page * PAGE, pages * PAGE, align))
		return "no address space";
	s->view = (struct view){
		.addr = s->mapping.addr, .page = page, .pages = pages};
	s->tables = vm_pte_bytes();
	return NULL;
}

const char *place(struct starved *s, uint64_t page, uint64_t pages,
		  uint64_t align)
{
	const char *why = reserve(s, page, pages, align);

	if (!why && mapping_map(&s->mapping, &s->bar, page * PAGE,
				PROT_READ | PROT_WRITE))
		why = "mmap failed";
	return why ? why : all_right(&s->view);
}

const char *unplace(struct starved *s)
{
	int64_t left;

	munmap(s->mapping.addr, s->mapping.length);
	left = vm_pte_bytes() - s->tables;
	mapping_release(&s->mapping);
	if (!left)
		return NULL;
	return ktap_say("%ld bytes of page tables are left", left);
}

/*
 * Page @i of a view is looked at where a table or a leaf begins or ends near it,
 * or the view; of the others one in so many. All of them, on a kernel with KASAN
 * under TCG, would take minutes a call.
 */
static bool looked_at(const struct view *v, uint64_t i)
{
	uint64_t in_leaf = ((uintptr_t)v->addr / PAGE + i) % PMD_PAGES;
	uint64_t in_pud = ((uintptr_t)v->addr / PAGE + i) % PUD_PAGES;

	if (i < EDGE || i + EDGE >= v->pages)
		return true;
	if (v->pages > MOST_EDGES * PMD_PAGES)
		return in_pud < EDGE || in_pud + EDGE >= PUD_PAGES ||
		       i % SPARSE == 0;
	return in_leaf < EDGE || in_leaf + EDGE >= PMD_PAGES || i % STRIDE == 0;
}

struct sight look(const struct view *v)
{
	struct sight sum = {0};

	for (uint64_t i = 0; i < v->pages; i++) {
		struct view page = {.addr = v->addr + i * PAGE,
				    .page = v->page + i,
				    .pages = 1};
		struct sight one;

		if (!looked_at(v, i))
			continue;
		one = view_look(&page);
		sum.right += one.right;
		sum.wrong += one.wrong;
		sum.sigbus += one.sigbus;
		if (one.wrong)
			sum.odd = one.odd;
	}
	return sum;
}

static const char *not_all(const struct sight *s, const char *what)
{
	return ktap_say("%s: of the pages looked at %lu are right, %lu SIGBUS, "
			"%lu wrong (%#lx)",
			what, s->right, s->sigbus, s->wrong, s->odd);
}

const char *all_right(const struct view *v)
{
	struct sight s = look(v);

	return s.wrong || s.sigbus ? not_all(&s, "not all there") : NULL;
}

const char *all_sigbus(const struct view *v)
{
	struct sight s = look(v);

	return s.wrong || s.right ? not_all(&s, "leak") : NULL;
}

const char *all_or_nothing(const struct view *v)
{
	struct sight s = look(v);

	if (!s.wrong && (!s.right || !s.sigbus))
		return NULL;
	return not_all(&s, "half mapped");
}

const char *toggled(struct starved *s)
{
	const char *why;

	if (device_memory_enable(&s->bar, false))
		return "disable failed";
	why = all_sigbus(&s->view);
	if (device_memory_enable(&s->bar, true))
		return "enable failed";
	return why ? why : all_right(&s->view);
}

static int map(struct starved *s)
{
	return mapping_map(&s->mapping, &s->bar, s->view.page * PAGE,
			   PROT_READ | PROT_WRITE);
}

/* A call that failed leaves no VMA, and no page table. */
static const char *mapped_or_not(struct starved *s, int err)
{
	int64_t left;
	void *at;

	if (!err)
		return all_right(&s->view);
	left = vm_pte_bytes() - s->tables;
	if (left)
		return ktap_say("mmap() failed and left %ld bytes of page "
				"tables",
				left);
	at = mmap(s->mapping.addr, s->mapping.length, PROT_NONE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return at == MAP_FAILED ? "mmap() failed and left a VMA" : NULL;
}

static const char *prepare_odd(struct starved *s)
{
	return reserve(s, ODD_PAGE, ODD_PAGES, PAGE);
}

static const char *prepare_aligned(struct starved *s)
{
	return reserve(s, ODD_PAGE, ODD_PAGES, PMD_PAGES * PAGE);
}

static const char *starved_mmap(void *context)
{
	static const struct call call = {
		.prepare = prepare_odd,
		.call = map,
		.check = mapped_or_not,
		.clean = unplace,
	};
	struct starved *s = context;

	return starve(s, &call, s->eager);
}

static const char *starved_mmap_aligned(void *context)
{
	static const struct call call = {
		.prepare = prepare_aligned,
		.call = map,
		.check = mapped_or_not,
		.clean = unplace,
	};
	struct starved *s = context;

	return starve(s, &call, s->eager);
}

static int touch(struct starved *s)
{
	uint64_t value;

	/* The kernel tries such a fault again; a signal would be one too many. */
	return probe_read(s->view.addr + (s->view.pages / 2) * PAGE, &value);
}

static const char *map_odd(struct starved *s)
{
	const char *why = prepare_odd(s);

	if (!why && map(s))
		why = "mmap failed";
	return why;
}

static const char *all_there(struct starved *s, int err)
{
	(void)err;
	return all_right(&s->view);
}

static const char *starved_touch(void *context)
{
	static const struct call call = {
		.prepare = map_odd,
		.call = touch,
		.check = all_there,
		.clean = unplace,
	};

	return starve(context, &call, false);
}

static long tables_at_first = -1;

static const char *tables_before(void *context)
{
	(void)context;
	tables_at_first = tables_of_others();
	return tables_at_first < 0 ? "/proc/meminfo has no PageTables" : NULL;
}

/*
 * Processes that have ended give their page tables back a little later, those
 * of an mm that was pinned from a work item.
 */
static long tables_above(long before)
{
	long now = tables_of_others();

	for (int i = 0; i < 50 && now > before; i++) {
		usleep(100000);
		now = tables_of_others();
	}
	return now - before;
}

static const char *all_again(struct starved *s);

/*
 * The kernel has tables for itself, of which there are more when it maps more. A
 * call that leaves one behind does so each time; those come to an end.
 */
static const char *none_left(void *context)
{
	long more = tables_above(tables_at_first), before;

	for (int i = 0; more > 0 && i < AGAIN; i++) {
		const char *why;

		before = tables_of_others();
		why = all_again(context);
		if (why)
			return why;
		more = tables_above(before);
	}
	if (more <= 0)
		return NULL;
	return ktap_say("each time that all is done again, there are more: "
			"%ld KiB at last",
			more);
}

static const struct ktap_test tests[] = {
	{.name = "starved: page tables of all processes are counted",
	 .run = tables_before},
	{.name = "starved: mmap, askew", .run = starved_mmap},
	{.name = "starved: mmap, aligned", .run = starved_mmap_aligned},
	{.name = "starved: a touch", .run = starved_touch},
	{.name = "starved: enable, several VMAs and processes, once",
	 .run = starved_enable_once},
	{.name = "starved: enable, several VMAs and processes, on and on",
	 .run = starved_enable},
	{.name = "starved: reset after an enable that failed",
	 .run = starved_reset},
	{.name = "starved: munmap of a part", .run = starved_munmap},
	{.name = "starved: munmap of a part of a PUD leaf",
	 .run = starved_munmap_pud},
	{.name = "starved: mprotect of a part", .run = starved_mprotect},
	{.name = "starved: mremap, askew", .run = starved_mremap},
	{.name = "starved: fork", .run = starved_fork},
	{.name = "starved: no page table is left behind", .run = none_left},
};

static const char *all_again(struct starved *s)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		const char *why;

		if (tests[i].run == tables_before || tests[i].run == none_left)
			continue;
		why = tests[i].run(s);
		if (why && strncmp(why, "SKIP", 4))
			return why;
	}
	return NULL;
}

/* starve [TEXT]...: the tests whose name holds a TEXT, else all. */
int main(int argc, char **argv)
{
	static struct starved s;
	struct utsname u;
	char why[256];
	int failed, err;

	(void)argc;
	uname(&u);
	s.eager = strstr(u.release, "-eager");
	s.huge = strstr(u.release, "-eager-huge");
	if (sigbus_init() || access_init()) {
		fprintf(stderr, "starve: no signal can be caught\n");
		return EXIT_BROKEN;
	}
	err = inject_init();
	if (err) {
		fprintf(stderr, "starve: fail_page_alloc: %s\n",
			strerror(-err));
		return EXIT_SKIPPED;
	}
	if (device_open(&s.bar, "1af4:1110", 0, INTERFACE_ANY, why)) {
		fprintf(stderr, "starve: device: %s\n", why);
		return EXIT_BROKEN;
	}
	failed = ktap_run(tests, sizeof(tests) / sizeof(*tests), argv + 1, NULL,
			  &s);
	printf("# operations: %lu\n# starved calls that failed: %lu\n", s.calls,
	       s.failed);
	device_close(&s.bar);
	return failed ? EXIT_BROKEN : EXIT_FINE;
}
