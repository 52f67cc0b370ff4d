// SPDX-License-Identifier: GPL-2.0-or-later
#include "block.h"

static bool is_prefix(unsigned char byte)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0x64:
	case 0x65:
	case 0x66:
	case 0x67:
	case 0xf2:
	case 0xf3:
		return true;
	}
	return byte >> 4 == 4; /* REX */
}

/* 0f 05 and 0f 07; the field /2 or /3 of ff is a near or far call. */
enum flow flow_of(const unsigned char *bytes, size_t size)
{
	size_t i = 0;

	while (i + 1 < size && is_prefix(bytes[i]))
		i++;
	switch (bytes[i]) {
	case 0xe8:
		return FLOW_CALL;
	case 0xc2:
	case 0xc3:
		return FLOW_RETURN;
	case 0xcf:
		return FLOW_IRET;
	case 0xff:
		if (i + 1 < size && (bytes[i + 1] >> 3 & 7) == 2)
			return FLOW_CALL;
		return FLOW_ON;
	case 0x0f:
		if (i + 1 < size && bytes[i + 1] == 0x05)
			return FLOW_SYSCALL;
		if (i + 1 < size && bytes[i + 1] == 0x07)
			return FLOW_SYSRET;
	}
	return FLOW_ON;
}

void block_start(struct block *b, uint64_t interval)
{
	if (b->interval == interval) {
		b->starts++;
		return;
	}
	b->interval = interval;
	b->starts = 1;
	for (size_t i = 0; i < b->count; i++) {
		b->insns[i].before = b->insns[i].now;
		b->insns[i].missed = 0;
		b->insns[i].faulted = 0;
	}
}

static uint64_t accounted(const struct insn *insn)
{
	return insn->now.instructions - insn->before.instructions +
	       insn->missed;
}

size_t block_begun(struct block *b)
{
	size_t begun = b->count;

	if (accounted(&b->insns[b->count - 1]) == b->starts)
		return begun;
	for (begun = 0; begun < b->count; begun++)
		if (accounted(&b->insns[begun]) != b->starts)
			break;
	for (size_t i = begun; i < b->count; i++)
		b->insns[i].missed++;
	return begun;
}
