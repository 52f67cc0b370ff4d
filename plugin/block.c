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

/* The instructions that begin with 0f. */
static enum flow flow_of_two(unsigned char second)
{
	if (second == 0x05)
		return FLOW_SYSCALL;
	if (second == 0x07)
		return FLOW_SYSRET;
	return second >> 4 == 8 ? FLOW_JUMP : FLOW_ON;
}

/* Those with ff: what they do is in bits of the second byte. */
static enum flow flow_of_group(unsigned char second)
{
	switch (second >> 3 & 7) {
	case 2:
		return FLOW_CALL;
	case 4:
		return FLOW_JUMP;
	}
	return FLOW_ON;
}

enum flow flow_of(const unsigned char *bytes, size_t size)
{
	unsigned char second;
	size_t i = 0;

	while (i + 1 < size && is_prefix(bytes[i]))
		i++;
	second = i + 1 < size ? bytes[i + 1] : 0;
	switch (bytes[i]) {
	case 0x0f:
		return flow_of_two(second);
	case 0xff:
		return flow_of_group(second);
	case 0xe8:
		return FLOW_CALL;
	case 0xc2:
	case 0xc3:
		return FLOW_RETURN;
	case 0xcf:
		return FLOW_IRET;
	case 0xe9:
	case 0xeb:
		return FLOW_JUMP;
	}
	/* On a condition, or by a count. */
	if (bytes[i] >> 4 == 7 || (bytes[i] >= 0xe0 && bytes[i] <= 0xe3))
		return FLOW_JUMP;
	return FLOW_ON;
}

enum invalidation invalidation_of(const unsigned char *bytes, size_t size)
{
	size_t i = 0;
	unsigned char reg;

	while (i + 1 < size && is_prefix(bytes[i]))
		i++;
	if (i + 3 > size || bytes[i] != 0x0f)
		return INVALIDATES_NONE;
	reg = bytes[i + 2] >> 3 & 7;
	switch (bytes[i + 1]) {
	case 0x01:
		/* With a register operand it is another instruction. */
		return reg == 7 && bytes[i + 2] >> 6 != 3 ? INVALIDATES_PAGE
							  : INVALIDATES_NONE;
	case 0x22:
		if (reg == 4)
			return INVALIDATES_ALL;
		return reg == 3 ? INVALIDATES_SPACE : INVALIDATES_NONE;
	case 0x38:
		return bytes[i + 2] == 0x82 ? INVALIDATES_PAGE
					    : INVALIDATES_NONE;
	}
	return INVALIDATES_NONE;
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
