/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel has made of a PCI device: everything below it in sysfs. */
#ifndef HOST_BELOW_H
#define HOST_BELOW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct node {
	char *path; /* its folder in sysfs */
	const char *name; /* the last part of it: "nvme0n1p1" */
	char subsystem[32]; /* "block", "net", "drm", ... */
	bool has_number; /* there is a device node */
	dev_t number;
	char file[64]; /* of the device node below /dev; "" without one */
};

struct nodes {
	struct node *list;
	size_t count;
};

/* Adds all nodes below the folder @path, not itself. 0 or -errno. */
int below_add(struct nodes *nodes, const char *path);
/* Adds the device of the folder @path by itself. 0 or -errno. */
int below_add_one(struct nodes *nodes, const char *path);
void below_free(struct nodes *nodes);

#endif
