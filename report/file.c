// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (256 << 20)

static int read_all(int fd, char *data, size_t size)
{
	for (size_t have = 0; have < size;) {
		ssize_t n = read(fd, data + have, size - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		have += (size_t)n;
	}
	return 0;
}

static int read_open(int fd, char **data, size_t *size, struct why *why)
{
	struct stat st;
	int err;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return refuse(why, "not a regular file");
	if (st.st_size > FILE_MAX_BYTES)
		return refuse(why, "larger than 256 MiB");
	*size = (size_t)st.st_size;
	*data = malloc(*size + 1);
	if (!*data)
		return -ENOMEM;
	err = read_all(fd, *data, *size);
	if (!err)
		return 0;
	free(*data);
	*data = NULL;
	return refuse(why, "%s", strerror(-err));
}

int file_read(const char *path, char **data, size_t *size, struct why *why)
{
	/* Non-blocking: a FIFO under this name must not hang the reader. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return refuse(why, "%s", strerror(errno));
	err = read_open(fd, data, size, why);
	close(fd);
	return err;
}

static int write_all(int fd, const char *data, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, data + done, size - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			done += (size_t)n;
	}
	return 0;
}

static int write_then_rename(char *temporary, const char *path,
			     const char *data, size_t size)
{
	int fd = mkostemp(temporary, O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, data, size);
	/* mkostemp makes it 0600; results are for everybody. */
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

int file_write(const char *folder, const char *name, const char *data,
	       size_t size)
{
	char *path = NULL, *temporary = NULL;
	int err = -ENOMEM;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		path = NULL;
	else if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		temporary = NULL;
	else
		err = write_then_rename(temporary, path, data, size);
	free(temporary);
	free(path);
	return err;
}
