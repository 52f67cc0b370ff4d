// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/record.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "report/limits.h"

bool is_token(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (!length || length > TOKEN_MAX || text[0] == '.')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) &&
		    !strchr("._:+-", text[i]))
			return false;
	return true;
}

bool is_count(const json_t *json)
{
	/* jansson refuses what does not fit 63 bits and a sign. */
	return json_is_integer(json) && json_integer_value(json) >= 0;
}

bool is_timed(const char *unit)
{
	return !strcmp(unit, "instructions") || !strcmp(unit, "ns");
}

bool are_strings(const json_t *list)
{
	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!json_is_string(json_array_get(list, i)))
			return false;
	return true;
}

int record_environment(const json_t *json, const struct expected *expected,
		       struct why *why)
{
	static const char *const objects[] = {"program", "unit_check", "clock",
					      "kernel", "machine"};
	const json_t *format = json_object_get(json, "format");
	const json_t *check = json_object_get(json, "unit_check");
	const char *unit = text_at(json, "unit", "");

	if (!json_is_integer(format) ||
	    json_integer_value(format) != RESULT_FORMAT)
		return refuse(why, "format is not %d", RESULT_FORMAT);
	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++)
		if (!json_is_object(json_object_get(json, objects[i])))
			return refuse(why, "no object \"%s\"", objects[i]);
	if (!json_is_array(json_object_get(json, "devices")))
		return refuse(why, "no array \"devices\"");
	if (strcmp(text_at(json, "base", ""), expected->base) ||
	    strcmp(text_at(json, "variant", ""), expected->variant))
		return refuse(why, "kernel is \"%.60s\" \"%.60s\"",
			      text_at(json, "base", ""),
			      text_at(json, "variant", ""));
	if (strcmp(text_at(json, "mode", ""), expected->mode))
		return refuse(why, "mode is \"%.60s\", the run's is \"%.60s\"",
			      text_at(json, "mode", ""), expected->mode);
	if (!is_timed(unit))
		return refuse(why, "unit is neither instructions nor ns");
	if (!strcmp(unit, "instructions") &&
	    !json_is_true(json_object_get(check, "instructions")))
		return refuse(why, "unit_check does not show instructions");
	return 0;
}

int record_end(const json_t *json, size_t cells, double *seconds,
	       struct why *why)
{
	const json_t *count = json_object_get(json, "cells");
	const json_t *log = json_object_get(json, "kernel_log");
	const json_t *clock = json_object_get(json, "seconds");

	if (!is_count(count) || !json_is_array(log) || !json_is_number(clock) ||
	    json_number_value(clock) < 0)
		return refuse(why, "end lacks cells, kernel_log or seconds");
	if ((uint64_t)json_integer_value(count) != cells)
		return refuse(why, "end says %lld cells, the file has %zu",
			      (long long)json_integer_value(count), cells);
	if (json_array_size(log)) {
		const char *first = json_string_value(json_array_get(log, 0));

		return refuse(why, "kernel log has %zu lines, first: %.120s",
			      json_array_size(log), first ? first : "no text");
	}
	*seconds = json_number_value(clock);
	return 0;
}
