// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to map a BAR for DMA, as a virtual machine's monitor does for
 * peer-to-peer: mmap, map for DMA, unmap. Once with nothing populated (cold),
 * so that the DMA map takes the faults, and once with every page touched before
 * (warm): the difference is what the faults cost.
 *
 * interface=group is type1: VFIO_IOMMU_MAP_DMA walks the VMA's pages, by fault
 * where it must, pins them, and maps runs of them in the IOMMU:
 * vfio_pin_pages_remote() -> vaddr_get_pfns() -> follow_fault_pfn(). From 6.15
 * on it takes a leaf at a time. interface=cdev is iommufd: IOMMU_IOAS_MAP pins
 * by pin_user_pages(), which refuses a VM_PFNMAP, so that the cell is skipped;
 * from=dma-buf is IOMMU_IOAS_MAP_FILE of a VFIO_DEVICE_FEATURE_DMA_BUF, which
 * needs neither fault nor pin: what it costs is the IOMMU's part, and the VMA of
 * that cell only serves to compare contents.
 *
 * What is not measured: pin and IOMMU apart (one ioctl does both, page by
 * page), and a device that does DMA there.
 */
#include "benchmark.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "parameters.h"
#include "rig/counters.h"
#include "rig/dma.h"
#include "rig/mapping.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "steps.h"

enum {
	COLD,
	WARM
};
static const char *const populations[] = {"cold", "warm", NULL};
enum {
	MEMORY,
	DMA_BUF
};
static const char *const sources[] = {"memory", "dma-buf", NULL};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	INTERFACE_PARAMETER,
	CHOICE_PARAMETER("from",
			 "what is mapped for DMA: the VMA, or a dma-buf",
			 "memory", sources),
	CHOICE_PARAMETER("populated",
			 "before: nothing (cold), or every page (warm)", "cold",
			 populations),
	{.name = NULL},
};

/* Every page, its contents compared. Only of a stamped BAR, or if timed. */
static int pass(struct cell *cell, struct mapping *m, const char *phase)
{
	uint64_t ticks;
	int err;

	if (!phase && !cell->device->stamped)
		return 0;
	err = read_pages(cell, m, phase, &ticks);
	return err || !phase ? err : cell_time(cell, phase, ticks);
}

static int timed_dma_map(struct cell *cell, const struct dma *dma,
			 struct mapping *m, int dma_buf)
{
	uint64_t start, stop, faults;
	int err;

	settle();
	faults = faults_now();
	count_begin("dma-map");
	start = clock_start();
	if (dma_buf >= 0)
		err = dma_map_file(dma, dma_buf, m->length, DMA_IOVA);
	else
		err = dma_map(dma, m->addr, m->length, DMA_IOVA);
	stop = clock_stop();
	count_end();
	faults = faults_now() - faults;
	if (dma_refused(dma, m->addr, err)) {
		cell_skip(cell,
			  "IOMMU_IOAS_MAP: %s: iommufd of this kernel "
			  "does not map a VM_PFNMAP",
			  strerror(-err));
		return 0;
	}
	if (err) {
		cell_fail(cell, "map for DMA: %s", strerror(-err));
		return err;
	}
	err = cell_time(cell, "dma-map", stop - start);
	return err ? err : cell_sample(cell, "faults", "faults", faults);
}

static int timed_dma_unmap(struct cell *cell, const struct dma *dma,
			   const struct mapping *m)
{
	uint64_t start, stop;
	int err;

	settle();
	count_begin("dma-unmap");
	start = clock_start();
	err = dma_unmap(dma, m->length, DMA_IOVA);
	stop = clock_stop();
	count_end();
	if (err)
		cell_fail(cell, "unmap for DMA: %s", strerror(-err));
	return err ? err : cell_time(cell, "dma-unmap", stop - start);
}

static int measure(struct cell *cell, const struct dma *dma, struct mapping *m,
		   int dma_buf)
{
	int err = timed_map(cell, dma->device, m);

	if (!err && cell_number(cell, "populated") == WARM)
		err = pass(cell, m, "populate");
	if (err)
		return err;
	err = timed_dma_map(cell, dma, m, dma_buf);
	if (err || cell->status != CELL_OK)
		return err;
	err = pass(cell, m, NULL);
	if (!err)
		err = timed_dma_unmap(cell, dma, m);
	return err ? err : timed_unmap(cell, m);
}

static int mapped(struct cell *cell, const struct dma *dma, int dma_buf)
{
	struct mapping m;
	int err = reserve_bar(cell, dma->device, &m);

	if (err)
		return err;
	err = measure(cell, dma, &m, dma_buf);
	mapping_release(&m);
	return err;
}

static int attached(struct cell *cell, const struct device *d, int dma_buf)
{
	struct dma dma;
	int err = dma_attach(&dma, d);

	if (err) {
		cell_skip(cell, "the device has no address space for DMA: %s",
			  strerror(-err));
		return 0;
	}
	err = mapped(cell, &dma, dma_buf);
	dma_detach(&dma);
	return err;
}

static int exported(struct cell *cell, const struct device *d)
{
	int err, dma_buf;

	if (cell_number(cell, "from") == MEMORY)
		return attached(cell, d, -1);
	if (d->iommufd < 0) {
		cell_skip(cell, "type1 does not map a dma-buf");
		return 0;
	}
	dma_buf = dma_buf_export(d, cell_number(cell, "length"));
	if (dma_buf < 0) {
		cell_skip(cell, "VFIO_DEVICE_FEATURE_DMA_BUF: %s",
			  strerror(-dma_buf));
		return 0;
	}
	err = attached(cell, d, dma_buf);
	close(dma_buf);
	return err;
}

/*
 * The IOMMU keeps page tables of what was mapped before, and frees them when a
 * larger leaf takes their place. So each cell has a device that was just opened.
 */
static int run(struct cell *cell)
{
	struct device d;
	char why[256];
	int err = device_open(&d, cell_value(cell, "target")->text, 0,
			      cell_interface(cell), why);

	if (err) {
		cell_skip(cell, "%s", why);
		return 0;
	}
	if (place_bar(cell, &d))
		err = exported(cell, &d);
	device_close(&d);
	return err;
}

const struct benchmark dma_map_benchmark = {
	.name = "dma-map",
	.summary = "what it costs to map the BAR for DMA",
	.version = 1,
	.parameters = parameters,
	.needs = {.iommu = true, .opens = true},
	.run = run,
};
