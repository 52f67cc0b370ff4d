// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/storage.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Types of file systems whose server is elsewhere, or may be. */
static const char *const network_types[] = {
	"nfs",	      "nfs4",
	"cifs",	      "smb3",
	"ceph",	      "afs",
	"ocfs2",      "gfs2",
	"coda",	      "9p",
	"orangefs",   "lustre",
	"beegfs",     "gpfs",
	"fuse.sshfs", "fuse.glusterfs",
	"fuse.ceph",  "fuse.ceph-fuse",
	"fuse.s3fs",  "fuse.rclone",
	NULL,
};

/* Folders of sysfs that are empty unless block devices come by the network. */
static const struct {
	const char *folder, *name;
} network_classes[] = {
	{"class/iscsi_session", "iSCSI"},
	{"bus/rbd/devices", "rbd"},
	{NULL, NULL},
};

static bool is_network_type(const char *type)
{
	for (size_t i = 0; network_types[i]; i++)
		if (!strcmp(type, network_types[i]))
			return true;
	return false;
}

/* NVMe over anything but PCIe; nbd that is connected; drbd that is up. */
static int look_at_class(struct host *host, const char *class_name,
			 bool (*is_network)(const char *folder,
					    const char *name))
{
	char path[PATH_MAX], folder[PATH_MAX];
	struct dirent *entry;
	int err = host_path(path, "%s/class/%s", host->sysfs, class_name);
	DIR *dir;

	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.' &&
		    !host_path(folder, "%s/%s", path, entry->d_name) &&
		    is_network(folder, entry->d_name))
			snprintf(host->storage, sizeof(host->storage), "%.200s",
				 entry->d_name);
	}
	closedir(dir);
	return 0;
}

static bool is_fabric(const char *folder, const char *name)
{
	char transport[32];

	(void)name;
	return !host_line(folder, "transport", transport, sizeof(transport)) &&
	       strcmp(transport, "pcie") && strcmp(transport, "loop");
}

static bool is_network_block(const char *folder, const char *name)
{
	char pid[16];

	/* etherd is ATA over Ethernet, rnbd a client of RDMA. */
	return !strncmp(name, "drbd", 4) || !strncmp(name, "etherd", 6) ||
	       !strncmp(name, "rnbd", 4) ||
	       (!strncmp(name, "nbd", 3) &&
		!host_line(folder, "pid", pid, sizeof(pid)));
}

int storage_find(struct host *host, char what[256])
{
	char path[PATH_MAX];
	int err;

	for (size_t i = 0; i < host->mount_count; i++)
		if (is_network_type(host->mounts[i].type))
			snprintf(host->storage, sizeof(host->storage),
				 "%s on %.200s", host->mounts[i].type,
				 host->mounts[i].point);
	for (size_t i = 0; network_classes[i].folder; i++) {
		err = host_path(path, "%s/%s", host->sysfs,
				network_classes[i].folder);
		if (!err)
			err = host_entries(path);
		if (err > 0)
			snprintf(host->storage, sizeof(host->storage), "%s",
				 network_classes[i].name);
		if (err < 0 && err != -ENOENT)
			goto failed;
	}
	err = host_path(path, "%s/class/nvme", host->sysfs);
	if (!err)
		err = look_at_class(host, "nvme", is_fabric);
	if (err)
		goto failed;
	err = host_path(path, "%s/class/block", host->sysfs);
	if (!err)
		err = look_at_class(host, "block", is_network_block);
	if (!err)
		return 0;
failed:
	snprintf(what, 256, "%.255s", path);
	return err;
}
