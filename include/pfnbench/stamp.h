/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page of the RAM-backed BAR holds. The host writes the stamps before
 * the guest boots; a benchmark that reads another page's stamp, or all-ones
 * (QEMU's answer to an access while memory decode is off), has found a bug.
 */
#ifndef PFNBENCH_STAMP_H
#define PFNBENCH_STAMP_H

#include <stdint.h>

#define STAMP_PAGE_SIZE UINT64_C(4096)
/* Byte offset in the page of the host's stamp, which nobody writes again. */
#define STAMP_READ_OFFSET 0
/* Byte offset of the word that a write access fills with the same stamp. */
#define STAMP_WRITE_OFFSET 8
/* What a disabled BAR reads as. */
#define STAMP_DISABLED UINT64_MAX

/* The 64-bit little-endian stamp of page @index of the BAR; "PFNB" on top. */
static inline uint64_t stamp_of(uint32_t index)
{
	return UINT64_C(0x50464e42) << 32 | index;
}

#endif
