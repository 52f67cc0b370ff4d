/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pfnbench tells the profiler outside of the guest: long nops, which a CPU
 * executes without effect and build/pfnplugin.so knows by their bytes. They
 * stand outside of all stamps. A message is its bytes, bit by bit, the highest
 * first, and then the nop that says what it is.
 */
#ifndef PFNBENCH_MARK_H
#define PFNBENCH_MARK_H

/* nopl 0xXX6e6670(%rax,%rax,1): no compiler makes one with such an offset. */
#define MARK_SIZE 8
#define MARK_BYTES 0x0f, 0x1f, 0x84, 0x00, 0x70, 0x66, 0x6e

enum mark {
	MARK_ZERO = 0x10, /* a bit of the message */
	MARK_ONE,
	/* The message is ... */
	MARK_TEXT, /* "FIRST END", hexadecimal: where pfnbench's stamps lie */
	MARK_CELL, /* twice: the benchmark, then NAME=VALUE,... */
	MARK_PHASE, /* its name: what is between stamps from here on is its */
	MARK_END, /* empty: up to here */
	MARK_LEAVES, /* "FIRST END SIZE", hexadecimal: leaves of a mapping */
	MARK_KINDS
};

#endif
