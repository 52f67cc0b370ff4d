// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/topology.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hwloc/linux.h>

#include "rig/sysfs.h"

static hwloc_topology_t tree; /* NULL: the machine has not been read */
static hwloc_bitmap_t allowed; /* CPUs of this process */
static hwloc_bitmap_t near; /* of those, the ones near to the device */
static hwloc_bitmap_t bound; /* the main thread's; empty: not bound */
static enum place policy;
static bool overridden; /* near is what --cpus says */
static int node = -1; /* the device's; -1: none in particular */

/* A device's node, or -1. */
static int node_of(const char *bdf)
{
	char text[16];

	if (sysfs_pci_line(bdf, "numa_node", text, sizeof(text)))
		return -1;
	return atoi(text);
}

/* Of the process, which a taskset or a cgroup may have narrowed. */
static int read_allowed(void)
{
	allowed = hwloc_bitmap_alloc();
	near = hwloc_bitmap_alloc();
	bound = hwloc_bitmap_alloc();
	if (!allowed || !near || !bound)
		return -ENOMEM;
	if (hwloc_get_cpubind(tree, allowed, HWLOC_CPUBIND_PROCESS))
		hwloc_bitmap_copy(allowed,
				  hwloc_topology_get_allowed_cpuset(tree));
	hwloc_bitmap_and(allowed, allowed,
			 hwloc_topology_get_allowed_cpuset(tree));
	return hwloc_bitmap_copy(near, allowed) ? -ENOMEM : 0;
}

static int read_tree(void)
{
	/*
	 * What sysfs says is enough: the x86 component asks each CPU itself, and
	 * devices are looked up by their address.
	 */
	if (hwloc_topology_init(&tree))
		return -ENOMEM;
	if (hwloc_topology_set_components(
		    tree, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86") ||
	    hwloc_topology_load(tree))
		return errno ? -errno : -EIO;
	return read_allowed();
}

static int override(const char *cpus, char error[TOPOLOGY_ERROR_SIZE])
{
	char own[128];
	int err = cpus_parse(cpus, near);

	if (err) {
		snprintf(error, TOPOLOGY_ERROR_SIZE,
			 "--cpus %.100s: not a list of CPUs such as 0-3,8",
			 cpus);
		return err;
	}
	if (!hwloc_bitmap_isincluded(near, allowed)) {
		hwloc_bitmap_list_snprintf(own, sizeof(own), allowed);
		snprintf(error, TOPOLOGY_ERROR_SIZE,
			 "--cpus %.100s: this process may use %.100s", cpus,
			 own);
		return -EINVAL;
	}
	overridden = true;
	return 0;
}

int topology_init(const char *cpus, enum place place,
		  char error[TOPOLOGY_ERROR_SIZE])
{
	hwloc_bitmap_t one;
	int err = read_tree();

	policy = place;
	if (err && tree) {
		hwloc_topology_destroy(tree);
		tree = NULL;
	}
	/* Nobody asked for anything that needs it. */
	if (err && !cpus && (place == PLACE_AUTO || place == PLACE_NONE))
		return 0;
	if (err) {
		snprintf(error, TOPOLOGY_ERROR_SIZE, "topology: %s",
			 strerror(-err));
		return err;
	}
	if (cpus)
		err = override(cpus, error);
	if (err || place != PLACE_OTHER_NODE)
		return err;
	/* Said before anything is measured, not when the second thread starts. */
	one = hwloc_bitmap_alloc();
	err = one ? place_choose(tree, place, allowed, near, 1, one) : -ENOMEM;
	hwloc_bitmap_free(one);
	if (err)
		snprintf(error, TOPOLOGY_ERROR_SIZE,
			 "--place other-node: no CPU of this process is on "
			 "another NUMA node");
	return err;
}

int topology_near(const char *bdf)
{
	char path[PATH_MAX];
	hwloc_bitmap_t local;

	if (!tree)
		return 0;
	node = bdf ? node_of(bdf) : -1;
	if (policy == PLACE_AUTO)
		policy = node >= 0 || overridden ? PLACE_SAME_L3 : PLACE_NONE;
	if (!bdf || overridden)
		return 0;
	local = hwloc_bitmap_alloc();
	if (!local)
		return -ENOMEM;
	snprintf(path, sizeof(path), SYSFS_PCI "/%s/local_cpus", bdf);
	/* A node may have none of ours: then all of them are as near. */
	if (!hwloc_linux_read_path_as_cpumask(path, local) &&
	    hwloc_bitmap_intersects(local, allowed))
		hwloc_bitmap_and(near, local, allowed);
	hwloc_bitmap_free(local);
	return 0;
}

int topology_bind(size_t index)
{
	bool whole = policy == PLACE_NONE && overridden;
	hwloc_bitmap_t cpu;
	int err;

	if (!tree || (policy == PLACE_NONE && !whole) || policy == PLACE_AUTO)
		return 0;
	cpu = hwloc_bitmap_alloc();
	if (!cpu)
		return -ENOMEM;
	/* Without a policy the scheduler chooses among those that were named. */
	err = place_choose(tree, policy, whole ? near : allowed, near, index,
			   cpu);
	if (!err && hwloc_set_cpubind(tree, cpu, HWLOC_CPUBIND_THREAD))
		err = -errno;
	if (!err && index == 0)
		hwloc_bitmap_copy(bound, cpu);
	hwloc_bitmap_free(cpu);
	return err;
}

size_t topology_cpus(void)
{
	return tree ? (size_t)hwloc_bitmap_weight(allowed) : 1;
}

static json_t *list(hwloc_const_bitmap_t set)
{
	char text[256];

	hwloc_bitmap_list_snprintf(text, sizeof(text), set);
	return json_string(text);
}

static int count(hwloc_obj_type_t type)
{
	int n = hwloc_get_nbobjs_by_type(tree, type);

	return n < 0 ? 0 : n;
}

json_t *topology_record(void)
{
	if (!tree)
		return json_object();
	return json_pack("{s:i,s:i,s:i,s:i,s:i,s:o,s:i,s:o,s:s,s:o}",
			 "packages", count(HWLOC_OBJ_PACKAGE), "numa_nodes",
			 count(HWLOC_OBJ_NUMANODE), "l3s",
			 count(HWLOC_OBJ_L3CACHE), "cores",
			 count(HWLOC_OBJ_CORE), "pus", count(HWLOC_OBJ_PU),
			 "allowed", list(allowed), "device_node", node, "near",
			 list(near), "place", place_name(policy), "main_thread",
			 list(bound));
}
