// SPDX-License-Identifier: GPL-2.0-or-later
/* Pictures, keys and consoles. What is lost comes back with the driver. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/input-event-codes.h>

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

/* A keyboard, a mouse: also those that a remote console plugs in. */
static void look_at_input(const struct node *node, struct verdict *v)
{
	char path[PATH_MAX], name[64], events[32];

	if (host_path(path, "%s/capabilities", node->path) ||
	    host_line(path, "ev", events, sizeof(events)) ||
	    !(strtoul(events, NULL, 16) & 1ul << EV_KEY))
		return;
	if (host_line(node->path, "name", name, sizeof(name)))
		strcpy(name, "?");
	verdict_add(v, UNLESS_FORCED, "input", "%s is on it: %s", node->name,
		    name);
}

/* A serial port that the kernel writes its log to. */
static void look_at_tty(const struct host *host, const struct node *node,
			struct verdict *v)
{
	char path[PATH_MAX], line[256], *word, *rest = line;
	int err = host_path(path, "%s/class/tty/console", host->sysfs);

	if (!err)
		err = host_line(path, "active", line, sizeof(line));
	if (err && err != -ENOENT)
		verdict_unreadable(v, path, err);
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, node->name))
			verdict_add(v, UNLESS_FORCED, "console",
				    "%s is a console of the kernel",
				    node->name);
}

void use_display(const struct host *host, const struct function *f,
		 const struct nodes *nodes, struct verdict *v)
{
	if (f->boot_vga)
		verdict_add(v, UNLESS_FORCED, "boot-vga",
			    "it is the display that the host booted on%s",
			    f->driver[0] ? ""
					 : "; without a driver its picture "
					   "comes back with a reboot only");
	for (size_t i = 0; i < nodes->count; i++) {
		const struct node *node = &nodes->list[i];
		int console;

		if (!strcmp(node->subsystem, "drm"))
			look_at_connector(node, v);
		if (!strcmp(node->subsystem, "input"))
			look_at_input(node, v);
		if (!strcmp(node->subsystem, "tty"))
			look_at_tty(host, node, v);
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
