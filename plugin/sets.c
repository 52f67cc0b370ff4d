// SPDX-License-Identifier: GPL-2.0-or-later
#include "sets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sets_init(struct sets *s, size_t entries, size_t ways)
{
	if (!entries || !ways || entries % ways)
		return -EINVAL;
	s->ways = ways;
	s->sets = entries / ways;
	s->keys = calloc(entries, sizeof(*s->keys));
	return s->keys ? 0 : -ENOMEM;
}

bool sets_use(struct sets *s, uint64_t key)
{
	uint64_t *set = s->keys + key % s->sets * s->ways;
	size_t at = 0;
	bool found;

	while (at < s->ways - 1 && set[at] != key)
		at++;
	found = set[at] == key;
	memmove(set + 1, set, at * sizeof(*set));
	set[0] = key;
	return found;
}

void sets_drop(struct sets *s, uint64_t keep)
{
	for (size_t i = 0; i < s->sets; i++) {
		uint64_t *set = s->keys + i * s->ways;
		size_t kept = 0;

		for (size_t j = 0; j < s->ways; j++)
			if ((set[j] & keep) == keep)
				set[kept++] = set[j];
		while (kept < s->ways)
			set[kept++] = 0;
	}
}
