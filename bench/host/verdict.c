// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Names come from disks and users: nothing that a terminal would act on. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

static struct reason *room_for(struct verdict *v, enum reason_weight weight)
{
	if (v->count < MOST_REASONS)
		return &v->reasons[v->count++];
	for (size_t i = 0; weight == NEVER && i < v->count; i++)
		if (v->reasons[i].weight == UNLESS_FORCED)
			return &v->reasons[i];
	return NULL;
}

void verdict_add(struct verdict *v, enum reason_weight weight, const char *code,
		 const char *format, ...)
{
	struct reason reason = {.code = code, .weight = weight};
	struct reason *to;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason.text, sizeof(reason.text), format, arguments);
	va_end(arguments);
	make_plain(reason.text);
	for (size_t i = 0; i < v->count; i++)
		if (v->reasons[i].weight == weight &&
		    !strcmp(v->reasons[i].code, code) &&
		    !strcmp(v->reasons[i].text, reason.text))
			return;
	to = room_for(v, weight);
	if (to)
		*to = reason;
}

void verdict_unreadable(struct verdict *v, const char *what, int err)
{
	verdict_add(v, NEVER, "unreadable", "%s: %s", what, strerror(-err));
}

bool verdict_allows(const struct verdict *v, bool force)
{
	for (size_t i = 0; i < v->count; i++)
		if (!force || v->reasons[i].weight == NEVER)
			return false;
	return true;
}
