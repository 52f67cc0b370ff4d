// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/file.h"
#include "report/limits.h"

#define FIRST_CAPACITY 65536

int lines_open(struct lines *l, const char *path, struct why *why)
{
	int err;

	memset(l, 0, sizeof(*l));
	err = file_open(path, BOOT_FILE_MIB, &l->fd, &l->left, why);
	if (err)
		return err;
	l->capacity = FIRST_CAPACITY;
	l->buffer = malloc(l->capacity);
	if (l->buffer)
		return 0;
	lines_close(l);
	return -ENOMEM;
}

void lines_of(struct lines *l, const char *data, size_t size)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	l->buffer = (char *)(data ? data : "");
	l->end = size;
}

void lines_close(struct lines *l)
{
	if (l->fd < 0)
		return;
	free(l->buffer);
	close(l->fd);
}

/* Makes room behind what is not yet used: by moving it, else by growing. */
static int make_room(struct lines *l)
{
	char *grown;

	if (l->begin) {
		memmove(l->buffer, l->buffer + l->begin, l->end - l->begin);
		l->end -= l->begin;
		l->begin = 0;
	}
	if (l->end < l->capacity)
		return 0;
	grown = realloc(l->buffer, 2 * l->capacity);
	if (!grown)
		return -ENOMEM;
	l->buffer = grown;
	l->capacity *= 2;
	return 0;
}

/* Reads on; a file that became shorter meanwhile ends where it ends. */
static int fill(struct lines *l, struct why *why)
{
	size_t room;
	ssize_t n;
	int err;

	err = make_room(l);
	if (err)
		return err;
	room = l->capacity - l->end;
	if (room > l->left)
		room = l->left;
	do
		n = read(l->fd, l->buffer + l->end, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return refuse(why, "%s", strerror(errno));
	l->left = n ? l->left - (size_t)n : 0;
	l->end += (size_t)n;
	return 0;
}

int lines_next(struct lines *l, const char **line, size_t *length,
	       struct why *why)
{
	const char *stop = NULL;
	size_t seen = 0;
	int err;

	for (;;) {
		size_t have = l->end - l->begin;

		*line = l->buffer + l->begin;
		if (have > seen)
			stop = memchr(*line + seen, '\n', have - seen);
		*length = stop ? (size_t)(stop - *line) : have;
		if (*length > LINE_MIB * MIB)
			return refuse(why, "line is longer than %d MiB",
				      LINE_MIB);
		if (stop || !l->left)
			break;
		seen = have;
		err = fill(l, why);
		if (err)
			return err;
	}
	l->begin += *length + (stop != NULL);
	return stop || *length;
}
