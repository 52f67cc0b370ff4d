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

/* What may be mapped: [[offset, length], ...]. */
static json_t *allowed(const struct device_bar *b)
{
	json_t *array = json_array();

	for (size_t i = 0; i < b->allowed_count; i++)
		json_array_append_new(
			array,
			json_pack("[I,I]", (json_int_t)b->allowed[i].offset,
				  (json_int_t)b->allowed[i].length));
	return array;
}

static json_t *left_out(const struct device *d)
{
	json_t *array = json_array();

	for (size_t i = 0; i < d->left_out_count; i++) {
		const struct left_out *l = &d->left_out[i];

		json_array_append_new(
			array,
			json_pack("{s:i,s:I,s:I,s:s}", "bar", l->bar, "offset",
				  (json_int_t)l->range.offset, "length",
				  (json_int_t)l->range.length, "why", l->why));
	}
	return array;
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
			    array,
			    json_pack("{s:i,s:I,s:s,s:o}", "index", b->index,
				      "size", (json_int_t)b->size, "flags",
				      flags, "allowed", allowed(b)))) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

json_t *environment_device(const struct device *d)
{
	return json_pack(
		"{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:o}", "bdf", d->bdf,
		"id", d->id, "driver", link_name(d->bdf, "driver"),
		"iommu_group", link_name(d->bdf, "iommu_group"), "numa_node",
		numa_node(d->bdf), "bars", bars(d), "reset_methods",
		line(d->bdf, "reset_method"), "link", pcie_link(d->bdf),
		"writable", d->may_write, "left_out", left_out(d));
}
