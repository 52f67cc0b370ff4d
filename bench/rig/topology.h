/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPUs the threads of a benchmark run on. The CPUs near to the device
 * are those that its root port belongs to, by the kernel's local_cpus; a policy
 * says which of them each thread is bound to.
 */
#ifndef RIG_TOPOLOGY_H
#define RIG_TOPOLOGY_H

#include <stddef.h>

#include <hwloc.h>
#include <jansson.h>

enum place {
	PLACE_NONE, /* the scheduler's choice */
	PLACE_SAME_CORE, /* one core: its hardware threads, in turn */
	PLACE_SAME_L3, /* one last-level cache: a core each, while they last */
	PLACE_OTHER_NODE, /* the main thread near, the others on other nodes */
	PLACE_AUTO, /* same-l3 where the device has a NUMA node, else none */
};

#define TOPOLOGY_ERROR_SIZE 256

/* -EINVAL if @name is none of none, same-core, same-l3, other-node. */
int place_parse(const char *name, enum place *place);
const char *place_name(enum place place);

/*
 * "0-3,8" into @cpus. -EINVAL if it is not such a list, in which no CPU is
 * above 8191, or -ENOMEM.
 */
int cpus_parse(const char *text, hwloc_bitmap_t cpus);

/*
 * The one CPU for the @index-th thread, 0 being the main one, in @cpu: among
 * those of @allowed, and near to the device where they are of @near, which has
 * one of @allowed. With PLACE_NONE all of @allowed. 0, -ENOMEM, or -ENODEV
 * where there is no CPU on another node.
 */
int place_choose(hwloc_topology_t tree, enum place place,
		 hwloc_const_bitmap_t allowed, hwloc_const_bitmap_t near,
		 size_t index, hwloc_bitmap_t cpu);

/*
 * Reads the machine; one that can't be read is nothing but unknown, where neither
 * @cpus nor @place needs it. @cpus is a list that overrides which CPUs are near, or
 * NULL. -errno with @error, one line without a full stop: where @cpus is no
 * list or has a CPU that is not ours, or the machine can't do as @place says.
 */
int topology_init(const char *cpus, enum place place,
		  char error[TOPOLOGY_ERROR_SIZE]);

/* What is near to the PCI device @bdf; NULL where there is none. 0 or -errno. */
int topology_near(const char *bdf);

/*
 * Binds the calling thread as the @index-th of a benchmark; a thread that it
 * makes inherits that, so each binds itself. With PLACE_NONE it may run on all
 * that --cpus names, and without it nothing is done, nor before topology_init().
 * 0 or -errno.
 */
int topology_bind(size_t index);

/* CPUs that this process may use: what a benchmark of several threads needs. */
size_t topology_cpus(void);

/* The member `topology` of the environment; the caller's. NULL is no memory. */
json_t *topology_record(void);

#endif
