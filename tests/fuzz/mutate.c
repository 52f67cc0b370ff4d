// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer's mutator for lines of JSON. A byte changed at random nearly always
 * gives no JSON at all, and most of what libFuzzer learns from is refused. So
 * every other time it is something that was accepted that is damaged, and nearly
 * always in a value of one line, which is replaced, taken away or said twice: what
 * comes out can still be parsed. Of the other half, half are changed in bytes.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/drive.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

#define REMEMBERED 256

static struct {
	uint8_t *data;
	size_t size;
} accepted[REMEMBERED];
static size_t accepted_count;

static unsigned int random_seed;

static size_t below(size_t n)
{
	return n ? (size_t)rand_r(&random_seed) % n : 0;
}

void remember(const uint8_t *data, size_t size)
{
	size_t i = accepted_count++ % REMEMBERED;

	free(accepted[i].data);
	accepted[i].data = malloc(size + 1);
	must(accepted[i].data, "no memory");
	memcpy(accepted[i].data, data, size);
	accepted[i].size = size;
}

static size_t recall(uint8_t *data, size_t size, size_t max_size)
{
	size_t i = below(accepted_count < REMEMBERED ? accepted_count
						     : REMEMBERED);

	if (!accepted[i].data || accepted[i].size > max_size)
		return size;
	memcpy(data, accepted[i].data, accepted[i].size);
	return accepted[i].size;
}

static json_t *new_integer(void)
{
	static const json_int_t telling[] = {
		0,
		1,
		2,
		-1,
		4096,
		10000,
		64,
		255,
		INT64_C(1) << 53,
		(INT64_C(1) << 53) + 1,
		INT64_MAX,
	};
	size_t i = below(2 * sizeof(telling) / sizeof(*telling));

	if (i < sizeof(telling) / sizeof(*telling))
		return json_integer(telling[i]);
	return json_integer((json_int_t)below(1000));
}

static json_t *new_string(void)
{
	static const char *const telling[] = {
		"",	     "ok",	     "skipped",	     "failed",
		"ns",	     "instructions", "faults",	     "bytes",
		"count",     "time",	     "6.12",	     "eager",
		"base",	     "huge-fault",   "first-touch",  "reset-recovery",
		"mmap",	     "first-access", "whole-bar",    "reset-cpu",
		"4K",	     "1G",	     "99999999T",    "memfd",
		"toggle",    "reset",	     "cycles:k",     "a`b|c*d",
		"\x1b[31mx", "\xc2\x9bzz",   "\xe2\x80\xae", "a\tb\nc",
	};
	char text[128];

	if (below(4))
		return json_string(
			telling[below(sizeof(telling) / sizeof(*telling))]);
	memset(text, 'x', sizeof(text));
	text[below(sizeof(text))] = '\0';
	text[sizeof(text) - 1] = '\0';
	return json_string(text);
}

static json_t *new_value(void)
{
	switch (below(8)) {
	case 0:
		return json_array();
	case 1:
		return json_object();
	case 2:
		return json_null();
	case 3:
		return json_real((double)below(1000) / 7);
	case 4:
		return json_true();
	case 5:
	case 6:
		return new_integer();
	default:
		return new_string();
	}
}

/* Mostly of the type that it was, so that one check alone is tried. */
static json_t *instead_of(const json_t *value)
{
	if (!below(4))
		return new_value();
	if (json_is_integer(value))
		return new_integer();
	if (json_is_string(value))
		return new_string();
	if (json_is_array(value) && below(2))
		return json_array();
	return json_deep_copy(value);
}

/* The same again; of a tally the next value, as no value stands there twice. */
static json_t *again(const json_t *value)
{
	json_t *copy = json_deep_copy(value);
	json_t *first = json_array_get(copy, 0);

	if (json_is_integer(first) && json_integer_value(first) < INT64_MAX)
		json_integer_set(first, json_integer_value(first) + 1);
	return copy;
}

static void change_array(json_t *array, size_t i)
{
	const json_t *value = json_array_get(array, i);

	switch (below(4)) {
	case 0:
		json_array_remove(array, i);
		return;
	case 1: /* stands twice */
		json_array_insert_new(array, i + 1, again(value));
		return;
	default:
		json_array_set_new(array, i, instead_of(value));
	}
}

static void change_object(json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	json_t *name;

	switch (below(4)) {
	case 0:
		json_object_del(object, key);
		return;
	case 1: /* another key beside it */
		name = new_string();
		json_object_set_new(object, json_string_value(name),
				    json_deep_copy(value));
		json_decref(name);
		return;
	default:
		json_object_set_new(object, key, instead_of(value));
	}
}

/* Goes down at random, and changes something where it stops. */
static void change(json_t *json, int depth)
{
	size_t size = json_is_array(json) ? json_array_size(json)
					  : json_object_size(json);
	size_t i = below(size);
	json_t *child;
	void *at;

	if (!size)
		return;
	at = json_object_iter(json);
	for (size_t n = 0; json_is_object(json) && n < i; n++)
		at = json_object_iter_next(json, at);
	child = at ? json_object_iter_value(at) : json_array_get(json, i);
	if (depth && below(4) &&
	    (json_array_size(child) || json_object_size(child)))
		change(child, depth - 1);
	else if (at)
		change_object(json, json_object_iter_key(at));
	else
		change_array(json, i);
}

/* Puts @text in the place of the @length bytes at @at, if there is room. */
static size_t splice(uint8_t *data, size_t size, size_t max_size, size_t at,
		     size_t length, const char *text, size_t text_length)
{
	if (size - length + text_length > max_size)
		return size;
	memmove(data + at + text_length, data + at + length,
		size - at - length);
	memcpy(data + at, text, text_length);
	return size - length + text_length;
}

/* A whole line away, or twice, or an empty one before it. */
static size_t change_lines(uint8_t *data, size_t size, size_t max_size,
			   size_t at, size_t length)
{
	char *copy = malloc(length + 1);

	must(copy, "no memory");
	memcpy(copy, data + at, length);
	if (!below(3))
		size = splice(data, size, max_size, at, length, "", 0);
	else if (below(2))
		size = splice(data, size, max_size, at, 0, "\n", 1);
	else
		size = splice(data, size, max_size, at, 0, copy, length);
	free(copy);
	return size;
}

static size_t change_line(uint8_t *data, size_t size, size_t max_size,
			  size_t at, size_t length)
{
	json_t *json = json_loadb((const char *)data + at, length,
				  JSON_ALLOW_NUL, NULL);
	char *text;

	if (!json)
		return LLVMFuzzerMutate(data, size, max_size);
	for (size_t n = 1 + below(3); n; n--)
		change(json, 8);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (text)
		size = splice(data, size, max_size, at, length, text,
			      strlen(text));
	free(text);
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	const uint8_t *stop;
	size_t at, length;
	bool fresh;

	random_seed = seed;
	fresh = below(2);
	if (!fresh)
		size = recall(data, size, max_size);
	if (!size || !below(fresh ? 2 : 8))
		return LLVMFuzzerMutate(data, size, max_size);
	for (at = below(size); at && data[at - 1] != '\n';)
		at--;
	stop = memchr(data + at, '\n', size - at);
	length = stop ? (size_t)(stop - data) - at : size - at;
	if (!below(8))
		return change_lines(data, size, max_size, at,
				    length + (stop != NULL));
	return change_line(data, size, max_size, at, length);
}
