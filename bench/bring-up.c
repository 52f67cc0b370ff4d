// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the start of a virtual machine pays for a device: open its nodes, bind it,
 * ask for its regions, enable memory, mmap each BAR, read each, map each for DMA;
 * and what its end pays: unmap, close. Each BAR that can be mapped counts, with
 * up to `length` bytes of it, from its first page that may be (rig/guard.h).
 *
 * The kernel resets the device when it is bound and when it is closed, and waits
 * for it: `bind-cpu` and `close-cpu` are without the waits. With interface=group
 * DMA is type1's. With interface=cdev it is iommufd's, which does not map a BAR's
 * VMA: a monitor goes on without, and so does the cell, with a note.
 *
 * What is not measured: loading and binding the driver, interrupts, and what the
 * machine does with the device then. The stand-in has open, mmap, first-access,
 * munmap and close.
 */
#include "benchmark.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "parameters.h"
#include "rig/counters.h"
#include "rig/dma.h"
#include "rig/guard.h"
#include "rig/mapping.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/vfio.h"
#include "steps.h"

#define GIB (UINT64_C(1) << 30)

static const struct parameter parameters[] = {
	TARGET_PARAMETER("what is brought up"),
	LENGTH_PARAMETER("bytes of each BAR, from its start, at most", "2M"),
	ALIGN_PARAMETER,
	INTERFACE_PARAMETER,
	{.name = NULL},
};

struct scene {
	struct cell *cell;
	struct device d;
	struct dma dma;
	struct mapping mappings[DEVICE_BARS];
	uint64_t iova[DEVICE_BARS];
	uint64_t at
		[DEVICE_BARS]; /* what is mapped, from d.offset on; may wrap */
	bool refused; /* iommufd does not map what was to be mapped */
	uint64_t faults; /* of the steps of each BAR */
	char why[256];
};

/*
 * 0, -errno, or NOT_DONE, which is no sample. With s->why it is not an error of
 * what is measured: such a device can't be opened here.
 */
#define NOT_DONE 1
typedef int step_fn(struct scene *s, int bar);

struct step {
	const char *phase;
	const char *cpu_phase; /* of one that waits, else NULL */
	step_fn *fn;
	bool each_bar;
	bool vfio; /* not of the stand-in */
};

static int open_nodes(struct scene *s, int bar)
{
	(void)bar;
	if (s->cell->device->memfd)
		return device_open(&s->d, "memfd",
				   cell_number(s->cell, "length"),
				   INTERFACE_ANY, s->why);
	return vfio_open_nodes(&s->d, cell_interface(s->cell), s->why);
}

static int bind_device(struct scene *s, int bar)
{
	int err = vfio_bind(&s->d, s->why);

	(void)bar;
	if (!err)
		err = dma_attach(&s->dma, &s->d);
	return err;
}

static int inspect(struct scene *s, int bar)
{
	(void)bar;
	return vfio_inspect(&s->d, s->why);
}

static int enable(struct scene *s, int bar)
{
	(void)bar;
	return device_enable_at_open(&s->d, s->why);
}

static int map_bar(struct scene *s, int bar)
{
	return mapping_map(&s->mappings[bar], &s->d, s->at[bar], s->d.prot);
}

/* 4 bytes, as registers of a device are. */
static int read_word(void *word)
{
	(void)*(volatile uint32_t *)word;
	return 0;
}

static int first_access(struct scene *s, int bar)
{
	return sigbus_protect(read_word, s->mappings[bar].addr);
}

static int map_for_dma(struct scene *s, int bar)
{
	struct mapping *m = &s->mappings[bar];
	int err = dma_map(&s->dma, m->addr, m->length, s->iova[bar]);

	if (!dma_refused(&s->dma, m->addr, err))
		return err;
	s->refused = true;
	cell_note(s->cell, "dma-map",
		  "iommufd of this kernel does not map a VM_PFNMAP");
	return NOT_DONE;
}

static int unmap_for_dma(struct scene *s, int bar)
{
	if (s->refused)
		return NOT_DONE;
	return dma_unmap(&s->dma, s->mappings[bar].length, s->iova[bar]);
}

static int unmap_bar(struct scene *s, int bar)
{
	return mapping_unmap(&s->mappings[bar]);
}

static int close_all(struct scene *s, int bar)
{
	(void)bar;
	dma_detach(&s->dma);
	device_close(&s->d);
	return 0;
}

static int record(struct cell *cell, const struct step *step, uint64_t ticks,
		  uint64_t cpu)
{
	int err = cell_time(cell, step->phase, ticks);

	return err || !step->cpu_phase ? err
				       : cell_ns(cell, step->cpu_phase, cpu);
}

static int take(struct scene *s, const struct step *step, int bar)
{
	uint64_t start, stop, cpu, faults;
	int err;

	settle();
	faults = faults_now();
	count_begin(step->phase);
	cpu = cpu_now();
	start = clock_start();
	err = step->fn(s, bar);
	stop = clock_stop();
	cpu = cpu_now() - cpu;
	count_end();
	if (step->each_bar)
		s->faults += faults_now() - faults;
	if (err < 0 && s->why[0])
		cell_skip(s->cell, "%s", s->why);
	else if (err < 0)
		cell_fail(s->cell, "%s: %s", step->phase, strerror(-err));
	return err ? err : record(s->cell, step, stop - start, cpu);
}

static bool is_mapped(const struct scene *s, int bar)
{
	return guard_usable(&s->d.bars[bar]) > 0;
}

/* Negative is an error. */
static int take_all(struct scene *s, const struct step *steps, size_t count)
{
	int err = 0;

	for (size_t i = 0; err >= 0 && i < count; i++) {
		const struct step *step = &steps[i];

		if (step->vfio && s->d.memfd)
			continue;
		if (!step->each_bar)
			err = take(s, step, BAR_NONE);
		for (int bar = 0;
		     err >= 0 && step->each_bar && bar < DEVICE_BARS; bar++)
			if (is_mapped(s, bar))
				err = take(s, step, bar);
	}
	return err;
}

/* Room for each BAR, in memory and for DMA, where a gibibyte begins. */
static int reserve(struct scene *s)
{
	uint64_t length = cell_number(s->cell, "length"), iova = DMA_IOVA;
	int err = 0;

	for (int bar = 0; !err && bar < DEVICE_BARS; bar++) {
		const struct device_bar *b = &s->d.bars[bar];
		uint64_t first = b->allowed[0].offset;
		uint64_t size = guard_usable(b);

		if (!size)
			continue;
		if (size > length)
			size = length;
		err = mapping_reserve(&s->mappings[bar], first, size,
				      cell_number(s->cell, "align"));
		s->at[bar] = b->offset + first - s->d.offset;
		s->iova[bar] = iova;
		iova += (size + GIB - 1) / GIB * GIB;
	}
	return err;
}

/* Every page of the largest BAR, not timed. */
static int compare(struct scene *s)
{
	uint64_t ticks;

	if (!s->cell->device->stamped)
		return 0;
	return read_pages(s->cell, &s->mappings[s->d.bar], NULL, &ticks);
}

static const struct step first[] = {
	{"open", NULL, open_nodes, false, false},
	{"bind", "bind-cpu", bind_device, false, true},
	{"info", NULL, inspect, false, true},
	{"enable", NULL, enable, false, true},
};
static const struct step middle[] = {
	{"mmap", NULL, map_bar, true, false},
	{"first-access", NULL, first_access, true, false},
	{"dma-map", NULL, map_for_dma, true, true},
};
static const struct step last[] = {
	{"dma-unmap", NULL, unmap_for_dma, true, true},
	{"munmap", NULL, unmap_bar, true, false},
	{"close", "close-cpu", close_all, false, false},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int measure(struct scene *s)
{
	int err = take_all(s, first, COUNT(first));

	if (err < 0)
		return err;
	guard_device(&s->d);
	if (!is_mapped(s, s->d.bar)) {
		cell_skip(s->cell, "no page of a BAR may be mapped");
		return -EACCES;
	}
	err = reserve(s);
	if (err)
		return err;
	err = take_all(s, middle, COUNT(middle));
	if (err < 0)
		return err;
	err = cell_sample(s->cell, "faults", "faults", s->faults);
	if (!err)
		err = compare(s);
	return err ? err : take_all(s, last, COUNT(last));
}

static int run(struct cell *cell)
{
	struct scene s = {.cell = cell};
	int err;

	device_init(&s.d);
	s.d.memfd = cell->device->memfd;
	strcpy(s.d.bdf, cell->device->bdf);
	strcpy(s.d.id, cell->device->id);
	err = measure(&s);
	for (int bar = 0; bar < DEVICE_BARS; bar++)
		mapping_release(&s.mappings[bar]);
	close_all(&s, BAR_NONE);
	return err < 0 && cell->status != CELL_SKIPPED ? err : 0;
}

const struct benchmark bring_up = {
	.name = "bring-up",
	.summary = "what the start of a virtual machine pays for a device",
	.version = 1,
	.parameters = parameters,
	.needs = {.opens = true},
	.run = run,
};
