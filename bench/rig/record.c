// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

int record_write(struct record_writer *w, json_t *object)
{
	const char *type = json_string_value(json_object_get(object, "type"));
	char *line = json_dumps(object, JSON_COMPACT);
	size_t length;
	int err;

	if (!line)
		return -ENOMEM;
	length = strlen(line);
	/* In one write with its newline, which takes the terminator's place. */
	line[length] = '\n';
	err = write_all(w->fd, line, length + 1);
	free(line);
	if (!err && type && !strcmp(type, "cell"))
		w->cells++;
	return err;
}

json_t *record_tally(const struct tally *t)
{
	struct tally_entry *sorted = tally_sorted(t);
	json_t *array = json_array();
	int err = t->used && !sorted;

	for (size_t i = 0; !err && i < t->used; i++) {
		const struct tally_entry *e = &sorted[i];

		err = e->value > INT64_MAX ||
		      json_array_append_new(
			      array, json_pack("[I,I]", (json_int_t)e->value,
					       (json_int_t)e->count));
	}
	free(sorted);
	if (!err)
		return array;
	json_decref(array);
	return NULL;
}

json_t *record_phase(const char *name, const char *unit, const struct tally *t,
		     json_t *counters)
{
	return json_pack("{s:s,s:s,s:o,s:o}", "name", name, "unit", unit,
			 "tally", record_tally(t), "counters",
			 counters ? json_incref(counters) : json_object());
}
