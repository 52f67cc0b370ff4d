// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/environment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "rig/sysfs.h"

static json_t *unknown(void)
{
	return json_string("unknown");
}

static json_t *line(const char *bdf, const char *name)
{
	char text[256];

	if (sysfs_pci_line(bdf, name, text, sizeof(text)))
		return unknown();
	return json_string(text);
}

static json_t *link_name(const char *bdf, const char *name)
{
	char text[256];

	if (sysfs_pci_link(bdf, name, text, sizeof(text)))
		return unknown();
	return json_string(text);
}

/* As an integer: -1 is the kernel's own "no node in particular". */
static json_t *numa_node(const char *bdf)
{
	char text[16];

	if (sysfs_pci_line(bdf, "numa_node", text, sizeof(text)))
		return unknown();
	return json_integer(strtol(text, NULL, 10));
}

/* "8.0 GT/s PCIe x4"; a device inside the root complex has none. */
static json_t *pcie_link(const char *bdf)
{
	char speed[64], width[16], text[96];

	if (sysfs_pci_line(bdf, "current_link_speed", speed, sizeof(speed)) ||
	    sysfs_pci_line(bdf, "current_link_width", width, sizeof(width)))
		return unknown();
	snprintf(text, sizeof(text), "%s x%s", speed, width);
	return json_string(text);
}

/* The flags in hex, as sysfs has them in `resource`. */
static json_t *bars(const struct device *d)
{
	json_t *array = json_array();

	for (int i = 0; array && i < DEVICE_BARS; i++) {
		const struct device_bar *b = &d->bars[i];
		char flags[24];

		if (!b->size)
			continue;
		snprintf(flags, sizeof(flags), "0x%" PRIx64, b->flags);
		if (json_array_append_new(
			    array, json_pack("{s:i,s:I,s:s}", "index", b->index,
					     "size", (json_int_t)b->size,
					     "flags", flags))) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

json_t *environment_device(const struct device *d)
{
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "bdf", d->bdf,
			 "id", d->id, "driver", link_name(d->bdf, "driver"),
			 "iommu_group", link_name(d->bdf, "iommu_group"),
			 "numa_node", numa_node(d->bdf), "bars", bars(d),
			 "reset_methods", line(d->bdf, "reset_method"), "link",
			 pcie_link(d->bdf));
}
