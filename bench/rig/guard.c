// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/guard.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "rig/guard-known.h"
#include "rig/pci.h"
#include "size.h"

#define PAGE UINT64_C(4096)
/* Of a region's information with its capabilities; a longer one is odd. */
#define MAX_INFO 65536

static struct {
	bool ranged;
	struct bar_range range;
	bool write;
} policy;

int guard_init(const char *range, bool write)
{
	char first[32];
	const char *plus = range ? strchr(range, '+') : NULL;

	memset(&policy, 0, sizeof(policy));
	policy.write = write;
	if (!range)
		return 0;
	if (!plus || (size_t)(plus - range) >= sizeof(first))
		return -EINVAL;
	snprintf(first, sizeof(first), "%.*s", (int)(plus - range), range);
	if (size_parse(first, &policy.range.offset) ||
	    size_parse(plus + 1, &policy.range.length) ||
	    policy.range.offset % PAGE || policy.range.length % PAGE ||
	    !policy.range.length ||
	    policy.range.offset + policy.range.length < policy.range.offset)
		return -EINVAL;
	policy.ranged = true;
	return 0;
}

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

static void note(struct device *d, int bar, uint64_t from, uint64_t to,
		 const char *why)
{
	if (d->left_out_count == LEFT_OUT_MAX)
		return;
	d->left_out[d->left_out_count++] =
		(struct left_out){bar, {from, to - from}, why};
}

static void keep(struct device_bar *bar, uint64_t from, uint64_t to)
{
	/* No room: a range too few is mapped, never one too many. */
	if (from < to && bar->allowed_count < BAR_RANGES)
		bar->allowed[bar->allowed_count++] =
			(struct bar_range){from, to - from};
}

void guard_leave_out(struct device *d, int bar, uint64_t from, uint64_t to,
		     const char *why)
{
	struct device_bar *b = &d->bars[bar];
	struct device_bar old = *b;
	uint64_t end = whole_pages(b->size);

	from = from / PAGE * PAGE;
	to = to >= end ? end : whole_pages(to);
	if (from >= to)
		return;
	note(d, bar, from, to, why);
	b->allowed_count = 0;
	for (size_t i = 0; i < old.allowed_count; i++) {
		uint64_t first = old.allowed[i].offset;
		uint64_t last = first + old.allowed[i].length;

		keep(b, first, last < from ? last : from);
		keep(b, first > to ? first : to, last);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct vfio_region_sparse_mmap_area *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static void leave_gaps_out(struct device *d, int bar,
			   struct vfio_region_sparse_mmap_area *areas, size_t n)
{
	static const char why[] = "outside of vfio's sparse mmap areas";
	uint64_t at = 0;

	qsort(areas, n, sizeof(*areas), by_offset);
	for (size_t i = 0; i < n; i++) {
		if (areas[i].offset > at)
			guard_leave_out(d, bar, at, areas[i].offset, why);
		if (areas[i].offset + areas[i].size > at)
			at = areas[i].offset + areas[i].size;
	}
	guard_leave_out(d, bar, at, UINT64_MAX, why);
}

/* The capability's size is what lies between it and the information's end. */
static void read_areas(struct device *d, int bar, const unsigned char *at,
		       size_t size)
{
	struct vfio_region_info_cap_sparse_mmap cap;
	struct vfio_region_sparse_mmap_area *areas;

	if (size < sizeof(cap))
		return;
	memcpy(&cap, at, sizeof(cap));
	if (cap.nr_areas > (size - sizeof(cap)) / sizeof(*areas))
		cap.nr_areas = (size - sizeof(cap)) / sizeof(*areas);
	areas = calloc(cap.nr_areas + 1, sizeof(*areas));
	if (areas) {
		memcpy(areas, at + sizeof(cap), cap.nr_areas * sizeof(*areas));
		leave_gaps_out(d, bar, areas, cap.nr_areas);
	} else {
		guard_leave_out(d, bar, 0, UINT64_MAX, "out of memory");
	}
	free(areas);
}

void guard_sparse(struct device *d, int bar,
		  const struct vfio_region_info *info)
{
	const unsigned char *bytes = (const unsigned char *)info;
	struct vfio_info_cap_header header;
	uint32_t at = info->cap_offset;

	if (!(info->flags & VFIO_REGION_INFO_FLAG_CAPS))
		return;
	/* Each lies behind the one before it; else it would be a circle. */
	while (at >= sizeof(*info) && at + sizeof(header) <= info->argsz) {
		memcpy(&header, bytes + at, sizeof(header));
		if (header.id == VFIO_REGION_INFO_CAP_SPARSE_MMAP)
			read_areas(d, bar, bytes + at, info->argsz - at);
		if (header.next <= at)
			break;
		at = header.next;
	}
}

/* Once for how long it is, and once for all of it. */
static void ask_vfio(struct device *d, int bar)
{
	struct vfio_region_info head = {.argsz = sizeof(head),
					.index = (uint32_t)bar};
	struct vfio_region_info *info;

	if (ioctl(d->fd, VFIO_DEVICE_GET_REGION_INFO, &head) ||
	    !(head.flags & VFIO_REGION_INFO_FLAG_CAPS))
		return;
	info = head.argsz > MAX_INFO ? NULL : calloc(1, head.argsz);
	if (info) {
		info->argsz = head.argsz;
		info->index = (uint32_t)bar;
	}
	if (!info || ioctl(d->fd, VFIO_DEVICE_GET_REGION_INFO, info))
		guard_leave_out(d, bar, 0, UINT64_MAX,
				"its sparse mmap areas can't be read");
	else
		guard_sparse(d, bar, info);
	free(info);
}

/* The BIR in the lowest three bits of offset and BAR. */
static void leave_msix_out(struct device *d, uint32_t where, uint64_t size,
			   const char *why)
{
	int bar = (int)(where & PCI_MSIX_TABLE_BIR);
	uint64_t from = where & PCI_MSIX_TABLE_OFFSET;

	if (bar < DEVICE_BARS)
		guard_leave_out(d, bar, from, from + size, why);
}

/* PCI Express Base Specification 6.0, 7.7.2: 16 bytes, and one bit, a vector. */
static void msix(struct device *d)
{
	uint8_t cap = pci_capability(d, PCI_CAP_ID_MSIX);
	uint32_t table, pending;
	uint16_t control;
	uint64_t vectors;

	if (!cap)
		return;
	if (pci_config_read(d, cap + PCI_MSIX_FLAGS, &control,
			    sizeof(control)) ||
	    pci_config_read(d, cap + PCI_MSIX_TABLE, &table, sizeof(table)) ||
	    pci_config_read(d, cap + PCI_MSIX_PBA, &pending, sizeof(pending)))
		return;
	vectors = (le16toh(control) & PCI_MSIX_FLAGS_QSIZE) + 1u;
	leave_msix_out(d, le32toh(table), vectors * PCI_MSIX_ENTRY_SIZE,
		       "MSI-X table");
	leave_msix_out(d, le32toh(pending), (vectors + 63) / 64 * 8,
		       "MSI-X pending bits");
}

static void user_range(struct device *d)
{
	static const char why[] = "outside of --range";

	if (!policy.ranged)
		return;
	for (int bar = 0; bar < DEVICE_BARS; bar++) {
		uint64_t from = policy.range.offset;

		if (bar != d->bar) {
			guard_leave_out(d, bar, 0, UINT64_MAX, why);
			continue;
		}
		guard_leave_out(d, bar, 0, from, why);
		guard_leave_out(d, bar, from + policy.range.length, UINT64_MAX,
				why);
	}
}

static uint64_t longest(const struct device_bar *bar)
{
	uint64_t most = 0;

	for (size_t i = 0; i < bar->allowed_count; i++)
		if (bar->allowed[i].length > most)
			most = bar->allowed[i].length;
	return most;
}

/* Only if nothing is left of the largest: which it is should not surprise. */
static void choose_bar(struct device *d)
{
	int best = d->bar;

	for (int i = 0; i < DEVICE_BARS; i++)
		if (longest(&d->bars[i]) > longest(&d->bars[best]))
			best = i;
	if (policy.ranged || longest(&d->bars[d->bar]) || best == d->bar)
		return;
	d->bar = best;
	d->size = d->bars[best].size;
}

void guard_device(struct device *d)
{
	const struct guard_known *known = guard_known(d->id);

	d->left_out_count = 0;
	for (int i = 0; i < DEVICE_BARS; i++) {
		d->bars[i].allowed_count = 0;
		if (d->bars[i].mmap)
			keep(&d->bars[i], 0, whole_pages(d->bars[i].size));
	}
	for (int i = 0; i < DEVICE_BARS && !d->memfd; i++)
		if (d->bars[i].mmap)
			ask_vfio(d, i);
	if (!known->read) {
		msix(d);
		guard_doorbells(d);
	}
	user_range(d);
	choose_bar(d);
	d->may_write = policy.write || known->write;
	d->prot = d->may_write ? PROT_READ | PROT_WRITE : PROT_READ;
}

bool guard_lets_drive(const struct device *d, int bar, uint64_t length)
{
	return !policy.ranged || (bar == d->bar && !policy.range.offset &&
				  policy.range.length >= length);
}

uint64_t guard_usable(const struct device_bar *bar)
{
	return bar->allowed_count ? bar->allowed[0].length : 0;
}

/* Each reason once, in the order in which they were found. */
static void reasons(const struct device *d, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < d->left_out_count; i++) {
		const struct left_out *l = &d->left_out[i];
		size_t used = strlen(text);

		if (l->bar == d->bar && !strstr(text, l->why))
			snprintf(text + used, size - used, "%s%s",
				 used ? ", " : "", l->why);
	}
}

bool guard_place(struct device *d, uint64_t length, char why[256])
{
	static const uint64_t aligns[] = {UINT64_C(1) << 30, 1 << 21, 1 << 12};
	const struct device_bar *bar = &d->bars[d->bar];
	char wanted[32], most[32], because[160];

	for (size_t a = 0; a < sizeof(aligns) / sizeof(*aligns); a++) {
		for (size_t i = 0; i < bar->allowed_count; i++) {
			uint64_t end =
				bar->allowed[i].offset + bar->allowed[i].length;
			uint64_t start = bar->allowed[i].offset + aligns[a] - 1;

			start -= start % aligns[a];
			if (start > end || length > end - start)
				continue;
			d->start = start;
			d->offset = bar->offset + start;
			return true;
		}
	}
	size_format(length, wanted);
	size_format(longest(bar), most);
	reasons(d, because, sizeof(because));
	snprintf(why, 256,
		 "no %s of BAR %d in a row may be mapped, %s at most: left out "
		 "are: %s",
		 wanted, bar->index, most, because);
	return false;
}
