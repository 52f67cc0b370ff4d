// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/tracepoint.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig/sysfs.h"

/* Where it is mounted by itself, and where debugfs mounts it. */
static const char *const mounts[] = {
	"/sys/kernel/tracing",
	"/sys/kernel/debug/tracing",
};

/* Letters of a C identifier, one colon between two of them. */
static bool is_name(const char *name)
{
	const char *colon = strchr(name, ':');

	if (!colon || colon == name || !colon[1])
		return false;
	for (const char *p = name; *p; p++)
		if (p != colon && *p != '_' && !isalnum((unsigned char)*p))
			return false;
	return true;
}

static int mount_of(char path[PATH_MAX], const char *file)
{
	int err = -ENODEV;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		snprintf(path, PATH_MAX, "%s/%s", mounts[i], file);
		if (!access(path, R_OK))
			return 0;
		if (errno != ENOENT)
			err = -errno;
	}
	return err;
}

int tracepoint_id(const char *name, uint64_t *id)
{
	char path[PATH_MAX], text[32];
	size_t length;
	int err;

	if (!is_name(name))
		return -EINVAL;
	err = mount_of(path, "events");
	if (err)
		return err;
	length = strlen(path);
	snprintf(path + length, sizeof(path) - length, "/%.*s/%.200s/id",
		 (int)strcspn(name, ":") > 200 ? 200 : (int)strcspn(name, ":"),
		 name, strchr(name, ':') + 1);
	err = sysfs_line(path, text, sizeof(text));
	if (err)
		return err;
	*id = strtoull(text, NULL, 10);
	return 0;
}

void tracepoint_each(void (*fn)(void *context, const char *name), void *context)
{
	char path[PATH_MAX], name[256];
	FILE *file;

	if (mount_of(path, "available_events"))
		return;
	file = fopen(path, "re");
	while (file && fgets(name, sizeof(name), file)) {
		name[strcspn(name, "\n")] = '\0';
		fn(context, name);
	}
	if (file)
		fclose(file);
}
