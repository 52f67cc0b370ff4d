// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/device.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig/sysfs.h"

struct wanted {
	bool by_address;
	char bdf[16];
	unsigned int vendor, device;
};

/* An address has a dot before its function, and may lack its domain. */
static int parse_address(const char *target, struct wanted *w)
{
	unsigned int domain = 0, bus, slot, function;
	int end = 0;

	if (sscanf(target, "%x:%x:%x.%x%n", &domain, &bus, &slot, &function,
		   &end) < 4) {
		domain = 0;
		end = 0;
		if (sscanf(target, "%x:%x.%x%n", &bus, &slot, &function, &end) <
		    3)
			return -EINVAL;
	}
	if (target[end] || bus > 0xff || slot > 0x1f || function > 7)
		return -EINVAL;
	w->by_address = true;
	if ((size_t)snprintf(w->bdf, sizeof(w->bdf), "%04x:%02x:%02x.%x",
			     domain, bus, slot, function) >= sizeof(w->bdf))
		return -EINVAL;
	return 0;
}

static int parse_target(const char *target, struct wanted *w)
{
	int end = 0;

	if (strchr(target, '.'))
		return parse_address(target, w);
	if (sscanf(target, "%4x:%4x%n", &w->vendor, &w->device, &end) < 2 ||
	    target[end])
		return -EINVAL;
	return 0;
}

static unsigned int number(const char *bdf, const char *name)
{
	char text[16];

	if (sysfs_pci_line(bdf, name, text, sizeof(text)))
		return 0;
	return (unsigned int)strtoul(text, NULL, 16);
}

static bool is_wanted(const struct wanted *w, const char *bdf)
{
	if (w->by_address)
		return !strcmp(bdf, w->bdf);
	return number(bdf, "vendor") == w->vendor &&
	       number(bdf, "device") == w->device;
}

int device_find(const char *target, char bdf[16])
{
	struct wanted wanted = {0};
	int err = parse_target(target, &wanted);
	struct dirent **entries;
	int n;

	if (err)
		return err;
	n = scandir(SYSFS_PCI, &entries, NULL, alphasort);
	if (n < 0)
		return -errno;
	err = -ENODEV;
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (err && strlen(name) < 16 && is_wanted(&wanted, name)) {
			strcpy(bdf, name);
			err = 0;
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

size_t device_list(char (*bdfs)[16], size_t room)
{
	struct dirent **entries;
	int n = scandir(SYSFS_PCI, &entries, NULL, alphasort);
	size_t count = 0;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char driver[64];

		if (strlen(name) < 16 && count < room &&
		    !sysfs_pci_link(name, "driver", driver, sizeof(driver)) &&
		    strstr(driver, "vfio"))
			strcpy(bdfs[count++], name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return count;
}
