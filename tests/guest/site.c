// SPDX-License-Identifier: GPL-2.0-or-later
#include "site.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "rig/pci.h"
#include "rig/sysfs.h"

/* How long a device may take to fall asleep, and an event to arrive: 10 s. */
#define TRIES 10000
#define TRY_US 1000

static const char *never_missing(struct device *d)
{
	(void)d;
	return NULL;
}

static int command_off(struct device *d)
{
	return device_memory_enable(d, false);
}

static int command_on(struct device *d)
{
	return device_memory_enable(d, true);
}

static const char *no_reset(struct device *d)
{
	return d->can_reset ? NULL : "vfio knows no way to reset it";
}

static int hot_reset(struct device *d)
{
	return vfio_hot_reset(d);
}

static const char *no_flr(struct device *d)
{
	uint8_t at = pci_capability(d, PCI_CAP_ID_EXP);
	uint32_t value;

	if (!at ||
	    pci_config_read(d, at + PCI_EXP_DEVCAP, &value, sizeof(value)) ||
	    !(le32toh(value) & PCI_EXP_DEVCAP_FLR))
		return "no PCIe capability with function-level reset";
	return NULL;
}

static int flr(struct device *d)
{
	unsigned int at = pci_capability(d, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	uint16_t value;
	int err = pci_config_read(d, at, &value, sizeof(value));

	value |= htole16(PCI_EXP_DEVCTL_BCR_FLR);
	return err ? err : pci_config_write(d, at, &value, sizeof(value));
}

static const char *no_af_flr(struct device *d)
{
	return pci_capability(d, PCI_CAP_ID_AF)
		       ? NULL
		       : "no advanced-features capability";
}

static int af_flr(struct device *d)
{
	unsigned int at = pci_capability(d, PCI_CAP_ID_AF) + PCI_AF_CTRL;
	uint8_t value = PCI_AF_CTRL_FLR;

	return pci_config_write(d, at, &value, sizeof(value));
}

static const char *no_power_states(struct device *d)
{
	return pci_capability(d, PCI_CAP_ID_PM)
		       ? NULL
		       : "no power management capability";
}

static int d3hot(struct device *d)
{
	return pci_power_state(d, 3);
}

static int d0(struct device *d)
{
	return pci_power_state(d, 0);
}

static const char *no_low_power(struct device *d)
{
	return vfio_has_low_power(d) ? NULL
				     : "vfio has no low-power feature for it";
}

static int low_power_entry(struct device *d)
{
	return vfio_low_power_entry(d);
}

static int low_power_exit(struct device *d)
{
	return vfio_low_power_exit(d);
}

/* Several threads may be here, each with a device of its own. */
static _Thread_local int wake_up_event = -1;

static int low_power_entry_with_wake_up(struct device *d)
{
	struct vfio_device_low_power_entry_with_wakeup entry = {0};
	int err;

	if (wake_up_event < 0)
		wake_up_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_up_event < 0)
		return -errno;
	entry.wakeup_eventfd = wake_up_event;
	err = vfio_feature(
		d,
		VFIO_DEVICE_FEATURE_SET |
			VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP,
		&entry, sizeof(entry));
	return err;
}

static bool asleep(const struct device *d)
{
	char status[16];

	return !sysfs_pci_line(d->bdf, "power/runtime_status", status,
			       sizeof(status)) &&
	       !strcmp(status, "suspended");
}

int site_poke(struct device *d)
{
	struct vfio_device_info info = {.argsz = sizeof(info)};

	return ioctl(d->fd, VFIO_DEVICE_GET_INFO, &info) ? -errno : 0;
}

/*
 * Any access wakes it, once it sleeps; the event says that it is awake. Another
 * process may have woken it before.
 */
static int wake_up(struct device *d)
{
	struct pollfd event = {.fd = wake_up_event, .events = POLLIN};
	uint64_t count;
	int err;

	for (int i = 0; i < TRIES && !asleep(d) && poll(&event, 1, 0) != 1; i++)
		usleep(TRY_US);
	err = site_poke(d);
	if (err)
		return err;
	if (poll(&event, 1, TRIES * TRY_US / 1000) != 1 ||
	    read(wake_up_event, &count, sizeof(count)) != sizeof(count))
		return -ETIMEDOUT;
	return 0;
}

static const char *no_bar_restore(struct device *d)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_PCI "/%s/config", d->bdf);
	return access(path, W_OK) ? "config space can't be written in sysfs"
				  : NULL;
}

/* What a reset does that vfio was not told of: the BARs have no address. */
static int lose_bars(struct device *d)
{
	uint32_t none[DEVICE_BARS] = {0};
	char path[PATH_MAX];
	int err = device_memory_enable(d, false);
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), SYSFS_PCI "/%s/config", d->bdf);
	fd = err ? -1 : open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return err ? err : -errno;
	n = pwrite(fd, none, sizeof(none), PCI_BASE_ADDRESS_0);
	close(fd);
	return n == sizeof(none) ? 0 : -EIO;
}

bool site_refused(int err)
{
	return err == -EBUSY || err == -EAGAIN;
}

const struct site sites[SITES] = {
	[SITE_COMMAND] = {"PCI_COMMAND", never_missing, command_off, command_on,
			  true},
	[SITE_RESET] = {"VFIO_DEVICE_RESET", no_reset, NULL, device_reset,
			false},
	[SITE_HOT_RESET] = {"hot reset", never_missing, NULL, hot_reset, false},
	[SITE_FLR] = {"function-level reset by the PCIe capability", no_flr,
		      NULL, flr, false},
	[SITE_AF_FLR] = {"function-level reset by the AF capability", no_af_flr,
			 NULL, af_flr, false},
	[SITE_D3HOT] = {"D3hot and D0", no_power_states, d3hot, d0, false},
	[SITE_LOW_POWER] = {"low power", no_low_power, low_power_entry,
			    low_power_exit, false},
	[SITE_WAKE_UP] = {"low power and wake-up", no_low_power,
			  low_power_entry_with_wake_up, wake_up, false},
	[SITE_BAR_RESTORE] = {"BAR restore", no_bar_restore, lose_bars,
			      command_on, true},
};
