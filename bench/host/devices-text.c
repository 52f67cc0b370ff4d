// SPDX-License-Identifier: GPL-2.0-or-later
/* A device for people. */
#include <stdio.h>

#include "host/devices.h"

#define RESOURCE_IO 0x100
#define RESOURCE_PREFETCH 0x2000
#define RESOURCE_MEM_64 0x100000
#define RESOURCE_UNSET 0x20000000

static void print_size(uint64_t size)
{
	static const char units[] = "BKMGT";
	size_t i = 0;

	for (; size >= 1024 && !(size % 1024) && i < sizeof(units) - 2; i++)
		size /= 1024;
	printf("%llu%c", (unsigned long long)size, units[i]);
}

static void print_bars(const struct function *f)
{
	for (int i = 0; i < FUNCTION_BARS; i++) {
		const struct bar *b = &f->bars[i];

		if (!b->size)
			continue;
		printf("  BAR %d: ", i);
		print_size(b->size);
		printf(" %s%s%s%s\n", b->flags & RESOURCE_IO ? "io" : "memory",
		       b->flags & RESOURCE_MEM_64 ? " 64-bit" : "",
		       b->flags & RESOURCE_PREFETCH ? " prefetchable" : "",
		       b->flags & RESOURCE_UNSET ? " unassigned" : "");
	}
}

static void print_group(const struct judged *j)
{
	if (j->function.group == GROUP_NONE) {
		printf("none");
		return;
	}
	printf("%d%s", j->function.group, j->member_count ? " with" : " alone");
	for (size_t i = 0; i < j->member_count; i++)
		printf(" %s (%s)", j->members[i].name,
		       j->members[i].driver[0] ? j->members[i].driver
					       : "no driver");
}

void devices_print(const struct judged *j)
{
	const struct function *f = &j->function;

	printf("%s %04x:%04x %s%s%s\n", f->address, f->vendor, f->device,
	       f->vendor_name, f->vendor_name[0] ? " " : "",
	       f->device_name[0] ? f->device_name : "(no name in pci.ids)");
	printf("  driver %s, NUMA node ", f->driver[0] ? f->driver : "none");
	if (f->numa_node < 0)
		printf("any");
	else
		printf("%d", f->numa_node);
	printf(", reset: %s, IOMMU group ",
	       f->reset_methods[0] ? f->reset_methods : "none");
	print_group(j);
	printf("\n");
	print_bars(f);
	if (!j->verdict.count)
		printf("  may be used\n");
	for (size_t i = 0; i < j->verdict.count; i++) {
		const struct reason *r = &j->verdict.reasons[i];

		printf("  %s%s\n",
		       r->weight == NEVER ? "no: " : "no, unless FORCE=1: ",
		       r->text);
	}
}
