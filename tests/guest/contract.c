// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every variant's kernel must keep, whatever populates its page tables:
 * no access reaches a BAR that is disabled, and when the call that enables it
 * has returned every page of every mapping is there and is the right one; on
 * the eager ones without a fault. Run in the guest; KTAP on stdout.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract.h"
#include "ktap.h"
#include "pfnbench/exit.h"
#include "rig/kernel-log.h"
#include "rig/process.h"
#include "rig/sigbus.h"

#define PAGE 4096
#define PMD_PAGES 512
/* A length that is no multiple of a leaf, from a page that is not either. */
#define ODD_PAGE 3
#define ODD_PAGES (3 * PMD_PAGES + 5)

const char *first_of(const char *a, const char *b)
{
	return a ? a : b;
}

static const char *stamps(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (!c->bar.stamped)
		return "the BAR is not stamped: nothing here can be checked";
	if (view_map(&v, &c->bar, NULL, 0, c->bar.size / PAGE))
		return "mmap failed";
	why = view_all_right(&v);
	view_unmap(&v);
	return why;
}

/* Disable, look, enable, look; on the eager ones without a fault. */
static const char *toggle_views(struct contract *c, struct view *views,
				size_t count)
{
	const char *why = NULL;
	uint64_t faults;

	if (device_memory_enable(&c->bar, false))
		return "disable failed";
	for (size_t i = 0; !why && i < count; i++)
		why = view_all_sigbus(&views[i]);
	if (device_memory_enable(&c->bar, true))
		return "enable failed";
	faults = faults_now();
	for (size_t i = 0; !why && i < count; i++)
		why = view_all_right(&views[i]);
	faults = faults_now() - faults;
	if (!why && c->eager && faults)
		why = ktap_say("%lu faults after enable", faults);
	return why;
}

static const char *one_mapping(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	why = first_of(view_all_right(&v), toggle_views(c, &v, 1));
	view_unmap(&v);
	return why;
}

static const char *several_mappings(void *context)
{
	struct contract *c = context;
	struct view v[5] = {0};
	const char *why = NULL;

	for (size_t i = 0; !why && i < 5; i++)
		if (view_map(&v[i], &c->bar, NULL, i * 100, 700))
			why = "mmap failed";
	if (!why)
		why = toggle_views(c, v, 5);
	for (size_t i = 0; i < 5; i++)
		view_unmap(&v[i]);
	return why;
}

static const char *mapped_while_disabled(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;
	int err;

	device_memory_enable(&c->bar, false);
	err = view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES);
	why = err ? "mmap failed" : view_all_sigbus(&v);
	device_memory_enable(&c->bar, true);
	if (!why)
		why = view_all_right(&v);
	if (!err)
		view_unmap(&v);
	return why;
}

/* A write that leaves memory as it is must neither map twice nor lose. */
static const char *written_twice(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	device_memory_enable(&c->bar, true);
	why = view_all_right(&v);
	device_memory_enable(&c->bar, false);
	device_memory_enable(&c->bar, false);
	why = first_of(why, view_all_sigbus(&v));
	device_memory_enable(&c->bar, true);
	device_memory_enable(&c->bar, true);
	why = first_of(why, view_all_right(&v));
	view_unmap(&v);
	return why;
}

static const char *after_reset(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;
	uint64_t faults;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	why = view_all_right(&v);
	if (!why && device_reset(&c->bar))
		why = "reset failed";
	faults = faults_now();
	why = first_of(why, view_all_right(&v));
	faults = faults_now() - faults;
	if (!why && c->eager && faults)
		why = ktap_say("%lu faults after reset", faults);
	/* Disabled by the user, a reset does not give the BAR back. */
	device_memory_enable(&c->bar, false);
	device_reset(&c->bar);
	why = first_of(why, view_all_sigbus(&v));
	device_memory_enable(&c->bar, true);
	why = first_of(why, view_all_right(&v));
	view_unmap(&v);
	return why;
}

/* nvme: its capabilities register is never zero nor all ones. */
static const char *after_function_reset(void *context)
{
	struct contract *c = context;
	uint64_t before = 0, after = 0, value;
	struct view v;
	const char *why = NULL;

	if (view_map(&v, &c->flr, NULL, 0, 1))
		return "mmap failed";
	if (probe_read(v.addr, &before) || !before || before == UINT64_MAX)
		why = ktap_say("register reads %#lx", before);
	if (!why && device_reset(&c->flr))
		why = "reset failed";
	if (!why && (probe_read(v.addr, &after) || after != before))
		why = ktap_say("%#lx before, %#lx after", before, after);
	device_memory_enable(&c->flr, false);
	if (!why && !probe_read(v.addr, &value))
		why = ktap_say("leak: %#lx", value);
	device_memory_enable(&c->flr, true);
	if (!why && (probe_read(v.addr, &after) || after != before))
		why = ktap_say("%#lx before, %#lx after enable", before, after);
	view_unmap(&v);
	return why;
}

/* What is left of a mapping after parts of it went, moved, or changed. */
static const char *pieces(void *context)
{
	struct contract *c = context;
	struct view v, piece[4];
	unsigned char *addr;
	const char *why;
	void *moved;

	if (view_map(&v, &c->bar, NULL, 0, 8 * PMD_PAGES))
		return "mmap failed";
	addr = (unsigned char *)v.addr;
	why = view_all_right(&v);
	munmap(addr + 700 * PAGE, 10 * PAGE);
	mprotect(addr + 1500 * PAGE, 20 * PAGE, PROT_READ);
	moved = mmap(NULL, 600 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		     -1, 0);
	moved = mremap(addr + 2000 * PAGE, 600 * PAGE, 600 * PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, moved);
	if (moved == MAP_FAILED) {
		view_unmap(&v);
		return "mremap failed";
	}
	piece[0] = (struct view){addr, 0, 700};
	piece[1] = (struct view){addr + 710 * PAGE, 710, 1290};
	piece[2] = (struct view){moved, 2000, 600};
	piece[3] = (struct view){addr + 2600 * PAGE, 2600, 1496};
	for (size_t i = 0; !why && i < 4; i++)
		why = view_all_right(&piece[i]);
	if (!why)
		why = toggle_views(c, piece, 4);
	munmap(moved, 600 * PAGE);
	view_unmap(&v);
	return why;
}

static const char *map_fixed_over(void *context)
{
	struct contract *c = context;
	struct view whole, over, part[2];
	const char *why;

	if (view_map(&whole, &c->bar, NULL, 0, 2000) ||
	    view_map(&over, &c->bar, (void *)(whole.addr + 600 * PAGE), 5, 300))
		return "mmap failed";
	part[0] = (struct view){whole.addr, 0, 600};
	part[1] = (struct view){whole.addr + 900 * PAGE, 900, 1100};
	why = first_of(view_all_right(&over), view_all_right(&part[1]));
	if (!why)
		why = toggle_views(c, part, 2);
	if (!why)
		why = toggle_views(c, &over, 1);
	view_unmap(&whole);
	return why;
}

static const char *unmapped_while_disabled(void *context)
{
	struct contract *c = context;
	struct view v, rest;

	if (view_map(&v, &c->bar, NULL, 0, 2000))
		return "mmap failed";
	device_memory_enable(&c->bar, false);
	munmap((void *)(v.addr + 100 * PAGE), 1000 * PAGE);
	device_memory_enable(&c->bar, true);
	rest = (struct view){v.addr + 1100 * PAGE, 1100, 900};
	v.pages = 100;
	munmap((void *)(rest.addr + 800 * PAGE), 100 * PAGE);
	rest.pages = 800;
	{
		const char *why =
			first_of(view_all_right(&v), view_all_right(&rest));

		view_unmap(&v);
		view_unmap(&rest);
		return why;
	}
}

static const struct ktap_test tests[] = {
	{"every page of the BAR is the right one", stamps},
	{"one mapping: SIGBUS while disabled, right after enable", one_mapping},
	{"several mappings of one BAR", several_mappings},
	{"a mapping made while disabled", mapped_while_disabled},
	{"a write that changes nothing maps nothing twice", written_twice},
	{"VFIO_DEVICE_RESET, also of a disabled device", after_reset},
	{"function-level reset of nvme", after_function_reset},
	{"pieces left by munmap, mprotect and mremap", pieces},
	{"MAP_FIXED over a part", map_fixed_over},
	{"munmap of a part while disabled", unmapped_while_disabled},
	{"munmap of a part of a PMD leaf", pmd_unmapped},
	{"mprotect of a part of a PMD leaf", pmd_protected},
	{"mremap of PMD leaves: whole, askew, in part", pmd_moved},
	{"munmap of a part of a PUD leaf", pud_unmapped},
	{"mprotect of a part of a PUD leaf", pud_protected},
	{"mremap of a PUD leaf", pud_moved},
	{"mremap of a PUD leaf: askew, in part", pud_moved_askew},
	{"other processes: their own mappings", other_processes},
	{"fork: the child's mapping", forked},
	{"fork while disabled", forked_while_disabled},
	{"kill -9 of a process that maps", killed},
	{"race: touch against disable and enable", race_touch},
	{"race: mmap and munmap against disable and enable", race_mmap},
	{"race: fork and exit against disable and enable", race_fork},
	{"race: reset against touch", race_reset},
	{"kernel log is clean", clean_log},
};

/* contract [TEXT]: the tests whose name holds TEXT, else all. */
int main(int argc, char **argv)
{
	static struct contract c;
	struct utsname u;
	char why[256];
	int failed;

	uname(&u);
	c.eager = strstr(u.release, "-eager");
	c.untouched = strstr(u.release, "-pfnbench-base");
	sigbus_init();
	if (device_open(&c.bar, "1af4:1110", 0, INTERFACE_ANY, why) ||
	    device_open(&c.flr, "1b36:0010", 0, INTERFACE_ANY, why)) {
		fprintf(stderr, "contract: device: %s\n", why);
		return EXIT_BROKEN;
	}
	printf("# %s%s\n", u.release, c.eager ? ", faults not allowed" : "");
	failed = ktap_run(tests, sizeof(tests) / sizeof(*tests),
			  argc > 1 ? argv[1] : NULL, &c);
	device_close(&c.bar);
	device_close(&c.flr);
	return failed ? EXIT_BROKEN : EXIT_FINE;
}
