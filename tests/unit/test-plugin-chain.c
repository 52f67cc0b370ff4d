// SPDX-License-Identifier: GPL-2.0-or-later
/* The plugin's blocks and call chains, from made-up executions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/block.h"
#include "plugin/chain.h"
#include "plugin/messages.h"
#include "plugin/tree.h"

#define KERNEL UINT64_C(0xffffffff81000000)
#define STACK UINT64_C(0xffffc90000004000)

/* As symbols.c numbers them: the lines of the file below. */
enum {
	USER,
	SYSCALL,
	FIRST,
	SECOND,
	THUNK,
	FAULT,
	INTERRUPT,
	STUBS,
	OTHER
};

static const char symbols[] = "400000 401000 f pfnbench:user\n"
			      "ffffffff81000000 ffffffff81000100 f syscall\n"
			      "ffffffff81000100 ffffffff81000200 f first\n"
			      "ffffffff81000200 ffffffff81000300 f second\n"
			      "ffffffff81000300 ffffffff81000400 f thunk\n"
			      "ffffffff81000400 ffffffff81000500 x fault\n"
			      "ffffffff81000500 ffffffff81000600 i interrupt\n"
			      "ffffffff81000600 ffffffff81000700 s stubs\n"
			      "ffffffff81000700 ffffffff81000800 f other\n";

static uint64_t address_of(int function)
{
	return function == USER ? 0x400000
				: KERNEL + (uint64_t)(function - 1) * 0x100;
}

/* @count instructions of 4 bytes each, @offset behind the function's first. */
static struct block *make_block(int function, uint64_t offset, size_t count,
				enum flow flow)
{
	struct block *b = calloc(1, sizeof(*b) + count * sizeof(b->insns[0]));

	assert_non_null(b);
	b->count = count;
	b->flow = flow;
	b->entry = symbol_entry(address_of(function) + offset);
	for (size_t i = 0; i < count; i++) {
		b->insns[i].vaddr = address_of(function) + offset + 4 * i;
		b->insns[i].function = symbol_of(b->insns[i].vaddr);
	}
	b->end = address_of(function) + offset + 4 * count;
	return b;
}

static struct block *last, *made[64];
static size_t made_count;

/* Goes on to a new block there, of which @begun of @count instructions begin. */
static struct block *part(int function, uint64_t offset, size_t begun,
			  size_t count, enum flow flow)
{
	struct block *b = make_block(function, offset, count, flow);

	made[made_count++] = b;
	if (last) {
		size_t done = block_begun(last);

		chain_charge(last, done);
		chain_step(last, done, b);
	} else {
		assert_int_equal(chain_clear(), 0);
		chain_begin(USER, b);
	}
	block_start(b, 1);
	for (size_t i = 0; i < begun; i++)
		b->insns[i].now.instructions++;
	last = b;
	return b;
}

static struct block *go(int function, uint64_t offset, size_t count,
			enum flow flow)
{
	return part(function, offset, count, count, flow);
}

/* What the tree says, as lines "FRAME;FRAME COUNT" of those that have a count. */
static void expect(const char *wanted)
{
	char *raw = NULL, text[4096] = "", *line, *next;
	char names[64][256] = {""};
	size_t size, n = 0;
	FILE *out = open_memstream(&raw, &size);

	chain_charge(last, block_begun(last));
	chain_end();
	tree_print(out);
	fclose(out);
	for (line = raw; line && *line; line = next) {
		unsigned int node, parent;
		char function[32];
		int64_t count;

		next = strchr(line, '\n') + 1;
		assert_int_equal(sscanf(line, "n %u %u %31s %" SCNd64, &node,
					&parent, function, &count),
				 4);
		if (function[0] != '[')
			snprintf(function, sizeof(function), "%c",
				 "uS12tfiso"[symbol_of(
					 strtoull(function, NULL, 16))]);
		if (!strcmp(function, "[interrupt]"))
			strcpy(function, "I");
		if (!strcmp(function, "[other-task]"))
			strcpy(function, "O");
		assert_true(parent < node && node < 64);
		memcpy(names[node], names[parent], sizeof(names[0]));
		strncat(names[node], function, 32);
		if (count)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "%s %" PRId64 "\n", names[node],
					      count);
	}
	free(raw);
	assert_string_equal(text, wanted);
	while (made_count)
		free(made[--made_count]);
	last = NULL;
}

static void flows(void **state)
{
	static const struct {
		enum flow flow;
		const char *bytes;
		size_t size;
	} all[] = {
		{FLOW_CALL, "\xe8\0\0\0\0", 5},
		{FLOW_CALL, "\xff\xd0", 2}, /* call *%rax */
		{FLOW_CALL, "\x41\xff\xd3", 3}, /* call *%r11 */
		{FLOW_CALL, "\x2e\xe8\0\0\0\0", 6}, /* padded by alternatives */
		{FLOW_RETURN, "\xc3", 1},
		{FLOW_RETURN, "\xf3\xc3", 2},
		{FLOW_SYSCALL, "\x0f\x05", 2},
		{FLOW_SYSRET, "\x48\x0f\x07", 3},
		{FLOW_IRET, "\x48\xcf", 2},
		{FLOW_JUMP, "\xeb\xfe", 2},
		{FLOW_JUMP, "\x75\x10", 2},
		{FLOW_JUMP, "\x0f\x84\0\0\0\0", 6},
		{FLOW_JUMP, "\xff\xe0", 2}, /* jmp *%rax */
		{FLOW_ON, "\xff\x30", 2}, /* push (%rax) */
		{FLOW_ON, "\x0f\x31", 2}, /* rdtsc */
		{FLOW_ON, "\xf3\x48\xab", 3}, /* rep stos */
		{FLOW_ON, "\x48\x89\xc3", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_int_equal(flow_of((const unsigned char *)all[i].bytes,
					 all[i].size),
				 all[i].flow);
}

/* A system call, and two calls in it, with a tail call out of the second. */
static void calls_nest(void **state)
{
	(void)state;
	go(USER, 0, 3, FLOW_SYSCALL);
	go(SYSCALL, 0, 2, FLOW_CALL);
	chain_slot(STACK);
	go(FIRST, 0, 4, FLOW_CALL);
	chain_slot(STACK - 8);
	go(SECOND, 0, 5, FLOW_JUMP);
	go(OTHER, 0, 7, FLOW_RETURN);
	chain_slot(STACK - 8);
	go(FIRST, 16, 1, FLOW_RETURN);
	chain_slot(STACK);
	go(SYSCALL, 8, 6, FLOW_SYSRET);
	go(USER, 12, 2, FLOW_JUMP);
	expect("u 5\nuS 8\nuS1 5\nuS12 5\nuS1o 7\n");
}

/* call thunk; in it call over; the slot overwritten; ret: to the target. */
static void retpolines_are_jumps(void **state)
{
	(void)state;
	go(FIRST, 0, 1, FLOW_CALL);
	chain_slot(STACK);
	go(THUNK, 0, 1, FLOW_CALL);
	chain_slot(STACK - 8);
	go(THUNK, 0x20, 2, FLOW_RETURN);
	chain_slot(STACK - 8);
	go(SECOND, 0, 3, FLOW_RETURN);
	chain_slot(STACK);
	go(FIRST, 4, 4, FLOW_ON);
	expect("1 5\n1t 1\n1tt 2\n12 3\n");
}

/* error_entry() pops its return address and pushes it below the registers. */
static void returns_may_move(void **state)
{
	(void)state;
	go(FIRST, 0, 1, FLOW_CALL);
	chain_slot(STACK);
	go(SECOND, 0, 2, FLOW_RETURN);
	chain_slot(STACK - 120);
	go(FIRST, 4, 4, FLOW_ON);
	expect("1 5\n12 2\n");
}

static void faults_begin_again(void **state)
{
	struct block *b;

	(void)state;
	/* The second of three faults, and is begun again. */
	b = part(USER, 0, 2, 3, FLOW_ON);
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 4, 2, FLOW_ON);
	assert_int_equal(b->insns[0].faulted, 0);
	assert_int_equal(b->insns[1].faulted, 1);
	assert_int_equal(b->insns[2].missed, 1);
	expect("u 3\nuf 10\n");
}

/* What was executed is done; the next page of the program was not there. */
static void fetches_fault_too(void **state)
{
	struct block *b;

	(void)state;
	b = go(USER, 0, 3, FLOW_ON);
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 12, 1, FLOW_ON);
	assert_int_equal(b->insns[2].faulted, 0);
	/* Nor was what an indirect jump goes to. */
	b = go(USER, 16, 2, FLOW_JUMP);
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 0x800, 1, FLOW_SYSCALL);
	assert_int_equal(b->insns[1].faulted, 0);
	/* Nor where a system call returns to, as in a child after fork(). */
	b = go(SYSCALL, 0, 2, FLOW_SYSRET);
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 0x900, 1, FLOW_ON);
	assert_int_equal(b->insns[1].faulted, 0);
	expect("u 8\nuf 20\nuS 2\nuSf 10\n");
}

/* An exception in the kernel that goes on at a fixup; a signal's handler. */
static void faults_may_never_end(void **state)
{
	(void)state;
	part(FIRST, 0, 2, 4, FLOW_ON);
	go(FAULT, 0, 10, FLOW_IRET);
	go(FIRST, 0x80, 1, FLOW_ON);
	expect("1 2\n1f 10\n");
	part(USER, 0, 1, 4, FLOW_ON);
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 0x80, 1, FLOW_ON);
	expect("u 1\nuf 10\n");
}

/* Between a call and the first instruction of what is called. */
static void an_interrupt_may_be_the_first(void **state)
{
	(void)state;
	go(INTERRUPT, 0, 20, FLOW_IRET);
	go(USER, 8, 3, FLOW_ON);
	expect("u 3\nIi 20\n");
	go(FAULT, 0, 10, FLOW_IRET);
	go(USER, 8, 3, FLOW_ON);
	expect("u 3\nuf 10\n");
}

static void interrupts_are_apart(void **state)
{
	struct block *b;

	(void)state;
	b = go(FIRST, 0, 3, FLOW_CALL);
	chain_slot(STACK);
	/* QEMU's own accesses as it delivers it are no slot. */
	chain_slot(UINT64_C(0xfffffe0000001014));
	go(INTERRUPT, 0, 20, FLOW_IRET);
	go(SECOND, 0, 5, FLOW_RETURN);
	chain_slot(STACK);
	go(FIRST, 12, 1, FLOW_ON);
	assert_int_equal(b->insns[2].faulted, 0);
	go(STUBS, 8, 2, FLOW_JUMP);
	go(INTERRUPT, 0x40, 1, FLOW_IRET);
	go(FIRST, 16, 1, FLOW_ON);
	expect("1 5\nIi 20\n12 5\nIs 2\nIsi 1\n");
}

static void tasks_keep_their_frames(void **state)
{
	const uint64_t other = STACK + 0x4000;

	(void)state;
	go(FIRST, 0, 1, FLOW_CALL);
	chain_slot(STACK);
	/* Switches to a task that nobody has seen, ... */
	go(SECOND, 0, 1, FLOW_RETURN);
	chain_slot(other);
	go(OTHER, 0, 3, FLOW_CALL);
	chain_slot(other);
	/* ... and back. */
	go(SECOND, 0, 1, FLOW_RETURN);
	chain_slot(STACK);
	go(FIRST, 4, 7, FLOW_ON);
	expect("1 8\n12 1\nOo 3\nOo2 1\n");
}

static void take_text(enum mark kind, const char *text, struct message *m,
		      bool whole)
{
	for (; *text; text++)
		for (int bit = 7; bit >= 0; bit--)
			assert_false(messages_take(
				*text >> bit & 1 ? MARK_ONE : MARK_ZERO, m));
	assert_int_equal(messages_take(kind, m), whole);
}

static void messages_are_put_together(void **state)
{
	struct message m;

	(void)state;
	take_text(MARK_TEXT, "400000 4a0000", &m, true);
	assert_int_equal(m.numbers[0], 0x400000);
	assert_int_equal(m.numbers[1], 0x4a0000);
	take_text(MARK_TEXT, "400000", &m, false);
	take_text(MARK_CELL, "fork", &m, false);
	take_text(MARK_CELL, "length=2M", &m, true);
	assert_string_equal(m.benchmark, "fork");
	assert_string_equal(m.parameters, "length=2M");
	assert_false(messages_phase());
	take_text(MARK_PHASE, "mmap", &m, true);
	assert_string_equal(m.ended, "");
	assert_true(messages_phase());
	/* One that was not ended, as a SIGBUS does not end one. */
	take_text(MARK_PHASE, "enable", &m, true);
	assert_string_equal(m.ended, "mmap");
	take_text(MARK_END, "", &m, true);
	assert_string_equal(m.ended, "enable");
	assert_false(messages_phase());
	/* Bits that are no whole letter. */
	messages_take(MARK_ONE, &m);
	take_text(MARK_PHASE, "", &m, false);
}

static int read_symbols(void **state)
{
	char path[] = "/tmp/pfnbench-symbols-XXXXXX";
	int fd = mkstemp(path), err;
	FILE *out = fdopen(fd, "w");
	size_t line;

	(void)state;
	if (!out)
		return -1;
	fputs(symbols, out);
	fclose(out);
	err = symbols_read(path, &line);
	remove(path);
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows),
		cmocka_unit_test(calls_nest),
		cmocka_unit_test(retpolines_are_jumps),
		cmocka_unit_test(returns_may_move),
		cmocka_unit_test(faults_begin_again),
		cmocka_unit_test(fetches_fault_too),
		cmocka_unit_test(faults_may_never_end),
		cmocka_unit_test(interrupts_are_apart),
		cmocka_unit_test(an_interrupt_may_be_the_first),
		cmocka_unit_test(tasks_keep_their_frames),
		cmocka_unit_test(messages_are_put_together),
	};

	return cmocka_run_group_tests(tests, read_symbols, NULL);
}
