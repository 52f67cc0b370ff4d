// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of each benchmark: which of its rows tell the most. */
#include <stdlib.h>
#include <string.h>

#include "report/place.h"

/* More cells than this are left to summary.tsv. */
#define PIVOT_MAX 40

static const struct measure touch_columns[] = {
	{"mmap", {{"mmap", MEDIAN}}},
	{"touch median", {{"first-touch", MEDIAN}}},
	{"samples", {{"first-touch", SAMPLES}}},
	{"p99", {{"first-touch", P99}}},
	{"max", {{"first-touch", MAX}}},
	{"first-touch-total", {{"first-touch-total", TOTAL}}},
	{"second-touch-total", {{"second-touch-total", TOTAL}}},
	{"munmap", {{"munmap", MEDIAN}}},
	{"faults", {{"faults", TOTAL}}},
	{"page tables before", {{"page-tables-before", TOTAL}}},
	{"page tables after", {{"page-tables-after", TOTAL}}},
};

static const struct measure leaf_columns[] = {
	{"faults", {{"faults", TOTAL}}},
	{"page-table bytes", {{"page-tables", TOTAL}}},
	{"second-touch-total", {{"second-touch-total", TOTAL}}},
};

static bool pick(const struct place *p, const struct filter *filter,
		 struct cell_list *list)
{
	if (select_cells(p->s, p->base, filter, list))
		p->doc->failed = true;
	return !p->doc->failed && list->count;
}

void place_detail(const struct place *p, const struct filter *filter,
		  const struct measure *columns, size_t count)
{
	struct cell_list list;

	if (!pick(p, filter, &list))
		return;
	detail_table(p->doc, p->s, p->base, &list, columns, count);
	free(list.cells);
}

/* By length, else as recorded; a plan may list lengths in any order. */
static void sort_by_length(struct cell_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		const struct cell *cell = list->cells[i];
		uint64_t bytes = size_bytes(cell_parameter(cell, "length"));
		size_t j = i;

		for (; j && size_bytes(cell_parameter(list->cells[j - 1],
						      "length")) > bytes;
		     j--)
			list->cells[j] = list->cells[j - 1];
		list->cells[j] = cell;
	}
}

static void pivot_with(const struct place *p, const struct filter *filter,
		       cell_text_fn *cell_text, const void *context,
		       const char *words)
{
	struct cell_list list;
	size_t all;

	if (!pick(p, filter, &list))
		return;
	all = list.count;
	sort_by_length(&list);
	doc_para(p->doc, "%s", words);
	if (list.count > PIVOT_MAX)
		list.count = PIVOT_MAX;
	pivot_table(p->doc, p->s, p->base, &list, filter->benchmark, cell_text,
		    context);
	if (all > list.count)
		doc_para(p->doc, "%zu further cells are in summary.tsv.",
			 all - list.count);
	free(list.cells);
}

void place_pivot(const struct place *p, const struct filter *filter,
		 const struct measure *measure, const char *words)
{
	pivot_with(p, filter, cell_measure, measure, words);
}

static void first_touch(const struct place *p, bool brief)
{
	struct filter all = {"first-touch", {{"target", p->target}}};
	struct filter one = {"first-touch",
			     {{"target", p->target}, {"align", "1G"}}};
	struct filter largest = {
		"first-touch", {{"target", p->target}, {"length", p->length}}};

	place_pivot(p, brief ? &one : &all, &measure_reach,
		    "Cost to reach every page, `mmap` + `first-touch-total`:");
	if (brief)
		return;
	doc_para(p->doc, "Phases at the largest length; `mmap` and `munmap` "
			 "are one call's, the touches one page's:");
	place_detail(p, &largest, touch_columns, COUNT(touch_columns));
}

static void huge_pfnmap(const struct place *p, bool brief)
{
	struct filter all = {"huge-pfnmap", {{"target", p->target}}};
	struct filter largest = {
		"huge-pfnmap", {{"target", p->target}, {"length", p->length}}};

	pivot_with(p, brief ? &largest : &all, cell_leaves, NULL,
		   "Leaves as PTE/PMD/PUD:");
	if (brief)
		return;
	doc_para(p->doc, "What they take at the largest length, and a shuffled "
			 "walk over them:");
	place_detail(p, &largest, leaf_columns, COUNT(leaf_columns));
}

/* One a line: a benchmark that is added changes no other. */
// clang-format off
static const struct {
	const char *name;
	void (*write)(const struct place *place, bool brief);
} benchmarks[] = {
	{"first-touch", first_touch},
	{"huge-pfnmap", huge_pfnmap},
	{"reset-recovery", tables_reset_recovery},
	{"outage", tables_outage},
	{"controls", tables_controls},
	{"bystander", tables_bystander},
	{"fork", tables_fork},
	{"contended-touch", tables_contended_touch},
	{"dma-map", tables_dma_map},
	{"bring-up", tables_bring_up},
	{"power", tables_power},
	{"nvme-recovery", tables_nvme_recovery},
};
// clang-format on

static const char *largest_length(const struct cell_list *cells,
				  const char *target)
{
	const char *largest = "";

	for (size_t i = 0; i < cells->count; i++) {
		const char *length = cell_parameter(cells->cells[i], "length");

		if (!strcmp(cell_parameter(cells->cells[i], "target"),
			    target) &&
		    size_bytes(length) >= size_bytes(largest))
			largest = length;
	}
	return largest;
}

/* Is cell @i the first of its target? */
static bool new_target(const struct cell_list *cells, size_t i)
{
	const char *target = cell_parameter(cells->cells[i], "target");

	for (size_t j = 0; j < i; j++)
		if (!strcmp(cell_parameter(cells->cells[j], "target"), target))
			return false;
	return true;
}

static void benchmark(struct doc *doc, const struct summary *s,
		      const char *base, size_t which, bool brief)
{
	struct filter filter = {benchmarks[which].name, {{NULL, NULL}}};
	struct place place = {doc, s, base, NULL, NULL};
	struct cell_list cells;

	if (!pick(&place, &filter, &cells)) {
		doc_para(doc, "`%s`: no kernel of %s gave a result.",
			 benchmarks[which].name, base);
		return;
	}
	for (size_t i = 0; i < cells.count; i++) {
		if (!new_target(&cells, i))
			continue;
		place.target = cell_parameter(cells.cells[i], "target");
		place.length = largest_length(&cells, place.target);
		benchmarks[which].write(&place, brief);
		if (brief) /* the first target is the device */
			break;
	}
	free(cells.cells);
}

void section_benchmarks(struct doc *doc, const struct summary *s, bool brief)
{
	const char *base;

	for (size_t b = 0; b < COUNT(benchmarks); b++) {
		doc_heading(doc, brief ? 2 : 3, "%s", benchmarks[b].name);
		for (size_t i = 0; (base = base_at(s->run, i)); i++) {
			if (base_at(s->run, 1))
				doc_heading(doc, brief ? 3 : 4, "On %s", base);
			benchmark(doc, s, base, b, brief);
		}
	}
}
