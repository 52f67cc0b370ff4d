// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "report/file.h"
#include "report/limits.h"

/* What all JSON takes now, as jansson has one allocator for the program. */
static size_t held;
static bool too_large;

static void *limited_malloc(size_t size)
{
	void *memory = NULL;

	too_large |= size > JSON_MIB * MIB || held > JSON_MIB * MIB - size;
	if (!too_large)
		memory = malloc(size);
	if (memory)
		held += malloc_usable_size(memory);
	return memory;
}

static void limited_free(void *memory)
{
	size_t size = memory ? malloc_usable_size(memory) : 0;

	/* What was made before the first file was read has not been counted. */
	held -= size < held ? size : held;
	free(memory);
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
	json_array_foreach(json, i, value)
	{
		err = clean(value, why);
		if (err)
			return err;
	}
	json_object_foreach(json, key, value)
	{
		err = clean(value, why);
		if (err)
			return err;
	}
	return 0;
}

static json_t *load(const char *data, size_t size, json_error_t *error)
{
	json_malloc_t usual;

	json_get_alloc_funcs(&usual, NULL);
	if (usual != limited_malloc)
		json_set_alloc_funcs(limited_malloc, limited_free);
	too_large = false;
	memset(error, 0, sizeof(*error));
	return json_loadb(data, size, JSON_REJECT_DUPLICATES, error);
}

static int not_read(const json_error_t *error, struct why *why)
{
	if (too_large)
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
	*json = load(data, size, &error);
	if (!*json) {
		*line = error.line;
		return not_read(&error, why);
	}
	err = clean(*json, why);
	if (err)
		json_decref(*json);
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
	if (err)
		json_decref(*json);
	return err;
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
