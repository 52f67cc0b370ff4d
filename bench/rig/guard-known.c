// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/guard-known.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "rig/guard.h"
#include "rig/pci.h"

/*
 * All of them are QEMU's. Of ivshmem-plain BAR 2 is memory, and its registers in
 * BAR 0 do nothing without interrupts (docs/specs/ivshmem-spec.txt). QEMU's nvme
 * answers a read of a doorbell with 0 and of MSI-X with the vectors, no more.
 */
static const struct guard_known known[] = {
	{"memfd", true, true, false},
	{"1af4:1110", true, true, false},
	{"1b36:0010", true, false, true},
};

const struct guard_known *guard_known(const char *id)
{
	static const struct guard_known nothing;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(id, known[i].id))
			return &known[i];
	return &nothing;
}

#define CLASS_NVME 0x010802
/* NVM Express Base Specification 2.0, 3.1.3.1: CAP.DSTRD is bits 35 to 32. */
#define NVME_CAP_HIGH 4
#define NVME_DSTRD 0xfu
#define NVME_DOORBELLS UINT64_C(0x1000)
#define NVME_MAX_QUEUES UINT64_C(65536)

/*
 * NVM Express over PCIe Transport Specification 1.1, 3.1.2.1 and 3.1.2.2: "The
 * host should not read the doorbell registers." There are two for each pair of
 * queues, 4 << DSTRD bytes apart, from 0x1000 on. How many queues the controller
 * has is not known before it runs.
 */
static void nvme(struct device *d)
{
	uint32_t high = UINT32_MAX;

	if (pread(d->fd, &high, sizeof(high),
		  (off_t)(d->bars[0].offset + NVME_CAP_HIGH)) != sizeof(high))
		high = UINT32_MAX;
	guard_leave_out(
		d, 0, NVME_DOORBELLS,
		NVME_DOORBELLS +
			2 * NVME_MAX_QUEUES *
				(UINT64_C(4) << (le32toh(high) & NVME_DSTRD)),
		"NVMe doorbells");
}

#define VENDOR_VIRTIO 0x1af4
#define VIRTIO_FIRST 0x1000
#define VIRTIO_LAST 0x107f

/* struct virtio_pci_cap of linux/virtio_pci.h. */
struct virtio_cap {
	uint8_t id, next, length, type, bar, other[3];
	uint32_t offset, size;
};
#define VIRTIO_NOTIFY 2
#define VIRTIO_ISR 3

/*
 * Virtual I/O Device Specification 1.2, 4.1.4.5: the device resets its ISR status
 * when it is read; 4.1.4.4: notifications are written, never read.
 */
static void virtio(struct device *d)
{
	uint8_t at = 0;
	struct virtio_cap cap;

	if (pci_config_read(d, PCI_CAPABILITY_LIST, &at, sizeof(at)))
		return;
	for (int i = 0; at && i < 48; i++, at = cap.next) {
		if (pci_config_read(d, at, &cap, sizeof(cap)))
			return;
		if (cap.id != PCI_CAP_ID_VNDR || cap.bar >= DEVICE_BARS ||
		    (cap.type != VIRTIO_NOTIFY && cap.type != VIRTIO_ISR))
			continue;
		guard_leave_out(d, cap.bar, le32toh(cap.offset),
				(uint64_t)le32toh(cap.offset) +
					le32toh(cap.size),
				cap.type == VIRTIO_ISR ? "virtio ISR status"
						       : "virtio doorbells");
	}
}

void guard_doorbells(struct device *d)
{
	uint32_t class = 0, id = 0;
	uint16_t device;

	if (!pci_config_read(d, PCI_CLASS_REVISION, &class, sizeof(class)) &&
	    le32toh(class) >> 8 == CLASS_NVME)
		nvme(d);
	if (pci_config_read(d, PCI_VENDOR_ID, &id, sizeof(id)))
		return;
	device = (uint16_t)(le32toh(id) >> 16);
	if ((le32toh(id) & 0xffff) == VENDOR_VIRTIO && device >= VIRTIO_FIRST &&
	    device <= VIRTIO_LAST)
		virtio(d);
}
