/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses a device. Each adds its reasons to the verdict, and what it could not
 * find out as one of them.
 */
#ifndef HOST_USE_H
#define HOST_USE_H

#include "host/below.h"
#include "host/function.h"
#include "host/verdict.h"

/* Disks: mounted, swap, md, dm, zfs, open, exported, booted from. */
void use_block(const struct host *host, const struct nodes *nodes,
	       struct verdict *v);
/* The block devices that share namespaces with nvme controllers of @nodes. */
int use_block_shared(const struct host *host, struct nodes *nodes);
/* Network interfaces: up, above others, the default route. */
void use_network(const struct host *host, const struct function *f,
		 const struct nodes *nodes, struct verdict *v);
/* Displays, keyboards and the console. */
void use_display(const struct host *host, const struct function *f,
		 const struct nodes *nodes, struct verdict *v);
/* Processes that have a node of it open, and what stands on it otherwise. */
void use_open(const struct host *host, const struct function *f,
	      const struct nodes *nodes, struct verdict *v);

/* The flag of an interface whose administrator has it up; linux/if.h. */
#define INTERFACE_UP 0x1
/* The flags of interface @name; 0 or -errno. */
int interface_flags(const struct host *host, const char *name,
		    unsigned long *flags);

#endif
