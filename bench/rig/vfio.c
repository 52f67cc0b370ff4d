// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/vfio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "rig/sysfs.h"

#define GROUP_NODES "/dev/vfio"
#define CDEV_NODES "/dev/vfio/devices"

/* Linux 6.6's, for the headers of an older one. */
#ifndef VFIO_DEVICE_BIND_IOMMUFD
struct vfio_device_bind_iommufd {
	__u32 argsz;
	__u32 flags;
	__s32 iommufd;
	__u32 out_devid;
};
#define VFIO_DEVICE_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#endif

int device_refuse(char why[256], int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, 256, format, arguments);
	va_end(arguments);
	return err;
}

/* What the system call just said of @what. */
static int refuse_errno(char why[256], const char *what)
{
	int err = errno;

	return device_refuse(why, -err, "%s: %s", what, strerror(err));
}

/* A variant driver, mlx5_vfio_pci for one, does as well as vfio-pci. */
static int check_driver(const struct device *d, char why[256])
{
	char driver[64];

	if (sysfs_pci_link(d->bdf, "driver", driver, sizeof(driver)))
		return device_refuse(why, -ENODEV,
				     "bound to no driver, not to vfio-pci");
	if (!strstr(driver, "vfio"))
		return device_refuse(why, -EBUSY,
				     "bound to %s, not to vfio-pci", driver);
	return 0;
}

static int open_node(const char *path, int *fd, char why[256])
{
	*fd = open(path, O_RDWR | O_CLOEXEC);
	return *fd < 0 ? refuse_errno(why, path) : 0;
}

static int open_group_nodes(struct device *d, const char *group, char why[256])
{
	char path[PATH_MAX];
	int err;

	if (!group[0])
		return device_refuse(why, -ENODEV,
				     "no IOMMU group: is the IOMMU on?");
	snprintf(path, sizeof(path), GROUP_NODES "/noiommu-%s", group);
	if (!access(path, F_OK))
		return device_refuse(why, -EOPNOTSUPP,
				     "%s: without an IOMMU a device can write "
				     "to all memory; turn the IOMMU on",
				     path);
	snprintf(path, sizeof(path), GROUP_NODES "/%s", group);
	err = open_node(path, &d->group, why);
	return err ? err : open_node(GROUP_NODES "/vfio", &d->container, why);
}

static int set_iommu(struct device *d, char why[256])
{
	if (!ioctl(d->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return 0;
	if (errno == EPERM)
		return device_refuse(why, -EPERM,
				     "VFIO_SET_IOMMU is refused: is interrupt "
				     "remapping off?");
	return refuse_errno(why, "VFIO_SET_IOMMU");
}

static int bind_by_group(struct device *d, char why[256])
{
	struct vfio_group_status status = {.argsz = sizeof(status)};
	int err;

	if (ioctl(d->group, VFIO_GROUP_GET_STATUS, &status))
		return refuse_errno(why, "VFIO_GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return device_refuse(why, -EBUSY,
				     "the group of %s has a device that vfio "
				     "does not own",
				     d->bdf);
	if (ioctl(d->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION)
		return device_refuse(why, -EPROTO,
				     "vfio has another API version");
	if (ioctl(d->group, VFIO_GROUP_SET_CONTAINER, &d->container))
		return refuse_errno(why, "VFIO_GROUP_SET_CONTAINER");
	err = set_iommu(d, why);
	if (err)
		return err;
	d->fd = ioctl(d->group, VFIO_GROUP_GET_DEVICE_FD, d->bdf);
	return d->fd < 0 ? refuse_errno(why, "VFIO_GROUP_GET_DEVICE_FD") : 0;
}

/* The device's own node: "vfio0" of .../0000:01:00.0/vfio-dev/vfio0. */
static int find_cdev(const struct device *d, char *path, size_t size)
{
	char folder[PATH_MAX];
	const struct dirent *entry;
	int err = -ENOENT;
	DIR *dir;

	snprintf(folder, sizeof(folder), SYSFS_PCI "/%s/vfio-dev", d->bdf);
	dir = opendir(folder);
	if (!dir)
		return -errno;
	while (err && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "vfio", 4))
			continue;
		snprintf(path, size, CDEV_NODES "/%s", entry->d_name);
		err = 0;
	}
	closedir(dir);
	return err;
}

static int open_cdev_nodes(struct device *d, char why[256])
{
	char path[PATH_MAX];
	int err = find_cdev(d, path, sizeof(path));

	if (err)
		return device_refuse(why, err,
				     "no vfio-dev in sysfs: has the kernel "
				     "CONFIG_VFIO_DEVICE_CDEV?");
	err = open_node(path, &d->fd, why);
	return err ? err : open_node("/dev/iommu", &d->iommufd, why);
}

static int bind_by_cdev(struct device *d, char why[256])
{
	struct vfio_device_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.iommufd = d->iommufd,
	};

	if (ioctl(d->fd, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		return refuse_errno(why, "VFIO_DEVICE_BIND_IOMMUFD");
	return 0;
}

static bool use_cdev(const struct device *d, const char *group,
		     enum device_interface i)
{
	char path[PATH_MAX];

	if (i != INTERFACE_ANY)
		return i == INTERFACE_CDEV;
	snprintf(path, sizeof(path), GROUP_NODES "/%s", group);
	if (group[0] && !access(path, F_OK))
		return false;
	return !find_cdev(d, path, sizeof(path));
}

/* vfio does not tell the BARs' flags; sysfs has them, a line for each BAR. */
static void read_flags(struct device *d)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), SYSFS_PCI "/%s/resource", d->bdf);
	file = fopen(path, "re");
	if (!file)
		return;
	for (int i = 0; i < DEVICE_BARS; i++) {
		if (fscanf(file, "%*x %*x %" SCNx64, &d->bars[i].flags) != 1)
			break;
	}
	fclose(file);
}

static int region(const struct device *d, unsigned int index,
		  struct vfio_region_info *info, char why[256])
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	if (ioctl(d->fd, VFIO_DEVICE_GET_REGION_INFO, info))
		return refuse_errno(why, "VFIO_DEVICE_GET_REGION_INFO");
	return 0;
}

static int read_bars(struct device *d, char why[256])
{
	for (int i = 0; i < DEVICE_BARS; i++) {
		struct vfio_region_info info;
		int err = region(d, (unsigned int)i, &info, why);

		if (err)
			return err;
		d->bars[i].index = i;
		d->bars[i].size = info.size;
		d->bars[i].mmap = info.flags & VFIO_REGION_INFO_FLAG_MMAP;
		d->bars[i].offset = info.offset;
		if (!d->bars[i].mmap || info.size <= d->size)
			continue;
		d->bar = i;
		d->size = info.size;
		d->offset = info.offset;
	}
	if (d->bar == BAR_NONE)
		return device_refuse(why, -ENXIO, "no BAR that can be mapped");
	return 0;
}

int vfio_inspect(struct device *d, char why[256])
{
	struct vfio_device_info info = {.argsz = sizeof(info)};
	struct vfio_region_info config;
	int err;

	if (ioctl(d->fd, VFIO_DEVICE_GET_INFO, &info))
		return refuse_errno(why, "VFIO_DEVICE_GET_INFO");
	d->can_reset = info.flags & VFIO_DEVICE_FLAGS_RESET;
	err = region(d, VFIO_PCI_CONFIG_REGION_INDEX, &config, why);
	if (err)
		return err;
	d->config_offset = config.offset;
	read_flags(d);
	return read_bars(d, why);
}

int vfio_open_nodes(struct device *d, enum device_interface i, char why[256])
{
	char group[64];
	int err = check_driver(d, why);

	if (err)
		return err;
	sysfs_pci_link(d->bdf, "iommu_group", group, sizeof(group));
	return use_cdev(d, group, i) ? open_cdev_nodes(d, why)
				     : open_group_nodes(d, group, why);
}

int vfio_bind(struct device *d, char why[256])
{
	return d->group >= 0 ? bind_by_group(d, why) : bind_by_cdev(d, why);
}

int vfio_open(struct device *d, enum device_interface i, char why[256])
{
	int err = vfio_open_nodes(d, i, why);

	if (!err)
		err = vfio_bind(d, why);
	return err ? err : vfio_inspect(d, why);
}
