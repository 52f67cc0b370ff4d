// SPDX-License-Identifier: GPL-2.0-or-later
#include "starve/inject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATTRIBUTES "/sys/kernel/debug/fail_page_alloc/"

static int nth_fd = -1;

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

int inject_init(void)
{
	/* Page tables are single pages that may wait for reclaim. */
	int err = set("min-order", "0");

	if (!err)
		err = set("ignore-gfp-wait", "N");
	if (!err)
		err = set("verbose", "0");
	if (err)
		return err;
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return nth_fd < 0 ? -errno : 0;
}

void inject_arm(unsigned int nth)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, (size_t)size, 0) != size)
		abort();
}

bool inject_disarm(void)
{
	char text[16] = "";
	unsigned long left;

	/* What is left to count: none, if it has come to the failure. */
	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		abort();
	left = strtoul(text, NULL, 10);
	if (pwrite(nth_fd, "0", 1, 0) != 1)
		abort();
	return !left;
}
