// SPDX-License-Identifier: GPL-2.0-or-later
/* A cell record: parameters, status, checks, phases with their tallies. */
#include "report/record.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"

static const char *const units[] = {
	"instructions", "ns", "bytes", "faults", "leaves", "signals", "probes"};

static int read_pair(const json_t *pair, size_t i, struct samples *samples,
		     struct why *why)
{
	const json_t *value = json_array_get(pair, 0);
	const json_t *count = json_array_get(pair, 1);
	int err;

	if (json_array_size(pair) != 2 || !is_count(value) ||
	    !is_count(count) || !json_integer_value(count))
		return refuse(why,
			      "tally entry %zu is not [value >= 0, count > 0]",
			      i);
	err = samples_add(samples, (uint64_t)json_integer_value(value),
			  (uint64_t)json_integer_value(count));
	if (err == -EINVAL)
		return refuse(why, "tally is not in ascending order");
	if (err == -EOVERFLOW)
		return refuse(why, "tally has more than 2^53 samples");
	return err;
}

static int read_tally(const json_t *json, struct samples *samples,
		      struct why *why)
{
	const json_t *pair;
	size_t i;
	int err;

	if (!json_is_array(json))
		return refuse(why, "tally is not an array");
	err = samples_reserve(samples, json_array_size(json));
	json_array_foreach(json, i, pair)
	{
		if (!err)
			err = read_pair(pair, i, samples, why);
	}
	return err;
}

/* As libpfm4 and tracefs write them; an attribute of an event is name=value. */
static bool is_event(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > EVENT_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    !strchr("._:+-=", name[i]))
			return false;
	return true;
}

static int read_counters(const json_t *json, struct phase *phase,
			 struct why *why)
{
	void *i;

	if (json &&
	    (!json_is_object(json) || json_object_size(json) > COUNTERS_MAX))
		return refuse(why, "counters is no object of at most %d",
			      COUNTERS_MAX);
	for (i = json_object_iter((json_t *)json); i;
	     i = json_object_iter_next((json_t *)json, i)) {
		const json_t *value = json_object_iter_value(i);
		const char *name = json_object_iter_key(i);
		struct counter *counter;

		if (!is_event(name))
			return refuse(why, "a counter has no usable name");
		if (!json_is_null(value) && !is_count(value))
			return refuse(why, "a counter is no count");
		counter = append((void **)&phase->counters,
				 &phase->counter_count, sizeof(*counter));
		if (!counter)
			return -ENOMEM;
		counter->name = strdup(name);
		if (!counter->name)
			return -ENOMEM;
		counter->counted = !json_is_null(value);
		if (counter->counted)
			counter->value = (uint64_t)json_integer_value(value);
	}
	return 0;
}

static int read_phase(const json_t *json, const char *unit, struct phase *phase,
		      struct why *why)
{
	const char *name = text_at(json, "name", "");
	const char *own = text_at(json, "unit", "");
	bool known = false;
	int err;

	if (!is_token(name))
		return refuse(why, "a phase has no usable name");
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		known |= !strcmp(own, units[i]);
	if (!known)
		return refuse(why, "phase %s has an unknown unit", name);
	if (is_timed(own) && strcmp(own, unit))
		return refuse(why, "phase %s is in %s, the boot in %s", name,
			      own, unit);
	err = read_counters(json_object_get(json, "counters"), phase, why);
	if (err)
		return err;
	phase->name = strdup(name);
	phase->unit = strdup(own);
	if (!phase->name || !phase->unit)
		return -ENOMEM;
	return read_tally(json_object_get(json, "tally"), &phase->samples, why);
}

static int read_phases(const json_t *json, const char *unit, struct cell *cell,
		       struct why *why)
{
	const json_t *entry;
	size_t i;

	if (!json_is_array(json) || json_array_size(json) > PHASES_MAX)
		return refuse(why, "phases is no array of at most %d",
			      PHASES_MAX);
	json_array_foreach(json, i, entry)
	{
		struct phase *phase =
			append((void **)&cell->phases, &cell->phase_count,
			       sizeof(*cell->phases));
		int err = phase ? read_phase(entry, unit, phase, why) : -ENOMEM;

		if (err)
			return err;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(cell->phases[j].name, phase->name))
				return refuse(why, "phase %s stands twice",
					      phase->name);
	}
	return 0;
}

static int read_parameters(const json_t *json, struct cell *cell,
			   struct why *why)
{
	size_t size = 0;
	FILE *key;
	void *i;

	if (!json_is_object(json) || json_object_size(json) > PARAMETERS_MAX)
		return refuse(why, "parameters is no object of at most %d",
			      PARAMETERS_MAX);
	key = open_memstream(&cell->key, &size);
	if (!key)
		return -ENOMEM;
	for (i = json_object_iter((json_t *)json); i;
	     i = json_object_iter_next((json_t *)json, i)) {
		const char *name = json_object_iter_key(i);
		const char *value =
			json_string_value(json_object_iter_value(i));
		struct parameter *p;

		if (!is_token(name) || !is_token(value)) {
			fclose(key);
			return refuse(why, "a parameter is no plain string");
		}
		p = append((void **)&cell->parameters, &cell->parameter_count,
			   sizeof(*p));
		if (p) {
			fprintf(key, "%s%s=%s",
				cell->parameter_count > 1 ? "," : "", name,
				value);
			p->name = strdup(name);
			p->value = strdup(value);
		}
		if (!p || !p->name || !p->value) {
			fclose(key);
			return -ENOMEM;
		}
	}
	return fclose(key) ? -ENOMEM : 0;
}

static int read_checks(const json_t *json, struct cell *cell, struct why *why)
{
	const json_t *pages = json_object_get(json, "pages");
	const json_t *wrong = json_object_get(json, "wrong");

	if (!json)
		return 0;
	if (!is_count(pages) || !is_count(wrong))
		return refuse(why, "checks has no counts pages and wrong");
	cell->pages_checked = (uint64_t)json_integer_value(pages);
	cell->pages_wrong = (uint64_t)json_integer_value(wrong);
	if (cell->pages_wrong && cell->status == CELL_OK)
		return refuse(why, "a cell with wrong pages says it is ok");
	return 0;
}

static int read_status(const json_t *json, struct cell *cell, struct why *why)
{
	const char *status = text_at(json, "status", "");
	const char *reason = text_at(json, "reason", "");

	if (!strcmp(status, "skipped"))
		cell->status = CELL_SKIPPED;
	else if (!strcmp(status, "failed"))
		cell->status = CELL_FAILED;
	else if (strcmp(status, "ok"))
		return refuse(why, "status is none of ok, skipped, failed");
	if (cell->status != CELL_OK && !*reason)
		return refuse(why, "a cell is %s and says no reason", status);
	cell->reason = strdup(reason);
	return cell->reason ? 0 : -ENOMEM;
}

static int read_cell(const json_t *json, const char *unit, struct cell *cell,
		     struct why *why)
{
	const char *benchmark = text_at(json, "benchmark", "");
	const json_t *version = json_object_get(json, "benchmark_version");
	int err;

	if (!is_token(benchmark) || !is_count(version))
		return refuse(why, "no benchmark or benchmark_version");
	cell->version = json_integer_value(version);
	cell->benchmark = strdup(benchmark);
	if (!cell->benchmark)
		return -ENOMEM;
	err = read_parameters(json_object_get(json, "parameters"), cell, why);
	if (!err)
		err = read_status(json, cell, why);
	if (!err)
		err = read_checks(json_object_get(json, "checks"), cell, why);
	if (!err)
		err = read_phases(json_object_get(json, "phases"), unit, cell,
				  why);
	if (!err && cell->status == CELL_OK && !cell->phase_count)
		err = refuse(why, "a cell is ok and has no phases");
	return err;
}

int record_cell(const json_t *json, const char *unit, struct cell *cell,
		struct why *why)
{
	int err;

	memset(cell, 0, sizeof(*cell));
	err = read_cell(json, unit, cell, why);
	if (err)
		cell_free(cell);
	return err;
}
