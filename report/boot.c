// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of one boot file: environment, cells, end. */
#include "report/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/limits.h"
#include "report/lines.h"

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
	boot->bytes += cell_bytes(&cell);
	if (boot->cell_count >= CELLS_MAX)
		err = refuse(&r->why, "more than %d cells", CELLS_MAX);
	else if (boot->bytes > r->expected->room)
		err = refuse(&r->why, "the run's boots take more than %d MiB",
			     RUN_MIB);
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
	json_t *json;
	int err;

	if (!length)
		return refuse(&r->why, "an empty line");
	if (line[length - 1] == '\r')
		return refuse(&r->why, "line ends in CR LF");
	err = json_read(line, length, &json, &r->why);
	if (err)
		return err;
	err = take_record(r, json);
	json_decref(json);
	return err;
}

static int take_lines(struct reader *r, struct lines *lines, size_t *number)
{
	const char *line;
	size_t length;
	int err;

	for (*number = 1;; ++*number) {
		err = lines_next(lines, &line, &length, &r->why);
		if (err <= 0)
			break;
		err = take_line(r, line, length);
		if (err)
			break;
	}
	if (!err && !r->ended)
		err = refuse(&r->why, "no end record");
	return err;
}

/* Every cell is a line, behind that of the environment: so line 2 is cell 0. */
static int check_cells(struct reader *r, size_t *number)
{
	size_t twice;
	int err = boot_index(r->boot, &twice);

	if (!err && twice) {
		const struct cell *cell = &r->boot->cells[twice];

		*number = twice + 2;
		err = refuse(&r->why, "cell %.40s %.180s stands twice",
			     cell->benchmark, cell->key);
	}
	return err;
}

static int read_boot(struct lines *lines, const struct expected *expected,
		     struct boot *boot, struct why *why)
{
	struct reader r = {.expected = expected, .boot = boot};
	size_t number;
	int err;

	memset(boot, 0, sizeof(*boot));
	err = take_lines(&r, lines, &number);
	if (!err)
		err = check_cells(&r, &number);
	if (!err)
		return 0;
	boot_free(boot);
	if (err == -EINVAL)
		refuse(why, "%zu: %.230s", number, r.why.text);
	return err;
}

int boot_parse(const char *data, size_t size, const struct expected *expected,
	       struct boot *boot, struct why *why)
{
	struct lines lines;

	lines_of(&lines, data, size);
	return read_boot(&lines, expected, boot, why);
}

int boot_read(const char *path, const struct expected *expected,
	      struct boot *boot, struct why *why)
{
	struct lines lines;
	int err = lines_open(&lines, path, why);

	if (err)
		return err;
	err = read_boot(&lines, expected, boot, why);
	lines_close(&lines);
	return err;
}
