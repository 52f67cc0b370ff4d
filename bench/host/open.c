// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device nodes that processes have open, and what else stands on a device and
 * can't be put back. Not forced: who has a GPU, a tape or a VFIO group open would
 * lose their work, and drivers wait, some for ever, for the last of them.
 */
#include <errno.h>
#include <string.h>

#include "host/openers.h"
#include "host/use.h"

static void add_opener(const struct opener *o, struct verdict *v)
{
	if (o)
		verdict_add(v, NEVER, "open",
			    "process %d (%s) has %s open; end it first", o->pid,
			    o->command, o->path);
}

/* File systems that a device is, without a disk in between. */
static void look_at_virtio(const struct host *host, const struct node *node,
			   struct verdict *v)
{
	char driver[64];

	if (host_link(node->path, "driver", driver, sizeof(driver)) ||
	    (strcmp(driver, "virtiofs") && strcmp(driver, "9pnet_virtio")))
		return;
	for (size_t i = 0; i < host->mount_count; i++)
		if (!strcmp(host->mounts[i].type, "virtiofs") ||
		    !strcmp(host->mounts[i].type, "9p"))
			verdict_add(v, NEVER, "mounted",
				    "%s may be mounted on %s", node->name,
				    host->mounts[i].point);
}

/*
 * Parts of the machine that the kernel and the firmware use without a driver:
 * interrupt controllers, timers, IOMMUs. SD hosts (05) and "other" (80), which is
 * what accelerators call themselves, are none. Nor is a memory controller, unless
 * it is on the bus of the processor or chipset itself: power management there.
 */
static bool is_system(const struct function *f)
{
	unsigned int class = f->class_code >> 8, sub = class & 0xff;
	const char *slash = strrchr(f->path, '/'), *parent = slash;

	if (class >> 8 == 0x08)
		return sub <= 0x07 && sub != 0x01 && sub != 0x05;
	if (class != 0x0580 || f->driver[0] || !slash)
		return false;
	while (parent > f->path && parent[-1] != '/')
		parent--;
	return !strncmp(parent, "pci", 3);
}

/* A channel of a DMA engine counts who in the kernel has it. */
static void look_at_dma(const struct node *node, struct verdict *v)
{
	unsigned long users;
	int err = host_number(node->path, "in_use", &users);

	if (err)
		verdict_unreadable(v, node->name, err);
	else if (users)
		verdict_add(v, NEVER, "open", "the kernel uses %s", node->name);
}

static void look_at(const struct host *host, const struct function *f,
		    const struct node *node, struct verdict *v)
{
	if (node->has_number)
		add_opener(opener_of(host, !strcmp(node->subsystem, "block"),
				     node->number, node->file),
			   v);
	if (node->has_number && host->openers_incomplete)
		verdict_add(v, NEVER, "unreadable",
			    "who has %s open: not all processes can be seen; "
			    "it takes root, outside of containers",
			    node->file);
	if (!strcmp(node->subsystem, "mdev"))
		verdict_add(v, NEVER, "mdev",
			    "mediated device %s would be lost; remove it first",
			    node->name);
	/* Storage goes past the interface, which may be down, or be none. */
	if ((!strcmp(node->subsystem, "infiniband") ||
	     !strcmp(node->subsystem, "fc_host")) &&
	    host->storage[0])
		verdict_add(v, NEVER, "storage",
			    "storage of this host may come by %s: %s",
			    node->name, host->storage);
	if (!strcmp(node->subsystem, "dma"))
		look_at_dma(node, v);
	if (!strcmp(node->subsystem, "virtio"))
		look_at_virtio(host, node, v);
	if (!strcmp(node->subsystem, "pci") && !function_is_bridge(f))
		verdict_add(v, NEVER, "bridge", "PCI device %s is below it",
			    node->name);
}

void use_open(const struct host *host, const struct function *f,
	      const struct nodes *nodes, struct verdict *v)
{
	for (size_t i = 0; i < nodes->count; i++)
		look_at(host, f, &nodes->list[i], v);
	/* Its nodes are not in sysfs. */
	if (!strcmp(f->driver, "nvidia")) {
		add_opener(opener_of_prefix(host, "/dev/nvidia"), v);
		if (host->openers_incomplete)
			verdict_add(v, NEVER, "unreadable",
				    "who has /dev/nvidia* open: not all "
				    "processes can be seen");
	}
	if (f->vfs)
		verdict_add(v, NEVER, "vfs",
			    "%u virtual functions would be lost; write 0 to "
			    "sriov_numvfs first",
			    f->vfs);
	if (!strcmp(f->driver, "thunderbolt"))
		verdict_add(v, NEVER, "bridge",
			    "what is plugged into it may be lost");
	if (is_system(f))
		verdict_add(v, NEVER, "system",
			    "it is a part of the machine itself: interrupts, "
			    "timers, an IOMMU or the chipset");
	/* Memory of the host, CXL. */
	if (f->class_code >> 8 == 0x0502 || !strcmp(f->driver, "cxl_pci"))
		verdict_add(v, NEVER, "memory", "it may be memory of the host");
}
