/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files of sysfs and procfs. */
#ifndef RIG_SYSFS_H
#define RIG_SYSFS_H

#include <stddef.h>

#define SYSFS_PCI "/sys/bus/pci/devices"

/*
 * The first line of the file, without its newline, cut to @size bytes with the
 * terminator. 0 or -errno, and then @text is "".
 */
int sysfs_line(const char *path, char *text, size_t size);

/* The same of attribute @name of PCI device @bdf. */
int sysfs_pci_line(const char *bdf, const char *name, char *text, size_t size);

/*
 * The last part of what the link @name of PCI device @bdf points to: a driver's
 * name, a group's number. Same errors.
 */
int sysfs_pci_link(const char *bdf, const char *name, char *text, size_t size);

#endif
