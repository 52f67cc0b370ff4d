// SPDX-License-Identifier: GPL-2.0-or-later
/* What a model of caches and TLBs makes of the same accesses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/why/section.h"
#include "report/why/table.h"

static const struct {
	const char *counter;
	const char *head;
} columns[] = {
	{"accesses", "accesses"},   {"l1d-misses", "L1D misses"},
	{"l2-misses", "L2 misses"}, {"l3-misses", "L3 misses"},
	{"walks", "walks"},	    {"walk-reads", "walk reads"},
	{"bar-walks", "BAR walks"}, {"bar-walk-reads", "BAR walk reads"},
};
#define COLUMNS (sizeof(columns) / sizeof(*columns))

/* Where the leaves that are there matter: no more instructions than touches. */
static const struct {
	const char *benchmark;
	const char *phase;
} phases[] = {
	{"first-touch", "first-touch-total"},
	{"first-touch", "second-touch-total"},
	{"reset-recovery", "enable"},
};

static void cell(struct table *t, const struct profile_phase *p,
		 const char *counter)
{
	uint64_t value;
	char text[32];

	if (!model_value(p, counter, &value))
		table_cell(t, "-");
	else if (p->pages)
		table_cell(t, "%s", page_text(text, value, p->pages));
	else
		table_cell(t, "%s", grouped(text, value));
}

/* Has any variant something of it? A column of zeros says nothing. */
static bool is_counted(const struct asked *a, const char *counter)
{
	uint64_t value;

	for (size_t i = 0; i < a->count; i++)
		if (model_value(a->ways[i].phase, counter, &value) && value)
			return true;
	return false;
}

static void table_of(struct doc *doc, const struct asked *a)
{
	struct table t;

	doc_para(doc, "`%s` in the model, each of %s (`%s`):", a->phase,
		 a->ways[0].phase->pages ? "a page" : "the phase",
		 a->parameters);
	table_init(&t, 1);
	table_head(&t, "kernel");
	for (size_t i = 0; i < COLUMNS; i++)
		if (is_counted(a, columns[i].counter))
			table_head(&t, "%s", columns[i].head);
	for (size_t i = 0; i < a->count; i++) {
		if (!a->ways[i].phase->model_count)
			continue;
		table_cell(&t, "`%s`", a->ways[i].kernel->variant);
		for (size_t c = 0; c < COLUMNS; c++)
			if (is_counted(a, columns[c].counter))
				cell(&t, a->ways[i].phase, columns[c].counter);
	}
	doc_table(doc, &t);
}

/* The ways that read most and least of page tables to reach the BAR. */
static void tell(struct doc *doc, const struct asked *a)
{
	const struct way *most = NULL, *least = NULL;
	uint64_t value, high = 0, low = 0;
	char text[2][32];

	for (size_t i = 0; i < a->count; i++) {
		const struct way *way = &a->ways[i];

		if (!way->phase->pages ||
		    !model_value(way->phase, "bar-walk-reads", &value))
			continue;
		if (!most || value > high) {
			most = way;
			high = value;
		}
		if (!least || value < low ||
		    (value == low && way == a->baseline)) {
			least = way;
			low = value;
		}
	}
	if (!most || high == low)
		return;
	doc_para(doc,
		 "In `%s` a read of a page of the BAR takes, in this model, %s "
		 "reads of page tables with `%s`, and %s with `%s`.",
		 a->phase, page_text(text[0], high, most->phase->pages),
		 most->kernel->variant,
		 page_text(text[1], low, least->phase->pages),
		 least->kernel->variant);
}

/* "l1d 48K 12, l2 2M 16", as the file of sizes has it. */
static char *parameters(const json_t *model)
{
	json_t *list = json_object_get(model, "parameters");
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (void *i = json_object_iter(list); i;
	     i = json_object_iter_next(list, i)) {
		const json_t *words = json_object_iter_value(i);

		fprintf(out, "%s%s", size ? ", " : "", json_object_iter_key(i));
		for (size_t n = 0; n < json_array_size(words); n++)
			fprintf(out, " %.16s",
				json_string_value(json_array_get(words, n))
					?: "?");
		fflush(out);
	}
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static bool is_modelled(const struct asked *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->ways[i].phase->model_count)
			return true;
	return false;
}

static void introduce(struct doc *doc, const struct profile *profile)
{
	const json_t *model = json_object_get(profile->json, "model");
	char *text = parameters(model);

	if (!text) {
		doc->failed = true;
		return;
	}
	doc_heading(doc, 4, "A model of caches and TLBs");
	doc_para(doc,
		 "No measurement: what caches and TLBs of these sizes, as "
		 "simply built as docs/PROFILE.md says, would miss of the same "
		 "accesses. Bytes or entries, and ways: `%s`.",
		 *text ? text : "not said");
	free(text);
}

void section_model(struct doc *doc, const struct profile *profile,
		   const char *base)
{
	bool first = true;

	for (size_t i = 0; i < sizeof(phases) / sizeof(*phases); i++) {
		struct asked a;

		if (!ask_phase(profile, base, phases[i].benchmark,
			       phases[i].phase, &a) ||
		    !is_modelled(&a))
			continue;
		if (first)
			introduce(doc, profile);
		first = false;
		tell(doc, &a);
		if (doc_is_detailed(doc))
			table_of(doc, &a);
	}
}
