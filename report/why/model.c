// SPDX-License-Identifier: GPL-2.0-or-later
/* model.tsv: what the plugin's model of caches and TLBs says of phases. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/lines.h"
#include "report/record.h"
#include "report/why/profile.h"
#include "report/why/tsv.h"

enum field {
	BENCHMARK,
	PARAMETERS,
	PHASE,
	COUNTER,
	VALUE,
	FIELDS
};

static const char *const heads[FIELDS] = {"benchmark", "parameters", "phase",
					  "counter", "value"};

static int take_header(char **fields, struct why *why)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (strcmp(fields[i], heads[i]))
			return refuse(why, "column %zu is not %s", i + 1,
				      heads[i]);
	return 0;
}

/* The phase has functions: what it costs is known before what it might miss. */
static struct profile_phase *find(struct profile_kernel *k, char **fields)
{
	const struct profile_phase like = {.benchmark = fields[BENCHMARK],
					   .parameters = fields[PARAMETERS],
					   .phase = fields[PHASE]};

	return (struct profile_phase *)phase_like(k, &like);
}

static int take_row(struct profile_kernel *k, char **fields, struct why *why)
{
	struct profile_phase *phase = find(k, fields);
	struct model_value *slot;
	uint64_t value;
	int err;

	if (!phase)
		return refuse(why, "a phase that functions.tsv has not");
	if (!is_token(fields[COUNTER]))
		return refuse(why, "the counter is no name");
	err = tsv_count(fields[VALUE], heads[VALUE], &value, why);
	if (err)
		return err;
	if (phase->model_count >= MODEL_COUNTERS_MAX)
		return refuse(why, "more than %d counters of a phase",
			      MODEL_COUNTERS_MAX);
	if (model_value(phase, fields[COUNTER], &value))
		return refuse(why, "a counter twice");
	slot = append((void **)&phase->model, &phase->model_count,
		      sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	slot->value = value;
	slot->counter = strdup(fields[COUNTER]);
	return slot->counter ? 0 : -ENOMEM;
}

int model_parse(struct lines *lines, struct profile_kernel *kernel,
		struct why *why)
{
	struct why inner = {"no header"};
	char *copy = NULL, *fields[FIELDS];
	const char *line;
	size_t number = 0, length;
	int more, err = 0;

	while (!err && (more = lines_next(lines, &line, &length, &inner))) {
		number++;
		err = more < 0 ? more
			       : tsv_split(line, length, &copy, fields, FIELDS,
					   &inner);
		if (!err)
			err = number == 1 ? take_header(fields, &inner)
					  : take_row(kernel, fields, &inner);
	}
	free(copy);
	if (!err && !number)
		err = -EINVAL;
	if (err == -EINVAL)
		refuse(why, "%zu: %.200s", number ? number : 1, inner.text);
	return err;
}

int model_read(const char *path, struct profile_kernel *kernel, struct why *why)
{
	struct lines lines;
	int err = lines_open(&lines, path, why);

	if (err)
		return err;
	err = model_parse(&lines, kernel, why);
	lines_close(&lines);
	return err;
}

void model_forget(struct profile_kernel *kernel)
{
	for (size_t i = 0; i < kernel->count; i++) {
		struct profile_phase *p = &kernel->phases[i];

		for (size_t m = 0; m < p->model_count; m++)
			free(p->model[m].counter);
		free(p->model);
		p->model = NULL;
		p->model_count = 0;
	}
}

bool model_value(const struct profile_phase *phase, const char *counter,
		 uint64_t *value)
{
	for (size_t i = 0; i < phase->model_count; i++)
		if (!strcmp(phase->model[i].counter, counter)) {
			*value = phase->model[i].value;
			return true;
		}
	return false;
}
