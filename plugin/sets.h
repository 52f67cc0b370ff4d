/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Set-associative memory of keys, of which the least recently used one goes. */
#ifndef PLUGIN_SETS_H
#define PLUGIN_SETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sets {
	uint64_t *keys; /* by set, the most recent first; 0: none */
	size_t sets, ways;
};

/* @entries in sets of @ways. 0, -EINVAL if they don't go up, or -ENOMEM. */
int sets_init(struct sets *s, size_t entries, size_t ways);
/* Whether @key, which is not 0, is there; it is then the most recent one. */
bool sets_use(struct sets *s, uint64_t key);
/* Drops each key that has not all bits of @keep; 0 keeps all. */
void sets_drop(struct sets *s, uint64_t keep);

#endif
