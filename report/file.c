// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/limits.h"

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

int file_open(const char *path, unsigned int mib, int *fd, uint64_t *size,
	      struct why *why)
{
	struct stat st;
	int err = 0;

	/* Non-blocking: a FIFO under this name must not hang the reader. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return refuse(why, "%s", strerror(errno));
	if (fstat(*fd, &st) || !S_ISREG(st.st_mode))
		err = refuse(why, "not a regular file");
	else if ((uint64_t)st.st_size > mib * MIB)
		err = refuse(why, "file is larger than %u MiB", mib);
	else
		*size = (uint64_t)st.st_size;
	if (err)
		close(*fd);
	return err;
}

int file_read(const char *path, char **data, size_t *size, struct why *why)
{
	uint64_t length;
	int fd, err = file_open(path, DOCUMENT_MIB, &fd, &length, why);

	if (err)
		return err;
	*size = (size_t)length;
	*data = malloc(*size + 1);
	err = *data ? read_all(fd, *data, *size) : -ENOMEM;
	close(fd);
	if (!err)
		return 0;
	free(*data);
	*data = NULL;
	return err == -ENOMEM ? err : refuse(why, "%s", strerror(-err));
}

bool same_folder(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
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
