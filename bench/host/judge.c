// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/judge.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/use.h"

/* The group's node, and those of vfio's own that stand below the device. */
static int add_group_node(const struct host *host, struct judged *j)
{
	char path[PATH_MAX], whole[PATH_MAX];
	int err;

	if (j->function.group == GROUP_NONE)
		return 0;
	err = host_path(path, "%s/class/vfio/%d", host->sysfs,
			j->function.group);
	if (err)
		return err;
	if (!realpath(path, whole))
		return errno == ENOENT ? 0 : -errno;
	return below_add_one(&j->nodes, whole);
}

/* All but what its group and the measuring need. */
static void judge_use(const struct host *host, struct judged *j)
{
	const struct function *f = &j->function;
	struct verdict *v = &j->verdict;
	int err = below_add(&j->nodes, f->path);

	if (!err)
		err = use_block_shared(host, &j->nodes);
	if (!err)
		err = add_group_node(host, j);
	if (err)
		verdict_unreadable(v, "what stands on it", err);
	if (function_is_bridge(f))
		verdict_add(v, NEVER, "bridge", "it is a bridge");
	use_block(host, &j->nodes, v);
	use_open(host, f, &j->nodes, v);
	use_network(host, f, &j->nodes, v);
	use_display(host, f, &j->nodes, v);
}

/* What vfio bears in a group beside what it has bound itself. */
static bool is_harmless(const char *driver)
{
	return !driver[0] || strstr(driver, "vfio") ||
	       !strcmp(driver, "pci-stub") || !strcmp(driver, "pcieport");
}

/*
 * A driver is taken away from the others of the group, too: what forbids that of
 * the device forbids it of them. One that vfio bears stays as it is.
 */
static void judge_member(const struct host *host, struct judged *j,
			 struct member *m)
{
	struct judged *other;
	char what[256];
	int err;

	if (function_address(m->name, m->address)) {
		m->address[0] = '\0';
		verdict_add(&j->verdict, NEVER, "group",
			    "its IOMMU group holds %s, no PCI device", m->name);
		return;
	}
	other = calloc(1, sizeof(*other));
	err = other ? function_read(host, m->address, &other->function, what)
		    : -ENOMEM;
	if (err) {
		verdict_unreadable(&j->verdict, m->address, err);
		free(other);
		return;
	}
	strcpy(m->driver, other->function.driver);
	if (strcmp(m->driver, "pcieport"))
		judge_use(host, other);
	for (size_t i = 0; i < other->verdict.count; i++) {
		const struct reason *r = &other->verdict.reasons[i];

		/* What is never a driver's can stay. */
		if ((strcmp(r->code, "bridge") && strcmp(r->code, "system")) ||
		    !is_harmless(m->driver))
			verdict_add(&j->verdict, r->weight, r->code,
				    "%s of its IOMMU group: %.180s", m->address,
				    r->text);
	}
	if (!is_harmless(m->driver))
		verdict_add(&j->verdict, UNLESS_FORCED, "group",
			    "%s of its IOMMU group has driver %s, which it "
			    "would lose",
			    m->address, m->driver);
	judged_free(other);
	free(other);
}

static void judge_group(const struct host *host, struct judged *j)
{
	char path[PATH_MAX];
	struct dirent **entries;
	int n, err = host_path(path, "%s/kernel/iommu_groups/%d/devices",
			       host->sysfs, j->function.group);

	n = err ? -1 : scandir(path, &entries, NULL, alphasort);
	if (n < 0) {
		verdict_unreadable(&j->verdict, "its IOMMU group",
				   err ? err : -errno);
		return;
	}
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		struct member *m = &j->members[j->member_count];

		if (name[0] != '.' && strcmp(name, j->function.address)) {
			if (j->member_count == MOST_MEMBERS ||
			    strlen(name) >= sizeof(m->name)) {
				verdict_unreadable(&j->verdict,
						   "its IOMMU group", -E2BIG);
			} else {
				strcpy(m->name, name);
				j->member_count++;
				judge_member(host, j, m);
			}
		}
		free(entries[i]);
	}
	free(entries);
}

/* What to put on the kernel's command line, by who made the CPU. */
static const char *iommu_mend(const struct host *host)
{
	char path[PATH_MAX], line[512];
	const char *mend = "enable the IOMMU in the firmware";
	FILE *file;

	if (!host_line(host->proc, "cmdline", line, sizeof(line)) &&
	    strstr(line, "iommu=on"))
		return "it was asked for: enable VT-d or AMD-Vi in the "
		       "firmware";
	if (host_path(path, "%s/cpuinfo", host->proc))
		return mend;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (strstr(line, "GenuineIntel"))
			mend = "put intel_iommu=on on the kernel's command "
			       "line, and enable VT-d in the firmware";
		if (strstr(line, "AuthenticAMD"))
			mend = "enable AMD-Vi (IOMMU) in the firmware, and "
			       "take amd_iommu=off off the kernel's command "
			       "line";
	}
	if (file)
		fclose(file);
	return mend;
}

static void judge_iommu(const struct host *host, struct judged *j)
{
	char path[PATH_MAX];

	if (j->function.group != GROUP_NONE) {
		judge_group(host, j);
		return;
	}
	if (host_path(path, "%s/kernel/iommu_groups", host->sysfs) ||
	    host_entries(path) <= 0)
		verdict_add(&j->verdict, NEVER, "no-iommu",
			    "the host has no IOMMU that is on; %s",
			    iommu_mend(host));
	else
		verdict_add(&j->verdict, NEVER, "no-iommu",
			    "it is not behind an IOMMU");
}

static void judge_bars(struct judged *j)
{
	for (int i = 0; i < FUNCTION_BARS; i++)
		if (bar_is_mappable(&j->function.bars[i]))
			return;
	verdict_add(&j->verdict, NEVER, "no-bar",
		    "no BAR of at least 4 KiB that can be mapped");
}

void judge(const struct host *host, const char *address, struct judged *j)
{
	char what[256];
	int err;

	memset(j, 0, sizeof(*j));
	err = function_read(host, address, &j->function, what);
	if (err) {
		verdict_unreadable(&j->verdict, what, err);
		return;
	}
	judge_use(host, j);
	judge_iommu(host, j);
	judge_bars(j);
}

void judged_free(struct judged *j)
{
	below_free(&j->nodes);
}
