// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures. What is shown is lost, and comes back with the driver. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "host/use.h"

/* A console of the kernel on frame buffers, bound: 1, 0 or -errno. */
static int console_on_framebuffer(const struct host *host)
{
	char path[PATH_MAX], folder[PATH_MAX], name[64];
	struct dirent *entry;
	int err = host_path(path, "%s/class/vtconsole", host->sysfs);
	DIR *dir = err ? NULL : opendir(path);
	int found = 0;

	if (!dir)
		return err ? err : errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(dir))) {
		unsigned long bound = 0;

		if (entry->d_name[0] == '.' ||
		    host_path(folder, "%s/%s", path, entry->d_name))
			continue;
		err = host_line(folder, "name", name, sizeof(name));
		if (!err)
			err = host_number(folder, "bind", &bound);
		if (err)
			break;
		if (bound && strstr(name, "frame buffer"))
			found = 1;
	}
	closedir(dir);
	return err ? err : found;
}

/* Only connectors have a status: "card0-HDMI-A-1". */
static void look_at_connector(const struct node *node, struct verdict *v)
{
	char status[32], enabled[32];
	int err = host_line(node->path, "status", status, sizeof(status));

	if (err == -ENOENT)
		return;
	if (!err)
		err = host_line(node->path, "enabled", enabled,
				sizeof(enabled));
	if (err)
		verdict_unreadable(v, node->name, err);
	else if (!strcmp(status, "connected") && !strcmp(enabled, "enabled"))
		verdict_add(v, UNLESS_FORCED, "display",
			    "a display is in use on %s", node->name);
}

void use_display(const struct host *host, const struct function *f,
		 const struct nodes *nodes, struct verdict *v)
{
	if (f->boot_vga)
		verdict_add(v, UNLESS_FORCED, "boot-vga",
			    "it is the display that the host booted on");
	for (size_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->list[i];
		int console;

		if (!strcmp(node->subsystem, "drm"))
			look_at_connector(node, v);
		if (strcmp(node->subsystem, "graphics"))
			continue;
		console = console_on_framebuffer(host);
		if (console < 0)
			verdict_unreadable(v, "class/vtconsole", console);
		else if (console)
			verdict_add(v, UNLESS_FORCED, "console",
				    "the console may be on %s", node->name);
	}
}
