// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interfaces below a device. One that is up can be put back as it was, with its
 * addresses and routes, so that it can be forced; not where storage comes by the
 * network, and not what is lost with it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/use.h"

/* Bonds, bridges and VLANs are not stacked higher than this. */
#define HIGHEST 8

int interface_flags(const struct host *host, const char *name,
		    unsigned long *flags)
{
	char path[PATH_MAX];
	int err = host_path(path, "%s/class/net/%s", host->sysfs, name);

	return err ? err : host_number(path, "flags", flags);
}

/* A line of /proc/net/route: name, destination, ..., mask, in hex; 0 is all. */
static bool is_default4(const char *line, const char *name)
{
	char interface[32];
	unsigned int mask;

	return sscanf(line, "%31s %*x %*x %*x %*d %*d %*d %x", interface,
		      &mask) == 2 &&
	       !strcmp(interface, name) && !mask;
}

/* Of /proc/net/ipv6_route: destination, length of its prefix, ..., name. */
static bool is_default6(const char *line, const char *name)
{
	char interface[32], destination[40];
	unsigned int length, flags;

	return sscanf(line, "%39s %x %*s %*x %*s %*x %*x %*x %x %31s",
		      destination, &length, &flags, interface) == 4 &&
	       !strcmp(interface, name) && !length &&
	       strspn(destination, "0") == 32;
}

static bool has_route(const struct host *host, const char *file,
		      bool (*is)(const char *line, const char *name),
		      const char *name, struct verdict *v)
{
	char path[PATH_MAX], line[512];
	int err = host_path(path, "%s/net/%s", host->proc, file);
	FILE *in = err ? NULL : fopen(path, "re");
	bool found = false;

	if (!in) {
		/* A kernel without this protocol. */
		if (errno != ENOENT)
			verdict_unreadable(v, path, -errno);
		return false;
	}
	while (!found && fgets(line, sizeof(line), in))
		found = is(line, name);
	fclose(in);
	return found;
}

static void look_at(const struct host *host, const char *name, int depth,
		    struct verdict *v);

/*
 * What a master keeps of its ports and does not give one that comes back: a
 * bridge that filters has the VLANs of each, Open vSwitch all there is.
 */
static void look_at_master(const struct host *host, const char *name,
			   const char *master, struct verdict *v)
{
	unsigned long filtering = 0;
	char path[PATH_MAX];
	int err =
		host_path(path, "%s/class/net/%s/bridge", host->sysfs, master);

	if (!err)
		err = host_number(path, "vlan_filtering", &filtering);
	if (err && err != -ENOENT)
		verdict_unreadable(v, master, err);
	if (filtering || !strcmp(master, "ovs-system"))
		verdict_add(v, NEVER, "upper",
			    "%s is a port of %s, and its VLANs there would be "
			    "lost; take it out first",
			    name, master);
}

/*
 * upper_NAME leads to each interface that stands upon this one. A bond or a
 * bridge, its master, takes it back; a VLAN or macvlan goes with it.
 */
static void look_above(const struct host *host, const char *name, int depth,
		       struct verdict *v)
{
	char path[PATH_MAX], master[64];
	struct dirent *entry;
	int err = host_path(path, "%s/class/net/%s", host->sysfs, name);
	DIR *dir;

	if (err)
		return;
	if (host_link(path, "master", master, sizeof(master)))
		master[0] = '\0';
	if (!depth && master[0])
		look_at_master(host, name, master, v);
	dir = opendir(path);
	if (!dir) {
		verdict_unreadable(v, path, -errno);
		return;
	}
	while ((entry = readdir(dir))) {
		const char *upper = entry->d_name + strlen("upper_");

		if (strncmp(entry->d_name, "upper_", strlen("upper_")))
			continue;
		if (!depth && strcmp(upper, master))
			verdict_add(v, NEVER, "upper",
				    "%s stands upon %s and would be lost; "
				    "remove it first",
				    upper, name);
		look_at(host, upper, depth + 1, v);
	}
	closedir(dir);
}

static void look_at(const struct host *host, const char *name, int depth,
		    struct verdict *v)
{
	unsigned long flags;
	int err = interface_flags(host, name, &flags);

	if (depth > HIGHEST)
		return;
	if (err) {
		verdict_unreadable(v, name, err);
		return;
	}
	if (flags & INTERFACE_UP) {
		verdict_add(v, UNLESS_FORCED, "up", "interface %s is up", name);
		if (host->storage[0])
			verdict_add(v, NEVER, "storage",
				    "interface %s is up, and storage of this "
				    "host comes by the network: %s",
				    name, host->storage);
	}
	if (has_route(host, "route", is_default4, name, v) ||
	    has_route(host, "ipv6_route", is_default6, name, v))
		verdict_add(v, UNLESS_FORCED, "route",
			    "interface %s carries the default route: who is "
			    "logged in over it will be cut off",
			    name);
	look_above(host, name, depth, v);
}

void use_network(const struct host *host, const struct function *f,
		 const struct nodes *nodes, struct verdict *v)
{
	bool any = false;

	for (size_t i = 0; i < nodes->count; i++) {
		if (strcmp(nodes->list[i].subsystem, "net"))
			continue;
		any = true;
		look_at(host, nodes->list[i].name, 0, v);
	}
	/* Those of other network namespaces are not shown; they may be up. */
	if (!any && f->class_code >> 16 == 0x02 && f->driver[0] &&
	    !strstr(f->driver, "vfio") && strcmp(f->driver, "pci-stub"))
		verdict_add(v, NEVER, "namespace",
			    "driver %s has an interface that is not seen here; "
			    "is it in a container's network namespace?",
			    f->driver);
}
