/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a phase executed, by the address of the instruction. */
#ifndef PLUGIN_ADDRESSES_H
#define PLUGIN_ADDRESSES_H

#include <stdio.h>

#include "block.h"

void addresses_clear(void);
/* 0 or -ENOMEM. */
int addresses_add(uint64_t vaddr, const struct counts *c);
/* Instructions of all addresses. */
uint64_t addresses_total(void);
/* Lines "i ADDRESS INSTRUCTIONS LOADS STORES", ascending. */
void addresses_print(FILE *out);

#endif
