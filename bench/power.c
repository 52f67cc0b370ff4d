// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to put a device to sleep with its BAR mapped, and to get the BAR
 * back: populate, sleep, see that nobody reaches it, wake, reach every page.
 *
 * state=d3hot writes PCI_PM_CTRL: vfio_pm_config_write() zaps, and populates on
 * the eager variants, around pci_set_power_state(). state=low-power is vfio's
 * feature: VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY zaps and drops the usage count,
 * and the device is suspended by runtime PM, in a thread of the kernel;
 * VFIO_DEVICE_FEATURE_LOW_POWER_EXIT resumes it first.
 *
 * A change of state waits for the device, 10 ms, in `sleep` and `wake`; they are
 * without the wait in `sleep-cpu` and `wake-cpu`. What is not measured: the
 * suspending itself with state=low-power, which no call waits for, and what a
 * bridge above does. The stand-in loses its pages as with memory disabled.
 */
#include "benchmark.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "parameters.h"
#include "rig/counters.h"
#include "rig/mapping.h"
#include "rig/pci.h"
#include "rig/process.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/sysfs.h"
#include "steps.h"

#define D0 0
#define D3HOT 3

/* How long runtime PM may take: 10 s. */
#define TRIES 1000
#define TRY_US 10000

enum state {
	STATE_D3HOT,
	STATE_LOW_POWER
};
static const char *const states[] = {"d3hot", "low-power", NULL};

static const struct parameter parameters[] = {
	BAR_PARAMETERS("2M"),
	CHOICE_PARAMETER("state", "how the device sleeps", "d3hot", states),
	{.name = NULL},
};

/* Why the device has no such state, or NULL. */
static const char *missing(const struct cell *cell)
{
	const struct device *d = cell->device;

	if (d->memfd)
		return NULL;
	if (cell_number(cell, "state") == STATE_LOW_POWER)
		return vfio_has_low_power(d)
			       ? NULL
			       : "vfio has no low-power feature for it";
	return pci_capability(d, PCI_CAP_ID_PM)
		       ? NULL
		       : "it has no power management capability";
}

static int change(struct cell *cell, bool wake)
{
	struct device *d = cell->device;

	if (d->memfd)
		return device_memory_enable(d, wake);
	if (cell_number(cell, "state") == STATE_D3HOT)
		return pci_power_state(d, wake ? D0 : D3HOT);
	return wake ? vfio_low_power_exit(d) : vfio_low_power_entry(d);
}

static int timed_change(struct cell *cell, bool wake)
{
	uint64_t start, stop, cpu;
	int err;

	settle();
	count_begin(wake ? "wake" : "sleep");
	cpu = cpu_now();
	start = clock_start();
	err = change(cell, wake);
	stop = clock_stop();
	cpu = cpu_now() - cpu;
	count_end();
	if (err) {
		cell_fail(cell, "%s: %s", wake ? "wake" : "sleep",
			  strerror(-err));
		return err;
	}
	err = cell_time(cell, wake ? "wake" : "sleep", stop - start);
	return err ? err : cell_ns(cell, wake ? "wake-cpu" : "sleep-cpu", cpu);
}

/* What was asked for with state=low-power comes later, in another thread. */
static int await_sleep(struct cell *cell)
{
	const struct device *d = cell->device;
	char status[16] = "";

	if (d->memfd || cell_number(cell, "state") != STATE_LOW_POWER)
		return 0;
	for (int i = 0; i < TRIES; i++) {
		if (!sysfs_pci_line(d->bdf, "power/runtime_status", status,
				    sizeof(status)) &&
		    !strcmp(status, "suspended"))
			return 0;
		usleep(TRY_US);
	}
	cell_fail(cell, "the device does not sleep, it is %s", status);
	return -ETIMEDOUT;
}

/* @faults grows by those of the touches alone, not of what the result takes. */
static int timed_pass(struct cell *cell, const struct mapping *m,
		      const char *phase, uint64_t *faults)
{
	uint64_t ticks, before = faults_now();
	int err = read_pages(cell, m, phase, &ticks);

	*faults += faults_now() - before;
	return err ? err : cell_time(cell, phase, ticks);
}

static int probe(struct cell *cell, const struct mapping *m)
{
	uint64_t value;

	if (cell->device->memfd)
		return cell_sample(cell, "sigbus", "signals", 0);
	if (!probe_read(m->addr, &value))
		cell_fail(cell, "leak: a device that sleeps answered %#lx",
			  value);
	return cell_sample(cell, "sigbus", "signals", cell->status == CELL_OK);
}

struct first {
	volatile uint64_t *word;
	uint64_t ticks;
};

static int read_first(void *arg)
{
	struct first *f = arg;
	uint64_t start;

	count_begin("first-access");
	start = clock_start();
	(void)*f->word;
	f->ticks = clock_stop() - start;
	count_end();
	return 0;
}

static int reach(struct cell *cell, const struct mapping *m)
{
	struct first f = {.word = (volatile uint64_t *)m->addr};
	uint64_t faults;
	int err;

	settle();
	faults = faults_now();
	err = sigbus_protect(read_first, &f);
	faults = faults_now() - faults;
	if (!err)
		err = cell_time(cell, "first-access", f.ticks);
	if (!err)
		err = timed_pass(cell, m, "whole-bar", &faults);
	return err ? err : cell_sample(cell, "faults", "faults", faults);
}

/* Awake again in any case: the next cell has the device too. */
static int sleep_and_wake(struct cell *cell, const struct mapping *m)
{
	int err = timed_change(cell, false), woken;

	if (!err)
		err = await_sleep(cell);
	if (!err)
		err = probe(cell, m);
	woken = timed_change(cell, true);
	return err ? err : woken;
}

static int measure(struct cell *cell, struct mapping *m)
{
	int err = mapping_map(m, cell->device, 0, cell->device->prot);
	uint64_t faults = 0;

	if (!err)
		err = timed_pass(cell, m, "populate", &faults);
	if (!err)
		err = sleep_and_wake(cell, m);
	if (err)
		return err;
	err = reach(cell, m);
	if (err == -EFAULT)
		cell_fail(cell, "lost mapping: SIGBUS while it is awake");
	return err;
}

static int run(struct cell *cell)
{
	const char *why = missing(cell);
	struct mapping m;
	int err;

	if (why) {
		cell_skip(cell, "%s", why);
		return 0;
	}
	err = reserve_bar(cell, cell->device, &m);
	if (err)
		return err;
	err = measure(cell, &m);
	mapping_release(&m);
	return err;
}

const struct benchmark power = {
	.name = "power",
	.summary = "what it costs to put the device to sleep and to wake it",
	.version = 1,
	.parameters = parameters,
	.run = run,
};
