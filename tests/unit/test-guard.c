// SPDX-License-Identifier: GPL-2.0-or-later
/* Which pages may be mapped, of devices whose config space is a file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "rig/device.h"
#include "rig/guard.h"

#define K UINT64_C(1024)
#define M (K * K)
#define G (K * M)
#define CONFIG (64 * K) /* where config space is in the file; BAR 0 is at 0 */

/* A device with one BAR of @size; its registers and config space are zeroes. */
static struct device make(const char *id, uint64_t size)
{
	struct device d;

	device_init(&d);
	snprintf(d.id, sizeof(d.id), "%s", id);
	d.fd = memfd_create("guard", MFD_CLOEXEC);
	assert_true(d.fd >= 0);
	assert_int_equal(ftruncate(d.fd, CONFIG + 4 * K), 0);
	d.config_offset = CONFIG;
	d.bar = 0;
	d.size = size;
	for (int i = 0; i < DEVICE_BARS; i++)
		d.bars[i].index = i;
	d.bars[0].size = size;
	d.bars[0].mmap = true;
	return d;
}

static void put(struct device *d, uint64_t at, const void *value, size_t size)
{
	assert_int_equal(pwrite(d->fd, value, size, (off_t)at), size);
}

static void put8(struct device *d, uint64_t at, uint8_t value)
{
	put(d, at, &value, sizeof(value));
}

static void put16(struct device *d, uint64_t at, uint16_t value)
{
	value = htole16(value);
	put(d, at, &value, sizeof(value));
}

static void put32(struct device *d, uint64_t at, uint32_t value)
{
	value = htole32(value);
	put(d, at, &value, sizeof(value));
}

/* A capability at @at of config space, the last one so far. */
static void capability(struct device *d, uint8_t before, uint8_t at, uint8_t id)
{
	put8(d, CONFIG + before, at);
	put8(d, CONFIG + at, id);
}

static void msix(struct device *d, unsigned int vectors, uint32_t table,
		 uint32_t pending)
{
	capability(d, PCI_CAPABILITY_LIST, 0x40, PCI_CAP_ID_MSIX);
	put16(d, CONFIG + 0x40 + PCI_MSIX_FLAGS, (uint16_t)(vectors - 1));
	put32(d, CONFIG + 0x40 + PCI_MSIX_TABLE, table);
	put32(d, CONFIG + 0x40 + PCI_MSIX_PBA, pending);
}

static void assert_allowed(const struct device_bar *bar, size_t count,
			   const struct bar_range *want)
{
	assert_int_equal(bar->allowed_count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(bar->allowed[i].offset, want[i].offset);
		assert_int_equal(bar->allowed[i].length, want[i].length);
	}
}

static void memory_is_free(void **state)
{
	struct device d = make("1af4:1110", G);
	char why[256];

	(void)state;
	msix(&d, 4, 8 * K, 12 * K);
	guard_device(&d);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{0, G}});
	assert_true(d.may_write);
	assert_int_equal(d.prot, PROT_READ | PROT_WRITE);
	assert_int_equal(d.left_out_count, 0);
	assert_true(guard_place(&d, G, why));
	assert_int_equal(d.start, 0);
	device_close(&d);
}

static void msix_pages_are_left_out(void **state)
{
	struct device d = make("8086:10d3", 64 * K);

	(void)state;
	/* 200 vectors are 3200 bytes: from 0x5800 into the page behind. */
	msix(&d, 200, 0x5800, 0x8010);
	guard_device(&d);
	assert_allowed(&d.bars[0], 3,
		       (struct bar_range[]){
			       {0, 20 * K}, {28 * K, 4 * K}, {36 * K, 28 * K}});
	assert_int_equal(d.left_out_count, 2);
	assert_string_equal(d.left_out[0].why, "MSI-X table");
	assert_int_equal(d.left_out[0].range.offset, 20 * K);
	assert_int_equal(d.left_out[0].range.length, 8 * K);
	assert_string_equal(d.left_out[1].why, "MSI-X pending bits");
	assert_false(d.may_write);
	assert_int_equal(d.prot, PROT_READ);
	device_close(&d);
}

/* A table in a BAR that there is not, and a capability that is its own next. */
static void nonsense_does_no_harm(void **state)
{
	struct device d = make("8086:10d3", 16 * K);

	(void)state;
	msix(&d, 2048, 0x1007, 0xfffffff8);
	put8(&d, CONFIG + 0x41, 0x40);
	guard_device(&d);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{0, 16 * K}});
	device_close(&d);
}

static struct device nvme(uint64_t size, uint8_t stride)
{
	struct device d = make("144d:a808", size);

	put32(&d, CONFIG + PCI_CLASS_REVISION, 0x010802u << 8);
	put32(&d, 4, stride); /* CAP, bits 63 to 32 */
	return d;
}

static void doorbells_are_left_out(void **state)
{
	struct device small = nvme(16 * K, 0), large = nvme(4 * M, 0),
		      strided = nvme(4 * M, 2);
	char why[256];

	(void)state;
	guard_device(&small);
	assert_allowed(&small.bars[0], 1, (struct bar_range[]){{0, 4 * K}});
	assert_false(guard_place(&small, 16 * K, why));
	assert_string_equal(why,
			    "no 16K of BAR 0 in a row may be mapped, 4K at "
			    "most: left out are: NVMe doorbells");
	guard_device(&large);
	assert_allowed(
		&large.bars[0], 2,
		(struct bar_range[]){{0, 4 * K}, {516 * K, 4 * M - 516 * K}});
	guard_device(&strided);
	assert_allowed(&strided.bars[0], 2,
		       (struct bar_range[]){{0, 4 * K},
					    {2 * M + 4 * K, 2 * M - 4 * K}});
	device_close(&small);
	device_close(&large);
	device_close(&strided);
}

static void virtio_status_is_left_out(void **state)
{
	struct device d = make("1af4:1041", 16 * K);

	(void)state;
	put32(&d, CONFIG + PCI_VENDOR_ID, 0x10411af4);
	capability(&d, PCI_CAPABILITY_LIST, 0x50, PCI_CAP_ID_VNDR);
	put8(&d, CONFIG + 0x53, 3);
	put32(&d, CONFIG + 0x58, 0x1000);
	put32(&d, CONFIG + 0x5c, 0x1000);
	capability(&d, 0x51, 0x60, PCI_CAP_ID_VNDR);
	put8(&d, CONFIG + 0x63, 2);
	put32(&d, CONFIG + 0x68, 0x3000);
	put32(&d, CONFIG + 0x6c, 0x800);
	guard_device(&d);
	assert_allowed(&d.bars[0], 2,
		       (struct bar_range[]){{0, 4 * K}, {8 * K, 4 * K}});
	device_close(&d);
}

struct info {
	struct vfio_region_info head;
	struct vfio_region_info_cap_sparse_mmap cap;
	struct vfio_region_sparse_mmap_area areas[4];
};

static struct info sparse(uint32_t areas)
{
	return (struct info){
		.head = {.argsz = sizeof(struct info),
			 .flags = VFIO_REGION_INFO_FLAG_CAPS,
			 .cap_offset = offsetof(struct info, cap)},
		.cap = {.header = {.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP,
				   .version = 1},
			.nr_areas = areas},
	};
}

static void areas_are_kept_to(void **state)
{
	struct device d = make("10de:2330", M);
	struct info info = sparse(3);

	(void)state;
	/* In no order; the second touches the third; the first is no page. */
	info.areas[0] =
		(struct vfio_region_sparse_mmap_area){512 * K + 512, 4 * K};
	info.areas[1] = (struct vfio_region_sparse_mmap_area){64 * K, 64 * K};
	info.areas[2] = (struct vfio_region_sparse_mmap_area){16 * K, 48 * K};
	guard_device(&d);
	guard_sparse(&d, 0, &info.head);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{16 * K, 112 * K}});
	guard_device(&d);
	info.cap.nr_areas = 0;
	guard_sparse(&d, 0, &info.head);
	assert_int_equal(d.bars[0].allowed_count, 0);
	/* More of them than there is room for are not believed. */
	guard_device(&d);
	info.cap.nr_areas = UINT32_MAX;
	guard_sparse(&d, 0, &info.head);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{16 * K, 112 * K}});
	guard_device(&d);
	info.cap.header.next = offsetof(struct info, cap);
	info.cap.header.id = VFIO_REGION_INFO_CAP_MSIX_MAPPABLE;
	guard_sparse(&d, 0, &info.head);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{0, M}});
	device_close(&d);
}

/* More gaps than ranges are kept: too little is mapped, never too much. */
static void room_runs_out_safely(void **state)
{
	struct device d = make("10de:2330", M);

	(void)state;
	guard_device(&d);
	for (uint64_t page = 1; page < 100; page += 2)
		guard_leave_out(&d, 0, page * 4 * K, page * 4 * K + 1, "x");
	assert_true(d.bars[0].allowed_count <= BAR_RANGES);
	for (size_t i = 0; i < d.bars[0].allowed_count; i++) {
		const struct bar_range *r = &d.bars[0].allowed[i];

		assert_int_equal(r->length, 4 * K);
		assert_int_equal(r->offset / (4 * K) % 2, 0);
	}
	device_close(&d);
}

static void ranges_narrow(void **state)
{
	struct device d = make("1af4:1110", 16 * M);
	char why[256];

	(void)state;
	d.bars[2] =
		(struct device_bar){.index = 2, .size = 4 * K, .mmap = true};
	assert_int_equal(guard_init("1M+4100K", false), 0);
	guard_device(&d);
	assert_allowed(&d.bars[0], 1, (struct bar_range[]){{M, 4100 * K}});
	assert_allowed(&d.bars[2], 0, NULL);
	/* Where 2 MiB fit it begins where a large leaf can. */
	assert_true(guard_place(&d, 2 * M, why));
	assert_int_equal(d.start, 2 * M);
	assert_true(guard_place(&d, 4 * M, why));
	assert_int_equal(d.start, M);
	assert_int_equal(d.offset, M);
	assert_false(guard_place(&d, 8 * M, why));
	assert_string_equal(why, "no 8M of BAR 0 in a row may be mapped, 4100K "
				 "at most: left out are: outside of --range");
	assert_false(guard_lets_drive(&d, 0, 8 * K));
	assert_int_equal(guard_init("0+8K", false), 0);
	assert_true(guard_lets_drive(&d, 0, 8 * K));
	assert_false(guard_lets_drive(&d, 0, 12 * K));
	assert_false(guard_lets_drive(&d, 2, 4 * K));
	assert_int_equal(guard_init("1G+4K", false), 0);
	guard_device(&d);
	assert_false(guard_place(&d, 4 * K, why));
	assert_int_equal(guard_init(NULL, false), 0);
	device_close(&d);
}

static void what_is_no_range_is_refused(void **state)
{
	static const char *const bad[] = {"",	   "4K",   "+4K",   "4K+",
					  "4K+0",  "1+4K", "4K+1",  "4K+4K+4K",
					  "4K-4K", "x+4K", "4K +4K"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(guard_init(bad[i], false), -EINVAL);
	assert_int_equal(guard_init(NULL, false), 0);
}

static void writing_is_asked_for(void **state)
{
	struct device d = make("8086:10d3", M);

	(void)state;
	guard_init(NULL, true);
	guard_device(&d);
	assert_true(d.may_write);
	assert_int_equal(d.prot, PROT_READ | PROT_WRITE);
	guard_init(NULL, false);
	guard_device(&d);
	assert_false(d.may_write);
	device_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_free),
		cmocka_unit_test(msix_pages_are_left_out),
		cmocka_unit_test(nonsense_does_no_harm),
		cmocka_unit_test(doorbells_are_left_out),
		cmocka_unit_test(virtio_status_is_left_out),
		cmocka_unit_test(areas_are_kept_to),
		cmocka_unit_test(room_runs_out_safely),
		cmocka_unit_test(ranges_narrow),
		cmocka_unit_test(what_is_no_range_is_refused),
		cmocka_unit_test(writing_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
