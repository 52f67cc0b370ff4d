// SPDX-License-Identifier: GPL-2.0-or-later
#include "steps.h"

#include "rig/counters.h"
#include "rig/settle.h"

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
