// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/marks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pfnbench/mark.h"

/* Of the linker: the program's own text. */
extern const char __executable_start[], etext[];

#define KEY_SIZE 128

static bool on;

static struct {
	char key[KEY_SIZE];
	uint64_t size;
} known[32];
static size_t known_count;

#ifdef __x86_64__

#define STRING(...) #__VA_ARGS__
#define BYTES(...) STRING(__VA_ARGS__)
#define MARK(kind)                                                             \
	__asm__ volatile(".byte " BYTES(MARK_BYTES) ", %c0" ::"i"(kind)        \
			 : "memory")

static void send_bits(const char *text)
{
	for (; *text; text++) {
		for (int bit = 7; bit >= 0; bit--) {
			if (*text >> bit & 1)
				MARK(MARK_ONE);
			else
				MARK(MARK_ZERO);
		}
	}
}

static void send(enum mark kind, const char *text)
{
	send_bits(text);
	switch (kind) {
	case MARK_TEXT:
		MARK(MARK_TEXT);
		break;
	case MARK_CELL:
		MARK(MARK_CELL);
		break;
	case MARK_PHASE:
		MARK(MARK_PHASE);
		break;
	case MARK_END:
		MARK(MARK_END);
		break;
	case MARK_LEAVES:
		MARK(MARK_LEAVES);
		break;
	default:
		break;
	}
}

#define SUPPORTED true

#else

static void send(enum mark kind, const char *text)
{
	(void)kind;
	(void)text;
}

#define SUPPORTED false

#endif

int marks_start(void)
{
	char text[64];

	if (!SUPPORTED)
		return -EOPNOTSUPP;
	snprintf(text, sizeof(text), "%" PRIxPTR " %" PRIxPTR,
		 (uintptr_t)__executable_start, (uintptr_t)etext);
	on = true;
	send(MARK_TEXT, text);
	return 0;
}

bool marks_on(void)
{
	return on;
}

void mark_cell(const char *benchmark, const char *parameters)
{
	if (!on)
		return;
	send(MARK_CELL, benchmark);
	send(MARK_CELL, parameters);
}

void mark_phase(const char *phase)
{
	if (on)
		send(MARK_PHASE, phase);
}

void mark_end(void)
{
	if (on)
		send(MARK_END, "");
}

static void make_key(char key[KEY_SIZE], const struct marked_mapping *m)
{
	snprintf(key, KEY_SIZE, "%s %s %s", m->target, m->length, m->align);
}

void marks_learn(const struct marked_mapping *m, uint64_t size)
{
	if (!on || known_count == sizeof(known) / sizeof(*known))
		return;
	make_key(known[known_count].key, m);
	known[known_count++].size = size;
}

void mark_leaves(const struct marked_mapping *m, uint64_t first, uint64_t end)
{
	char key[KEY_SIZE], text[64];

	if (!on)
		return;
	make_key(key, m);
	for (size_t i = 0; i < known_count; i++) {
		if (strcmp(known[i].key, key) || !known[i].size)
			continue;
		snprintf(text, sizeof(text), "%" PRIx64 " %" PRIx64 " %" PRIx64,
			 first, end, known[i].size);
		send(MARK_LEAVES, text);
		return;
	}
}
