/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target to map: the largest mappable memory BAR of a vfio device, or a memfd
 * that stands in for one where there is no device.
 */
#ifndef RIG_DEVICE_H
#define RIG_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BAR_NONE (-1)
#define DEVICE_BARS 6
#define BAR_RANGES 16
#define LEFT_OUT_MAX 16

/* Whole pages of a BAR, in bytes. */
struct bar_range {
	uint64_t offset, length;
};

/* Pages that are not to be mapped, and why (guard.h). */
struct left_out {
	int bar;
	struct bar_range range;
	const char *why;
};

struct device_bar {
	int index;
	uint64_t size; /* bytes; 0 where there is none */
	uint64_t flags; /* IORESOURCE_* of linux/ioport.h, as sysfs shows it */
	bool mmap; /* vfio lets it be mapped */
	uint64_t offset; /* in the device's descriptor, bytes */
	/* What may be mapped, ascending; guard_device() fills it in. */
	struct bar_range allowed[BAR_RANGES];
	size_t allowed_count;
};

struct device {
	bool memfd;
	int fd; /* of the device, or the memfd */
	int container, group, iommufd; /* -1 where the interface has none */
	char bdf[16]; /* "0000:01:00.0", or "memfd" */
	char id[12]; /* "1af4:1110", or "memfd" */
	struct device_bar bars[DEVICE_BARS];
	int bar; /* index into bars of the largest that can be mapped */
	uint64_t size; /* of that BAR, bytes */
	/* Where its next mapping begins: in the BAR, by guard_place(), and in fd. */
	uint64_t start;
	uint64_t offset;
	uint64_t config_offset; /* of config space in fd, bytes */
	bool can_reset;
	bool stamped; /* pages of the BAR hold their stamps: the first does */
	/* guard.h: whether the BARs may be written to; PROT_ of mappings of them. */
	bool may_write;
	int prot;
	struct left_out left_out[LEFT_OUT_MAX];
	size_t left_out_count;
	uint16_t command_at_open; /* PCI_COMMAND before memory was enabled */
};

enum device_interface {
	INTERFACE_ANY, /* group, or cdev where there is no group's node */
	INTERFACE_GROUP,
	INTERFACE_CDEV,
};

/* The first @room PCI devices that a driver of vfio has; how many there are. */
size_t device_list(char (*bdfs)[16], size_t room);

/*
 * The first device by address that @target, "0000:01:00.0", "01:00.0" or
 * vendor:device in hex, is. -EINVAL if it is none of these, -ENODEV, or the
 * error of opening /sys/bus/pci/devices.
 */
int device_find(const char *target, char bdf[16]);

/* A device that nothing of is open. */
void device_init(struct device *d);
/*
 * Enables the memory of a device that was just opened, and keeps what
 * PCI_COMMAND was. 0 or -errno with @why, as device_open().
 */
int device_enable_at_open(struct device *d, char why[256]);

/*
 * Opens @target, "memfd" (of @memfd_size bytes) or what device_find() takes,
 * and enables its memory. -errno, and then @why holds the reason as a part of
 * a sentence, without a full stop.
 */
int device_open(struct device *d, const char *target, uint64_t memfd_size,
		enum device_interface i, char why[256]);
void device_close(struct device *d);

/*
 * Turns memory decode on or off by one pwrite() of PCI_COMMAND; the other bits
 * are those from when the device was opened. A memfd loses its pages when it is
 * turned off. 0 or -errno.
 */
int device_memory_enable(struct device *d, bool on);

/* VFIO_DEVICE_RESET; a memfd loses its pages. 0 or -errno. */
int device_reset(struct device *d);

#endif
