// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every variant's kernel must keep, whatever populates its page tables:
 * no access reaches a BAR that is disabled, and when the call that enables it
 * has returned every page of every mapping is there and is the right one; on
 * the eager ones without a fault. Run in the guest; KTAP on stdout.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "access.h"
#include "contract.h"
#include "ktap.h"
#include "pfnbench/exit.h"
#include "races.h"
#include "rig/kernel-log.h"
#include "rig/sigbus.h"
#include "site.h"
#include "watchdog.h"

/* No single test takes so long, on the slowest debug kernel. */
#define PATIENCE 240

const char *first_of(const char *a, const char *b)
{
	return a ? a : b;
}

const char *clean_log(void *context)
{
	json_t *lines = kernel_log_bad_lines();
	const char *why = NULL;

	(void)context;
	if (json_array_size(lines))
		why = ktap_say("%zu lines, the first: %s",
			       json_array_size(lines),
			       json_string_value(json_array_get(lines, 0)));
	json_decref(lines);
	return why;
}

#define TEST(name, fn)                                                         \
	{                                                                      \
		name, fn, NULL, 0                                              \
	}
#define SITE(name, id)                                                         \
	{                                                                      \
		"site: " name, NULL, at_site, id                               \
	}
#define RACE(name, fn, id)                                                     \
	{                                                                      \
		"race: " name, NULL, fn, id                                    \
	}

static const struct ktap_test tests[] = {
	TEST("every page of the BAR is the right one", stamps),
	TEST("one mapping: SIGBUS while disabled, right after enable",
	     one_mapping),
	TEST("several mappings of one BAR", several_mappings),
	TEST("several BARs", several_bars),
	TEST("several devices", several_devices),
	TEST("several descriptors of one device", several_descriptors),
	TEST("a mapping made while disabled", mapped_while_disabled),
	TEST("a write that changes nothing maps nothing twice", written_twice),
	TEST("PCI_COMMAND written in parts", command_by_parts),
	TEST("pieces left by munmap, mprotect and mremap", pieces),
	TEST("MAP_FIXED over a part", map_fixed_over),
	TEST("munmap of a part while disabled", unmapped_while_disabled),
	TEST("munmap of a part of a PMD leaf", pmd_unmapped),
	TEST("mprotect of a part of a PMD leaf", pmd_protected),
	TEST("mremap of PMD leaves: whole, askew, in part", pmd_moved),
	TEST("munmap of a part of a PUD leaf", pud_unmapped),
	TEST("mprotect of a part of a PUD leaf", pud_protected),
	TEST("mremap of a PUD leaf", pud_moved),
	TEST("mremap of a PUD leaf: askew, in part", pud_moved_askew),
	SITE("PCI_COMMAND", SITE_COMMAND),
	SITE("VFIO_DEVICE_RESET", SITE_RESET),
	SITE("hot reset", SITE_HOT_RESET),
	SITE("function-level reset by the PCIe capability", SITE_FLR),
	SITE("function-level reset by the AF capability", SITE_AF_FLR),
	SITE("D3hot and D0", SITE_D3HOT),
	SITE("low power entry and exit", SITE_LOW_POWER),
	SITE("low power and wake-up", SITE_WAKE_UP),
	SITE("BAR restore", SITE_BAR_RESTORE),
	TEST("reset in D3hot", reset_in_d3hot),
	TEST("reset in low power", reset_in_low_power),
	TEST("fork: the child's mapping", forked),
	TEST("fork while disabled", forked_while_disabled),
	TEST("exit in the middle", exited),
	TEST("kill -9 of a process that maps", killed),
	TEST("kill -9 of a process that enables", killed_enabling),
	TEST("several that enable at once", enabled_at_once),
	TEST("close and reopen", reopened),
	TEST("group and cdev", both_interfaces),
	TEST("unbind", unbound),
	RACE("touch against disable and enable", race_command, OPERATION_TOUCH),
	RACE("mmap and munmap against disable and enable", race_command,
	     OPERATION_MAP),
	RACE("fork and exit against disable and enable", race_command,
	     OPERATION_FORK),
	RACE("exit in the middle against disable and enable", race_command,
	     OPERATION_EXIT),
	RACE("kill -9 against disable and enable", race_command,
	     OPERATION_KILL),
	RACE("munmap of a part against disable and enable", race_command,
	     OPERATION_MUNMAP),
	RACE("mremap against disable and enable", race_command,
	     OPERATION_MREMAP),
	RACE("mprotect against disable and enable", race_command,
	     OPERATION_MPROTECT),
	RACE("MAP_FIXED over a part against disable and enable", race_command,
	     OPERATION_MAP_FIXED),
	RACE("another descriptor against disable and enable", race_command,
	     OPERATION_DESCRIPTOR),
	RACE("pieces of a PUD leaf against disable and enable", race_command,
	     OPERATION_PUD_LEAF),
	RACE("touch against resets", race_reset, OPERATION_TOUCH),
	RACE("mmap and munmap against resets", race_reset, OPERATION_MAP),
	RACE("fork and exit against resets", race_reset, OPERATION_FORK),
	RACE("exit in the middle against resets", race_reset, OPERATION_EXIT),
	RACE("kill -9 against resets", race_reset, OPERATION_KILL),
	RACE("munmap of a part against resets", race_reset, OPERATION_MUNMAP),
	RACE("mremap against resets", race_reset, OPERATION_MREMAP),
	RACE("mprotect against resets", race_reset, OPERATION_MPROTECT),
	RACE("MAP_FIXED over a part against resets", race_reset,
	     OPERATION_MAP_FIXED),
	RACE("another descriptor against resets", race_reset,
	     OPERATION_DESCRIPTOR),
	RACE("pieces of a PUD leaf against resets", race_reset,
	     OPERATION_PUD_LEAF),
	RACE("touch against sleep and wake-up", race_power, OPERATION_TOUCH),
	RACE("mmap and munmap against sleep and wake-up", race_power,
	     OPERATION_MAP),
	RACE("fork and exit against sleep and wake-up", race_power,
	     OPERATION_FORK),
	RACE("touch against BAR restore", race_bar_restore, OPERATION_TOUCH),
	TEST("race: close and reopen against disable and enable", race_reopen),
	TEST("race: unbind against disable and enable", race_unbind),
	TEST("kernel log is clean", clean_log),
};

static struct timespec began; /* of the test that runs */

/* The kernel log around each test: a new bad line fails it. */
static size_t bad_lines;

static size_t count_bad_lines(void)
{
	json_t *lines = kernel_log_bad_lines();
	size_t count = json_array_size(lines);

	json_decref(lines);
	return count;
}

static void before(const struct ktap_test *test, size_t number)
{
	watchdog_test(number, test->name);
	clock_gettime(CLOCK_MONOTONIC, &began);
}

static const char *after(const struct ktap_test *test, const char *why)
{
	json_t *lines = kernel_log_bad_lines();
	size_t count = json_array_size(lines);
	struct timespec now;

	(void)test;
	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("# %ld ms\n", (now.tv_sec - began.tv_sec) * 1000 +
				     (now.tv_nsec - began.tv_nsec) / 1000000);
	if (count > bad_lines)
		why = ktap_say(
			"%s%skernel log: %s", why ? why : "", why ? "; " : "",
			json_string_value(json_array_get(lines, bad_lines)));
	bad_lines = count;
	json_decref(lines);
	return why;
}

static const struct ktap_hooks hooks = {before, after};

static int open_devices(struct contract *c)
{
	char why[256];
	struct view v;

	if (device_open(&c->bar, CONTRACT_BAR, 0, c->interface, why) ||
	    device_open(&c->flr, CONTRACT_FLR, 0, c->interface, why)) {
		fprintf(stderr, "contract: device: %s\n", why);
		return -1;
	}
	/* nvme's capabilities; a constant of the device, and not 0. */
	if (view_map(&v, &c->flr, NULL, 0, 1) ||
	    access_read(v.addr, &c->flr_register) || !c->flr_register ||
	    c->flr_register == UINT64_MAX) {
		fprintf(stderr, "contract: %s: can't be read\n", CONTRACT_FLR);
		return -1;
	}
	view_unmap(&v);
	return 0;
}

static void inspect_kernel(struct contract *c)
{
	struct utsname u;

	uname(&u);
	c->eager = strstr(u.release, "-eager");
	c->untouched = strstr(u.release, "-pfnbench-base");
	c->huge = strstr(u.release, "-huge-fault") ||
		  strstr(u.release, "-eager-huge");
	printf("# %s%s, by %s\n", u.release,
	       c->eager ? ", faults not allowed" : "",
	       c->interface == INTERFACE_CDEV ? "cdev" : "group");
}

static int usage(void)
{
	fputs("usage: contract [--interface group|cdev] [--seed N] "
	      "[--patience SECONDS] [--race SECONDS | TEXT...]\n"
	      "TEXT: only the tests whose name holds one; =NAME: only "
	      "that one;\n!TEXT: none whose name holds it\n",
	      stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"interface", required_argument, NULL, 'i'},
		{"patience", required_argument, NULL, 'p'},
		{"race", required_argument, NULL, 'r'},
		{"seed", required_argument, NULL, 's'},
		{0},
	};
	static struct contract c = {.interface = INTERFACE_GROUP, .seed = 1};
	unsigned int seconds = 0, patience = PATIENCE;
	int option, failed;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'i':
			if (!strcmp(optarg, "cdev"))
				c.interface = INTERFACE_CDEV;
			else if (strcmp(optarg, "group"))
				return usage();
			break;
		case 'p':
			patience = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'r':
			seconds = (unsigned int)strtoul(optarg, NULL, 10);
			if (!seconds)
				return usage();
			break;
		case 's':
			c.seed = strtoull(optarg, NULL, 10);
			break;
		default:
			return usage();
		}
	}
	if ((seconds && optind < argc) || !patience || watchdog_start(patience))
		return usage();
	bad_lines = count_bad_lines();
	inspect_kernel(&c);
	printf("# seed: %lu\n", c.seed);
	sigbus_init();
	access_init();
	if (open_devices(&c))
		return EXIT_BROKEN;
	failed = seconds ? race_for(&c, seconds)
			 : ktap_run(tests, sizeof(tests) / sizeof(*tests),
				    &argv[optind], &hooks, &c);
	device_close(&c.bar);
	device_close(&c.flr);
	return failed ? EXIT_BROKEN : EXIT_FINE;
}
