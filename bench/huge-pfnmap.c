// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which leaves map the BAR when all of it has been touched: PTE, PMD and PUD
 * entries, the page tables they take, and what an access costs then.
 */
#include "benchmark.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "parameters.h"
#include "rig/leaves.h"
#include "rig/mapping.h"
#include "rig/marks.h"
#include "rig/process.h"
#include "rig/sigbus.h"
#include "steps.h"

#define SHUFFLE_SEED 2
/* Faults that are remembered by page: 8 MiB of memory at the most. */
#define MAX_FAULT_PAGES (UINT64_C(2) << 20)

static const struct parameter parameters[] = {
	BAR_PARAMETERS("16M"),
	{.name = NULL},
};

/* Which touches of an ascending pass took a fault. */
struct faulting {
	const struct mapping *mapping;
	uint32_t *pages;
	size_t limit;
	size_t count; /* may pass the limit: then the pages are not all there */
};

static int populate(void *arg)
{
	struct faulting *f = arg;
	uint64_t pages = f->mapping->length / 4096;
	uint64_t before = faults_now();

	for (uint64_t i = 0; i < pages; i++) {
		uint64_t after;

		(void)*(volatile uint64_t *)(f->mapping->addr + i * 4096);
		after = faults_now();
		if (after != before) {
			if (f->count < f->limit)
				f->pages[f->count] = (uint32_t)i;
			f->count++;
		}
		before = after;
	}
	return 0;
}

/* From the dump, from faults and page-table bytes, or from both, agreeing. */
static int count_leaves(struct cell *cell, const struct faulting *f,
			uint64_t table_bytes, struct leaves *leaves)
{
	uint64_t start = (uintptr_t)f->mapping->addr;
	uint64_t end = start + f->mapping->length;
	struct leaves derived;
	int dumped = leaves_dump(start, end, leaves);
	int guessed = -ERANGE;

	if (f->count <= f->limit)
		guessed = leaves_derive(start, end, f->pages, f->count,
					table_bytes, &derived);
	if (dumped && dumped != -ENOENT && dumped != -EACCES)
		return dumped;
	if (!dumped && !guessed &&
	    (leaves->pte != derived.pte || leaves->pmd != derived.pmd ||
	     leaves->pud != derived.pud))
		cell_fail(cell,
			  "the page-table dump has %lu PTE, %lu PMD, %lu PUD "
			  "leaves, faults and VmPTE say %lu, %lu, %lu",
			  leaves->pte, leaves->pmd, leaves->pud, derived.pte,
			  derived.pmd, derived.pud);
	if (dumped && guessed) {
		cell_skip(cell, "no page-table dump, and faults and VmPTE "
				"don't tell the leaves");
		return 0;
	}
	if (dumped)
		*leaves = derived;
	cell_note(cell, "leaves",
		  dumped    ? "derived"
		  : guessed ? "dump"
			    : "dump and derived");
	return 0;
}

static int record_leaves(struct cell *cell, const struct leaves *l,
			 uint64_t length)
{
	uint64_t covered = (l->pte << 12) + (l->pmd << 21) + (l->pud << 30);
	int err = cell_sample(cell, "pte-leaves", "leaves", l->pte);

	if (!err)
		err = cell_sample(cell, "pmd-leaves", "leaves", l->pmd);
	if (!err)
		err = cell_sample(cell, "pud-leaves", "leaves", l->pud);
	if (covered != length)
		cell_fail(cell, "the leaves cover %lu of %lu bytes", covered,
			  length);
	return err;
}

/* For the model of make profile; here it is told of this mapping alone. */
static void tell(struct cell *cell, const struct mapping *m,
		 const struct leaves *l)
{
	const struct marked_mapping mapping = {
		cell_value(cell, "target")->text,
		cell_value(cell, "length")->text,
		cell_value(cell, "align")->text,
	};
	uint64_t size = 0;

	if (l->pte && !l->pmd && !l->pud)
		size = UINT64_C(1) << 12;
	else if (l->pmd && !l->pte && !l->pud)
		size = UINT64_C(1) << 21;
	else if (l->pud && !l->pte && !l->pmd)
		size = UINT64_C(1) << 30;
	marks_learn(&mapping, size);
	mark_leaves(&mapping, (uintptr_t)m->addr,
		    (uintptr_t)m->addr + m->length);
}

static int second_touch(struct cell *cell, const struct mapping *m)
{
	struct touch t = {
		.mapping = m,
		.shuffled = true,
		.seed = SHUFFLE_SEED,
		.stamped = cell->device->stamped,
		.phase = "second-touch-total",
	};
	uint64_t ticks;
	int err = touch_each(&t, cell->clock, cell_tally(cell, "second-touch"));

	account_pages(cell, &t);
	if (!err)
		err = touch_all(&t, &ticks);
	account_pages(cell, &t);
	return err ? err : cell_time(cell, "second-touch-total", ticks);
}

static int measure(struct cell *cell, struct mapping *m, struct faulting *f)
{
	struct leaves leaves = {0};
	int64_t before = vm_pte_bytes(), after;
	int err = mapping_map(m, cell->device, 0, cell->device->prot);

	if (err)
		return err;
	err = sigbus_protect(populate, f);
	if (err)
		return err;
	after = vm_pte_bytes();
	if (before < 0 || after < 0)
		return -EIO;
	err = count_leaves(cell, f, (uint64_t)(after - before), &leaves);
	if (err || cell->status == CELL_SKIPPED)
		return err;
	tell(cell, m, &leaves);
	err = record_leaves(cell, &leaves, m->length);
	if (!err)
		err = cell_sample(cell, "faults", "faults", f->count);
	if (!err)
		err = cell_sample(cell, "page-tables", "bytes",
				  (uint64_t)(after - before));
	return err ? err : second_touch(cell, m);
}

static int run(struct cell *cell)
{
	uint64_t length = cell_number(cell, "length");
	struct mapping m;
	struct faulting f = {.mapping = &m, .limit = length / 4096};
	int err = reserve_bar(cell, cell->device, &m);

	if (err)
		return err;
	if (f.limit > MAX_FAULT_PAGES)
		f.limit = MAX_FAULT_PAGES;
	f.pages = mmap(NULL, f.limit * sizeof(*f.pages), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (f.pages == MAP_FAILED) {
		mapping_release(&m);
		return -ENOMEM;
	}
	err = measure(cell, &m, &f);
	munmap(f.pages, f.limit * sizeof(*f.pages));
	mapping_release(&m);
	return err;
}

const struct benchmark huge_pfnmap = {
	.name = "huge-pfnmap",
	.summary = "which leaves map the BAR, and what an access costs then",
	.version = 1,
	.parameters = parameters,
	.run = run,
};
