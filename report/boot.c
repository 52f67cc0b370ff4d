// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of one boot file: environment, cells, end. */
#include "report/record.h"

#include <errno.h>
#include <string.h>

#define LINE_MAX_BYTES (16u << 20)
/* Far above any plan, low enough that comparing all pairs is no burden. */
#define CELLS_MAX 10000

struct reader {
	const struct expected *expected;
	struct boot *boot;
	const char *unit;
	bool ended;
	struct why why; /* of the record, without the line number */
};

static int take_cell(struct reader *r, const json_t *json)
{
	struct boot *boot = r->boot;
	struct cell cell, *slot;
	int err = record_cell(json, r->unit, &cell, &r->why);

	if (err)
		return err;
	if (boot_cell(boot, &cell))
		err = refuse(&r->why, "cell %.40s %.180s stands twice",
			     cell.benchmark, cell.key);
	else if (boot->cell_count >= CELLS_MAX)
		err = refuse(&r->why, "more than %d cells", CELLS_MAX);
	if (err) {
		cell_free(&cell);
		return err;
	}
	slot = append((void **)&boot->cells, &boot->cell_count, sizeof(cell));
	if (!slot) {
		cell_free(&cell);
		return -ENOMEM;
	}
	*slot = cell;
	return 0;
}

static int take_record(struct reader *r, json_t *json)
{
	const char *type = text_at(json, "type", "");

	if (r->ended)
		return refuse(&r->why, "a record after the end record");
	if (!r->boot->environment) {
		int err;

		if (strcmp(type, "environment"))
			return refuse(&r->why,
				      "the first record is no environment");
		err = record_environment(json, r->expected, &r->unit, &r->why);
		if (!err)
			r->boot->environment = json_incref(json);
		return err;
	}
	if (!strcmp(type, "cell"))
		return take_cell(r, json);
	if (strcmp(type, "end"))
		return refuse(&r->why, "a record of unknown type");
	r->ended = true;
	return record_end(json, r->boot->cell_count, &r->boot->seconds,
			  &r->why);
}

static int take_line(struct reader *r, const char *line, size_t length)
{
	json_error_t error;
	json_t *json;
	int err;

	if (length > LINE_MAX_BYTES)
		return refuse(&r->why, "line is longer than 16 MiB");
	json = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		return refuse(&r->why, "not JSON: %.120s", error.text);
	err = json_clean(json);
	if (!err)
		err = take_record(r, json);
	json_decref(json);
	return err;
}

static int take_lines(struct reader *r, const char *data, size_t size,
		      size_t *line)
{
	const char *end = data + size;

	for (*line = 1; data < end; ++*line) {
		const char *stop = memchr(data, '\n', (size_t)(end - data));
		int err;

		if (!stop)
			stop = end;
		err = take_line(r, data, (size_t)(stop - data));
		if (err)
			return err;
		data = stop + 1;
	}
	if (!r->ended)
		return refuse(&r->why, "no end record");
	return 0;
}

int boot_parse(const char *data, size_t size, const struct expected *expected,
	       struct boot *boot, struct why *why)
{
	struct reader r = {.expected = expected, .boot = boot};
	size_t line;
	int err;

	memset(boot, 0, sizeof(*boot));
	err = take_lines(&r, data, size, &line);
	if (!err)
		return 0;
	boot_free(boot);
	if (err == -EINVAL)
		refuse(why, "%zu: %.230s", line, r.why.text);
	return err;
}
