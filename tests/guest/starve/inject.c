// SPDX-License-Identifier: GPL-2.0-or-later
#include "starve/inject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig/sysfs.h"

#define ATTRIBUTES "/sys/kernel/debug/fail_page_alloc/"

/* Of `times`: more failures than any call comes to. */
#define MANY 1000000

static int nth_fd = -1, marked_fd = -1;
static bool all_from_nth;

static int set(const char *name, const char *value)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), ATTRIBUTES "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -errno : 0;
}

static int set_number(const char *name, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return set(name, text);
}

/* How many failures are left of MANY; 0 if that can't be read. */
static long times_left(void)
{
	char text[16];

	return sysfs_line(ATTRIBUTES "times", text, sizeof(text)) ? 0
								  : atol(text);
}

static int open_own(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int inject_init(void)
{
	/* Page tables are single pages that may wait for reclaim. */
	int err = set("min-order", "0");

	if (!err)
		err = set("ignore-gfp-wait", "N");
	if (!err)
		err = set("verbose", "0");
	/* For threads that are marked: all that `space` does not let through. */
	if (!err)
		err = set("task-filter", "Y");
	if (!err)
		err = set("interval", "1");
	if (!err)
		err = set("probability", "100");
	if (err)
		return err;
	nth_fd = open_own("/proc/thread-self/fail-nth");
	marked_fd = open_own("/proc/thread-self/make-it-fail");
	return nth_fd < 0 ? nth_fd : marked_fd < 0 ? marked_fd : 0;
}

static void tell(int fd, unsigned int number)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%u", number);

	if (pwrite(fd, text, (size_t)size, 0) != size)
		abort();
}

void inject_arm(unsigned int nth, bool lasting)
{
	all_from_nth = lasting;
	if (!lasting) {
		tell(nth_fd, nth);
		return;
	}
	/* A page goes through while `space` is larger than one. */
	if (set_number("space", nth) || set_number("times", MANY))
		abort();
	tell(marked_fd, 1);
}

bool inject_disarm(void)
{
	char text[16] = "";
	unsigned long left;

	if (all_from_nth) {
		tell(marked_fd, 0);
		return times_left() < MANY;
	}
	/* What is left to count: none, if it has come to the failure. */
	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		abort();
	left = strtoul(text, NULL, 10);
	tell(nth_fd, 0);
	return !left;
}
