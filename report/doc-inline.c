// SPDX-License-Identifier: GPL-2.0-or-later
/* Running text in pieces: text, `code` and [links](target). */
#include <string.h>

#include "report/doc-writer.h"

static bool is_safe(const char *target, size_t length)
{
	if (!length)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)target[i];

		if (c <= ' ' || c >= 127 || strchr("<>\"'`\\()[]", c))
			return false;
	}
	/* Without a colon it names no scheme: a file, or a part of this one. */
	return !memchr(target, ':', length) ||
	       (length > 8 && !strncmp(target, "https://", 8));
}

/* Is there a whole link at @text? */
static bool take_link(const char *text, struct span *span)
{
	size_t label = strcspn(text + 1, "[]`");
	const char *target = text + label + 3;
	size_t length;

	if (!label || strncmp(text + 1 + label, "](", 2))
		return false;
	length = strcspn(target, ")");
	if (target[length] != ')' || !is_safe(target, length))
		return false;
	*span = (struct span){SPAN_LINK, text + 1, label, target, length};
	return true;
}

static bool take_code(const char *text, struct span *span)
{
	const char *end = strchr(text + 1, '`');

	if (!end || end == text + 1)
		return false;
	*span = (struct span){SPAN_CODE, text + 1, (size_t)(end - text) - 1,
			      NULL, 0};
	return true;
}

bool next_span(const char **text, struct span *span)
{
	const char *from = *text;
	size_t length = 0;

	if (!*from)
		return false;
	if (*from == '`' && take_code(from, span)) {
		*text = span->text + span->length + 1;
		return true;
	}
	if (*from == '[' && take_link(from, span)) {
		*text = span->target + span->target_length + 1;
		return true;
	}
	/* A mark that starts nothing is text. */
	do
		length += 1 + strcspn(from + length + 1, "`[");
	while (from[length] &&
	       !(from[length] == '`' ? take_code(from + length, span)
				     : take_link(from + length, span)));
	*span = (struct span){SPAN_TEXT, from, length, NULL, 0};
	*text = from + length;
	return true;
}
