// SPDX-License-Identifier: GPL-2.0-or-later
#include "touch.h"

#include "pfnbench/stamp.h"
#include "rig/counters.h"
#include "rig/permutation.h"
#include "rig/settle.h"
#include "rig/sigbus.h"

uint64_t touch_pages(const struct touch *t)
{
	return t->mapping->length / STAMP_PAGE_SIZE;
}

static volatile uint64_t *word(const struct touch *t, uint64_t page)
{
	return (volatile uint64_t *)(t->mapping->addr + page * STAMP_PAGE_SIZE +
				     (t->write ? STAMP_WRITE_OFFSET
					       : STAMP_READ_OFFSET));
}

static uint64_t stamp_at(const struct touch *t, uint64_t page)
{
	return stamp_of(t->mapping->first_page + (uint32_t)page);
}

struct pass {
	struct touch *touch;
	const struct clock_info *clock;
	struct tally *tally;
	uint64_t ticks;
	struct permutation order;
};

static uint64_t nth(const struct pass *p, uint64_t i)
{
	return p->touch->shuffled ? permutation_at(&p->order, i) : i;
}

/* A write is compared by reading it back, outside of the stamps. */
static void compare(struct touch *t, uint64_t page, uint64_t value)
{
	if (!t->stamped)
		return;
	t->checked++;
	if (t->write)
		value = *word(t, page);
	if (value != stamp_at(t, page))
		t->wrong++;
}

static int each(void *arg)
{
	struct pass *p = arg;
	struct touch *t = p->touch;
	uint64_t pages = touch_pages(t);

	for (uint64_t i = 0; i < pages; i++) {
		uint64_t page = nth(p, i);
		volatile uint64_t *w = word(t, page);
		uint64_t stamp = stamp_at(t, page);
		uint64_t value = stamp, start, stop;
		int err;

		/* One loop each way: no branch between the stamps. */
		if (t->write) {
			start = clock_start();
			*w = stamp;
			stop = clock_stop();
		} else {
			start = clock_start();
			value = *w;
			stop = clock_stop();
		}
		err = tally_add(p->tally, clock_value(p->clock, stop - start),
				1);
		if (err)
			return err;
		compare(t, page, value);
	}
	return 0;
}

int touch_each(struct touch *t, const struct clock_info *clock,
	       struct tally *tally)
{
	struct pass p = {.touch = t, .clock = clock, .tally = tally};

	t->wrong = 0;
	t->checked = 0;
	permutation_init(&p.order, touch_pages(t), t->seed);
	/* The tally's first memory, before the first sample needs it. */
	tally_add(tally, 0, 1);
	tally_clear(tally);
	settle();
	return sigbus_protect(each, &p);
}

static uint64_t read_ascending(const struct touch *t, uint64_t pages)
{
	volatile uint64_t *w = word(t, 0);
	uint64_t sum = 0;

	for (uint64_t i = 0; i < pages; i++)
		sum += w[i * (STAMP_PAGE_SIZE / sizeof(*w))];
	return sum;
}

static void write_ascending(const struct touch *t, uint64_t pages)
{
	volatile uint64_t *w = word(t, 0);
	uint32_t first = t->mapping->first_page;

	for (uint64_t i = 0; i < pages; i++)
		w[i * (STAMP_PAGE_SIZE / sizeof(*w))] =
			stamp_of(first + (uint32_t)i);
}

static uint64_t shuffled(const struct pass *p, uint64_t pages)
{
	const struct touch *t = p->touch;
	uint64_t sum = 0;

	for (uint64_t i = 0; i < pages; i++) {
		uint64_t page = permutation_at(&p->order, i);

		if (t->write)
			*word(t, page) = stamp_at(t, page);
		else
			sum += *word(t, page);
	}
	return sum;
}

static int all(void *arg)
{
	struct pass *p = arg;
	struct touch *t = p->touch;
	uint64_t pages = touch_pages(t), sum = 0, want = 0, start;

	if (t->phase)
		count_begin(t->phase);
	start = clock_start();
	if (t->shuffled)
		sum = shuffled(p, pages);
	else if (t->write)
		write_ascending(t, pages);
	else
		sum = read_ascending(t, pages);
	p->ticks = clock_stop() - start;
	count_end();

	if (!t->stamped)
		return 0;
	for (uint64_t i = 0; i < pages; i++)
		want += stamp_at(t, i);
	if (t->write)
		sum = read_ascending(t, pages);
	t->checked = pages;
	t->wrong = sum == want ? 0 : pages;
	return 0;
}

int touch_all(struct touch *t, uint64_t *ticks)
{
	struct pass p = {.touch = t};
	int err;

	t->wrong = 0;
	t->checked = 0;
	permutation_init(&p.order, touch_pages(t), t->seed);
	settle();
	err = sigbus_protect(all, &p);
	*ticks = p.ticks;
	return err;
}
