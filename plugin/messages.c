// SPDX-License-Identifier: GPL-2.0-or-later
#include "messages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static char text[MESSAGE_SIZE];
static size_t bits;
static bool too_long;

static char benchmark[MESSAGE_SIZE], parameters[MESSAGE_SIZE];
static bool have_benchmark;
static char phase[MESSAGE_SIZE];

static void add_bit(unsigned int bit)
{
	if (bits / 8 >= MESSAGE_SIZE - 1) {
		too_long = true;
		return;
	}
	if (bits % 8 == 0)
		text[bits / 8] = 0;
	text[bits / 8] = (char)((unsigned char)text[bits / 8] << 1 | bit);
	bits++;
}

/* Spaces and line ends would be the raw file's. */
static bool take_text(char *to)
{
	size_t length = bits / 8;
	bool good = !too_long && bits % 8 == 0;

	memcpy(to, text, length);
	to[length] = '\0';
	bits = 0;
	too_long = false;
	return good && strlen(to) == length;
}

static bool is_word(const char *word)
{
	return *word && word[strcspn(word, " \t\r\n")] == '\0';
}

static bool take_numbers(const char *from, struct message *m, int count)
{
	memset(m->numbers, 0, sizeof(m->numbers));
	return sscanf(from, "%" SCNx64 " %" SCNx64 " %" SCNx64, &m->numbers[0],
		      &m->numbers[1], &m->numbers[2]) == count;
}

static bool take_cell(const char *word, struct message *m)
{
	have_benchmark = !have_benchmark;
	strcpy(have_benchmark ? benchmark : parameters, word);
	m->benchmark = benchmark;
	m->parameters = parameters;
	return !have_benchmark && is_word(benchmark) && is_word(parameters);
}

bool messages_take(enum mark mark, struct message *m)
{
	char word[MESSAGE_SIZE];

	if (mark == MARK_ZERO || mark == MARK_ONE) {
		add_bit(mark == MARK_ONE);
		return false;
	}
	*m = (struct message){.kind = mark};
	if (!take_text(word))
		return false;
	switch (mark) {
	case MARK_TEXT:
		return take_numbers(word, m, 2);
	case MARK_LEAVES:
		return take_numbers(word, m, 3);
	case MARK_CELL:
		return take_cell(word, m);
	case MARK_PHASE:
	case MARK_END:
		strcpy(m->ended, phase);
		strcpy(phase, mark == MARK_PHASE && is_word(word) ? word : "");
		return true;
	default:
		return false;
	}
}

bool messages_phase(void)
{
	return phase[0] != '\0';
}
