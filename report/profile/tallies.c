// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define PAGE UINT64_C(4096)

struct tally_entry {
	char *benchmark, *parameters, *phase;
	struct tally_sum sum;
};

/* What a sample of a phase is about: docs/RESULT-FORMAT.md. */
enum about {
	ABOUT_MAPPING, /* one mapping of the cell's length */
	ABOUT_PAGE,
	ABOUT_PROCESS, /* all mappings of a process */
	ABOUT_ALL, /* all mappings of all processes */
	ABOUT_NOTHING,
};

static const struct {
	const char *phase;
	enum about about;
} phases[] = {
	{"first-touch", ABOUT_PAGE},
	{"second-touch", ABOUT_PAGE},
	{"first-access", ABOUT_PAGE},
	{"child-first-access", ABOUT_PAGE},
	{"anonymous-touch", ABOUT_PAGE},
	{"touch", ABOUT_PAGE},
	{"populate", ABOUT_PROCESS},
	{"whole-bar", ABOUT_PROCESS},
	{"disable", ABOUT_ALL},
	{"enable", ABOUT_ALL},
	{"reset", ABOUT_ALL},
	{"getppid", ABOUT_NOTHING},
	{"delayed-getppid", ABOUT_NOTHING},
	{"delay", ABOUT_NOTHING},
	{"delay-found", ABOUT_NOTHING},
};

static enum about about_what(const char *phase)
{
	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases); i++)
		if (!strcmp(phases[i].phase, phase))
			return phases[i].about;
	return ABOUT_MAPPING;
}

static uint64_t number_of(const json_t *parameters, const char *name)
{
	const char *text = json_string_value(json_object_get(parameters, name));
	char *end;
	uint64_t n = text ? strtoull(text, &end, 10) : 1;

	if (!text)
		return 1;
	switch (*end) {
	case 'G':
		n <<= 10;
		/* fall through */
	case 'M':
		n <<= 10;
		/* fall through */
	case 'K':
		n <<= 10;
	}
	return n;
}

/*
 * Of contended-touch each thread passes over the whole or its part. Of bring-up
 * samples are of BARs, and `length` is only what they have at most.
 */
static uint64_t pages_of(const char *benchmark, const json_t *parameters,
			 const char *phase, uint64_t samples)
{
	uint64_t pages = number_of(parameters, "length") / PAGE;

	if (!strcmp(benchmark, "bring-up"))
		return 0;
	switch (about_what(phase)) {
	case ABOUT_PAGE:
		return samples;
	case ABOUT_MAPPING:
		return samples * pages;
	case ABOUT_PROCESS:
		return samples * pages * number_of(parameters, "vmas");
	case ABOUT_ALL:
		return samples * pages * number_of(parameters, "vmas") *
		       number_of(parameters, "processes");
	case ABOUT_NOTHING:
		break;
	}
	return 0;
}

static void sum_up(const json_t *tally, struct tally_sum *sum)
{
	for (size_t i = 0; i < json_array_size(tally); i++) {
		const json_t *pair = json_array_get(tally, i);
		uint64_t value =
			(uint64_t)json_integer_value(json_array_get(pair, 0));
		uint64_t times =
			(uint64_t)json_integer_value(json_array_get(pair, 1));

		sum->total += value * times;
		sum->samples += times;
	}
}

static char *join(const json_t *parameters)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *name, *separator = "";
	json_t *value;

	if (!out)
		return NULL;
	json_object_foreach((json_t *)parameters, name, value)
	{
		fprintf(out, "%s%s=%s", separator, name,
			json_string_value(value));
		separator = ",";
	}
	return fclose(out) ? NULL : text;
}

static int add(struct tallies *t, const json_t *cell, const json_t *phase)
{
	const json_t *parameters = json_object_get(cell, "parameters");
	struct tally_entry *more = reallocarray(t->all, t->count + 1,
						sizeof(*more)),
			   *e;
	const char *unit = json_string_value(json_object_get(phase, "unit"));
	const char *name = json_string_value(json_object_get(phase, "name"));
	const char *benchmark =
		json_string_value(json_object_get(cell, "benchmark"));

	if (!more)
		return -ENOMEM;
	t->all = more;
	if (!unit || !name || !benchmark)
		return -EINVAL;
	if (strcmp(unit, "instructions"))
		return 0;
	e = &t->all[t->count++];
	*e = (struct tally_entry){
		strdup(benchmark), join(parameters), strdup(name), {0}};
	if (!e->benchmark || !e->parameters || !e->phase)
		return -ENOMEM;
	sum_up(json_object_get(phase, "tally"), &e->sum);
	e->sum.pages = pages_of(benchmark, parameters, name, e->sum.samples);
	return 0;
}

static int add_record(struct tallies *t, const json_t *record)
{
	const json_t *all = json_object_get(record, "phases");
	const char *type = json_string_value(json_object_get(record, "type"));
	int err = 0;

	if (!type || strcmp(type, "cell"))
		return 0;
	for (size_t i = 0; !err && i < json_array_size(all); i++)
		err = add(t, record, json_array_get(all, i));
	return err;
}

int tallies_read(struct tallies *t, const char *file, struct why *why)
{
	FILE *in = fopen(file, "re");
	json_error_t error;
	json_t *record;
	int err = 0;

	*t = (struct tallies){0};
	if (!in)
		return explain(why, -EINVAL, "%s: %s", file, strerror(errno));
	while (!err &&
	       (record = json_loadf(in, JSON_DISABLE_EOF_CHECK, &error))) {
		err = add_record(t, record);
		json_decref(record);
	}
	if (!err && !feof(in))
		err = -EINVAL;
	fclose(in);
	if (err == -EINVAL)
		explain(why, err, "%s: not the records of a boot", file);
	return err;
}

const struct tally_sum *tallies_find(const struct tallies *t,
				     const struct profile *p)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->all[i].phase, p->phase) &&
		    !strcmp(t->all[i].parameters, p->parameters) &&
		    !strcmp(t->all[i].benchmark, p->benchmark))
			return &t->all[i].sum;
	return NULL;
}

void tallies_free(struct tallies *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->all[i].benchmark);
		free(t->all[i].parameters);
		free(t->all[i].phase);
	}
	free(t->all);
}
