// SPDX-License-Identifier: GPL-2.0-or-later
#include "stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfnbench/stamp.h"

/* Pages written at a time: one write a MiB. */
#define BATCH 256

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

static int write_stamps(int fd, uint64_t pages)
{
	char *batch = calloc(BATCH, STAMP_PAGE_SIZE);
	int err = batch ? 0 : -ENOMEM;

	for (uint64_t page = 0; !err && page < pages;) {
		uint64_t n = 0;

		for (; n < BATCH && page < pages; n++, page++) {
			uint64_t stamp = stamp_of((uint32_t)page);

			memcpy(batch + n * STAMP_PAGE_SIZE + STAMP_READ_OFFSET,
			       &stamp, sizeof(stamp));
		}
		err = write_all(fd, batch, n * STAMP_PAGE_SIZE);
	}
	free(batch);
	return err;
}

int stamp_file(const char *path, uint64_t size)
{
	char temporary[4096];
	struct stat old;
	int fd, err;

	/* The file is replaced; a device or a link is not ours to replace. */
	if (!lstat(path, &old) && !S_ISREG(old.st_mode))
		return S_ISDIR(old.st_mode) ? -EISDIR : -EEXIST;
	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	fd = mkstemp(temporary);
	if (fd < 0)
		return -errno;
	err = write_stamps(fd, size / STAMP_PAGE_SIZE);
	if (!err && fchmod(fd, 0644))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}
