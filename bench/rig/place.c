// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of CPUs and the policies, on any topology: nothing here is bound. */
#include "rig/topology.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* NR_CPUS of x86 at the most. */
#define CPU_MAX 8191

static const char *const names[] = {"none", "same-core", "same-l3",
				    "other-node"};

int place_parse(const char *name, enum place *place)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(name, names[i]))
			continue;
		*place = (enum place)i;
		return 0;
	}
	return -EINVAL;
}

const char *place_name(enum place place)
{
	return place == PLACE_AUTO ? "auto" : names[place];
}

static int number(const char **text, unsigned int *value)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	n = strtoul(*text, &end, 10);
	if (n > CPU_MAX)
		return -EINVAL;
	*text = end;
	*value = (unsigned int)n;
	return 0;
}

int cpus_parse(const char *text, hwloc_bitmap_t cpus)
{
	unsigned int first, last;

	hwloc_bitmap_zero(cpus);
	do {
		if (number(&text, &first))
			return -EINVAL;
		last = first;
		if (*text == '-') {
			text++;
			if (number(&text, &last) || last < first)
				return -EINVAL;
		}
		if (hwloc_bitmap_set_range(cpus, first, (int)last))
			return -ENOMEM;
	} while (*text++ == ',');
	return text[-1] ? -EINVAL : 0;
}

/* The PU's place among the hardware threads of its core. */
static unsigned int rank(hwloc_topology_t tree, hwloc_obj_t pu)
{
	hwloc_obj_t core =
		hwloc_get_ancestor_obj_by_type(tree, HWLOC_OBJ_CORE, pu);

	return core ? (unsigned int)hwloc_get_obj_index_inside_cpuset(
			      tree, core->cpuset, pu)
		    : 0;
}

/*
 * The @index-th PU of @set, counted round and round: each core's first ones,
 * then the second ones, as far as cores have them.
 */
static int nth(hwloc_topology_t tree, hwloc_const_bitmap_t set, size_t index,
	       hwloc_bitmap_t cpu)
{
	int all = hwloc_bitmap_weight(set);
	hwloc_obj_t pu;

	if (all <= 0)
		return -ENODEV;
	index %= (size_t)all;
	for (unsigned int r = 0; r < CPU_MAX; r++) {
		for (pu = NULL; (pu = hwloc_get_next_obj_by_type(
					 tree, HWLOC_OBJ_PU, pu));) {
			if (!hwloc_bitmap_isset(set, pu->os_index) ||
			    rank(tree, pu) != r)
				continue;
			if (!index--)
				return hwloc_bitmap_only(cpu, pu->os_index)
					       ? -ENOMEM
					       : 0;
		}
	}
	return -ENODEV;
}

/* The PUs below the ancestor of @type that @cpu, a single one, has. */
static bool siblings(hwloc_topology_t tree, hwloc_obj_type_t type,
		     hwloc_const_bitmap_t cpu, hwloc_bitmap_t set)
{
	hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(
		tree, (unsigned int)hwloc_bitmap_first(cpu));
	hwloc_obj_t object =
		pu ? hwloc_get_ancestor_obj_by_type(tree, type, pu) : NULL;

	return object && !hwloc_bitmap_copy(set, object->cpuset);
}

/* A machine without a last-level cache, a virtual one, has its packages. */
static void same_l3(hwloc_topology_t tree, hwloc_const_bitmap_t first,
		    hwloc_bitmap_t set)
{
	if (!siblings(tree, HWLOC_OBJ_L3CACHE, first, set) &&
	    !siblings(tree, HWLOC_OBJ_PACKAGE, first, set))
		hwloc_bitmap_copy(set,
				  hwloc_topology_get_topology_cpuset(tree));
}

static void other_nodes(hwloc_topology_t tree, hwloc_const_bitmap_t first,
			hwloc_const_bitmap_t allowed, hwloc_bitmap_t set)
{
	hwloc_obj_t node = NULL;

	hwloc_bitmap_copy(set, allowed);
	while ((node = hwloc_get_next_obj_by_type(tree, HWLOC_OBJ_NUMANODE,
						  node)))
		if (hwloc_bitmap_isincluded(first, node->cpuset))
			hwloc_bitmap_andnot(set, set, node->cpuset);
}

static int choose(hwloc_topology_t tree, enum place place,
		  hwloc_const_bitmap_t allowed, hwloc_const_bitmap_t near,
		  size_t index, hwloc_bitmap_t set, hwloc_bitmap_t cpu)
{
	int err = nth(tree, near, 0, cpu);

	if (err)
		return err;
	switch (place) {
	case PLACE_SAME_CORE:
		if (!siblings(tree, HWLOC_OBJ_CORE, cpu, set))
			hwloc_bitmap_copy(set, cpu);
		hwloc_bitmap_and(set, set, near);
		break;
	case PLACE_OTHER_NODE:
		if (!index)
			return 0;
		index--;
		other_nodes(tree, cpu, allowed, set);
		break;
	default:
		same_l3(tree, cpu, set);
		hwloc_bitmap_and(set, set, near);
		break;
	}
	return nth(tree, set, index, cpu);
}

int place_choose(hwloc_topology_t tree, enum place place,
		 hwloc_const_bitmap_t allowed, hwloc_const_bitmap_t near,
		 size_t index, hwloc_bitmap_t cpu)
{
	hwloc_bitmap_t set;
	int err;

	if (place == PLACE_NONE)
		return hwloc_bitmap_copy(cpu, allowed) ? -ENOMEM : 0;
	set = hwloc_bitmap_alloc();
	if (!set)
		return -ENOMEM;
	err = choose(tree, place, allowed, near, index, set, cpu);
	hwloc_bitmap_free(set);
	return err;
}
