/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where functions begin and end, and which of them the CPU enters by itself:
 * what `pfnprofile symbols` made of a kernel's and pfnbench's symbol tables.
 * Lines `FIRST END KIND NAME`, hexadecimal, END exclusive, ascending, without
 * overlap.
 */
#ifndef PLUGIN_SYMBOLS_H
#define PLUGIN_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum symbol_kind {
	SYMBOL_FUNCTION,
	SYMBOL_COLD, /* the part of a function that was moved away */
	SYMBOL_EXCEPTION, /* a fault ends here */
	SYMBOL_TRAP, /* int3 and such: the instruction is done */
	SYMBOL_INTERRUPT,
	SYMBOL_STUBS, /* an entry each 8 bytes, one a vector */
};

/* Functions that no symbol names; below them numbers of symbols. */
#define FUNCTION_KERNEL UINT32_C(0xfffffff0)
#define FUNCTION_PROGRAM UINT32_C(0xfffffff1)
#define FUNCTION_USER UINT32_C(0xfffffff2)
/* Roots of call chains, which have no code. */
#define FUNCTION_INTERRUPT UINT32_C(0xfffffff3)
#define FUNCTION_OTHER_TASK UINT32_C(0xfffffff4)

/* 0, -errno, or -EINVAL with *line being the bad one. */
int symbols_read(const char *file, size_t *line);
/* Where the program's text lies, as it says itself. */
void symbols_program(uint64_t first, uint64_t end);
bool symbols_is_program(uint64_t address);

/* The number of the function that @address is in. */
uint32_t symbol_of(uint64_t address);
/* Whether the CPU enters there by itself, and how; SYMBOL_FUNCTION: it doesn't. */
enum symbol_kind symbol_entry(uint64_t address);
/* What stands for a function in the raw file. */
const char *symbol_text(uint32_t function, char text[32]);

static inline bool is_kernel(uint64_t address)
{
	return address >> 63;
}

#endif
