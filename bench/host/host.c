// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "host/openers.h"
#include "host/storage.h"
#include "rig/sysfs.h"

int host_path(char path[PATH_MAX], const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(path, PATH_MAX, format, arguments);
	va_end(arguments);
	if (n >= 0 && n < PATH_MAX)
		return 0;
	path[0] = '\0';
	return -ENAMETOOLONG;
}

int host_line(const char *folder, const char *name, char *text, size_t size)
{
	char path[PATH_MAX];

	text[0] = '\0';
	if (host_path(path, "%s/%s", folder, name))
		return -ENAMETOOLONG;
	return sysfs_line(path, text, size);
}

int host_number(const char *folder, const char *name, unsigned long *value)
{
	char text[64], *end;
	int err = host_line(folder, name, text, sizeof(text));

	if (err)
		return err;
	errno = 0;
	*value = strtoul(text, &end, 0);
	return errno || end == text || *end ? -EINVAL : 0;
}

int host_link(const char *folder, const char *name, char *text, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t n;

	text[0] = '\0';
	if (host_path(path, "%s/%s", folder, name))
		return -ENAMETOOLONG;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) >= size)
		return -ENAMETOOLONG;
	strcpy(text, last);
	return 0;
}

int host_entries(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int count = 0;

	if (!dir)
		return -errno;
	errno = 0;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			count++;
	count = errno ? -errno : count;
	closedir(dir);
	return count;
}

/* Not for writing: closing such a descriptor makes udev probe the device. */
int host_exclusive(const char *path)
{
	int fd = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw". */
static int parse_mount(const char *line, struct mount *m)
{
	unsigned int major, minor;
	const char *rest = strstr(line, " - ");

	if (sscanf(line, "%*d %*d %u:%u %*s %255s", &major, &minor, m->point) !=
		    3 ||
	    !rest || sscanf(rest + 3, "%31s %255s", m->type, m->source) < 1)
		return -EINVAL;
	m->number = makedev(major, minor);
	return 0;
}

static int read_mounts(struct host *host, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	while (!err && getline(&line, &size, file) >= 0) {
		struct mount m = {0};
		struct mount *more = reallocarray(
			host->mounts, host->mount_count + 1, sizeof(*more));

		if (!more) {
			err = -ENOMEM;
			break;
		}
		host->mounts = more;
		err = parse_mount(line, &m);
		more[host->mount_count++] = m;
	}
	free(line);
	/* Something is mounted everywhere: an empty file is no answer. */
	return err ? err : ferror(file) || !host->mount_count ? -EIO : 0;
}

int host_open(struct host *host, char what[256])
{
	char path[PATH_MAX];
	FILE *file;
	int err = host_path(path, "%s/self/mountinfo", host->proc);

	if (err)
		return err;
	snprintf(what, 256, "%.255s", path);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	err = read_mounts(host, file);
	fclose(file);
	if (err)
		return err;
	snprintf(what, 256, "%.255s", host->proc);
	err = openers_read(host);
	return err ? err : storage_find(host, what);
}

void host_free(struct host *host)
{
	free(host->mounts);
	free(host->openers);
	host->mounts = NULL;
	host->openers = NULL;
	host->mount_count = 0;
	host->opener_count = 0;
}
