// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/device.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "pfnbench/stamp.h"
#include "rig/guard.h"
#include "rig/sigbus.h"
#include "rig/sysfs.h"
#include "rig/vfio.h"

static int open_memfd(struct device *d, uint64_t size, char why[256])
{
	d->memfd = true;
	snprintf(d->bdf, sizeof(d->bdf), "memfd");
	snprintf(d->id, sizeof(d->id), "memfd");
	d->size = size;
	d->bar = 0;
	d->bars[0] = (struct device_bar){.size = size, .mmap = true};
	d->can_reset = true;
	d->fd = memfd_create("pfnbench", MFD_CLOEXEC);
	if (d->fd < 0 || ftruncate(d->fd, (off_t)size)) {
		int err = errno;

		return device_refuse(why, -err, "memfd: %s", strerror(err));
	}
	guard_device(d);
	return 0;
}

static void read_id(struct device *d)
{
	char vendor[16], device[16];

	sysfs_pci_line(d->bdf, "vendor", vendor, sizeof(vendor));
	sysfs_pci_line(d->bdf, "device", device, sizeof(device));
	/* Both are "0x" and four digits. */
	if (strlen(vendor) == 6 && strlen(device) == 6)
		snprintf(d->id, sizeof(d->id), "%.4s:%.4s", vendor + 2,
			 device + 2);
}

int device_enable_at_open(struct device *d, char why[256])
{
	uint16_t word;
	int err;

	if (pread(d->fd, &word, sizeof(word),
		  (off_t)(d->config_offset + PCI_COMMAND)) != sizeof(word))
		return device_refuse(why, -EIO, "PCI_COMMAND can't be read");
	d->command_at_open = le16toh(word);
	err = device_memory_enable(d, true);
	return err ? device_refuse(why, err, "memory can't be enabled: %s",
				   strerror(-err))
		   : 0;
}

/*
 * By the first page that may be mapped; which device it is says nothing of its
 * contents.
 */
static void look_for_stamp(struct device *d)
{
	char why[256];
	uint64_t value;
	void *page;

	if (!guard_place(d, STAMP_PAGE_SIZE, why))
		return;
	page = mmap(NULL, STAMP_PAGE_SIZE, PROT_READ, MAP_SHARED, d->fd,
		    (off_t)d->offset);
	if (page == MAP_FAILED)
		return;
	d->stamped =
		!probe_read((const char *)page + STAMP_READ_OFFSET, &value) &&
		value == stamp_of((uint32_t)(d->start / STAMP_PAGE_SIZE));
	munmap(page, STAMP_PAGE_SIZE);
}

static int open_pci(struct device *d, const char *target,
		    enum device_interface i, char why[256])
{
	int err = device_find(target, d->bdf);

	if (err == -EINVAL)
		return device_refuse(why, err,
				     "%s is neither memfd, a bus address nor "
				     "vendor:device",
				     target);
	if (err)
		return device_refuse(why, err, "no PCI device %s", target);
	read_id(d);
	err = vfio_open(d, i, why);
	if (!err)
		err = device_enable_at_open(d, why);
	if (err)
		return err;
	guard_device(d);
	look_for_stamp(d);
	return 0;
}

void device_init(struct device *d)
{
	memset(d, 0, sizeof(*d));
	d->fd = d->container = d->group = d->iommufd = -1;
	d->bar = BAR_NONE;
}

int device_open(struct device *d, const char *target, uint64_t memfd_size,
		enum device_interface i, char why[256])
{
	int err;

	device_init(d);
	why[0] = '\0';
	if (!strcmp(target, "memfd"))
		err = open_memfd(d, memfd_size, why);
	else
		err = open_pci(d, target, i, why);
	if (err)
		device_close(d);
	return err;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void device_close(struct device *d)
{
	/* The device first: its group and its IOMMU stay busy until then. */
	close_one(&d->fd);
	close_one(&d->group);
	close_one(&d->container);
	close_one(&d->iommufd);
}

static int drop_pages(const struct device *d)
{
	if (fallocate(d->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		      (off_t)d->size))
		return -errno;
	return 0;
}

int device_memory_enable(struct device *d, bool on)
{
	uint16_t word = d->command_at_open | PCI_COMMAND_MEMORY;
	ssize_t n;

	if (d->memfd)
		return on ? 0 : drop_pages(d);
	if (!on)
		word &= (uint16_t)~PCI_COMMAND_MEMORY;
	word = htole16(word);
	n = pwrite(d->fd, &word, sizeof(word),
		   (off_t)(d->config_offset + PCI_COMMAND));
	if (n < 0)
		return -errno;
	return n == sizeof(word) ? 0 : -EIO;
}

int device_reset(struct device *d)
{
	if (d->memfd)
		return drop_pages(d);
	return ioctl(d->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}
