// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/dma.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/vfio.h>

#include "rig/pci.h"
#include "rig/sigbus.h"

/*
 * What linux/iommufd.h and newer linux/vfio.h have: Debian 12's headers lack the
 * first and are too old for the second.
 */
#define IOMMUFD_DESTROY _IO(';', 0x80)
#define IOMMUFD_IOAS_ALLOC _IO(';', 0x81)
#define IOMMUFD_IOAS_MAP _IO(';', 0x85)
#define IOMMUFD_IOAS_UNMAP _IO(';', 0x86)
#define IOMMUFD_IOAS_MAP_FILE _IO(';', 0x8f)
/* At this address, for reads, and for writes. */
#define IOMMUFD_MAP_READ 5u
#define IOMMUFD_MAP_WRITE 2u

struct iommufd_destroy {
	uint32_t size;
	uint32_t id;
};

struct iommufd_ioas_alloc {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
};

struct iommufd_ioas_map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	uint32_t reserved;
	uint64_t address;
	uint64_t length;
	uint64_t iova;
};

struct iommufd_ioas_map_file {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	int32_t fd;
	uint64_t start;
	uint64_t length;
	uint64_t iova;
};

struct iommufd_ioas_unmap {
	uint32_t size;
	uint32_t ioas;
	uint64_t iova;
	uint64_t length;
};

#define VFIO_ATTACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 19)
#define VFIO_DETACH_IOMMUFD_PT _IO(VFIO_TYPE, VFIO_BASE + 20)
#define VFIO_FEATURE_DMA_BUF 11

struct vfio_attach_iommufd_pt {
	uint32_t argsz;
	uint32_t flags;
	uint32_t pt;
};

struct vfio_detach_iommufd_pt {
	uint32_t argsz;
	uint32_t flags;
};

struct vfio_feature_dma_buf {
	uint32_t region;
	uint32_t open_flags;
	uint32_t flags;
	uint32_t ranges;
	struct {
		uint64_t offset;
		uint64_t length;
	} range[1];
};

static int result_of(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

int dma_attach(struct dma *m, const struct device *d)
{
	struct iommufd_ioas_alloc alloc = {.size = sizeof(alloc)};
	struct vfio_attach_iommufd_pt attach = {.argsz = sizeof(attach)};
	int err;

	*m = (struct dma){
		.device = d,
		.type1_flags = VFIO_DMA_MAP_FLAG_READ,
		.iommufd_flags = IOMMUFD_MAP_READ,
	};
	/* A VMA without PROT_WRITE can't be pinned for writes. */
	if (d->prot & PROT_WRITE)
		dma_writable(m);
	if (d->container >= 0)
		return 0;
	if (d->iommufd < 0)
		return -ENODEV;
	err = result_of(d->iommufd, IOMMUFD_IOAS_ALLOC, &alloc);
	if (err)
		return err;
	m->ioas = alloc.ioas;
	attach.pt = alloc.ioas;
	err = result_of(d->fd, VFIO_ATTACH_IOMMUFD_PT, &attach);
	if (err)
		dma_detach(m);
	return err;
}

void dma_writable(struct dma *m)
{
	m->type1_flags |= VFIO_DMA_MAP_FLAG_WRITE;
	m->iommufd_flags |= IOMMUFD_MAP_WRITE;
}

void dma_detach(struct dma *m)
{
	struct iommufd_destroy destroy = {
		.size = sizeof(destroy),
		.id = m->ioas,
	};
	struct vfio_detach_iommufd_pt detach = {.argsz = sizeof(detach)};

	if (!m->ioas)
		return;
	/* Of a device that is not attached it does nothing. */
	ioctl(m->device->fd, VFIO_DETACH_IOMMUFD_PT, &detach);
	ioctl(m->device->iommufd, IOMMUFD_DESTROY, &destroy);
	m->ioas = 0;
}

static int map_type1(const struct dma *m, void *addr, uint64_t length,
		     uint64_t iova)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = m->type1_flags,
		.vaddr = (uintptr_t)addr,
		.iova = iova,
		.size = length,
	};

	return result_of(m->device->container, VFIO_IOMMU_MAP_DMA, &map);
}

int dma_map(const struct dma *m, void *addr, uint64_t length, uint64_t iova)
{
	struct iommufd_ioas_map map = {
		.size = sizeof(map),
		.flags = m->iommufd_flags,
		.ioas = m->ioas,
		.address = (uintptr_t)addr,
		.length = length,
		.iova = iova,
	};

	if (!m->ioas)
		return map_type1(m, addr, length, iova);
	return result_of(m->device->iommufd, IOMMUFD_IOAS_MAP, &map);
}

int dma_map_file(const struct dma *m, int fd, uint64_t length, uint64_t iova)
{
	struct iommufd_ioas_map_file map = {
		.size = sizeof(map),
		.flags = m->iommufd_flags,
		.ioas = m->ioas,
		.fd = fd,
		.length = length,
		.iova = iova,
	};

	if (!m->ioas)
		return -EOPNOTSUPP;
	return result_of(m->device->iommufd, IOMMUFD_IOAS_MAP_FILE, &map);
}

bool dma_refused(const struct dma *m, const void *addr, int err)
{
	uint64_t value;

	return m->ioas && err == -EFAULT && !probe_read(addr, &value);
}

static int unmap_type1(const struct dma *m, uint64_t length, uint64_t iova)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = length,
	};
	int err = result_of(m->device->container, VFIO_IOMMU_UNMAP_DMA, &unmap);

	return err ? err : unmap.size == length ? 0 : -EIO;
}

int dma_unmap(const struct dma *m, uint64_t length, uint64_t iova)
{
	struct iommufd_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas = m->ioas,
		.iova = iova,
		.length = length,
	};
	int err;

	if (!m->ioas)
		return unmap_type1(m, length, iova);
	err = result_of(m->device->iommufd, IOMMUFD_IOAS_UNMAP, &unmap);
	return err ? err : unmap.length == length ? 0 : -EIO;
}

int dma_buf_export(const struct device *d, uint64_t length)
{
	struct vfio_feature_dma_buf export = {
		.region = (uint32_t)d->bar,
		.open_flags =
			(d->prot & PROT_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC,
		.ranges = 1,
		.range = {{.offset = d->start, .length = length}},
	};

	return vfio_feature(d, VFIO_DEVICE_FEATURE_GET | VFIO_FEATURE_DMA_BUF,
			    &export, sizeof(export));
}
