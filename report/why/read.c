// SPDX-License-Identifier: GPL-2.0-or-later
/* functions.tsv: a row a phase and function. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/lines.h"
#include "report/why/profile.h"
#include "report/why/tsv.h"

enum field {
	BENCHMARK,
	PARAMETERS,
	PHASE,
	FUNCTION,
	COST,
	CALLS,
	LOADS,
	STORES,
	PAGES,
	FIELDS
};

static const char *const heads[FIELDS] = {"benchmark", "parameters", "phase",
					  "function",  NULL,	     "calls",
					  "loads",     "stores",     "pages"};

/* One row, its fields as strings in @text. */
struct row {
	char *text;
	char *fields[FIELDS];
	uint64_t numbers[FIELDS];
};

struct reader {
	struct profile_kernel *kernel;
	struct row row;
	size_t most;
	struct why *why;
};

static int take_header(struct reader *r)
{
	char **fields = r->row.fields;

	for (size_t i = 0; i < FIELDS; i++)
		if (heads[i] && strcmp(fields[i], heads[i]))
			return refuse(r->why, "column %zu is not %s", i + 1,
				      heads[i]);
	if (strcmp(fields[COST], "instructions") &&
	    strcmp(fields[COST], "samples"))
		return refuse(r->why,
			      "column 5 is neither instructions nor samples");
	r->kernel->unit = strdup(fields[COST]);
	return r->kernel->unit ? 0 : -ENOMEM;
}

static int check_row(struct reader *r)
{
	char **fields = r->row.fields;
	int err = tsv_check_phase(fields[BENCHMARK], fields[PARAMETERS],
				  fields[PHASE], r->why);

	if (err)
		return err;
	if (!tsv_is_plain(fields[FUNCTION], FUNCTION_NAME_MAX))
		return refuse(r->why, "the function is no plain text");
	for (size_t i = COST; !err && i < FIELDS; i++)
		err = tsv_count(fields[i],
				heads[i] ? heads[i] : r->kernel->unit,
				&r->row.numbers[i], r->why);
	return err;
}

static bool is_of(const struct profile_phase *phase, const struct row *row)
{
	return !strcmp(phase->benchmark, row->fields[BENCHMARK]) &&
	       !strcmp(phase->parameters, row->fields[PARAMETERS]) &&
	       !strcmp(phase->phase, row->fields[PHASE]);
}

/* The phase of this row: mostly that of the row before. */
static int find_phase(struct reader *r, struct profile_phase **found)
{
	struct profile_kernel *k = r->kernel;
	struct row *row = &r->row;
	struct profile_phase *p;

	for (size_t i = k->count; i-- > 0;)
		if (is_of(&k->phases[i], row)) {
			*found = &k->phases[i];
			return (*found)->pages == row->numbers[PAGES]
				       ? 0
				       : refuse(r->why,
						"pages differ within a phase");
		}
	if (k->count >= PROFILE_PHASES_MAX)
		return refuse(r->why, "more than %d phases",
			      PROFILE_PHASES_MAX);
	p = append((void **)&k->phases, &k->count, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->benchmark = strdup(row->fields[BENCHMARK]);
	p->parameters = strdup(row->fields[PARAMETERS]);
	p->phase = strdup(row->fields[PHASE]);
	p->pages = row->numbers[PAGES];
	*found = p;
	return p->benchmark && p->parameters && p->phase ? 0 : -ENOMEM;
}

static int take_row(struct reader *r)
{
	struct profile_phase *phase = NULL;
	struct profile_function *f;
	const uint64_t *numbers = r->row.numbers;
	int err = check_row(r);

	if (!err && ++r->kernel->rows > r->most)
		err = refuse(r->why, "the profile has more than %d rows",
			     PROFILE_ROWS_MAX);
	if (!err)
		err = find_phase(r, &phase);
	if (err)
		return err;
	/* Each is 2^53 at most, and so must their sum be. */
	if (phase->cost + numbers[COST] > SAMPLES_MAX)
		return refuse(r->why, "a phase has more than 2^53 %s",
			      r->kernel->unit);
	f = append((void **)&phase->functions, &phase->count, sizeof(*f));
	if (!f)
		return -ENOMEM;
	phase->cost += numbers[COST];
	f->cost = numbers[COST];
	f->calls = numbers[CALLS];
	f->loads = numbers[LOADS];
	f->stores = numbers[STORES];
	f->topic = topic_of(r->row.fields[FUNCTION],
			    strlen(r->row.fields[FUNCTION]));
	f->name = strdup(r->row.fields[FUNCTION]);
	return f->name ? 0 : -ENOMEM;
}

static int by_name(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int by_cost(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Adds up what has one name, and puts the dearest first. */
static void put_in_order(struct profile_phase *p)
{
	struct profile_function *f = p->functions;
	size_t last = 0;

	if (!p->count)
		return;
	qsort(f, p->count, sizeof(*f), by_name);
	for (size_t i = 1; i < p->count; i++) {
		if (strcmp(f[i].name, f[last].name)) {
			f[++last] = f[i];
			continue;
		}
		f[last].cost += f[i].cost;
		f[last].calls += f[i].calls;
		f[last].loads += f[i].loads;
		f[last].stores += f[i].stores;
		free(f[i].name);
	}
	p->count = last + 1;
	qsort(f, p->count, sizeof(*f), by_cost);
}

int profile_parse(struct lines *lines, size_t most,
		  struct profile_kernel *kernel, struct why *why)
{
	struct reader r = {.kernel = kernel, .most = most};
	struct why inner = {"no header"};
	const char *line;
	size_t number = 0, length;
	int more, err = 0;

	memset(kernel, 0, sizeof(*kernel));
	r.why = &inner;
	for (; !err; number++) {
		more = lines_next(lines, &line, &length, &inner);
		if (more <= 0) {
			err = more;
			break;
		}
		err = tsv_split(line, length, &r.row.text, r.row.fields, FIELDS,
				r.why);
		if (!err)
			err = number ? take_row(&r) : take_header(&r);
	}
	free(r.row.text);
	if (!err && !kernel->unit)
		err = -EINVAL;
	if (err == -EINVAL)
		refuse(why, "%zu: %.200s", number ? number : 1, inner.text);
	if (err) {
		profile_kernel_free(kernel);
		return err;
	}
	for (size_t i = 0; i < kernel->count; i++)
		put_in_order(&kernel->phases[i]);
	return 0;
}

int profile_read(const char *path, size_t most, struct profile_kernel *kernel,
		 struct why *why)
{
	struct lines lines;
	int err = lines_open(&lines, path, why);

	if (err)
		return err;
	err = profile_parse(&lines, most, kernel, why);
	lines_close(&lines);
	return err;
}
