/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A PCI function as sysfs has it. */
#ifndef HOST_FUNCTION_H
#define HOST_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

#include "host/host.h"

#define FUNCTION_BARS 6
#define GROUP_NONE (-1)

struct bar {
	uint64_t start, size; /* bytes; size 0 where there is none */
	uint64_t flags; /* IORESOURCE_* of linux/ioport.h */
};

struct function {
	char address[16]; /* "0000:65:00.0" */
	char path[PATH_MAX]; /* its folder in sysfs, links resolved */
	unsigned int vendor, device, class_code; /* class in 24 bits */
	char vendor_name[96], device_name[96]; /* "" where not known */
	char driver[64]; /* "" where none is bound */
	char driver_override[64]; /* "" where there is none */
	char reset_methods[64]; /* as sysfs has them; "" none */
	char power_control[8]; /* "on", "auto" */
	int group; /* IOMMU group, or GROUP_NONE */
	int numa_node; /* -1: none in particular */
	int header; /* type of its config space, or -1 where not readable */
	bool boot_vga;
	unsigned int vfs; /* active ones below this physical function */
	struct bar bars[FUNCTION_BARS];
};

/*
 * Reads function @address. 0, or -errno with @what naming the file that could
 * not be read or does not hold what it should.
 */
int function_read(const struct host *host, const char *address,
		  struct function *f, char what[256]);
/* By its class, or by the type of its config space. */
bool function_is_bridge(const struct function *f);
/* Whether it may be mapped: memory, placed, and a page at least. */
bool bar_is_mappable(const struct bar *bar);
/*
 * The address that @text, perhaps without its domain, is: lower case, four
 * digits of domain or more. 0 or -EINVAL.
 */
int function_address(const char *text, char address[16]);

#endif
