// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/lines.h"

/* How many frames these are; 0 where they are not what they should be. */
static size_t count_frames(const char *text, size_t length)
{
	size_t frames = 0, name = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i < length && text[i] != ';') {
			if (text[i] < ' ' || text[i] > '~')
				return 0;
			name++;
			continue;
		}
		if (!name || name > FUNCTION_NAME_MAX ||
		    ++frames > STACK_FRAMES_MAX)
			return 0;
		name = 0;
	}
	return frames;
}

/* The digits behind the last space; false where there are none that fit. */
static bool take_count(const char *line, size_t length, size_t *text,
		       uint64_t *count)
{
	size_t at = length;

	*count = 0;
	while (at && line[at - 1] >= '0' && line[at - 1] <= '9')
		at--;
	if (at == length || length - at > 16 || at < 2 || line[at - 1] != ' ')
		return false;
	*text = at - 1;
	for (; at < length; at++)
		*count = *count * 10 + (uint64_t)(line[at] - '0');
	return *count <= SAMPLES_MAX;
}

static int take_line(struct stacks *s, enum side side, const char *line,
		     size_t length, struct why *why)
{
	struct stack *stack;
	uint64_t count;
	size_t text, frames;

	if (!take_count(line, length, &text, &count))
		return refuse(why, "no count behind the frames");
	frames = count_frames(line, text);
	if (!frames)
		return refuse(why,
			      "frames are not 1 to %d names of printable ASCII",
			      STACK_FRAMES_MAX);
	if (s->sum[side] + count > SAMPLES_MAX)
		return refuse(why, "more than 2^53 in all");
	if (s->count >= STACKS_MAX || s->most + frames > FRAMES_MAX)
		return refuse(why, "more than %d stacks or %d frames",
			      STACKS_MAX, FRAMES_MAX);
	stack = append((void **)&s->stacks, &s->count, sizeof(*stack));
	if (!stack)
		return -ENOMEM;
	stack->text = strndup(line, text);
	if (!stack->text)
		return -ENOMEM;
	stack->count = count;
	stack->side = side;
	s->sum[side] += count;
	s->most += frames;
	return 0;
}

int stacks_parse(struct lines *lines, enum side side, struct stacks *stacks,
		 struct why *why)
{
	struct why inner = {""};
	const char *line;
	size_t number = 0, length;
	int more, err = 0;

	while (!err) {
		number++;
		more = lines_next(lines, &line, &length, &inner);
		if (more <= 0) {
			err = more;
			break;
		}
		err = take_line(stacks, side, line, length, &inner);
	}
	if (err == -EINVAL)
		refuse(why, "%zu: %.200s", number, inner.text);
	return err;
}

int stacks_read(const char *path, enum side side, struct stacks *stacks,
		struct why *why)
{
	struct lines lines;
	int err = lines_open(&lines, path, why);

	if (err)
		return err;
	err = stacks_parse(&lines, side, stacks, why);
	lines_close(&lines);
	return err;
}

/*
 * Frame by frame, so that what begins with the same frames stands together: a
 * ";" is less than any other character.
 */
static int by_frames(const void *a, const void *b)
{
	const char *x = ((const struct stack *)a)->text;
	const char *y = ((const struct stack *)b)->text;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	if (*x == *y)
		return 0;
	if (!*x || !*y)
		return *x ? 1 : -1;
	if (*x == ';' || *y == ';')
		return *x == ';' ? -1 : 1;
	return *x < *y ? -1 : 1;
}

/* The last child where it has this name, else a new one behind it. */
static struct frame *child(struct stacks *s, struct frame *parent,
			   const char *name, size_t length)
{
	struct frame *last = parent->last, *frame;

	if (last && last->length == length && !memcmp(last->name, name, length))
		return last;
	frame = &s->frames[s->frame_count++];
	frame->name = name;
	frame->length = length;
	frame->topic = topic_of(name, length);
	if (last)
		last->next = frame;
	else
		parent->first = frame;
	parent->last = frame;
	return frame;
}

int stacks_fold(struct stacks *s)
{
	s->frames = calloc(1 + s->most, sizeof(*s->frames));
	if (!s->frames)
		return -ENOMEM;
	s->frame_count = 1;
	if (s->count)
		qsort(s->stacks, s->count, sizeof(*s->stacks), by_frames);
	for (size_t i = 0; i < s->count; i++) {
		const struct stack *stack = &s->stacks[i];
		struct frame *frame = s->frames;

		frame->all[stack->side] += stack->count;
		for (const char *at = stack->text; *at;) {
			size_t length = strcspn(at, ";");

			frame = child(s, frame, at, length);
			frame->all[stack->side] += stack->count;
			at += length + (at[length] == ';');
		}
		frame->self[stack->side] += stack->count;
	}
	return 0;
}

void stacks_free(struct stacks *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->stacks[i].text);
	free(s->stacks);
	free(s->frames);
	memset(s, 0, sizeof(*s));
}
