/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `pfnbench devices`: the PCI devices of this host, and which may be used. */
#ifndef HOST_DEVICES_H
#define HOST_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

#include "host/judge.h"

struct devices_options {
	bool json;
	bool check; /* say only why not, and exit with that */
	bool force; /* what can be forced is forced, in a check */
	const char *sysfs, *proc, *dev; /* NULL: the host's own */
};

/*
 * Lists the devices of @addresses, all where @count is 0, on stdout; or checks
 * them. An exit code; what is wrong has been said.
 */
int devices_command(const struct devices_options *options,
		    char *const *addresses, size_t count);

/* One device as text, and as JSON (NULL: out of memory). */
void devices_print(const struct judged *j);
struct json_t *devices_json(const struct host *host, const struct judged *j);

#endif
