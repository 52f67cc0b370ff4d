/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of this process. */
#ifndef RIG_PROCESS_H
#define RIG_PROCESS_H

#include <stdint.h>

/*
 * Bytes of page tables of this process: VmPTE of /proc/self/status, which since
 * Linux 4.15 counts the PMD and PUD tables too. Allocates nothing after the
 * first call. -errno; -ENODATA where there is no such line.
 */
int64_t vm_pte_bytes(void);

/* CPU time of this thread in ns, waits left out. */
uint64_t cpu_now(void);

/* Page faults of this process so far, minor and major. */
uint64_t faults_now(void);
/* The same of the calling thread. */
uint64_t thread_faults_now(void);

#endif
