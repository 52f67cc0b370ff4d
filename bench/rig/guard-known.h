/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of devices by what they are (guard.h). */
#ifndef RIG_GUARD_KNOWN_H
#define RIG_GUARD_KNOWN_H

#include <stdbool.h>

#include "rig/device.h"

struct guard_known {
	const char *id; /* "1af4:1110" */
	bool read; /* every page may be read, those of MSI-X and doorbells too */
	bool write; /* every page is memory, and may be written to */
	bool drive; /* its registers may be written to as a driver does it */
};

/* What is known of the device with this id; of others neither. Never NULL. */
const struct guard_known *guard_known(const char *id);

/* Leaves out what specifications say nobody should read of such a device. */
void guard_doorbells(struct device *d);

#endif
