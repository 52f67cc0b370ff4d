// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pci.ids has a line a vendor, "8086  Intel Corporation", below it one for each
 * of its devices, "\t100e  82540EM ...", and below that, behind two tabs,
 * subsystems; from "C 00" on, classes. libpci would read it for us, but be a part
 * of the program whose size every count depends on.
 */
#include "host/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const places[] = {
	"/usr/share/misc/pci.ids", /* Debian */
	"/usr/share/hwdata/pci.ids", /* Fedora, SUSE, Arch */
	NULL,
};

static void fill_vendor(struct function *list, size_t count,
			unsigned int vendor, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].vendor == vendor)
			snprintf(list[i].vendor_name,
				 sizeof(list[i].vendor_name), "%.95s", name);
}

static void fill_device(struct function *list, size_t count,
			unsigned int vendor, unsigned int device,
			const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].vendor == vendor && list[i].device == device)
			snprintf(list[i].device_name,
				 sizeof(list[i].device_name), "%.95s", name);
}

/* The number at @text, which four digits and two spaces must be; NULL if not. */
static const char *parse(const char *text, unsigned int *id)
{
	char *end;

	*id = (unsigned int)strtoul(text, &end, 16);
	return end == text + 4 && end[0] == ' ' && end[1] == ' ' ? end + 2
								 : NULL;
}

bool names_fill_from(const char *path, struct function *list, size_t count)
{
	unsigned int vendor = 0, id;
	FILE *file = fopen(path, "re");
	char line[512];
	const char *name;

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file) && strncmp(line, "C ", 2)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\t') {
			name = line[1] == '\t' ? NULL : parse(line + 1, &id);
			if (name)
				fill_device(list, count, vendor, id, name);
			continue;
		}
		name = parse(line, &id);
		if (!name)
			continue;
		vendor = id;
		fill_vendor(list, count, vendor, name);
	}
	fclose(file);
	return true;
}

void names_fill(struct function *functions, size_t count)
{
	for (size_t i = 0; places[i]; i++)
		if (names_fill_from(places[i], functions, count))
			return;
}
