/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Storage that this host has by its network. */
#ifndef HOST_STORAGE_H
#define HOST_STORAGE_H

#include "host/host.h"

/*
 * Fills host->storage with what would lose its server if an interface went
 * away, as "nfs4 on /home"; "" where there is none. 0, or -errno with @what.
 */
int storage_find(struct host *host, char what[256]);

#endif
