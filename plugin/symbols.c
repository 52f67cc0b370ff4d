// SPDX-License-Identifier: GPL-2.0-or-later
#include "symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* IDT_ALIGN in the kernel is this or twice as much. */
#define STUB_SIZE 8

struct symbol {
	uint64_t first, end;
	enum symbol_kind kind;
};

static struct symbol *symbols;
static size_t count;
static uint64_t program_first, program_end;

static int kind_of(char letter, enum symbol_kind *kind)
{
	static const char letters[] = "fcxtis";
	const char *at = strchr(letters, letter);

	if (!letter || !at)
		return -EINVAL;
	*kind = (enum symbol_kind)(at - letters);
	return 0;
}

static int add(const char *text)
{
	struct symbol s;
	struct symbol *more;
	char kind;

	if (sscanf(text, "%" SCNx64 " %" SCNx64 " %c", &s.first, &s.end,
		   &kind) != 3 ||
	    kind_of(kind, &s.kind) || s.first >= s.end ||
	    (count && s.first < symbols[count - 1].end))
		return -EINVAL;
	if (!(count & (count - 1))) {
		more = realloc(symbols, (count ? 2 * count : 1) * sizeof(s));
		if (!more)
			return -ENOMEM;
		symbols = more;
	}
	symbols[count++] = s;
	return 0;
}

int symbols_read(const char *file, size_t *line)
{
	FILE *in = fopen(file, "re");
	char text[1024];
	int err = 0;

	if (!in)
		return -errno;
	for (*line = 0; !err && fgets(text, sizeof(text), in); err = add(text))
		++*line;
	if (!err && ferror(in))
		err = -EIO;
	fclose(in);
	return err;
}

void symbols_program(uint64_t first, uint64_t end)
{
	program_first = first;
	program_end = end;
}

bool symbols_is_program(uint64_t address)
{
	return address >= program_first && address < program_end;
}

/* The last one that begins at or before @address, or NULL. */
static const struct symbol *find(uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols[middle].first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < symbols[low - 1].end ? &symbols[low - 1] : NULL;
}

uint32_t symbol_of(uint64_t address)
{
	const struct symbol *s = find(address);

	if (s)
		return (uint32_t)(s - symbols);
	if (is_kernel(address))
		return FUNCTION_KERNEL;
	return symbols_is_program(address) ? FUNCTION_PROGRAM : FUNCTION_USER;
}

enum symbol_kind symbol_entry(uint64_t address)
{
	const struct symbol *s = find(address);

	if (!s || s->kind == SYMBOL_COLD)
		return SYMBOL_FUNCTION;
	if (s->kind == SYMBOL_STUBS)
		return (address - s->first) % STUB_SIZE ? SYMBOL_FUNCTION
							: SYMBOL_INTERRUPT;
	return s->first == address ? s->kind : SYMBOL_FUNCTION;
}

const char *symbol_text(uint32_t function, char text[32])
{
	switch (function) {
	case FUNCTION_KERNEL:
		return "[kernel]";
	case FUNCTION_PROGRAM:
		return "[pfnbench]";
	case FUNCTION_USER:
		return "[user]";
	case FUNCTION_INTERRUPT:
		return "[interrupt]";
	case FUNCTION_OTHER_TASK:
		return "[other-task]";
	}
	snprintf(text, 32, "%" PRIx64, symbols[function].first);
	return text;
}
