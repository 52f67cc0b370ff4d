// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VM_PTE "\nVmPTE:"

/* /proc/self is the opener's: a forked child needs a descriptor of its own. */
static int status_fd(void)
{
	static int fd = -1;
	static pid_t owner;
	pid_t self = getpid();

	if (fd >= 0 && owner == self)
		return fd;
	if (fd >= 0)
		close(fd);
	fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	owner = self;
	return fd;
}

int64_t vm_pte_bytes(void)
{
	/* About 1.5 KiB, and up to another 8 for the masks of many CPUs. */
	static char text[16384];
	const char *line;
	int fd = status_fd();
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = pread(fd, text, sizeof(text) - 1, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	line = strstr(text, VM_PTE);
	if (!line)
		return -ENODATA;
	return (int64_t)strtoull(line + strlen(VM_PTE), NULL, 10) * 1024;
}

uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t faults_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

uint64_t faults_now(void)
{
	return faults_of(RUSAGE_SELF);
}

uint64_t thread_faults_now(void)
{
	return faults_of(RUSAGE_THREAD);
}
