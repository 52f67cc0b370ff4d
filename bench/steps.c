// SPDX-License-Identifier: GPL-2.0-or-later
#include "steps.h"

#include <inttypes.h>
#include <stdio.h>

#include "rig/counters.h"
#include "rig/guard.h"
#include "rig/settle.h"

bool place_bar(struct cell *cell, struct device *d)
{
	char text[256];

	if (!guard_place(d, cell_number(cell, "length"), text)) {
		cell_skip(cell, "%s", text);
		return false;
	}
	if (d->start) {
		snprintf(text, sizeof(text), "%" PRIu64, d->start);
		cell_note(cell, "offset", text);
	}
	return true;
}

int reserve_bar(struct cell *cell, const struct device *d, struct mapping *m)
{
	return mapping_reserve(m, d->start, cell_number(cell, "length"),
			       cell_number(cell, "align"));
}

int timed_map(struct cell *cell, const struct device *d, struct mapping *m)
{
	uint64_t start, stop;
	int err;

	settle();
	count_begin("mmap");
	start = clock_start();
	err = mapping_map(m, d, 0, d->prot);
	stop = clock_stop();
	count_end();
	return err ? err : cell_time(cell, "mmap", stop - start);
}

int timed_unmap(struct cell *cell, struct mapping *m)
{
	uint64_t start, stop;
	int err;

	settle();
	count_begin("munmap");
	start = clock_start();
	err = mapping_unmap(m);
	stop = clock_stop();
	count_end();
	return err ? err : cell_time(cell, "munmap", stop - start);
}

void account_pages(struct cell *cell, const struct touch *t)
{
	cell->pages_checked += t->checked;
	cell->pages_wrong += t->wrong;
}

int read_pages(struct cell *cell, const struct mapping *m, const char *phase,
	       uint64_t *ticks)
{
	struct touch t = {
		.mapping = m,
		.stamped = cell->device->stamped,
		.phase = phase,
	};
	int err = touch_all(&t, ticks);

	account_pages(cell, &t);
	return err;
}
