/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses of a device's DMA: type1's, where it was opened by its group, or
 * an address space of iommufd, where by its own node.
 */
#ifndef RIG_DMA_H
#define RIG_DMA_H

#include <stdbool.h>
#include <stdint.h>

#include "rig/device.h"

/*
 * An address for DMA that none of x86's reserved ranges has, and that a BAR of
 * 64 GiB fits behind in 39 bits, the least that an IOMMU of Intel's has. Aligned
 * as a BAR is: the IOMMU may take leaves as large as the CPU.
 */
#define DMA_IOVA (UINT64_C(64) << 30)

struct dma {
	const struct device *device;
	uint32_t ioas; /* 0 where it is type1's */
	uint32_t type1_flags, iommufd_flags; /* of a map */
};

/* 0 or -errno. Type1's is there since the device was opened. */
int dma_attach(struct dma *m, const struct device *d);
void dma_detach(struct dma *m);
/* What is mapped from now on is memory of ours: the device may write to it. */
void dma_writable(struct dma *m);

/*
 * One ioctl each, for writes too if the BAR may be written to: callers time
 * them. 0 or -errno.
 */
int dma_map(const struct dma *m, void *addr, uint64_t length, uint64_t iova);
/* The same of a dma-buf, from its start on; iommufd only. */
int dma_map_file(const struct dma *m, int fd, uint64_t length, uint64_t iova);
/*
 * Whether @err of dma_map() is what iommufd says of a VM_PFNMAP: -EFAULT of an
 * address that can be read.
 */
bool dma_refused(const struct dma *m, const void *addr, int err);
/* -EIO where less than @length was mapped. */
int dma_unmap(const struct dma *m, uint64_t length, uint64_t iova);

/* A dma-buf of the first @length bytes of the BAR: its descriptor, or -errno. */
int dma_buf_export(const struct device *d, uint64_t length);

#endif
