/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes have which device nodes open. */
#ifndef HOST_OPENERS_H
#define HOST_OPENERS_H

#include "host/host.h"

/* Fills host->openers, one entry a device. 0 or -errno. */
int openers_read(struct host *host);
/*
 * The process that has the device open: by number, or by @name of its node
 * ("nvme0n1") where that is not NULL. NULL where there is none.
 */
const struct opener *opener_of(const struct host *host, bool block,
			       dev_t number, const char *name);
/* The first that has a node open whose path begins with @prefix, or NULL. */
const struct opener *opener_of_prefix(const struct host *host,
				      const char *prefix);

#endif
