/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes as people write them. */
#ifndef BENCH_SIZE_H
#define BENCH_SIZE_H

#include <stdint.h>

/*
 * "4K", "1028K", "2M", "1G", or plain bytes to a number; -EINVAL for anything
 * else, -ERANGE past 2^63.
 */
int size_parse(const char *text, uint64_t *bytes);
/* The same the other way, in the largest unit that divides it. */
void size_format(uint64_t bytes, char text[32]);

#endif
