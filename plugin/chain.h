/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom, from the instructions that call and return: a tree of calls
 * of one phase, and a stack of the frames that are open.
 *
 * A frame is known by the stack slot of its return address. A return from
 * another slot than the last call's is longjmp(), or a switch to another task,
 * whose frames were put aside as it was switched away from. A return to
 * another address than the call left behind is a jump (a retpoline).
 */
#ifndef PLUGIN_CHAIN_H
#define PLUGIN_CHAIN_H

#include "block.h"

/* Forgets the tree: of a new phase. 0 or -ENOMEM. */
int chain_clear(void);
/*
 * Forgets the frames: of a new interval, which begins in @function; @first is
 * what runs first, and may be an interrupt.
 */
void chain_begin(uint32_t function, const struct block *first);

/*
 * The slot that a call or return uses. Of each block the first one counts: QEMU
 * tells of the accesses by which it delivers an interrupt right behind a call as
 * if they were the call's.
 */
void chain_slot(uint64_t address);

/*
 * From @last, of which @begun instructions began, to @next. Where that shows
 * that one of them was not done, it is taken back, there and in the chain.
 */
void chain_step(struct block *last, size_t begun, const struct block *next);

/* Charges @begun instructions of @b to where it was executed. */
void chain_charge(const struct block *b, size_t begun);

/* What is still open as the interval ends: faults nobody has returned from. */
void chain_end(void);

#endif
