/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a device of vfio is told beside device.h: by config space, by features,
 * by a reset of its bus. 0 or -errno where nothing else is said.
 */
#ifndef RIG_PCI_H
#define RIG_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rig/device.h"

int pci_config_read(const struct device *d, unsigned int at, void *value,
		    size_t size);
int pci_config_write(const struct device *d, unsigned int at, const void *value,
		     size_t size);
/* Where the capability @id is in config space, or 0. */
uint8_t pci_capability(const struct device *d, uint8_t id);

/* D0 to D3hot, 0 to 3, of a device with a power management capability. */
int pci_power_state(const struct device *d, uint16_t state);

/*
 * VFIO_DEVICE_FEATURE with @flags and up to 64 bytes of @data. What the ioctl
 * returned, which for some is a descriptor, or -errno.
 */
int vfio_feature(const struct device *d, uint32_t flags, const void *data,
		 size_t size);
bool vfio_has_low_power(const struct device *d);
int vfio_low_power_entry(const struct device *d);
int vfio_low_power_exit(const struct device *d);

/* Why vfio_hot_reset() of @d can't be, or NULL. */
const char *vfio_no_hot_reset(const struct device *d);
/*
 * VFIO_DEVICE_PCI_HOT_RESET of a device that is alone below its port. The link
 * of QEMU's port does not come up again, where Linux waits for it: the reset has
 * been done, and is then said to have failed, with ENOTTY. That is no error.
 */
int vfio_hot_reset(const struct device *d);

#endif
