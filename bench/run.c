// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "counted.h"
#include "reset.h"
#include "rig/counters.h"
#include "rig/guard.h"
#include "rig/kernel-log.h"
#include "rig/mapping.h"
#include "rig/marks.h"
#include "rig/noise.h"
#include "rig/record.h"
#include "rig/settle.h"
#include "rig/sigbus.h"
#include "rig/topology.h"
#include "steps.h"

#define MAX_TARGETS 16

/*
 * A target stays open through the run, as opening and closing reset it: until a
 * benchmark opens it by itself.
 */
struct target {
	char name[32];
	struct device device;
	bool open;
	bool found; /* it could be opened when the run began */
	char why[256]; /* it is not open */
};

struct targets {
	struct target all[MAX_TARGETS];
	size_t count;
};

struct runner {
	const struct plan *plan;
	const struct run_options *options;
	struct clock_info clock;
	struct event_list *events;
	struct targets *targets;
	struct record_writer writer;
	struct run_counts *counts;
	bool times; /* what moves times is looked for */
	struct noise_counts noise;
};

static const struct value *value_of(const struct plan_cell *cell,
				    const char *name)
{
	const struct parameter *p = cell->benchmark->parameters;

	for (size_t i = 0; p[i].name; i++)
		if (!strcmp(p[i].name, name))
			return &cell->values[i];
	return NULL;
}

static struct target *find_target(struct targets *targets, const char *name)
{
	for (size_t i = 0; i < targets->count; i++)
		if (!strcmp(targets->all[i].name, name))
			return &targets->all[i];
	return NULL;
}

/* The stand-in is as large as the longest length that the plan wants of it. */
static uint64_t memfd_size(const struct plan *plan)
{
	uint64_t size = 4096;

	for (size_t i = 0; i < plan->count; i++) {
		const struct value *v = value_of(&plan->cells[i], "length");

		if (v && v->number > size &&
		    !strcmp(value_of(&plan->cells[i], "target")->text, "memfd"))
			size = v->number;
	}
	return size;
}

static void open_target(struct runner *r, struct target *t)
{
	t->open = !device_open(&t->device, t->name, memfd_size(r->plan),
			       r->options->interface, t->why);
}

static void open_targets(struct runner *r)
{
	for (size_t i = 0; i < r->plan->count; i++) {
		const struct value *v = value_of(&r->plan->cells[i], "target");
		struct target *t;

		if (!v || find_target(r->targets, v->text) ||
		    r->targets->count == MAX_TARGETS)
			continue;
		t = &r->targets->all[r->targets->count++];
		snprintf(t->name, sizeof(t->name), "%s", v->text);
		open_target(r, t);
		t->found = t->open;
	}
}

/* Closes it before a benchmark that opens it, and opens it after that. */
static void prepare_target(struct runner *r, struct target *t, bool opens)
{
	if (!t || !t->found || t->open != opens)
		return;
	if (!opens) {
		open_target(r, t);
		return;
	}
	device_close(&t->device);
	t->open = false;
}

static void close_targets(struct runner *r)
{
	for (size_t i = 0; i < r->targets->count; i++)
		if (r->targets->all[i].open)
			device_close(&r->targets->all[i].device);
}

/* Threads run near to the first device that there is. */
static int place_threads(const struct runner *r)
{
	const char *bdf = NULL;
	int err;

	for (size_t i = 0; !bdf && i < r->targets->count; i++)
		if (r->targets->all[i].open && !r->targets->all[i].device.memfd)
			bdf = r->targets->all[i].device.bdf;
	err = topology_near(bdf);
	return err ? err : topology_bind(0);
}

/* Said only where a device is measured: the stand-in's times are no figures. */
static int tell_noise(struct runner *r, json_t *record, json_t *noise)
{
	bool device = false;

	for (size_t i = 0; i < r->targets->count; i++)
		device |= r->targets->all[i].found &&
			  !r->targets->all[i].device.memfd;
	if (device)
		noise_tell(noise);
	return json_object_set_new(record, "noise", noise);
}

static int write_environment(struct runner *r)
{
	struct environment_labels labels = r->options->labels;
	struct device *devices[MAX_TARGETS];
	size_t n = 0;
	json_t *record;
	int err;

	for (size_t i = 0; i < r->targets->count; i++)
		if (r->targets->all[i].open)
			devices[n++] = &r->targets->all[i].device;
	if (!labels.mode[0])
		strcpy(labels.mode,
		       r->clock.unit == UNIT_INSTRUCTIONS ? "count" : "time");
	record = environment_record(&r->clock, &labels, devices, n);
	if (!record ||
	    json_object_set_new(record, "counters", counted_trial(r->events)) ||
	    json_object_set_new(record, "topology", topology_record())) {
		json_decref(record);
		return -ENOMEM;
	}
	r->times = !strcmp(labels.mode, "time");
	if (r->times && tell_noise(r, record, noise_before("", &r->noise)))
		err = -ENOMEM;
	else
		err = record_write(&r->writer, record);
	json_decref(record);
	return err;
}

/* Why the device has not the reset that the cell takes, or NULL. */
static const char *no_reset(const struct cell *cell)
{
	const struct reset *reset =
		cell->benchmark->needs.reset ? reset_of(cell) : NULL;

	return reset && !cell->device->memfd ? reset->missing(cell->device)
					     : NULL;
}

static bool may_write(const struct cell *cell)
{
	return !cell->benchmark->needs.access ||
	       strcmp(cell_value(cell, "access")->text, "write") ||
	       cell->device->may_write;
}

/* Where in the BAR it maps; false where it may not. Nothing is mapped yet. */
static bool guarded(struct cell *cell)
{
	struct device *d = cell->device;

	if (!may_write(cell)) {
		cell_skip(cell,
			  "a write to %s, which is not known to bear it; "
			  "--write allows it",
			  d->id);
		return false;
	}
	/* What opens the device asks by itself: this one is closed. */
	if (cell->benchmark->needs.opens)
		return true;
	return place_bar(cell, d);
}

/* Whether the cell can run here; if not it is skipped with the reason. */
static bool needs_met(struct cell *cell)
{
	const struct value *length = cell_value(cell, "length");
	const struct device *d = cell->device;
	const char *why = no_reset(cell);
	char size[32];

	if (length->number > d->size) {
		size_format(d->size, size);
		cell_skip(cell, "BAR %d is %s, smaller than length %s",
			  d->bars[d->bar < 0 ? 0 : d->bar].index, size,
			  length->text);
		return false;
	}
	if (cell->benchmark->needs.iommu && d->memfd) {
		cell_skip(cell, "the stand-in has no IOMMU");
		return false;
	}
	if (why) {
		cell_skip(cell, "%s: %s", d->bdf, why);
		return false;
	}
	return guarded(cell);
}

static void run_cell(struct cell *cell, const struct target *target)
{
	bool opens = cell->benchmark->needs.opens;

	if (!target || !(opens ? target->found : target->open)) {
		cell_skip(cell, "%s",
			  target ? target->why : "too many targets");
		return;
	}
	if (cell->device->memfd)
		cell_note(cell, "stand-in", "memfd");
	if (needs_met(cell))
		cell_run(cell);
}

static json_t *cell_record(const struct cell *cell)
{
	static const char *const statuses[] = {"ok", "skipped", "failed"};
	const struct parameter *p = cell->benchmark->parameters;
	json_t *parameters = json_object(), *phases = json_array();

	for (size_t i = 0; p[i].name; i++)
		json_object_set_new(parameters, p[i].name,
				    json_string(cell->values[i].text));
	for (size_t i = 0;
	     cell->status != CELL_SKIPPED && i < cell->phase_count; i++)
		json_array_append_new(phases,
				      record_phase(cell->phases[i].name,
						   cell->phases[i].unit,
						   &cell->phases[i].tally,
						   cell->phases[i].counters));
	return json_pack(
		"{s:s, s:s, s:i, s:o, s:s, s:s, s:o, s:{s:I, s:I}, s:O}",
		"type", "cell", "benchmark", cell->benchmark->name,
		"benchmark_version", (int)cell->benchmark->version,
		"parameters", parameters, "status", statuses[cell->status],
		"reason", cell->reason, "phases", phases, "checks", "pages",
		(json_int_t)cell->pages_checked, "wrong",
		(json_int_t)cell->pages_wrong, "notes", cell->notes);
}

static void count(struct run_counts *counts, const struct cell *cell)
{
	counts->ok += cell->status == CELL_OK;
	counts->skipped += cell->status == CELL_SKIPPED;
	counts->failed += cell->status == CELL_FAILED;
}

/* Which leaves its mappings have, if a cell before it has counted them. */
static void mark_leaves_of(const struct plan_cell *planned)
{
	const struct value *length = value_of(planned, "length");
	const struct value *align = value_of(planned, "align");
	struct marked_mapping mapping;
	uint64_t first, end;

	if (!length || !align)
		return;
	mapping = (struct marked_mapping){value_of(planned, "target")->text,
					  length->text, align->text};
	mapping_arena(&first, &end);
	mark_leaves(&mapping, first, end);
}

/* As in summary.tsv: NAME=VALUE,... */
static void mark_this(const struct plan_cell *planned)
{
	const struct parameter *p = planned->benchmark->parameters;
	char text[512] = "";
	size_t n = 0;

	if (!marks_on())
		return;
	for (size_t i = 0; p[i].name && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s=%s",
				      i ? "," : "", p[i].name,
				      planned->values[i].text);
	mark_cell(planned->benchmark->name, text);
	mark_leaves_of(planned);
}

static int do_cell(struct runner *r, const struct plan_cell *planned)
{
	struct target *target =
		find_target(r->targets, value_of(planned, "target")->text);
	struct cell cell = {
		.benchmark = planned->benchmark,
		.values = planned->values,
		.device = target ? &target->device : NULL,
		.clock = &r->clock,
		.notes = json_object(),
	};
	json_t *record;
	int err = 0;

	prepare_target(r, target, planned->benchmark->needs.opens);
	mark_this(planned);
	run_cell(&cell, target);
	if (cell.status == CELL_OK && r->events->count)
		err = counted_run(&cell, r->events);
	count(r->counts, &cell);
	record = err ? NULL : cell_record(&cell);
	err = record ? record_write(&r->writer, record) : -ENOMEM;
	json_decref(record);
	cell_free(&cell);
	return err;
}

static int write_end(struct runner *r)
{
	struct timespec now;
	json_t *record;
	int err;

	clock_gettime(CLOCK_BOOTTIME, &now);
	record = json_pack("{s:s, s:I, s:o, s:f}", "type", "end", "cells",
			   (json_int_t)r->plan->count, "kernel_log",
			   kernel_log_bad_lines(), "seconds",
			   (double)now.tv_sec +
				   (double)(now.tv_nsec / 1000000) / 1000);
	if (!record)
		return -ENOMEM;
	if (r->times && tell_noise(r, record, noise_after("", &r->noise)))
		err = -ENOMEM;
	else
		err = record_write(&r->writer, record);
	json_decref(record);
	return err;
}

static struct event_list *choose_events(const struct runner *r)
{
	static struct event_list chosen;
	char error[EVENT_ERROR_SIZE];
	bool counts = r->clock.unit == UNIT_INSTRUCTIONS;

	if (r->options->events)
		return r->options->events;
	if (!events_parse(&chosen, counts ? "none" : "default", error))
		return &chosen;
	fprintf(stderr, "pfnbench: events: %s\n", error);
	return NULL;
}

int run_plan(const struct plan *plan, const struct run_options *options,
	     struct run_counts *counts)
{
	/* Not on the stack: fork() need not copy pages of it that nobody uses. */
	static struct targets targets;
	struct runner r = {
		.plan = plan,
		.options = options,
		.targets = &targets,
		.writer = {.fd = options->output},
		.counts = counts,
	};
	int err = clock_init(&r.clock);

	memset(counts, 0, sizeof(*counts));
	if (!err && !strcmp(options->labels.mode, "count") &&
	    r.clock.unit != UNIT_INSTRUCTIONS)
		err = -EPROTO;
	/* Where it can't be read there is nothing to leave out. */
	if (options->log_from_now)
		kernel_log_from_now();
	if (!err)
		err = sigbus_init();
	if (!err && options->mark)
		err = counters_mark();
	if (err)
		return err;
	settle_init(&r.clock);
	r.events = choose_events(&r);
	if (!r.events)
		return -EIO;
	/* Only now: what a file held is kept where nothing can be measured. */
	if (options->output != STDOUT_FILENO && ftruncate(options->output, 0) &&
	    errno != EINVAL)
		return -errno;
	open_targets(&r);
	err = place_threads(&r);
	if (!err)
		err = write_environment(&r);
	for (size_t i = 0; !err && i < plan->count; i++)
		err = do_cell(&r, &plan->cells[i]);
	close_targets(&r);
	return err ? err : write_end(&r);
}
