// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "report/file.h"
#include "report/limits.h"

/*
 * jansson asks for memory four times for each pair of a tally, so what it reads
 * is put one behind another into an arena, which is empty again as soon as all
 * of it is freed. What is kept is copied out of it. Only pages that were used
 * take memory; jansson has one allocator for the whole program.
 */
static struct arena {
	char *start; /* NULL before the first use */
	size_t used;
	size_t pieces; /* not yet freed */
	bool on; /* off: a copy to be kept is made */
	bool full; /* it could not hold what was read */
} arena;

static void *arena_malloc(size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15;
	void *piece = arena.start + arena.used;

	if (!arena.on)
		return malloc(size);
	if (rounded < size || rounded > JSON_MIB * MIB - arena.used) {
		arena.full = true;
		return NULL;
	}
	arena.used += rounded;
	arena.pieces++;
	return piece;
}

static void arena_free(void *piece)
{
	uintptr_t offset = (uintptr_t)piece - (uintptr_t)arena.start;

	if (offset >= JSON_MIB * MIB)
		free(piece);
	else if (!--arena.pieces)
		arena.used = 0;
}

static int arena_open(void)
{
	if (!arena.start) {
		void *start = mmap(NULL, JSON_MIB * MIB, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				   -1, 0);

		if (start == MAP_FAILED)
			return -ENOMEM;
		arena.start = start;
		json_set_alloc_funcs(arena_malloc, arena_free);
	}
	arena.on = true;
	arena.full = false;
	return 0;
}

json_t *json_keep(json_t *json, size_t *bytes)
{
	json_t *copy = json_deep_copy(json);

	*bytes = arena.used;
	json_decref(json);
	return copy;
}

/*
 * Bytes of a sequence at @text that may not get to a terminal or into a report:
 * ASCII and C1 controls, and what ends a line or turns its direction in Unicode.
 */
static size_t control(const unsigned char *text)
{
	if (*text < ' ' || *text == 0x7f)
		return 1;
	if (text[0] == 0xc2 && text[1] < 0xa0)
		return 2;
	if (text[0] != 0xe2)
		return 0;
	if (text[1] == 0x80 && ((text[2] >= 0x8e && text[2] <= 0x8f) ||
				(text[2] >= 0xa8 && text[2] <= 0xae)))
		return 3;
	return text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9 ? 3 : 0;
}

/* Puts spaces and apostrophes there; only looks for such where @to is NULL. */
static bool scrub(const char *text, char *to)
{
	bool unfit = false;

	for (size_t i = 0; text[i];) {
		size_t bytes = control((const unsigned char *)text + i);

		unfit |= bytes || text[i] == '`';
		if (to && bytes)
			memset(to + i, ' ', bytes);
		else if (to)
			to[i] = text[i] == '`' ? '\'' : text[i];
		i += bytes ? bytes : 1;
	}
	return unfit;
}

static int clean_string(json_t *json, struct why *why)
{
	const char *text = json_string_value(json);
	size_t length = json_string_length(json);
	char copy[STRING_MAX + 1];

	if (length > STRING_MAX)
		return refuse(why, "a text is longer than %d bytes",
			      STRING_MAX);
	if (!scrub(text, NULL))
		return 0;
	scrub(text, copy);
	return json_string_setn_nocheck(json, copy, length) ? -ENOMEM : 0;
}

static int clean(json_t *json, struct why *why)
{
	const char *key;
	json_t *value;
	size_t i;
	int err = 0;

	if (json_is_string(json))
		return clean_string(json, why);
	/* Numbers are nearly all that there is: no call for each of them. */
	json_array_foreach(json, i, value)
	{
		err = json_is_integer(value) ? 0 : clean(value, why);
		if (err)
			return err;
	}
	if (!json_is_object(json))
		return 0;
	json_object_foreach(json, key, value)
	{
		if (strlen(key) > STRING_MAX || scrub(key, NULL))
			return refuse(why, "a key is too long or has what "
					   "cannot be printed");
		err = clean(value, why);
		if (err)
			return err;
	}
	return 0;
}

static int not_read(const json_error_t *error, struct why *why)
{
	if (arena.full)
		return refuse(why, "takes more than %d MiB of memory as JSON",
			      JSON_MIB);
	if (json_error_code(error) == json_error_numeric_overflow)
		return refuse(why, "a number is too large: %.120s",
			      error->text);
	return refuse(why, "not JSON: %.120s", error->text);
}

static int read_at(const char *data, size_t size, json_t **json, int *line,
		   struct why *why)
{
	json_error_t error;
	int err;

	*line = 0;
	if (size >= 3 && !memcmp(data, "\xef\xbb\xbf", 3))
		return refuse(why, "begins with a byte-order mark");
	if (arena_open())
		return -ENOMEM;
	*json = json_loadb(data, size, JSON_REJECT_DUPLICATES, &error);
	err = *json ? clean(*json, why) : not_read(&error, why);
	if (!*json)
		*line = error.line;
	else if (err)
		json_decref(*json);
	arena.on = false;
	return err;
}

int json_read(const char *data, size_t size, json_t **json, struct why *why)
{
	int line;

	return read_at(data, size, json, &line, why);
}

int json_read_document(const char *data, size_t size, json_t **json,
		       struct why *why)
{
	const json_t *format;
	struct why inner;
	size_t bytes;
	int line, err = read_at(data, size, json, &line, &inner);

	if (err)
		return line > 0 ? refuse(why, "%d: %.200s", line, inner.text)
				: refuse(why, "%.200s", inner.text);
	format = json_object_get(*json, "format");
	if (!json_is_object(*json))
		err = refuse(why, "not a JSON object");
	else if (!json_is_integer(format) ||
		 json_integer_value(format) != RESULT_FORMAT)
		err = refuse(why, "format is not %d", RESULT_FORMAT);
	if (err) {
		json_decref(*json);
		return err;
	}
	*json = json_keep(*json, &bytes);
	return *json ? 0 : -ENOMEM;
}

int json_read_file(const char *path, json_t **json, struct why *why)
{
	char *data = NULL;
	size_t size = 0;
	int err = file_read(path, &data, &size, why);

	if (err)
		return err;
	err = json_read_document(data, size, json, why);
	free(data);
	return err;
}
