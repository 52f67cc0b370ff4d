// SPDX-License-Identifier: GPL-2.0-or-later
#include "reset.h"

#include <string.h>

#include "rig/pci.h"

static const char *no_function_reset(const struct device *d)
{
	return d->can_reset ? NULL : "it can't be reset";
}

/* The stand-in has one reset. */
static int hot_reset(struct device *d)
{
	return d->memfd ? device_reset(d) : vfio_hot_reset(d);
}

static const char *no_hot_reset(const struct device *d)
{
	return vfio_no_hot_reset(d);
}

#define RESET_ENTRY(name, perform, missing) {name, perform, missing},
static const struct reset resets[] = {RESETS(RESET_ENTRY)};

const struct reset *reset_of(const struct cell *cell)
{
	const char *action = cell_value(cell, "action")->text;

	for (size_t i = 0; i < sizeof(resets) / sizeof(*resets); i++)
		if (!strcmp(resets[i].name, action))
			return &resets[i];
	return NULL;
}
