// SPDX-License-Identifier: GPL-2.0-or-later
#include "watchdog.h"

#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "crew.h"
#include "rig/sysfs.h"

static struct shared {
	atomic_uint beats;
	size_t number;
	char name[128];
} * shared;

/* Where each thread of this program waits, or that it runs. */
static void tell_threads(const char *pid)
{
	char path[300], where[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/task/%.20s/wchan",
			 pid, entry->d_name);
		sysfs_line(path, where, sizeof(where));
		printf("# thread %s is in %s\n", entry->d_name,
		       strcmp(where, "0") ? where : "no wait");
	}
	if (dir)
		closedir(dir);
}

static void tell_processes(void)
{
	char path[64], name[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir))) {
		if (atoi(entry->d_name) <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/comm", entry->d_name);
		if (!sysfs_line(path, name, sizeof(name)) &&
		    !strcmp(name, "contract"))
			tell_threads(entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void watch(unsigned int patience)
{
	unsigned int last = 0, still = 0;

	while (still < patience) {
		unsigned int beats = atomic_load(&shared->beats);

		still = beats == last ? still + 1 : 0;
		last = beats;
		sleep(1);
	}
	printf("not ok %zu %s # hangs: nothing ended for %u s\n",
	       shared->number, shared->name, patience);
	tell_processes();
	fflush(stdout);
	kill(getppid(), SIGKILL);
	_exit(0);
}

int watchdog_start(unsigned int patience_seconds)
{
	pid_t pid;

	shared = crew_shared(sizeof(*shared));
	if (!shared)
		return -1;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		watch(patience_seconds);
	}
	return pid < 0 ? -1 : 0;
}

void watchdog_test(size_t number, const char *name)
{
	shared->number = number;
	snprintf(shared->name, sizeof(shared->name), "%s", name);
	watchdog_beat();
}

void watchdog_beat(void)
{
	atomic_fetch_add(&shared->beats, 1);
}
