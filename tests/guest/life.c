// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract where a device is opened, closed and taken away, and where there
 * is more than one BAR, device, descriptor or interface.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "contract.h"
#include "ktap.h"
#include "others.h"
#include "rig/process.h"
#include "rig/sysfs.h"
#include "site.h"

#define PAGES 700
/* For a process that is asked to let go of its device. */
#define PATIENCE_MS 60000

/* ivshmem's registers, of which the first one keeps what is written to it. */
static int map_registers(struct contract *c, struct view *v)
{
	struct vfio_region_info info = {.argsz = sizeof(info)};
	struct device registers = c->bar;
	int err;

	if (ioctl(c->bar.fd, VFIO_DEVICE_GET_REGION_INFO, &info))
		return -errno;
	if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
		return -ENXIO;
	registers.offset = info.offset;
	err = view_map(v, &registers, NULL, 0, 1);
	if (err)
		return err;
	v->constant = 0x600d;
	*(volatile uint32_t *)v->addr = (uint32_t)v->constant;
	return 0;
}

const char *several_bars(void *context)
{
	struct contract *c = context;
	struct view v[3] = {{0}};
	const char *why = NULL;

	if (view_map(&v[0], &c->bar, NULL, 1, PAGES) ||
	    map_registers(c, &v[1]) || view_map(&v[2], &c->bar, NULL, 5, PAGES))
		return "mmap failed";
	for (int i = 0; !why && i < 2; i++)
		why = toggle_views(c, v, 3);
	for (size_t i = 0; i < 3; i++)
		view_unmap(&v[i]);
	return why;
}

/* Not one fault, on any variant: what is another device's is not zapped. */
const char *several_devices(void *context)
{
	struct contract *c = context;
	struct view v, other;
	const char *why;
	uint64_t faults;

	if (view_map(&v, &c->bar, NULL, 0, PAGES) ||
	    view_map(&other, &c->flr, NULL, 0, 1))
		return "mmap failed";
	other.constant = c->flr_register;
	why = view_all_right(&v);
	why = first_of(why, view_all_right(&other));
	device_memory_enable(&c->bar, false);
	faults = faults_now();
	why = first_of(why, view_all_right(&other));
	faults = faults_now() - faults;
	device_memory_enable(&c->bar, true);
	if (!why && faults)
		why = ktap_say("%lu faults at the other device", faults);
	device_memory_enable(&c->flr, false);
	why = first_of(why, view_all_sigbus(&other));
	why = first_of(why, view_all_right(&v));
	device_memory_enable(&c->flr, true);
	why = first_of(why, view_all_right(&other));
	view_unmap(&v);
	view_unmap(&other);
	return why;
}

/* A second descriptor of the device, as a group gives as many as one likes. */
const char *several_descriptors(void *context)
{
	struct contract *c = context;
	struct device second = c->bar;
	struct view v[2] = {{0}};
	const char *why;

	if (c->bar.group < 0)
		return "SKIP a device can be opened once by its cdev";
	second.fd = ioctl(c->bar.group, VFIO_GROUP_GET_DEVICE_FD, c->bar.bdf);
	if (second.fd < 0)
		return "VFIO_GROUP_GET_DEVICE_FD failed";
	if (view_map(&v[0], &c->bar, NULL, 3, PAGES) ||
	    view_map(&v[1], &second, NULL, 5, PAGES))
		return "mmap failed";
	why = toggle_views(c, v, 2);
	/* Disabled by one and enabled by the other. */
	device_memory_enable(&second, false);
	why = first_of(why, view_all_sigbus(&v[0]));
	device_memory_enable(&c->bar, true);
	why = first_of(why, view_all_right(&v[1]));
	/* Its mapping outlives a descriptor. */
	close(second.fd);
	why = first_of(why, view_all_right(&v[1]));
	why = first_of(why, toggle_views(c, v, 2));
	view_unmap(&v[0]);
	view_unmap(&v[1]);
	return why;
}

static const char *reopen(struct contract *c, struct device *d,
			  enum device_interface interface)
{
	bool bar = d == &c->bar;
	char why[256];

	device_close(d);
	if (device_open(d, bar ? CONTRACT_BAR : CONTRACT_FLR, 0, interface,
			why))
		return ktap_say("reopen: %s", why);
	return NULL;
}

/* One mapping, as good as on the first day. */
static const char *still_good(struct contract *c, struct device *d)
{
	bool bar = d == &c->bar;
	struct view v;
	const char *why;
	int err = view_map(&v, d, NULL, 0, bar ? PAGES : 1);

	if (err)
		return ktap_say("mmap: error %d", -err);
	v.constant = bar ? 0 : c->flr_register;
	why = view_all_right(&v);
	device_memory_enable(d, false);
	why = first_of(why, view_all_sigbus(&v));
	device_memory_enable(d, true);
	why = first_of(why, view_all_right(&v));
	view_unmap(&v);
	return why;
}

/* However it was left, and although the mapping was the last to go. */
const char *reopened(void *context)
{
	static const enum site_id left_at[] = {SITE_COMMAND, SITE_D3HOT,
					       SITE_LOW_POWER};
	struct contract *c = context;
	struct device *const devices[] = {&c->bar, &c->flr};
	const char *why = NULL;

	for (size_t i = 0; !why && i < 6; i++) {
		struct device *d = devices[i % 2];
		const struct site *s = &sites[left_at[i / 2]];
		struct view v;

		if (s->missing(d))
			continue;
		if (view_map(&v, d, NULL, 0, 1))
			return "mmap failed";
		v.constant = d == &c->bar ? 0 : c->flr_register;
		why = view_all_right(&v);
		if (s->off(d))
			why = first_of(why, "off failed");
		close(d->fd);
		d->fd = -1;
		why = first_of(why, view_all_sigbus(&v));
		view_unmap(&v);
		why = first_of(why, reopen(c, d, c->interface));
		why = first_of(why, still_good(c, d));
	}
	return why;
}

const char *both_interfaces(void *context)
{
	struct contract *c = context;
	const char *why = NULL;

	for (int i = 0; !why && i < 2; i++) {
		why = reopen(c, &c->bar, i ? INTERFACE_GROUP : INTERFACE_CDEV);
		why = first_of(why, still_good(c, &c->bar));
		if (!why && sites[SITE_HOT_RESET].on(&c->bar))
			why = "hot reset failed";
		why = first_of(why, still_good(c, &c->bar));
	}
	return first_of(why, reopen(c, &c->bar, c->interface));
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

/*
 * Waits, in a process of its own, until everybody has let go of the device; @o,
 * NULL where there are none, is what that process inherits.
 */
static pid_t start_unbind(struct contract *c, struct others *o)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (o)
		others_leave(o);
	device_close(&c->bar);
	_exit(write_text("/sys/bus/pci/drivers/vfio-pci/unbind", c->bar.bdf)
		      ? 1
		      : 0);
}

/* An event for each time the kernel asks for the device; -1 without. */
static int request_event(struct contract *c)
{
	struct {
		struct vfio_irq_set header;
		__s32 fd;
	} arg = {.header = {.argsz = sizeof(arg),
			    .flags = VFIO_IRQ_SET_DATA_EVENTFD |
				     VFIO_IRQ_SET_ACTION_TRIGGER,
			    .index = VFIO_PCI_REQ_IRQ_INDEX,
			    .count = 1}};

	arg.fd = eventfd(0, EFD_CLOEXEC);
	if (arg.fd >= 0 && ioctl(c->bar.fd, VFIO_DEVICE_SET_IRQS, &arg)) {
		close(arg.fd);
		return -1;
	}
	return arg.fd;
}

static bool asked_for(int event)
{
	struct pollfd p = {.fd = event, .events = POLLIN};

	return poll(&p, 1, PATIENCE_MS) == 1;
}

/* When all have let go: the driver is gone, comes back, and all is well. */
static const char *rebind(struct contract *c, pid_t unbinder)
{
	char driver[32], bdf[16];
	const char *why;
	int status;

	strcpy(bdf, c->bar.bdf);
	device_close(&c->bar);
	waitpid(unbinder, &status, 0);
	if (status || !sysfs_pci_link(bdf, "driver", driver, sizeof(driver)))
		return "unbind failed";
	if (write_text("/sys/bus/pci/drivers_probe", bdf))
		return "probe failed";
	why = reopen(c, &c->bar, c->interface);
	return first_of(why, still_good(c, &c->bar));
}

const char *unbound(void *context)
{
	struct contract *c = context;
	struct others o = {.contract = c, .device = &c->bar};
	int event = request_event(c);
	const char *why;
	pid_t unbinder;

	if (event < 0)
		return "no event for requests";
	why = others_start(&o);
	if (why)
		return why;
	why = others_map(&o);
	unbinder = start_unbind(c, &o);
	if (!asked_for(event))
		why = first_of(why, "the kernel did not ask for the device");
	/* It has to wait for us, and until then it is ours. */
	if (device_memory_enable(&c->bar, false))
		why = first_of(why, "disable failed");
	why = first_of(why, others_all_sigbus(&o));
	if (device_memory_enable(&c->bar, true))
		why = first_of(why, "enable failed");
	why = first_of(why, others_all_right(&o));
	others_end(&o);
	close(event);
	return first_of(why, rebind(c, unbinder));
}

/* Killed when the kernel asks for the device, in the middle of what they do. */
const char *race_unbind(void *context)
{
	struct contract *c = context;
	int event = request_event(c);
	uint64_t *wrong = crew_shared(sizeof(*wrong));
	const char *why = NULL;
	pid_t toggler, toucher, unbinder;

	if (event < 0 || !wrong)
		return "no event for requests";
	toggler = fork();
	while (!toggler) {
		device_memory_enable(&c->bar, false);
		device_memory_enable(&c->bar, true);
	}
	toucher = fork();
	while (!toucher) {
		struct view v;

		if (view_map(&v, &c->bar, NULL, 0, PAGES))
			*wrong += 1;
		else
			*wrong += view_look(&v).wrong;
		view_unmap(&v);
	}
	unbinder = start_unbind(c, NULL);
	if (!asked_for(event))
		why = "the kernel did not ask for the device";
	usleep(20000);
	kill(toggler, SIGKILL);
	kill(toucher, SIGKILL);
	waitpid(toggler, NULL, 0);
	waitpid(toucher, NULL, 0);
	if (*wrong)
		why = first_of(why, "wrong pages, or a failed mmap");
	close(event);
	crew_shared_free(wrong, sizeof(*wrong));
	return first_of(why, rebind(c, unbinder));
}

/* By the group that all share, or by whoever gets hold of the cdev. */
static int open_for_pass(struct contract *c, struct device *d)
{
	char why[256];

	if (c->interface == INTERFACE_CDEV)
		return device_open(d, CONTRACT_BAR, 0, INTERFACE_CDEV, why);
	*d = c->bar;
	d->fd = ioctl(d->group, VFIO_GROUP_GET_DEVICE_FD, d->bdf);
	return d->fd < 0 ? -errno : device_memory_enable(d, true);
}

/* The first mmap() of a BAR after it was opened can lose to another one's. */
static int map_for_pass(const struct device *d, struct view *v)
{
	int err, tries = 100;

	do {
		err = view_map(v, d, NULL, 0, PAGES);
	} while (err == -EBUSY && --tries);
	return err;
}

/* Its exit code: 0, 1 for a wrong page, 2 for a call that failed. */
static int open_and_close(struct contract *c, int passes)
{
	while (passes) {
		struct device d;
		struct view v;
		int wrong;

		/* Another one has the cdev. */
		if (open_for_pass(c, &d)) {
			usleep(1000);
			continue;
		}
		if (map_for_pass(&d, &v))
			return 2;
		wrong = view_look(&v).wrong != 0;
		device_memory_enable(&d, false);
		wrong += view_look(&v).wrong != 0;
		device_memory_enable(&d, true);
		wrong += view_look(&v).wrong != 0;
		view_unmap(&v);
		if (c->interface == INTERFACE_CDEV)
			device_close(&d);
		else
			close(d.fd);
		if (wrong)
			return 1;
		passes--;
	}
	return 0;
}

/* Each disables and enables what the others have open; the last one closes. */
const char *race_reopen(void *context)
{
	struct contract *c = context;
	const char *why = NULL;
	pid_t pids[3];

	close(c->bar.fd);
	c->bar.fd = -1;
	if (c->interface == INTERFACE_CDEV)
		device_close(&c->bar);
	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(open_and_close(c, 3));
	}
	for (int i = 0; i < 3; i++) {
		int status = -1;

		waitpid(pids[i], &status, 0);
		if (status && !why)
			why = ktap_say("process %d: status %#x", i, status);
	}
	why = first_of(why, reopen(c, &c->bar, c->interface));
	return first_of(why, still_good(c, &c->bar));
}
