/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of a device's BARs a benchmark may map, and whether it may write to
 * them. A read can do harm where it is no memory that answers, so left out are
 * the pages that a device says nobody should read: those of its MSI-X table and
 * pending bits, what lies outside of vfio's sparse mmap areas, doorbells that a
 * specification names (guard.c lists them), and what the user leaves out.
 * Emulated devices that are known to bear it are read wherever vfio lets them be.
 */
#ifndef RIG_GUARD_H
#define RIG_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rig/device.h"

struct vfio_region_info;

/*
 * What the user says, once, before a device is opened. @range is "OFFSET+LENGTH",
 * sizes as 4K or 4096, whole pages, and then nothing else is mapped of the
 * largest BAR, and nothing of others; NULL: no limit. @write lets every device be
 * written to. 0, or -EINVAL of a range that is none.
 */
int guard_init(const char *range, bool write);

/*
 * Fills in what may be mapped of each BAR, what was left out and why, and
 * whether it may be written to, of a device whose BARs are known and whose memory
 * is on. Takes another BAR as d->bar where nothing is left of it and no range
 * was given.
 */
void guard_device(struct device *d);

/*
 * Puts d->start where the next @length bytes are mapped from: in d->bar, where as
 * large a leaf can map them as anywhere. false if no such range is allowed, and
 * then @why says so, as a part of a sentence.
 */
bool guard_place(struct device *d, uint64_t length, char why[256]);

/* The first range that may be mapped of this BAR has so many bytes; 0: none. */
uint64_t guard_usable(const struct device_bar *bar);

/*
 * Whether --range lets the first @length bytes of BAR @bar be mapped: for a driver,
 * which has no choice where, and which reads nothing but registers it knows.
 */
bool guard_lets_drive(const struct device *d, int bar, uint64_t length);

/* Parts of it, that tests call too. */

/* The whole pages of BAR @bar that [from, to) touches are not to be mapped. */
void guard_leave_out(struct device *d, int bar, uint64_t from, uint64_t to,
		     const char *why);
/* The same of all that @info's sparse areas, if it has any, do not hold. */
void guard_sparse(struct device *d, int bar,
		  const struct vfio_region_info *info);

#endif
