// SPDX-License-Identifier: GPL-2.0-or-later
#include "parameters.h"

const char *const interface_names[] = {"group", "cdev", NULL};

enum device_interface cell_interface(const struct cell *cell)
{
	static const enum device_interface by[] = {INTERFACE_GROUP,
						   INTERFACE_CDEV};

	return by[cell_number(cell, "interface")];
}
