/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sites: every way in which a user makes a device's BARs unreachable and
 * reachable again.
 */
#ifndef TESTS_SITE_H
#define TESTS_SITE_H

#include <stdbool.h>

#include "rig/device.h"

enum site_id {
	SITE_COMMAND,
	SITE_RESET,
	SITE_HOT_RESET,
	SITE_FLR,
	SITE_AF_FLR,
	SITE_D3HOT,
	SITE_LOW_POWER,
	SITE_WAKE_UP,
	SITE_BAR_RESTORE,
	SITES,
};

#define SITE_BIT(id) (1u << (id))

struct site {
	const char *name;
	/* Why @d has no such site, or NULL. */
	const char *(*missing)(struct device *d);
	/*
	 * When it has returned 0 no access is answered. NULL where the BARs are
	 * only unreachable during on(): a reset.
	 */
	int (*off)(struct device *d);
	/* When it has returned 0 every page is there again. */
	int (*on)(struct device *d);
	/* off() and on() write memory enable; otherwise it stays as it is. */
	bool writes_memory_enable;
};

extern const struct site sites[SITES];

/*
 * Whether the site gave up, which it may, because of others who use the device
 * at the same time. The BARs are then as reachable as before.
 */
bool site_refused(int err);

/* VFIO_DEVICE_GET_INFO: an access to the device that changes nothing. */
int site_poke(struct device *d);

#endif
