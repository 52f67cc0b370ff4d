/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which leaves map a range: PTE (4 KiB), PMD (2 MiB), PUD (1 GiB). */
#ifndef RIG_LEAVES_H
#define RIG_LEAVES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct leaves {
	uint64_t pte, pmd, pud;
};

/*
 * Counts the leaves of [start, end), addresses in bytes, in a dump as of
 * arch/x86/mm/dump_pagetables.c. 0, -EINVAL on a line that is not of such a
 * dump, or the error of reading.
 */
int leaves_parse(FILE *dump, uint64_t start, uint64_t end, struct leaves *l);

/*
 * The same of this process' own dump in debugfs (CONFIG_PTDUMP_DEBUGFS).
 * -ENOENT where there is none, -EACCES where we may not.
 */
int leaves_dump(uint64_t start, uint64_t end, struct leaves *l);

/*
 * Without a dump. [start, end) was touched page by page, ascending; the touches
 * of the pages fault_pages[] (index in the range, ascending) took a fault; and
 * VmPTE grew by @table_bytes from before mmap() to after the last touch.
 *
 * Faults tell where leaves begin if every fault maps one leaf. Where one maps
 * more, the growth tells: of PTE leaves only, of PMD leaves wherever the address
 * allows, of PUD leaves wherever it does. The growth is first taken to have no
 * PUD table in it (mapping_reserve() sees to that), then to have all of them.
 *
 * 0, or -ERANGE where nothing fits.
 */
int leaves_derive(uint64_t start, uint64_t end, const uint32_t *fault_pages,
		  size_t faults, uint64_t table_bytes, struct leaves *l);

#endif
