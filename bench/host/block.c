// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks below a device. Whoever uses one would lose data: nothing is forced. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "host/use.h"

/*
 * Whether the path, as the kernel or a user wrote it, is the node's. One that is
 * elsewhere may be on a server that does not answer: it is not looked at.
 */
static bool is_node(const char *path, const struct node *node)
{
	struct stat st;

	if (strncmp(path, "/dev/", 5))
		return false;
	if (!strcmp(path + 5, node->file))
		return true;
	return !stat(path, &st) && S_ISBLK(st.st_mode) &&
	       st.st_rdev == node->number;
}

static void look_at_mounts(const struct host *host, const struct node *node,
			   struct verdict *v)
{
	for (size_t i = 0; i < host->mount_count; i++) {
		const struct mount *m = &host->mounts[i];

		if (m->number == node->number || is_node(m->source, node))
			verdict_add(v, NEVER, "mounted", "%s is mounted on %s",
				    node->file, m->point);
	}
}

static void look_at_swaps(const struct host *host, const struct node *node,
			  struct verdict *v)
{
	char path[PATH_MAX], line[512], name[256];
	int err = host_path(path, "%s/swaps", host->proc);
	FILE *file = err ? NULL : fopen(path, "re");

	if (!file) {
		/* A kernel without swap has no such file. */
		if (errno != ENOENT)
			verdict_unreadable(v, path, -errno);
		return;
	}
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%255s", name) == 1 && is_node(name, node))
			verdict_add(v, NEVER, "swap", "%s is swap", node->file);
	fclose(file);
}

/* What the kernel has put upon it: md, dm, bcache, drbd. */
static void look_at_holders(const struct node *node, struct verdict *v)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (host_path(path, "%s/holders", node->path))
		return;
	dir = opendir(path);
	if (!dir) {
		verdict_unreadable(v, path, -errno);
		return;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			verdict_add(v, NEVER, "holder", "%s is a part of %s",
				    node->file, entry->d_name);
	closedir(dir);
}

/*
 * btrfs mounts with a number of its own, and names one of its disks; here are
 * all of them.
 */
static void look_at_btrfs(const struct host *host, const struct node *node,
			  struct verdict *v)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (host_path(path, "%s/fs/btrfs", host->sysfs))
		return;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		char member[PATH_MAX];
		struct stat st;

		if (!host_path(member, "%s/%s/devices/%s", path, entry->d_name,
			       node->name) &&
		    !stat(member, &st))
			verdict_add(v, NEVER, "mounted",
				    "%s is a part of btrfs %s", node->file,
				    entry->d_name);
	}
	if (dir)
		closedir(dir);
}

/* The kernel's own users that do not claim it: what @name below @folder names. */
static void look_at_users(const char *folder, const char *name,
			  const struct node *node, const char *what,
			  struct verdict *v)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char user[PATH_MAX], path[256];

		if (entry->d_name[0] != '.' &&
		    !host_path(user, "%s/%s", folder, entry->d_name) &&
		    !host_line(user, name, path, sizeof(path)) &&
		    is_node(path, node))
			verdict_add(v, NEVER, "open", "%s backs %s%s",
				    node->file, what, entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void look_at_targets(const struct host *host, const struct node *node,
			    struct verdict *v)
{
	char path[PATH_MAX], folder[PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	if (host_path(path, "%s/kernel/config/nvmet/subsystems", host->sysfs))
		return;
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    !host_path(folder, "%s/%s/namespaces", path, entry->d_name))
			look_at_users(folder, "device_path", node,
				      "NVMe target namespace ", v);
	if (dir)
		closedir(dir);
}

/* root= and resume= of the command line, where they name a node. */
static void look_at_boot(const struct host *host, const struct node *node,
			 struct verdict *v)
{
	static const char *const names[] = {"root=", "resume="};
	char line[4096], *word, *rest = line;
	int err = host_line(host->proc, "cmdline", line, sizeof(line));

	if (err)
		verdict_unreadable(v, "cmdline of /proc", err);
	while ((word = strsep(&rest, " ")))
		for (size_t i = 0; i < 2; i++)
			if (!strncmp(word, names[i], strlen(names[i])) &&
			    is_node(word + strlen(names[i]), node))
				verdict_add(v, NEVER, "boot",
					    "%s is %s of the kernel's command "
					    "line",
					    node->file, word);
}

/*
 * Last, whoever has claimed it, mount, swap, md, zfs or a process, is found by
 * asking for it exclusively. A drive without a medium holds nothing.
 */
static void look_at_claim(const struct host *host, const struct node *node,
			  struct verdict *v)
{
	char path[PATH_MAX];
	int err = host_path(path, "%s/%s", host->dev, node->file);

	if (!err)
		err = host->exclusive(path);
	if (err == -EBUSY)
		verdict_add(v, NEVER, "claimed",
			    "%s is in use: a file system, md, dm, zfs or a "
			    "process has claimed it",
			    node->file);
	else if (err && err != -ENOMEDIUM)
		verdict_unreadable(v, path, err);
}

static void look_at(const struct host *host, const struct node *node,
		    struct verdict *v)
{
	size_t before = v->count;
	char path[PATH_MAX];

	look_at_mounts(host, node, v);
	look_at_swaps(host, node, v);
	look_at_holders(node, v);
	look_at_btrfs(host, node, v);
	look_at_boot(host, node, v);
	if (!host_path(path, "%s/devices/virtual/block", host->sysfs))
		look_at_users(path, "loop/backing_file", node, "", v);
	look_at_targets(host, node, v);
	/* Who wants to mount it at this very moment would find it busy. */
	if (v->count == before)
		look_at_claim(host, node, v);
}

void use_block(const struct host *host, const struct nodes *nodes,
	       struct verdict *v)
{
	for (size_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->list[i];
		unsigned long hidden = 0;

		if (strcmp(node->subsystem, "block"))
			continue;
		if (node->has_number)
			look_at(host, node, v);
		else if (host_number(node->path, "hidden", &hidden) || !hidden)
			verdict_add(v, NEVER, "unreadable",
				    "%s has no device number", node->name);
	}
}

/* The subsystem's folder has a link to each of its controllers. */
static int add_subsystem(struct nodes *nodes, const char *folder,
			 const char *controller)
{
	char path[PATH_MAX], whole[PATH_MAX];
	struct stat st;
	int err = host_path(path, "%s/%s", folder, controller);

	if (err)
		return err;
	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	/* A link to the subsystem itself, as a class has. */
	if (!realpath(folder, whole))
		return -errno;
	return below_add(nodes, whole);
}

int use_block_shared(const struct host *host, struct nodes *nodes)
{
	size_t count = nodes->count;
	char path[PATH_MAX], folder[PATH_MAX];
	struct dirent *entry;
	int err = host_path(path, "%s/class/nvme-subsystem", host->sysfs);
	DIR *dir;

	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		err = host_path(folder, "%s/%s", path, entry->d_name);
		for (size_t i = 0; !err && i < count; i++)
			if (!strcmp(nodes->list[i].subsystem, "nvme"))
				err = add_subsystem(nodes, folder,
						    nodes->list[i].name);
	}
	closedir(dir);
	return err;
}
