// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/openers.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int add(struct host *host, const struct opener *o)
{
	struct opener *more;

	for (size_t i = 0; i < host->opener_count; i++) {
		const struct opener *old = &host->openers[i];

		if (old->block == o->block && old->number == o->number &&
		    !strcmp(old->path, o->path))
			return 0;
	}
	more = reallocarray(host->openers, host->opener_count + 1,
			    sizeof(*more));
	if (!more)
		return -ENOMEM;
	host->openers = more;
	more[host->opener_count++] = *o;
	return 0;
}

/* The number is what counts; the path is for a node that was made elsewhere. */
static int look_at(struct host *host, int pid, const char *folder,
		   const char *name)
{
	struct opener o = {.pid = pid};
	char path[PATH_MAX], process[PATH_MAX], target[sizeof(o.path)];
	struct statx st = {0};
	ssize_t n;

	if (host_path(path, "%s/%s", folder, name))
		return -ENAMETOOLONG;
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return errno == ENOENT ? 0 : -errno;
	target[n] = '\0';
	/*
	 * /proc/PID/fd/N leads to the file itself, whatever it is called. Not
	 * synchronised: a server that does not answer is not waited for.
	 */
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_TYPE, &st))
		st.stx_mode = 0;
	if (S_ISBLK(st.stx_mode) || S_ISCHR(st.stx_mode))
		o.number = makedev(st.stx_rdev_major, st.stx_rdev_minor);
	else if (strncmp(target, "/dev/", 5))
		return 0;
	o.block = S_ISBLK(st.stx_mode);
	strcpy(o.path, target);
	if (host_path(process, "%s/%d", host->proc, pid) ||
	    host_line(process, "comm", o.command, sizeof(o.command)))
		strcpy(o.command, "?");
	return add(host, &o);
}

/*
 * Whether the task has ended, and is at most a zombie: its files then answer as
 * those of one that may not be looked at do.
 */
static bool has_ended(const char *task)
{
	char line[512], *state;
	int err = host_line(task, "stat", line, sizeof(line));

	if (err)
		return err == -ENOENT || err == -ESRCH;
	state = strrchr(line, ')');
	return state && strchr("ZXx", state[1] ? state[2] : ' ');
}

/*
 * One that ends while it is looked at has nothing open. Adds to @count how many
 * files there are.
 */
static int look_at_task(struct host *host, int pid, const char *task,
			size_t *count)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	int err = host_path(folder, "%s/fd", task);
	DIR *dir;

	if (err)
		return err;
	dir = opendir(folder);
	if (!dir) {
		if (errno != ENOENT && errno != ESRCH && !has_ended(task))
			host->openers_incomplete = true;
		return 0;
	}
	while (!err && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		err = look_at(host, pid, folder, entry->d_name);
		++*count;
	}
	closedir(dir);
	if (err == -EACCES || err == -EPERM) {
		if (!has_ended(task))
			host->openers_incomplete = true;
		err = 0;
	}
	return err == -ESRCH ? 0 : err;
}

/*
 * The first thread may have ended before others, which still have its files;
 * /proc/PID/fd is empty then.
 */
static int look_at_process(struct host *host, int pid)
{
	char path[PATH_MAX], task[PATH_MAX];
	struct dirent *entry;
	size_t count = 0;
	int err = host_path(path, "%s/%d", host->proc, pid);
	DIR *dir;

	if (!err)
		err = look_at_task(host, pid, path, &count);
	if (!err && !count)
		err = host_path(path, "%s/%d/task", host->proc, pid);
	dir = err || count ? NULL : opendir(path);
	if (!dir)
		return err;
	while (!err && (entry = readdir(dir)))
		if (atoi(entry->d_name) > 0 && atoi(entry->d_name) != pid &&
		    !host_path(task, "%s/%s", path, entry->d_name))
			err = look_at_task(host, pid, task, &count);
	closedir(dir);
	return err;
}

/* PROC_PID_INIT_INO of linux/proc_ns.h: who is in another sees its own only. */
#define WHOLE_NAMESPACE "pid:[4026531836]"

int openers_read(struct host *host)
{
	char self[PATH_MAX], namespace[64];
	struct dirent *entry;
	int err = host_path(self, "%s/self/ns", host->proc);
	DIR *dir;

	if (err)
		return err;
	/* A kernel without such namespaces has no such link. */
	if (host_link(self, "pid", namespace, sizeof(namespace)) != -ENOENT &&
	    strcmp(namespace, WHOLE_NAMESPACE))
		host->openers_incomplete = true;
	dir = opendir(host->proc);
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir))) {
		int pid = atoi(entry->d_name);

		if (pid > 0 && pid != getpid())
			err = look_at_process(host, pid);
	}
	closedir(dir);
	return err;
}

const struct opener *opener_of(const struct host *host, bool block,
			       dev_t number, const char *name)
{
	for (size_t i = 0; i < host->opener_count; i++) {
		const struct opener *o = &host->openers[i];

		if (o->block == block && o->number && o->number == number)
			return o;
		if (name && !strncmp(o->path, "/dev/", 5) &&
		    !strcmp(o->path + 5, name))
			return o;
	}
	return NULL;
}

const struct opener *opener_of_prefix(const struct host *host,
				      const char *prefix)
{
	for (size_t i = 0; i < host->opener_count; i++)
		if (!strncmp(host->openers[i].path, prefix, strlen(prefix)))
			return &host->openers[i];
	return NULL;
}
