// SPDX-License-Identifier: GPL-2.0-or-later
/* Two phases, function by function. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/why/table.h"

const struct profile_function *delta_any(const struct delta *delta)
{
	return delta->after ? delta->after : delta->before;
}

int64_t delta_cost(const struct delta *d)
{
	return (int64_t)(d->after ? d->after->cost : 0) -
	       (int64_t)(d->before ? d->before->cost : 0);
}

/* By name, the side before first. */
static int by_name(const void *a, const void *b)
{
	const struct delta *x = a, *y = b;
	int order = strcmp(delta_any(x)->name, delta_any(y)->name);

	return order ? order : !x->before - !y->before;
}

static int by_difference(const void *a, const void *b)
{
	const struct delta *x = a, *y = b;
	int64_t dx = llabs(delta_cost(x)), dy = llabs(delta_cost(y));

	if (dx != dy)
		return dx < dy ? 1 : -1;
	return by_name(a, b);
}

int deltas_make(const struct profile_phase *before,
		const struct profile_phase *after, struct deltas *deltas)
{
	size_t all = before->count + after->count, last = 0;
	struct delta *list = calloc(all + 1, sizeof(*list));

	*deltas = (struct deltas){list, 0};
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < before->count; i++)
		list[i].before = &before->functions[i];
	for (size_t i = 0; i < after->count; i++)
		list[before->count + i].after = &after->functions[i];
	if (!all)
		return 0;
	qsort(list, all, sizeof(*list), by_name);
	for (size_t i = 1; i < all; i++)
		if (strcmp(delta_any(&list[i])->name,
			   delta_any(&list[last])->name))
			list[++last] = list[i];
		else
			list[last].after = list[i].after;
	deltas->count = last + 1;
	qsort(list, deltas->count, sizeof(*list), by_difference);
	return 0;
}

void deltas_free(struct deltas *deltas)
{
	free(deltas->list);
	*deltas = (struct deltas){NULL, 0};
}

/* "+1,234", "-1,234" or "0". */
static const char *signed_text(char *text, int64_t value)
{
	*text = value < 0 ? '-' : '+';
	grouped(text + (value != 0), (uint64_t)llabs(value));
	return text;
}

static void one_side(struct doc *doc, const char *who, const char *other,
		     const char *unit, uint64_t cost, size_t functions)
{
	char text[32];

	if (functions)
		doc_item(doc,
			 "`%s` runs %zu functions that `%s` does not: %s %s",
			 who, functions, other, grouped(text, cost), unit);
}

static void tell_sides(struct doc *doc, const char *const names[2],
		       const char *unit, const struct deltas *deltas)
{
	uint64_t cost[2] = {0};
	size_t count[2] = {0};

	for (size_t i = 0; i < deltas->count; i++) {
		const struct delta *d = &deltas->list[i];

		if (d->before && d->after)
			continue;
		count[!d->before]++;
		cost[!d->before] += delta_any(d)->cost;
	}
	one_side(doc, names[1], names[0], unit, cost[1], count[1]);
	one_side(doc, names[0], names[1], unit, cost[0], count[0]);
}

static void delta_row(struct table *t, const struct delta *d, uint64_t pages)
{
	const struct profile_function *f = delta_any(d);
	char text[40];
	int64_t cost = delta_cost(d);

	table_cell(t, "`%s`", f->name);
	table_cell(t, "%s", d->before ? grouped(text, d->before->cost) : "-");
	table_cell(t, "%s", d->after ? grouped(text, d->after->cost) : "-");
	table_cell(t, "%s", signed_text(text, cost));
	page_text(text + 1, (uint64_t)llabs(cost), pages);
	*text = cost < 0 ? '-' : '+';
	table_cell(t, "%s", cost && pages ? text : text + 1);
	table_cell(t, "%s", topic_looks[f->topic].words);
}

void difference_table(struct doc *doc, const char *const names[2],
		      const char *unit, const struct profile_phase *before,
		      const struct profile_phase *after, size_t top)
{
	struct deltas deltas;
	struct table t;
	char text[40], count[2][32];
	int64_t rest = 0;

	if (deltas_make(before, after, &deltas)) {
		doc->failed = true;
		return;
	}
	tell_sides(doc, names, unit, &deltas);
	doc_para(doc,
		 "`%s` %s %s, `%s` %s, %s; the largest differences:", names[0],
		 grouped(count[0], before->cost), unit, names[1],
		 grouped(count[1], after->cost),
		 signed_text(text,
			     (int64_t)after->cost - (int64_t)before->cost));
	table_init(&t, 1);
	table_head(&t, "function");
	table_head(&t, "%s", names[0]);
	table_head(&t, "%s", names[1]);
	table_head(&t, "difference");
	table_head(&t, "a page");
	table_head(&t, "topic");
	for (size_t i = 0; i < deltas.count; i++) {
		if (i < top && delta_cost(&deltas.list[i]))
			delta_row(&t, &deltas.list[i], after->pages);
		else
			rest += delta_cost(&deltas.list[i]);
	}
	doc_table(doc, &t);
	if (rest)
		doc_para(doc, "All others together: %s.",
			 signed_text(text, rest));
	deltas_free(&deltas);
}
