// SPDX-License-Identifier: GPL-2.0-or-later
#include "parameters.h"

const char *const interface_names[] = {"group", "cdev", NULL};
