/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A translated block, and how often each of its instructions began. QEMU runs
 * the counters by itself, in the code that it makes; what an interval between
 * two stamps adds to them is a difference.
 *
 * -icount counts an instruction when it is done, these when it begins. A fault is
 * where the two differ: the instruction begins again later, or never.
 */
#ifndef PLUGIN_BLOCK_H
#define PLUGIN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols.h"

/* How the last instruction leaves the block. */
enum flow {
	FLOW_ON, /* to what is behind it, or to a signal's handler */
	FLOW_JUMP, /* there, or elsewhere */
	FLOW_CALL,
	FLOW_RETURN,
	FLOW_SYSCALL,
	FLOW_SYSRET,
	FLOW_IRET,
};

struct counts {
	uint64_t instructions, loads, stores;
};

struct insn {
	const struct block *block; /* that it is of */
	struct counts now; /* QEMU adds to the instructions by itself */
	struct counts
		before; /* at the block's first execution in the interval */
	uint64_t vaddr;
	/* In the interval: not begun, as the block was left before it; ... */
	uint64_t missed;
	/* ... begun but not done. */
	uint64_t faulted;
	uint32_t function;
	bool halt; /* hlt: the CPU sleeps, and the clock skips to a timer */
};

struct block {
	uint64_t end; /* the address behind it */
	uint64_t starts; /* in the interval */
	uint64_t interval; /* the last one in which it was executed */
	struct block *next; /* of those executed in the interval */
	enum flow flow;
	enum symbol_kind entry;
	size_t count;
	struct insn insns[];
};

/* @bytes of the last instruction of a block, @size of them. */
enum flow flow_of(const unsigned char *bytes, size_t size);

/* What an instruction makes a TLB forget. */
enum invalidation {
	INVALIDATES_NONE,
	INVALIDATES_SPACE, /* mov to CR3 */
	INVALIDATES_PAGE, /* invlpg, invpcid */
	INVALIDATES_ALL, /* mov to CR4: CR4.PGE off and on */
};

enum invalidation invalidation_of(const unsigned char *bytes, size_t size);

/* To be called as the block begins; @interval is never 0. */
void block_start(struct block *b, uint64_t interval);
/*
 * How many of its instructions began in its last execution: fewer than all
 * where an access faulted or went to a device.
 */
size_t block_begun(struct block *b);

#endif
