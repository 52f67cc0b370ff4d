// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/function.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/pci_regs.h>

/* linux/ioport.h, which is not for user space. */
#define RESOURCE_MEM 0x200
#define RESOURCE_UNSET 0x20000000

#define PAGE 4096
/* The upper byte of a class, of bridges of any kind. */
#define CLASS_BRIDGE 0x06

int function_address(const char *text, char address[16])
{
	unsigned int domain = 0, bus, slot, function;
	int end = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function,
		   &end) < 4 ||
	    text[end]) {
		domain = 0;
		end = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &slot, &function,
			   &end) < 3 ||
		    text[end])
			return -EINVAL;
	}
	if (slot > 0x1f || function > 7)
		return -EINVAL;
	return snprintf(address, 16, "%04x:%02x:%02x.%x", domain, bus, slot,
			function) < 16
		       ? 0
		       : -EINVAL;
}

bool function_is_bridge(const struct function *f)
{
	return f->class_code >> 16 == CLASS_BRIDGE ||
	       (f->header > 0 && f->header != PCI_HEADER_TYPE_NORMAL);
}

bool bar_is_mappable(const struct bar *bar)
{
	return bar->flags & RESOURCE_MEM && !(bar->flags & RESOURCE_UNSET) &&
	       bar->start && bar->size >= PAGE;
}

/* A line a resource: first and last address and flags; the first six are BARs. */
static int read_bars(struct function *f)
{
	char path[PATH_MAX], line[128];
	int err = host_path(path, "%s/resource", f->path);
	FILE *file = err ? NULL : fopen(path, "re");

	if (!file)
		return err ? err : -errno;
	for (int i = 0; !err && i < FUNCTION_BARS; i++) {
		struct bar *bar = &f->bars[i];
		uint64_t end;

		if (!fgets(line, sizeof(line), file) ||
		    sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64,
			   &bar->start, &end, &bar->flags) != 3)
			err = -EINVAL;
		else if (bar->flags && end > bar->start)
			bar->size = end - bar->start + 1;
	}
	fclose(file);
	return err;
}

static int read_header(const struct function *f)
{
	char path[PATH_MAX];
	unsigned char type;
	ssize_t n = -1;
	int fd;

	if (host_path(path, "%s/config", f->path))
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = pread(fd, &type, 1, PCI_HEADER_TYPE);
	close(fd);
	return n == 1 ? type & 0x7f : -1;
}

struct attribute {
	const char *name;
	unsigned long fallback; /* where there is no such file... */
	bool required; /* ...and this is not set */
	unsigned long value;
};

static int read_numbers(struct function *f, const char **what)
{
	struct attribute a[] = {
		{"vendor", 0, true, 0},	       {"device", 0, true, 0},
		{"class", 0, true, 0},	       {"boot_vga", 0, false, 0},
		{"sriov_numvfs", 0, false, 0},
	};

	for (size_t i = 0; i < sizeof(a) / sizeof(*a); i++) {
		int err = host_number(f->path, a[i].name, &a[i].value);

		*what = a[i].name;
		if (err == -ENOENT && !a[i].required)
			a[i].value = a[i].fallback;
		else if (err)
			return err;
	}
	f->vendor = (unsigned int)a[0].value;
	f->device = (unsigned int)a[1].value;
	f->class_code = (unsigned int)a[2].value;
	f->boot_vga = a[3].value;
	f->vfs = (unsigned int)a[4].value;
	return 0;
}

static int read_texts(struct function *f, const char **what)
{
	char *end, text[64];
	int err;

	*what = "driver";
	err = host_link(f->path, "driver", f->driver, sizeof(f->driver));
	if (err && err != -ENOENT)
		return err;
	*what = "driver_override";
	err = host_line(f->path, "driver_override", f->driver_override,
			sizeof(f->driver_override));
	if (err)
		return err;
	if (!strcmp(f->driver_override, "(null)"))
		f->driver_override[0] = '\0';
	*what = "iommu_group";
	f->group = GROUP_NONE;
	err = host_link(f->path, "iommu_group", text, sizeof(text));
	if (!err) {
		f->group = (int)strtol(text, &end, 10);
		err = *end || !*text ? -EINVAL : 0;
	}
	if (err && err != -ENOENT)
		return err;
	/* What follows is told, not judged by. */
	host_line(f->path, "reset_method", f->reset_methods,
		  sizeof(f->reset_methods));
	host_line(f->path, "power/control", f->power_control,
		  sizeof(f->power_control));
	f->numa_node = -1;
	if (!host_line(f->path, "numa_node", text, sizeof(text)))
		f->numa_node = (int)strtol(text, NULL, 10);
	return 0;
}

int function_read(const struct host *host, const char *address,
		  struct function *f, char what[256])
{
	char path[PATH_MAX];
	const char *name = "";
	int err;

	memset(f, 0, sizeof(*f));
	snprintf(what, 256, "%s", address);
	if (strlen(address) >= sizeof(f->address))
		return -EINVAL;
	strcpy(f->address, address);
	err = host_path(path, "%s/bus/pci/devices/%s", host->sysfs, address);
	if (err)
		return err;
	if (!realpath(path, f->path))
		return -errno;
	f->header = read_header(f);
	err = read_numbers(f, &name);
	if (!err)
		err = read_texts(f, &name);
	if (!err) {
		name = "resource";
		err = read_bars(f);
	}
	if (err)
		snprintf(what, 256, "%s/%s", address, name);
	return err;
}
