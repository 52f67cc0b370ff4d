// SPDX-License-Identifier: GPL-2.0-or-later
#include "benchmark.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct value *cell_value(const struct cell *cell, const char *name)
{
	const struct parameter *p = cell->benchmark->parameters;

	for (size_t i = 0; p[i].name; i++)
		if (!strcmp(p[i].name, name))
			return &cell->values[i];
	assert(!"a parameter that the benchmark does not have");
	return NULL;
}

uint64_t cell_number(const struct cell *cell, const char *name)
{
	return cell_value(cell, name)->number;
}

struct phase *cell_phase(struct cell *cell, const char *name, const char *unit)
{
	struct phase *p;

	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, name))
			return &cell->phases[i];
	assert(cell->phase_count < MAX_PHASES);
	p = &cell->phases[cell->phase_count++];
	p->name = name;
	p->unit = unit;
	p->counters = NULL;
	tally_init(&p->tally);
	return p;
}

struct tally *cell_tally(struct cell *cell, const char *name)
{
	const char *unit = clock_unit_name(cell->clock->unit);

	return &cell_phase(cell, name, unit)->tally;
}

int cell_sample(struct cell *cell, const char *name, const char *unit,
		uint64_t value)
{
	return tally_add(&cell_phase(cell, name, unit)->tally, value, 1);
}

int cell_time(struct cell *cell, const char *name, uint64_t ticks)
{
	return cell_sample(cell, name, clock_unit_name(cell->clock->unit),
			   clock_value(cell->clock, ticks));
}

int cell_ns(struct cell *cell, const char *name, uint64_t ns)
{
	return tally_add(cell_tally(cell, name), ns, 1);
}

void cell_note(struct cell *cell, const char *key, const char *text)
{
	json_object_set_new(cell->notes, key, json_string(text));
}

static void set_status(struct cell *cell, enum cell_status status,
		       const char *format, va_list args)
{
	if (cell->status != CELL_OK)
		return;
	cell->status = status;
	vsnprintf(cell->reason, sizeof(cell->reason), format, args);
}

void cell_fail(struct cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_status(cell, CELL_FAILED, format, args);
	va_end(args);
}

void cell_skip(struct cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_status(cell, CELL_SKIPPED, format, args);
	va_end(args);
}

void cell_run(struct cell *cell)
{
	int err = cell->benchmark->run(cell);

	if (err == -EFAULT)
		cell_fail(cell, "SIGBUS in a pass over the BAR");
	else if (err)
		cell_fail(cell, "%s", strerror(-err));
	if (cell->pages_wrong)
		cell_fail(cell, "%" PRIu64 " of %" PRIu64 " pages were wrong",
			  cell->pages_wrong, cell->pages_checked);
}

void cell_free(struct cell *cell)
{
	json_decref(cell->notes);
	for (size_t i = 0; i < cell->phase_count; i++) {
		tally_free(&cell->phases[i].tally);
		json_decref(cell->phases[i].counters);
	}
}
