// SPDX-License-Identifier: GPL-2.0-or-later
#include "counted.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "rig/counters.h"

static json_t *events_record(const struct event_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < list->count; i++) {
		const struct event *e = &list->events[i];
		json_t *event = json_pack("{s:s,s:b,s:s*}", "name", e->name,
					  "counted", !e->why[0], "reason",
					  e->why[0] ? e->why : NULL);

		if (json_array_append_new(array, event)) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

static void tell(const struct event_list *list)
{
	bool told[MAX_EVENTS] = {false};

	for (size_t i = 0; i < list->count; i++) {
		const char *why = list->events[i].why;

		if (!why[0] || told[i])
			continue;
		fprintf(stderr, "pfnbench: not counted:");
		for (size_t j = i; j < list->count; j++) {
			if (strcmp(list->events[j].why, why))
				continue;
			fprintf(stderr, " %s", list->events[j].name);
			told[j] = true;
		}
		fprintf(stderr, ": %s\n", why);
	}
}

json_t *counted_trial(struct event_list *list)
{
	json_t *empty;

	if (!list->count)
		return json_pack("{s:[],s:{}}", "events", "empty");
	if (counters_open(list))
		return NULL;
	/* The first round takes what only a first one does. */
	count_begin("first");
	count_end();
	count_begin("empty");
	count_end();
	empty = counters_of("empty");
	for (size_t i = 0; i < list->count; i++) {
		struct event *e = &list->events[i];
		const char *lost = counters_lost("empty", e);

		if (!e->why[0] && lost)
			snprintf(e->why, sizeof(e->why), "%s", lost);
	}
	counters_close();
	tell(list);
	return json_pack("{s:o,s:o}", "events", events_record(list), "empty",
			 empty);
}

/* The first event that this phase lost is enough to say. */
static void note_lost(struct cell *cell, const char *phase,
		      const struct event_list *list)
{
	char text[256];

	for (size_t i = 0; i < list->count; i++) {
		const struct event *e = &list->events[i];
		const char *lost = e->why[0] ? NULL : counters_lost(phase, e);

		if (!lost)
			continue;
		snprintf(text, sizeof(text), "%s in %s: %s", e->name, phase,
			 lost);
		cell_note(cell, "not-counted", text);
		return;
	}
}

static int take(struct cell *cell, const struct event_list *list)
{
	for (size_t i = 0; i < cell->phase_count; i++) {
		struct phase *p = &cell->phases[i];

		p->counters = counters_of(p->name);
		if (!p->counters)
			return -ENOMEM;
		note_lost(cell, p->name, list);
	}
	return 0;
}

int counted_run(struct cell *cell, struct event_list *list)
{
	struct cell again = {
		.benchmark = cell->benchmark,
		.values = cell->values,
		.device = cell->device,
		.clock = cell->clock,
		.notes = json_object(),
	};
	int err = counters_open(list);

	if (!err) {
		cell_run(&again);
		err = take(cell, list);
		counters_close();
	}
	if (again.status == CELL_FAILED)
		cell_fail(cell, "when it was counted: %s", again.reason);
	cell_free(&again);
	return err;
}
