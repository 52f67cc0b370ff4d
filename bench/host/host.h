/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host whose devices are looked at: where its sysfs, procfs and device
 * nodes are, and small reads below them. Tests put trees of their own there.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct opener {
	bool block; /* else a character device */
	dev_t number; /* 0:0 where only @path is known */
	int pid;
	char command[20]; /* "?" where it could not be read */
	char path[64]; /* as /proc/PID/fd shows it */
};

struct mount {
	dev_t number; /* of the file system; btrfs and the like make one up */
	char type[32];
	char source[256];
	char point[256]; /* as mountinfo has it, octal escapes and all */
};

struct host {
	const char *sysfs, *proc, *dev; /* "/sys", "/proc", "/dev" */
	/* Opens a block device O_EXCL and closes it; 0 or -errno. */
	int (*exclusive)(const char *path);

	struct mount *mounts;
	size_t mount_count;
	struct opener *openers;
	size_t opener_count;
	bool openers_incomplete; /* processes that could not be looked at */
	char storage[256]; /* what needs the network, or "" */
};

/*
 * Reads what all devices are judged by: mounts and open device nodes. 0, or
 * -errno with @what naming what could not be read; host_free() either way.
 */
int host_open(struct host *host, char what[256]);
void host_free(struct host *host);

/* 0 or -ENAMETOOLONG, and then the path is "". */
int host_path(char path[PATH_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The first line of the file @folder/@name; 0 or -errno with @text "". */
int host_line(const char *folder, const char *name, char *text, size_t size);
/* A number in the base that its prefix says. Same errors, and -EINVAL. */
int host_number(const char *folder, const char *name, unsigned long *value);
/* The last part of what the link points to. Same errors as host_line(). */
int host_link(const char *folder, const char *name, char *text, size_t size);
/* How many entries the folder has that are not . and ..; or -errno. */
int host_entries(const char *folder);
/* What a block device is opened with outside tests. */
int host_exclusive(const char *path);

#endif
