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
	size_t line; /* that is read, or is at fault */
	struct why why; /* of the record, without the line number */
};

static int check_room(struct reader *r)
{
	if (r->boot->bytes <= r->expected->room)
		return 0;
	return refuse(&r->why,
		      "the run's boots take more than %d MiB of memory",
		      RUN_MIB);
}

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
	else
		err = check_room(r);
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

/* Every cell is a line, behind that of the environment: so cell 0 is line 2. */
static int index_cells(struct reader *r)
{
	size_t twice;
	int err = boot_index(r->boot, &twice);

	if (!err && twice) {
		const struct cell *cell = &r->boot->cells[twice];

		r->line = twice + 2;
		err = refuse(&r->why, "cell %.40s %.180s stands twice",
			     cell->benchmark, cell->key);
	}
	return err;
}

static int take_environment(struct reader *r, json_t *json)
{
	struct boot *boot = r->boot;
	int err;

	if (strcmp(text_at(json, "type", ""), "environment"))
		return refuse(&r->why, "the first record is no environment");
	err = record_environment(json, r->expected, &r->why);
	if (err)
		return err;
	boot->environment = json_keep(json_incref(json), &boot->bytes);
	if (!boot->environment)
		return -ENOMEM;
	r->unit = text_at(boot->environment, "unit", "");
	return check_room(r);
}

/* What pfnbench warned of at the end, in time mode. */
static int take_noise(struct reader *r, json_t *noise)
{
	if (!json_is_object(noise))
		return 0;
	r->boot->noise = json_keep(json_incref(noise), &r->boot->bytes);
	return r->boot->noise ? check_room(r) : -ENOMEM;
}

static int take_record(struct reader *r, json_t *json)
{
	const char *type = text_at(json, "type", "");
	int err;

	if (r->ended)
		return refuse(&r->why, "a record after the end record");
	if (!r->boot->environment)
		return take_environment(r, json);
	if (!strcmp(type, "cell"))
		return take_cell(r, json);
	if (strcmp(type, "end"))
		return refuse(&r->why, "a record of unknown type");
	r->ended = true;
	err = index_cells(r);
	if (err)
		return err;
	err = record_end(json, r->boot->cell_count, &r->boot->seconds, &r->why);
	return err ? err : take_noise(r, json_object_get(json, "noise"));
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

static int take_lines(struct reader *r, struct lines *lines)
{
	const char *line;
	size_t length;
	int err;

	for (r->line = 1;; r->line++) {
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

static int read_boot(struct lines *lines, const struct expected *expected,
		     struct boot *boot, struct why *why)
{
	struct reader r = {.expected = expected, .boot = boot};
	int err;

	memset(boot, 0, sizeof(*boot));
	err = take_lines(&r, lines);
	if (!err)
		return 0;
	boot_free(boot);
	if (err == -EINVAL)
		refuse(why, "%zu: %.230s", r.line, r.why.text);
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
