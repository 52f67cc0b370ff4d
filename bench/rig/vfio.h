/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How device_open() opens a device of vfio. */
#ifndef RIG_VFIO_H
#define RIG_VFIO_H

#include "rig/device.h"

/*
 * The steps of vfio_open(): the nodes of d->bdf; the IOMMU and the device,
 * which is when the kernel resets it; its BARs and offsets.
 */
int vfio_open_nodes(struct device *d, enum device_interface i, char why[256]);
int vfio_bind(struct device *d, char why[256]);
int vfio_inspect(struct device *d, char why[256]);

/*
 * Opens d->bdf by the interface and fills in descriptors, BARs and offsets;
 * what was opened stays in @d on an error too. 0 or -errno with @why, as
 * device_open().
 */
int vfio_open(struct device *d, enum device_interface i, char why[256]);

/* Writes @why, to return an error with it: `return device_refuse(...)`. */
int device_refuse(char why[256], int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
