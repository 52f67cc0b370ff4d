/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices are called: the file pci.ids, where it is installed. */
#ifndef HOST_NAMES_H
#define HOST_NAMES_H

#include "host/function.h"

/* Fills the names of @count functions in one pass. No file: none has a name. */
void names_fill(struct function *functions, size_t count);
/* The same from the file @path; whether it could be read. */
bool names_fill_from(const char *path, struct function *functions,
		     size_t count);

#endif
