// SPDX-License-Identifier: GPL-2.0-only
#include "fio/bar.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rig/device.h"
#include "rig/guard.h"
#include "rig/mapping.h"
#include "rig/sigbus.h"

#define PAGE UINT64_C(4096)
#define STAND_IN_SIZE (UINT64_C(64) << 20)

static struct {
	unsigned int users;
	struct bar_request request;
	struct device device;
	struct mapping mapping;
} bar;

static enum device_interface interface_of(const char *name)
{
	if (!strcmp(name, "group"))
		return INTERFACE_GROUP;
	return strcmp(name, "cdev") ? INTERFACE_ANY : INTERFACE_CDEV;
}

static bool same(const struct bar_request *a, const struct bar_request *b)
{
	return !strcmp(a->target, b->target) &&
	       !strcmp(a->interface, b->interface) && a->length == b->length &&
	       a->write == b->write && a->prefault == b->prefault;
}

/* A leaf can be as large as anywhere; so the address is as aligned as that. */
static int map(char why[256])
{
	struct device *d = &bar.device;
	uint64_t length = bar.request.length;
	int err;

	if (!length)
		length = guard_usable(&d->bars[d->bar]);
	if (!length || length % PAGE) {
		snprintf(why, 256, "no whole pages of it can be mapped");
		return -EINVAL;
	}
	if (!guard_place(d, length, why))
		return -EINVAL;
	err = mapping_reserve(&bar.mapping, d->start, length,
			      UINT64_C(1) << 30);
	if (!err)
		err = mapping_map(&bar.mapping, d, 0, d->prot);
	if (err)
		snprintf(why, 256, "can't be mapped: %s", strerror(-err));
	return err;
}

static int read_pages(void *unused)
{
	(void)unused;
	for (uint64_t at = 0; at < bar.mapping.length; at += PAGE)
		(void)*(volatile uint64_t *)(bar.mapping.addr + at);
	return 0;
}

static int open_and_map(char why[256])
{
	uint64_t size = bar.request.length;
	int err;

	err = guard_init(NULL, bar.request.write);
	if (!err)
		err = sigbus_init();
	if (err) {
		snprintf(why, 256, "%s", strerror(-err));
		return err;
	}
	err = device_open(&bar.device, bar.request.target,
			  size ? size : STAND_IN_SIZE,
			  interface_of(bar.request.interface), why);
	if (err)
		return err;
	err = map(why);
	if (!err && bar.request.prefault && sigbus_protect(read_pages, NULL)) {
		snprintf(why, 256, "a read of it raised SIGBUS");
		err = -EFAULT;
	}
	return err;
}

static void unmap_and_close(void)
{
	mapping_release(&bar.mapping);
	device_close(&bar.device);
}

int bar_get(const struct bar_request *r, char why[256])
{
	int err;

	if (bar.users) {
		if (!same(r, &bar.request)) {
			snprintf(why, 256,
				 "jobs of one fio share one BAR: their options "
				 "must be the same");
			return -EINVAL;
		}
		bar.users++;
		return 0;
	}
	bar.request = *r;
	device_init(&bar.device);
	err = open_and_map(why);
	if (err)
		unmap_and_close();
	else
		bar.users = 1;
	return err;
}

void bar_put(void)
{
	if (bar.users && !--bar.users)
		unmap_and_close();
}

uint64_t bar_length(void)
{
	return bar.mapping.length;
}

bool bar_may_write(void)
{
	return bar.device.may_write;
}

int bar_thread_init(void)
{
	return sigbus_init();
}

struct copy {
	volatile uint64_t *bar;
	uint64_t *memory;
	size_t words;
};

static int load(void *arg)
{
	const struct copy *c = arg;

	for (size_t i = 0; i < c->words; i++)
		c->memory[i] = c->bar[i];
	return 0;
}

static int store(void *arg)
{
	const struct copy *c = arg;

	for (size_t i = 0; i < c->words; i++)
		c->bar[i] = c->memory[i];
	return 0;
}

static struct copy at(uint64_t offset, const void *buffer, size_t length)
{
	return (struct copy){(volatile uint64_t *)(bar.mapping.addr + offset),
			     (uint64_t *)(uintptr_t)buffer,
			     length / sizeof(uint64_t)};
}

int bar_read(uint64_t offset, void *buffer, size_t length)
{
	struct copy c = at(offset, buffer, length);

	return sigbus_protect(load, &c);
}

int bar_write(uint64_t offset, const void *buffer, size_t length)
{
	struct copy c = at(offset, buffer, length);

	return sigbus_protect(store, &c);
}

/* Behind the end of a file nothing can be read: as of a BAR that is off. */
static int stand_in_enable(bool on)
{
	off_t size = on ? (off_t)bar.device.size : 0;

	return ftruncate(bar.device.fd, size) ? -errno : 0;
}

int bar_memory_enable(bool on)
{
	return bar.device.memfd ? stand_in_enable(on)
				: device_memory_enable(&bar.device, on);
}

int bar_reset(void)
{
	return device_reset(&bar.device);
}

bool bar_can_reset(void)
{
	return bar.device.can_reset;
}
