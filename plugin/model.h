/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of caches and TLBs, driven by the guest's own accesses: data only, in
 * order, one core, nothing prefetched. docs/PROFILE.md says what it assumes.
 */
#ifndef PLUGIN_MODEL_H
#define PLUGIN_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* 0, -errno, or -EINVAL with *line being the bad one, 0: something lacks. */
int model_read(const char *file, size_t *line);
bool model_on(void);

/*
 * [@first, @end) of user space is the BAR, mapped by leaves of @size bytes (4 KiB,
 * 2 MiB or 1 GiB; 0: nobody knows, and the phase has no figures).
 */
void model_leaves(uint64_t first, uint64_t end, uint64_t size);

/*
 * One access. @physical() finds the physical address where it has to be known,
 * UINT64_MAX for what no cache holds. It is counted if @counted.
 */
typedef uint64_t model_physical_fn(void *data, uint64_t vaddr);
void model_access(uint64_t vaddr, bool counted, model_physical_fn *physical,
		  void *data);

/* The kernel loads CR3: what is not global is gone. */
void model_new_space(void);
/* It invalidates single pages, nobody sees which: all of user space is gone. */
void model_invalidate(void);

/* It invalidates all, global pages too: what the kernel writes CR4 for. */
void model_forget(void);

/* Of a new phase. */
void model_clear(void);
/* Lines "m COUNTER VALUE"; none where the leaves are not known. */
void model_print(FILE *out);

#endif
