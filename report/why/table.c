// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/table.h"

#include <stdio.h>
#include <string.h>

const char *share_text(char *text, uint64_t part, uint64_t whole)
{
	double percent = whole ? 100 * (double)part / (double)whole : 0;

	if (!part)
		strcpy(text, "0");
	else if (percent < 0.05)
		strcpy(text, "<0.1%");
	else
		snprintf(text, 16, "%.1f%%", percent);
	return text;
}

const char *page_text(char *text, uint64_t cost, uint64_t pages)
{
	if (!pages)
		strcpy(text, "-");
	else if (!cost)
		strcpy(text, "0");
	else if (cost / pages >= 1000)
		grouped(text, (cost + pages / 2) / pages);
	else
		ratio_text(text, 32, (double)cost / (double)pages);
	return text;
}

/* Loads, stores and calls are not in stacks: a column of zeros says nothing. */
struct columns {
	bool pages;
	bool calls;
	bool accesses;
};

static struct columns columns_of(const struct profile_phase *phase)
{
	struct columns c = {phase->pages, false, false};

	for (size_t i = 0; i < phase->count; i++) {
		c.calls |= phase->functions[i].calls > 0;
		c.accesses |= phase->functions[i].loads > 0 ||
			      phase->functions[i].stores > 0;
	}
	return c;
}

/* What a row says of a function, or of several together. */
static void row(struct table *t, const struct columns *c,
		const struct profile_phase *phase,
		const struct profile_function *f)
{
	char text[32];

	table_cell(t, "%s", share_text(text, f->cost, phase->cost));
	if (c->pages)
		table_cell(t, "%s", page_text(text, f->cost, phase->pages));
	table_cell(t, "%s", grouped(text, f->cost));
	if (c->calls)
		table_cell(t, "%s", grouped(text, f->calls));
	if (c->accesses) {
		table_cell(t, "%s", grouped(text, f->loads));
		table_cell(t, "%s", grouped(text, f->stores));
	}
}

static void heads(struct table *t, const struct columns *c, const char *unit)
{
	table_head(t, "share");
	if (c->pages)
		table_head(t, "a page");
	table_head(t, "%s", unit);
	if (c->calls)
		table_head(t, "calls");
	if (c->accesses) {
		table_head(t, "loads");
		table_head(t, "stores");
	}
}

static void add(struct profile_function *sum, const struct profile_function *f)
{
	sum->cost += f->cost;
	sum->calls += f->calls;
	sum->loads += f->loads;
	sum->stores += f->stores;
}

static void title(struct doc *doc, const struct profile_kernel *kernel,
		  const struct profile_phase *phase)
{
	char text[32];

	doc_heading(doc, 3, "%s, %s", phase->benchmark, phase->phase);
	if (*phase->parameters)
		doc_para(doc, "`%s`", phase->parameters);
	doc_para(doc, "`%s%s%s`, %s %s:", kernel->base,
		 *kernel->base ? " " : "", kernel->variant,
		 grouped(text, phase->cost), kernel->unit);
}

void functions_table(struct doc *doc, const struct profile_kernel *kernel,
		     const struct profile_phase *phase, size_t top)
{
	struct profile_function rest = {0};
	struct columns c = columns_of(phase);
	struct table t;

	title(doc, kernel, phase);
	table_init(&t, 1);
	table_head(&t, "function");
	heads(&t, &c, kernel->unit);
	table_head(&t, "topic");
	for (size_t i = 0; i < phase->count; i++) {
		const struct profile_function *f = &phase->functions[i];

		if (i >= top) {
			add(&rest, f);
			continue;
		}
		table_cell(&t, "`%s`", f->name);
		row(&t, &c, phase, f);
		table_cell(&t, "%s", topic_looks[f->topic].words);
	}
	if (phase->count > top) {
		table_cell(&t, "%zu more", phase->count - top);
		row(&t, &c, phase, &rest);
		table_cell(&t, "-");
	}
	doc_table(doc, &t);
}

void topics_table(struct doc *doc, const struct profile_kernel *kernel,
		  const struct profile_phase *phase)
{
	struct profile_function sums[TOPIC_COUNT] = {0};
	const char *largest[TOPIC_COUNT] = {NULL};
	struct columns c = columns_of(phase);
	struct table t;

	title(doc, kernel, phase);
	for (size_t i = 0; i < phase->count; i++) {
		const struct profile_function *f = &phase->functions[i];

		add(&sums[f->topic], f);
		if (!largest[f->topic])
			largest[f->topic] = f->name;
	}
	table_init(&t, 1);
	table_head(&t, "topic");
	heads(&t, &c, kernel->unit);
	table_head(&t, "largest");
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		if (!largest[i])
			continue;
		table_cell(&t, "%s", topic_looks[i].words);
		row(&t, &c, phase, &sums[i]);
		table_cell(&t, "`%s`", largest[i]);
	}
	doc_table(doc, &t);
}
