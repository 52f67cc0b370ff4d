// SPDX-License-Identifier: GPL-2.0-or-later
/* What of bench/host a tree of files can't show: tests/cli/devices.sh. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/names.h"
#include "host/openers.h"
#include "host/use.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *text, *address;
	} cases[] = {
		{"0000:65:00.0", "0000:65:00.0"},
		{"65:00.0", "0000:65:00.0"},
		/* Upper case is taken, and written as sysfs does. */
		{"0:1F.7", "0000:00:1f.7"},
		{"10000:E1:00.0", "10000:e1:00.0"},
		{"0000:65:20.0", NULL},
		{"0000:65:00.8", NULL},
		{"0000:65:00", NULL},
		{"0000:65:00.0x", NULL},
		{"65:00.0/../x", NULL},
		{"", NULL},
	};
	char address[16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int err = function_address(cases[i].text, address);

		assert_int_equal(err, cases[i].address ? 0 : -EINVAL);
		if (cases[i].address)
			assert_string_equal(address, cases[i].address);
	}
}

static void test_verdict(void **state)
{
	struct verdict v = {0};

	(void)state;
	assert_true(verdict_allows(&v, false));
	verdict_add(&v, UNLESS_FORCED, "up", "interface %s is up",
		    "eth\x1b[0m");
	assert_string_equal(v.reasons[0].text, "interface eth?[0m is up");
	verdict_add(&v, UNLESS_FORCED, "up", "interface %s is up",
		    "eth\x1b[0m");
	assert_int_equal(v.count, 1);
	assert_false(verdict_allows(&v, false));
	assert_true(verdict_allows(&v, true));
}

/* However many reasons there are, one that can't be forced is not lost. */
static void test_verdict_full(void **state)
{
	struct verdict v = {0};

	(void)state;
	for (int i = 0; i < MOST_REASONS + 5; i++)
		verdict_add(&v, UNLESS_FORCED, "up", "%d", i);
	assert_int_equal(v.count, MOST_REASONS);
	assert_true(verdict_allows(&v, true));
	verdict_add(&v, NEVER, "mounted", "disk");
	assert_int_equal(v.count, MOST_REASONS);
	assert_false(verdict_allows(&v, true));
}

static const char ids[] = "# comment\n"
			  "8086  Intel Corporation\n"
			  "\t100e  82540EM\n"
			  "\t\t1af4 1100  QEMU Virtual Machine\n"
			  "1af4  Red Hat, Inc.\n"
			  "\t100e  not this one\n"
			  "C 02  Network controller\n"
			  "\t100e  nor this\n";

static void test_names(void **state)
{
	struct function f[2] = {{.vendor = 0x8086, .device = 0x100e},
				{.vendor = 0x1af4, .device = 0x1100}};
	char path[] = "/tmp/pfnbench-test-host.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, ids, strlen(ids)), strlen(ids));
	close(fd);
	assert_true(names_fill_from(path, f, 2));
	unlink(path);
	assert_string_equal(f[0].vendor_name, "Intel Corporation");
	assert_string_equal(f[0].device_name, "82540EM");
	assert_string_equal(f[1].vendor_name, "Red Hat, Inc.");
	assert_string_equal(f[1].device_name, "");
	assert_false(names_fill_from(path, f, 2));
}

static int answer;

static int exclusive(const char *path)
{
	assert_string_equal(path, "/dev/pfnbench-no-such-disk");
	return answer;
}

/* What a disk is refused for that answers @err when it is claimed. */
static struct verdict claim(int err)
{
	char folder[] = "/tmp/pfnbench-test-host.XXXXXX", holders[64];
	struct node disk = {.subsystem = "block",
			    .has_number = true,
			    .number = makedev(259, 77),
			    .file = "pfnbench-no-such-disk"};
	const struct nodes nodes = {.list = &disk, .count = 1};
	const struct host host = {.sysfs = folder,
				  .proc = "/proc",
				  .dev = "/dev",
				  .exclusive = exclusive};
	struct verdict v = {0};

	assert_non_null(mkdtemp(folder));
	snprintf(holders, sizeof(holders), "%s/holders", folder);
	assert_int_equal(mkdir(holders, 0700), 0);
	disk.path = folder;
	disk.name = disk.path;
	answer = err;
	use_block(&host, &nodes, &v);
	rmdir(holders);
	rmdir(folder);
	return v;
}

static void test_claim(void **state)
{
	struct verdict v = claim(0);

	(void)state;
	assert_true(verdict_allows(&v, false));
	v = claim(-ENOMEDIUM);
	assert_true(verdict_allows(&v, false));
	v = claim(-EBUSY);
	assert_int_equal(v.count, 1);
	assert_string_equal(v.reasons[0].code, "claimed");
	assert_false(verdict_allows(&v, true));
	v = claim(-EACCES);
	assert_int_equal(v.count, 1);
	assert_string_equal(v.reasons[0].code, "unreadable");
	assert_false(verdict_allows(&v, true));
}

/* By number, whatever the node is called: this process's child has it open. */
static void test_openers(void **state)
{
	struct host host = {.sysfs = "/sys", .proc = "/proc", .dev = "/dev"};
	int pipes[2];
	pid_t child;
	char byte;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	child = fork();
	if (!child) {
		FILE *full = fopen("/dev/full", "r");

		_exit(!full || write(pipes[1], "x", 1) != 1 || pause());
	}
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	assert_int_equal(openers_read(&host), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(pipes[0]);
	close(pipes[1]);
	assert_non_null(opener_of(&host, false, makedev(1, 7), NULL));
	assert_non_null(opener_of(&host, false, 0, "full"));
	assert_null(opener_of(&host, true, makedev(1, 7), NULL));
	assert_null(opener_of(&host, false, makedev(1, 77), "fulles"));
	host_free(&host);
}

/*
 * What openers_read() makes, for a user who is not root, of a tree of processes
 * with one whose files may not be looked at, and this as its stat, or none:
 * whether it takes the list for incomplete, or 2.
 */
static int incomplete_with(const char *stat)
{
	char proc[] = "/tmp/pfnbench-openers.XXXXXX", path[64];
	struct host host = {.sysfs = "/sys", .proc = proc, .dev = "/dev"};
	int status;
	pid_t child;

	assert_non_null(mkdtemp(proc));
	assert_int_equal(chmod(proc, 0755), 0);
	snprintf(path, sizeof(path), "%s/77", proc);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/77/fd", proc);
	assert_int_equal(mkdir(path, 0), 0);
	snprintf(path, sizeof(path), "%s/77/stat", proc);
	if (stat) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		assert_true(fprintf(file, "77 (a) b) %s 1\n", stat) > 0);
		assert_int_equal(fclose(file), 0);
	}
	child = fork();
	if (!child) {
		if (!geteuid() && setuid(65534))
			_exit(2);
		_exit(openers_read(&host) ? 2 : host.openers_incomplete);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (stat)
		assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/77/fd", proc);
	assert_int_equal(rmdir(path), 0);
	*strrchr(path, '/') = '\0';
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(proc), 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A process that ends while it is looked at hides nothing; one that lives does. */
static void test_openers_of_ended(void **state)
{
	(void)state;
	assert_int_equal(incomplete_with(NULL), 0);
	assert_int_equal(incomplete_with("Z"), 0);
	assert_int_equal(incomplete_with("X"), 0);
	assert_int_equal(incomplete_with("S"), 1);
	assert_int_equal(incomplete_with("D"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_verdict_full),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_claim),
		cmocka_unit_test(test_openers),
		cmocka_unit_test(test_openers_of_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
