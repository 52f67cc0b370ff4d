/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_STAMP_H
#define BENCH_STAMP_H

#include <stdint.h>

/*
 * Makes @path a file of @size bytes, a multiple of 4 KiB, with the stamp of
 * each page (pfnbench/stamp.h) in it and zeroes elsewhere; under a temporary
 * name until it is whole. 0 or -errno.
 */
int stamp_file(const char *path, uint64_t size);

#endif
