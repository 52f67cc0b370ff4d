// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/below.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "host/host.h"

/* Devices stand not nearly as deep as this. */
#define DEEPEST 40

/* DEVNAME of uevent, where devtmpfs has the node. */
static int read_file_name(struct node *node)
{
	char path[PATH_MAX], line[256];
	FILE *file;
	int err = host_path(path, "%s/uevent", node->path);

	if (err)
		return err;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "DEVNAME=", 8) &&
		    strlen(line + 8) < sizeof(node->file))
			strcpy(node->file, line + 8);
	}
	fclose(file);
	return node->file[0] ? 0 : -EINVAL;
}

static int read_node(struct node *node)
{
	unsigned int major, minor;
	char text[32];
	int err = host_line(node->path, "dev", text, sizeof(text));

	if (err)
		return err == -ENOENT ? 0 : err;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EINVAL;
	node->has_number = true;
	node->number = makedev(major, minor);
	return read_file_name(node);
}

int below_add_one(struct nodes *nodes, const char *path)
{
	struct node node = {.path = strdup(path)};
	struct node *more;
	int err;

	if (!node.path)
		return -ENOMEM;
	node.name = strrchr(node.path, '/') + 1;
	err = host_link(path, "subsystem", node.subsystem,
			sizeof(node.subsystem));
	if (!err)
		err = read_node(&node);
	more = err ? NULL
		   : reallocarray(nodes->list, nodes->count + 1, sizeof(*more));
	if (!more) {
		free(node.path);
		/* No link: a folder of attributes, not a device. */
		return err == -ENOENT ? 0 : err ? err : -ENOMEM;
	}
	nodes->list = more;
	more[nodes->count++] = node;
	return 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

/* Not through links: they lead to other devices, and in circles. */
static int walk(struct nodes *nodes, const char *path, int depth)
{
	DIR *dir = depth < DEEPEST ? opendir(path) : NULL;
	struct dirent *entry;
	char child[PATH_MAX];
	int err = 0;

	if (!dir)
		return depth < DEEPEST ? -errno : -ELOOP;
	while (!err && (errno = 0, entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		err = host_path(child, "%s/%s", path, entry->d_name);
		if (err || !is_folder(child))
			continue;
		err = below_add_one(nodes, child);
		if (!err)
			err = walk(nodes, child, depth + 1);
	}
	if (!err)
		err = -errno;
	closedir(dir);
	return err;
}

int below_add(struct nodes *nodes, const char *path)
{
	return walk(nodes, path, 0);
}

void below_free(struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->count; i++)
		free(nodes->list[i].path);
	free(nodes->list);
	nodes->list = NULL;
	nodes->count = 0;
}
