// SPDX-License-Identifier: GPL-2.0-or-later
#include "chain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

#define MAX_FRAMES 192
#define MAX_CONTEXTS 64
/* All registers of a struct pt_regs, and more; much less than a stack. */
#define MOVED_RETURN 256

/* How control goes from one block to the next. */
struct transfer {
	enum flow flow;
	uint64_t slot; /* of calls and returns */
	uint64_t behind; /* the address behind the instruction */
};

enum frame_kind {
	FRAME_CALL,
	FRAME_SYSCALL,
	FRAME_INTERRUPT, /* or an exception */
};

struct frame {
	enum frame_kind kind;
	uint32_t node;
	uint32_t entry; /* of an interrupt or a system call: its first node */
	uint64_t slot, behind; /* of a call */
	/* Of an interrupt: how control would have gone on ... */
	struct transfer transfer;
	/* ... if this one was done; NULL: it is known to be, or not to be. */
	struct insn *suspect;
	uint32_t suspect_node;
};

/* A task, or what is known of it. */
struct context {
	struct frame frames[MAX_FRAMES];
	size_t depth;
	uint64_t used; /* when it was last switched to */
};

static uint64_t slot;
static bool slot_known;

static struct context contexts[MAX_CONTEXTS];
static struct context *current = contexts;
static uint64_t switches;

static struct frame *top(void)
{
	return &current->frames[current->depth - 1];
}

static void push(enum frame_kind kind, uint32_t parent, uint32_t function)
{
	uint32_t node;

	/* Deeper than any kernel goes: a pattern that we don't know. */
	if (current->depth == MAX_FRAMES) {
		memmove(current->frames, current->frames + 1,
			(MAX_FRAMES - 1) * sizeof(struct frame));
		current->depth--;
		tree_lose();
	}
	node = tree_child(parent, function);
	current->frames[current->depth++] =
		(struct frame){.kind = kind, .node = node, .entry = node};
}

/* What runs now has no frame that we saw being made. */
static void restart(uint32_t root, uint32_t function)
{
	current->depth = 0;
	push(FRAME_CALL, root, function);
}

/* The parts of an entry and what leaves it again are below its first. */
static void jump(uint32_t function)
{
	struct frame *f = top();

	if (tree_function(f->node) == function)
		return;
	if (f->kind == FRAME_CALL)
		f->node = tree_child(tree_parent(f->node), function);
	else if (tree_function(f->entry) == function)
		f->node = f->entry;
	else
		f->node = tree_child(f->entry, function);
}

static void take_back(struct insn *insn, uint32_t node)
{
	insn->faulted++;
	tree_charge(node, -1);
}

static void condemn_suspects(struct context *c)
{
	for (size_t i = 0; i < c->depth; i++)
		if (c->frames[i].suspect)
			take_back(c->frames[i].suspect,
				  c->frames[i].suspect_node);
}

/* Makes the longest unused one free, if all are used. */
static struct context *new_context(void)
{
	struct context *oldest = NULL;

	for (size_t i = 0; i < MAX_CONTEXTS; i++) {
		struct context *c = &contexts[i];

		if (c == current)
			continue;
		if (!c->depth)
			return c;
		if (!oldest || c->used < oldest->used)
			oldest = c;
	}
	condemn_suspects(oldest);
	oldest->depth = 0;
	return oldest;
}

/* The task that was last switched away from where @at is its last call's. */
static struct context *context_at(uint64_t at, uint64_t target)
{
	struct context *found = NULL;

	for (size_t i = 0; i < MAX_CONTEXTS; i++) {
		struct context *c = &contexts[i];
		const struct frame *f;

		if (c == current || !c->depth)
			continue;
		f = &c->frames[c->depth - 1];
		if (f->kind == FRAME_CALL && f->slot == at &&
		    f->behind == target && (!found || c->used > found->used))
			found = c;
	}
	return found;
}

static void switch_to(struct context *c)
{
	/* The caller of the switch is where it goes on. */
	current->used = ++switches;
	current = c;
}

/* Whether there is a frame with that slot above the last entry; pops to it. */
static bool unwind(uint64_t at)
{
	for (size_t i = current->depth; i-- > 0;) {
		const struct frame *f = &current->frames[i];

		if (f->kind != FRAME_CALL)
			return false;
		if (f->slot == at && i) {
			current->depth = i;
			return true;
		}
	}
	return false;
}

/*
 * Whether the last call is returned from. Not always from its own slot: the
 * kernel's error_entry() moves its return address below what it pushes. Two tasks
 * that have switched at the same place are a stack apart.
 */
static bool is_own(const struct frame *f, const struct transfer *t,
		   uint64_t target)
{
	uint64_t apart =
		f->slot > t->slot ? f->slot - t->slot : t->slot - f->slot;

	if (f->kind != FRAME_CALL || current->depth == 1)
		return false;
	return !apart || (f->behind == target && apart < MOVED_RETURN);
}

static void come_back(const struct transfer *t, uint64_t target,
		      uint32_t function)
{
	struct context *other;

	if (is_own(top(), t, target)) {
		const struct frame *f = top();
		bool jumps = f->behind != target;

		current->depth--;
		/* The slot was overwritten; what stands in it is called. */
		if (jumps || tree_function(top()->node) != function)
			jump(function);
		return;
	}
	other = context_at(t->slot, target);
	if (other) {
		switch_to(other);
		current->depth--;
	} else if (!unwind(t->slot)) {
		/* A frame older than the interval, of this task or another. */
		if (current->depth > 1)
			switch_to(new_context());
		restart(is_kernel(target) ? TREE_OTHER_TASK : TREE_ROOT,
			function);
		return;
	}
	if (!current->depth)
		restart(TREE_OTHER_TASK, function);
	else
		jump(function);
}

static void follow(const struct transfer *t, uint64_t target,
		   uint32_t function);

/* Whether the suspect was not done, now that control goes on at @target. */
static bool guilty(const struct frame *f, uint64_t target)
{
	/* The target of a branch was not there to be fetched. */
	if (f->transfer.flow != FLOW_ON)
		return target == f->suspect->vaddr;
	/* Nor was what follows, on the next page; else it began again, or a
	 * signal's handler runs. */
	return target != f->transfer.behind;
}

static void leave_entry(enum frame_kind kind, uint64_t target,
			uint32_t function)
{
	struct frame left = {.node = 0};

	for (size_t i = current->depth; i-- > 0;) {
		if (current->frames[i].kind == FRAME_CALL)
			continue;
		left = current->frames[i];
		current->depth = i;
		break;
	}
	if (!left.node || !current->depth) {
		restart(is_kernel(target) ? TREE_OTHER_TASK : TREE_ROOT,
			function);
		return;
	}
	/* A system call may be left by the way that interrupts are. */
	if (kind == FRAME_SYSCALL || left.kind == FRAME_SYSCALL) {
		jump(function);
		return;
	}
	if (left.suspect && guilty(&left, target)) {
		take_back(left.suspect, left.suspect_node);
		left.transfer.flow = FLOW_ON;
	}
	follow(&left.transfer, target, function);
}

static void follow(const struct transfer *t, uint64_t target, uint32_t function)
{
	switch (t->flow) {
	case FLOW_ON:
	case FLOW_JUMP:
		jump(function);
		break;
	case FLOW_CALL:
		push(FRAME_CALL, top()->node, function);
		top()->slot = t->slot;
		top()->behind = t->behind;
		break;
	case FLOW_RETURN:
		come_back(t, target, function);
		break;
	case FLOW_SYSCALL:
		push(FRAME_SYSCALL, top()->node, function);
		break;
	case FLOW_SYSRET:
		leave_entry(FRAME_SYSCALL, target, function);
		break;
	case FLOW_IRET:
		leave_entry(FRAME_INTERRUPT, target, function);
		break;
	}
}

/* The frame of an interrupt or exception; it leaves to where it came from. */
static void arrive(const struct block *next)
{
	bool interrupt = next->entry == SYMBOL_INTERRUPT;

	push(FRAME_INTERRUPT, interrupt ? TREE_INTERRUPT : top()->node,
	     next->insns[0].function);
}

static void enter(const struct transfer *t, struct insn *last,
		  const struct block *next)
{
	uint32_t node = top()->node;

	arrive(next);
	top()->transfer = *t;
	if (next->entry != SYMBOL_EXCEPTION)
		return;
	/* It has left the kernel, for code that is not there to be fetched. */
	if (t->flow == FLOW_IRET || t->flow == FLOW_SYSRET)
		return;
	/* The kernel's own code is always there to be fetched. */
	if (is_kernel(last->vaddr)) {
		take_back(last, node);
		top()->transfer.flow = FLOW_ON;
		return;
	}
	top()->suspect = last;
	top()->suspect_node = node;
}

void chain_slot(uint64_t address)
{
	if (!slot_known)
		slot = address;
	slot_known = true;
}

void chain_step(struct block *last, size_t begun, const struct block *next)
{
	struct transfer t = {.slot = slot, .behind = last->end};

	slot_known = false;
	if (begun == last->count)
		t.flow = last->flow;
	else
		t.behind = last->insns[begun].vaddr;
	if (next->entry != SYMBOL_FUNCTION)
		enter(&t, &last->insns[begun - 1], next);
	else
		follow(&t, next->insns[0].vaddr, next->insns[0].function);
}

void chain_charge(const struct block *b, size_t begun)
{
	size_t from = 0;

	for (size_t i = 1; i <= begun; i++) {
		if (i < begun &&
		    b->insns[i].function == b->insns[from].function)
			continue;
		if (from)
			jump(b->insns[from].function);
		tree_charge(top()->node, (int64_t)(i - from));
		from = i;
	}
}

int chain_clear(void)
{
	return tree_clear();
}

void chain_begin(uint32_t function, const struct block *first)
{
	for (size_t i = 0; i < MAX_CONTEXTS; i++)
		contexts[i].depth = 0;
	current = contexts;
	slot_known = false;
	restart(TREE_ROOT, function);
	if (first->entry == SYMBOL_FUNCTION)
		jump(first->insns[0].function);
	else
		arrive(first);
}

void chain_end(void)
{
	for (size_t i = 0; i < MAX_CONTEXTS; i++)
		condemn_suspects(&contexts[i]);
}
