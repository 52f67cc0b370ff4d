// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/pci.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

int pci_config_read(const struct device *d, unsigned int at, void *value,
		    size_t size)
{
	ssize_t n = pread(d->fd, value, size, (off_t)(d->config_offset + at));

	return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EIO;
}

int pci_config_write(const struct device *d, unsigned int at, const void *value,
		     size_t size)
{
	ssize_t n = pwrite(d->fd, value, size, (off_t)(d->config_offset + at));

	return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EIO;
}

uint8_t pci_capability(const struct device *d, uint8_t id)
{
	uint8_t at = 0, header[2];

	if (pci_config_read(d, PCI_CAPABILITY_LIST, &at, 1))
		return 0;
	/* 48 is all that fit, should they be linked in a circle. */
	for (int i = 0; at && i < 48; i++) {
		if (pci_config_read(d, at, header, sizeof(header)))
			return 0;
		if (header[0] == id)
			return at;
		at = header[1];
	}
	return 0;
}

int pci_power_state(const struct device *d, uint16_t state)
{
	unsigned int at = pci_capability(d, PCI_CAP_ID_PM) + PCI_PM_CTRL;
	uint16_t value;
	int err = pci_config_read(d, at, &value, sizeof(value));

	value = htole16((le16toh(value) & (uint16_t)~PCI_PM_CTRL_STATE_MASK) |
			state);
	return err ? err : pci_config_write(d, at, &value, sizeof(value));
}

int vfio_feature(const struct device *d, uint32_t flags, const void *data,
		 size_t size)
{
	struct {
		struct vfio_device_feature header;
		unsigned char data[64];
	} arg = {.header = {.argsz = (__u32)(sizeof(arg.header) + size),
			    .flags = flags}};
	int result;

	if (size)
		memcpy(arg.data, data, size);
	result = ioctl(d->fd, VFIO_DEVICE_FEATURE, &arg);
	return result < 0 ? -errno : result;
}

bool vfio_has_low_power(const struct device *d)
{
	return !vfio_feature(d,
			     VFIO_DEVICE_FEATURE_PROBE |
				     VFIO_DEVICE_FEATURE_SET |
				     VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
			     NULL, 0);
}

int vfio_low_power_entry(const struct device *d)
{
	return vfio_feature(d,
			    VFIO_DEVICE_FEATURE_SET |
				    VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY,
			    NULL, 0);
}

int vfio_low_power_exit(const struct device *d)
{
	return vfio_feature(
		d, VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_LOW_POWER_EXIT,
		NULL, 0);
}

const char *vfio_no_hot_reset(const struct device *d)
{
	struct vfio_pci_hot_reset_info info = {.argsz = sizeof(info)};

	/* There is no room for the list; how many there are is said. */
	if (ioctl(d->fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, &info) &&
	    errno != ENOSPC)
		return "neither its slot nor its bus can be reset";
	return info.count > 1 ? "other devices would be reset with it" : NULL;
}

/* A group's descriptor proves that it is ours; an iommufd of itself. */
int vfio_hot_reset(const struct device *d)
{
	struct {
		struct vfio_pci_hot_reset header;
		__s32 group;
	} arg = {.header = {.argsz = sizeof(arg)}};

	if (d->group >= 0) {
		arg.header.count = 1;
		arg.group = d->group;
	}
	if (ioctl(d->fd, VFIO_DEVICE_PCI_HOT_RESET, &arg) && errno != ENOTTY)
		return -errno;
	return 0;
}
