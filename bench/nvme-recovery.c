// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a reset to the first good I/O, as a driver in user space sees it: an NVMe
 * controller with its registers mapped and its queues in memory that is mapped for
 * DMA is lost (reset, hot-reset, or memory off and on: toggle), and then started
 * anew, identified, given queues, and asked for a block, which must be what it was
 * before. Its commands only read.
 *
 * Kernel path: the reset or the write of PCI_COMMAND, with zap and, on eager
 * variants, populate; then the faults of the registers: that of `first-access`, and
 * with 4 KiB leaves that of the doorbells in `identify`.
 *
 * Most of it is waiting for the device: reset, ready, identify, queues, read and
 * whole have the waits in them, `reset-cpu` and `work` have not: what the calling
 * thread did itself, faults and all, between the reset's end and the block, but for
 * looking whether something is done. In count mode QEMU completes commands in
 * its main loop, whenever that runs: there waits are no figures, `work` is.
 *
 * Not measured: interrupts, several queues, what a file system does then.
 */
#include "benchmark.h"

#include <errno.h>
#include <endian.h>
#include <string.h>
#include <sys/mman.h>

#include <linux/pci_regs.h>

#include "parameters.h"
#include "reset.h"
#include "rig/counters.h"
#include "rig/dma.h"
#include "rig/guard-known.h"
#include "rig/guard.h"
#include "rig/mapping.h"
#include "rig/nvme.h"
#include "rig/pci.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"

#define CLASS_NVME 0x010802
#define PATTERN 0x5a /* in the page, before it is read into */

static const char *const actions[] = {"reset", "hot-reset", "toggle", NULL};

static const struct parameter parameters[] = {
	TARGET_PARAMETER("the controller"),
	LENGTH_PARAMETER("bytes of BAR 0 that the driver maps", "8K"),
	ALIGN_PARAMETER,
	CHOICE_PARAMETER("action", "how the BAR is lost", "reset", actions),
	INTERFACE_PARAMETER,
	{.name = NULL},
};

struct scene {
	struct cell *cell;
	struct device d;
	struct dma dma;
	struct mapping registers;
	void *memory;
	struct nvme nvme;
	unsigned char
		before[NVME_PAGE]; /* the block, when nothing was lost yet */
};

/* Why this is nothing to be driven, or NULL. */
static const char *unfit(const struct scene *s)
{
	const struct reset *how = reset_of(s->cell);
	const struct device *d = &s->d;
	uint32_t class = 0;

	if (pci_config_read(d, PCI_CLASS_REVISION, &class, sizeof(class)) ||
	    le32toh(class) >> 8 != CLASS_NVME)
		return "not an NVMe controller";
	if (!d->may_write && !guard_known(d->id)->drive)
		return "its registers would be written to; --write allows it";
	if (!d->bars[0].mmap ||
	    cell_number(s->cell, "length") > d->bars[0].size)
		return "BAR 0 can't be mapped so far";
	if (cell_number(s->cell, "length") < NVME_REGISTERS)
		return "the doorbells begin at 4K: length=8K is the least";
	if (!guard_lets_drive(d, 0, cell_number(s->cell, "length")))
		return "its registers are outside of --range";
	return how ? how->missing(d) : NULL;
}

/* Queues and data, where the device finds them. */
static int share_memory(struct scene *s)
{
	int err;

	s->memory = mmap(NULL, NVME_MEMORY, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (s->memory == MAP_FAILED)
		return -errno;
	err = dma_attach(&s->dma, &s->d);
	if (err)
		return err;
	dma_writable(&s->dma);
	err = dma_map(&s->dma, s->memory, NVME_MEMORY, DMA_IOVA);
	if (err)
		dma_detach(&s->dma);
	return err;
}

static void unshare_memory(struct scene *s)
{
	dma_unmap(&s->dma, NVME_MEMORY, DMA_IOVA);
	dma_detach(&s->dma);
}

/* Behind d.offset, where the largest BAR is. May wrap. */
static int map_registers(struct scene *s)
{
	int err = mapping_reserve(&s->registers, 0,
				  cell_number(s->cell, "length"),
				  cell_number(s->cell, "align"));

	return err ? err
		   : mapping_map(&s->registers, &s->d,
				 s->d.bars[0].offset - s->d.offset,
				 PROT_READ | PROT_WRITE);
}

/* A step of the driver; an access that raises SIGBUS ends it. */
struct step {
	const char *phase;
	int (*fn)(struct nvme *n);
};

struct call {
	struct nvme *nvme;
	const struct step *step;
};

static int call(void *arg)
{
	const struct call *c = arg;

	return c->step->fn(c->nvme);
}

static const struct step steps[] = {
	{"ready", nvme_start},
	{"identify", nvme_identify},
	{"queues", nvme_make_queues},
	{"read", nvme_read},
};

/* All of them; timed and counted as their phases, if it is to be. */
static int start_up(struct scene *s, bool timed)
{
	struct nvme *n = &s->nvme;
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(steps) / sizeof(*steps); i++) {
		struct call c = {n, &steps[i]};
		uint64_t start, stop;

		if (timed)
			count_begin(steps[i].phase);
		start = clock_start();
		nvme_work_begin(n);
		err = sigbus_protect(call, &c);
		nvme_work_end(n);
		stop = clock_stop();
		if (timed)
			count_end();
		if (!err && timed)
			err = cell_time(s->cell, steps[i].phase, stop - start);
	}
	return err;
}

/* 4 bytes of a register that a read does nothing to: the version. */
static int read_version(void *registers)
{
	(void)*(volatile uint32_t *)((unsigned char *)registers + 8);
	return 0;
}

static int first_access(struct scene *s, uint64_t *ticks)
{
	uint64_t start;
	int err;

	count_begin("first-access");
	start = clock_start();
	err = sigbus_protect(read_version, s->registers.addr);
	*ticks = clock_stop() - start;
	count_end();
	return err ? err : cell_time(s->cell, "first-access", *ticks);
}

static int toggle(struct device *d)
{
	int err = device_memory_enable(d, false);
	int restored = device_memory_enable(d, true);

	return err ? err : restored;
}

static int lose(struct scene *s)
{
	const struct reset *how = reset_of(s->cell);
	uint64_t cpu, start, stop;
	int err;

	count_begin("reset");
	cpu = cpu_now();
	start = clock_start();
	err = how ? how->perform(&s->d) : toggle(&s->d);
	stop = clock_stop();
	cpu = cpu_now() - cpu;
	count_end();
	if (!err)
		err = cell_time(s->cell, "reset", stop - start);
	return err ? err : cell_ns(s->cell, "reset-cpu", cpu);
}

static void compare(struct scene *s)
{
	s->cell->pages_checked++;
	if (memcmp(nvme_data(&s->nvme), s->before, NVME_PAGE))
		s->cell->pages_wrong++;
}

static int recover(struct scene *s)
{
	struct cell *cell = s->cell;
	uint64_t begin, end, faults, access = 0;
	int err;

	memset(nvme_data(&s->nvme), PATTERN, NVME_PAGE);
	s->nvme.working = 0;
	settle();
	begin = clock_start();
	err = lose(s);
	faults = faults_now();
	if (!err)
		err = first_access(s, &access);
	if (!err)
		err = start_up(s, true);
	end = clock_stop();
	faults = faults_now() - faults;
	if (err)
		return err;
	compare(s);
	err = cell_time(cell, "whole", end - begin);
	if (!err)
		err = cell_time(cell, "work", s->nvme.working + access);
	return err ? err : cell_sample(cell, "faults", "faults", faults);
}

static bool is_pattern(const unsigned char *data)
{
	return data[0] == PATTERN && !memcmp(data, data + 1, NVME_PAGE - 1);
}

static int measure(struct scene *s)
{
	static const struct step stop = {"stop", nvme_stop};
	struct call c = {&s->nvme, &stop};
	int err, stopped;

	memset(nvme_data(&s->nvme), PATTERN, NVME_PAGE);
	err = start_up(s, false);
	if (err == -ENODEV || err == -ENOTSUP) {
		cell_skip(s->cell, "%s", s->nvme.why);
		err = 0;
	} else if (!err) {
		memcpy(s->before, nvme_data(&s->nvme), NVME_PAGE);
		if (is_pattern(s->before))
			cell_fail(s->cell, "a read that ended well wrote "
					   "nothing to memory");
		err = recover(s);
	}
	/* Before its memory is taken away. */
	nvme_work_begin(&s->nvme);
	stopped = sigbus_protect(call, &c);
	if (!err)
		err = stopped;
	if (err && s->nvme.why[0])
		cell_fail(s->cell, "%s", s->nvme.why);
	if (err == -EFAULT)
		cell_fail(s->cell,
			  "lost mapping: SIGBUS while memory is enabled");
	return err;
}

static int with_bus_master(struct scene *s, bool on)
{
	if (on)
		s->d.command_at_open |= PCI_COMMAND_MASTER;
	else
		s->d.command_at_open &= (uint16_t)~PCI_COMMAND_MASTER;
	return device_memory_enable(&s->d, true);
}

static int opened(struct scene *s)
{
	const char *why = unfit(s);
	int err;

	if (why) {
		cell_skip(s->cell, "%s", why);
		return 0;
	}
	err = share_memory(s);
	if (err)
		return err;
	err = map_registers(s);
	if (!err)
		err = with_bus_master(s, true);
	if (!err) {
		nvme_init(&s->nvme, s->registers.addr, s->registers.length,
			  s->memory, DMA_IOVA,
			  s->cell->clock->unit != UNIT_INSTRUCTIONS);
		err = measure(s);
	}
	with_bus_master(s, false);
	unshare_memory(s);
	return err;
}

static int run(struct cell *cell)
{
	struct scene s = {.cell = cell, .memory = MAP_FAILED};
	char why[256];
	int err = device_open(&s.d, cell_value(cell, "target")->text, 0,
			      cell_interface(cell), why);

	if (err) {
		cell_skip(cell, "%s", why);
		return 0;
	}
	err = opened(&s);
	mapping_release(&s.registers);
	if (s.memory != MAP_FAILED)
		munmap(s.memory, NVME_MEMORY);
	device_close(&s.d);
	return err;
}

const struct benchmark nvme_recovery = {
	.name = "nvme-recovery",
	.summary = "from a reset to the first good I/O of an NVMe controller",
	.version = 1,
	.parameters = parameters,
	.needs = {.iommu = true, .opens = true},
	.run = run,
};
