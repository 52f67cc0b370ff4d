// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Benchmarks in which several run at once have no profile: nobody can tell whose
 * instructions are whose. What they do is profiled elsewhere, by one alone. Each
 * figure here is of the profile, or of the run, and the row says of which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/why/section.h"
#include "report/why/table.h"

/* Phases of a profile that are the same work, one after the other. */
#define PARTS_MAX 4

struct work {
	const char *words;
	struct part {
		const char *benchmark;
		const char *phase;
	} parts[PARTS_MAX];
};

static const struct work calls = {"`disable` + `enable` + `first-access`",
				  {{"reset-recovery", "disable"},
				   {"reset-recovery", "enable"},
				   {"reset-recovery", "first-access"}}};
static const struct work populate = {
	"populate: `mmap` + `first-touch-total`",
	{{"first-touch", "mmap"}, {"first-touch", "first-touch-total"}}};
static const struct work toggle = {
	"toggle: `disable` + `enable` + `first-access` + `whole-bar`",
	{{"reset-recovery", "disable"},
	 {"reset-recovery", "enable"},
	 {"reset-recovery", "first-access"},
	 {"reset-recovery", "whole-bar"}}};
static const struct work touch = {"`first-touch-total`",
				  {{"first-touch", "first-touch-total"}}};

/* What all that is told of a base is taken from. */
struct view {
	struct doc *doc;
	const struct summary *s;
	const char *base;
	struct asked asked; /* whose ways are the columns */
};

/* One go of @part by that kernel; false where it was not profiled. */
static bool part_cost(const struct view *v, const struct part *part,
		      const struct profile_kernel *kernel, double *cost)
{
	struct asked a;

	if (!ask_phase(v->s->run->profile, v->base, part->benchmark,
		       part->phase, &a))
		return false;
	for (size_t i = 0; i < a.count; i++) {
		const struct profile_phase *p = a.ways[i].phase;
		uint64_t times = calls_of(p);

		if (a.ways[i].kernel != kernel)
			continue;
		*cost += (double)p->cost / (double)(times ? times : 1);
		return true;
	}
	return false;
}

static bool work_cost(const struct view *v, const struct work *work,
		      const struct profile_kernel *kernel, double *cost)
{
	*cost = 0;
	for (size_t i = 0; i < PARTS_MAX && work->parts[i].phase; i++)
		if (!part_cost(v, &work->parts[i], kernel, cost))
			return false;
	return true;
}

static void table_begin(const struct view *v, struct table *t)
{
	table_init(t, 1);
	table_head(t, "%s", v->asked.ways[0].kernel->unit);
	for (size_t i = 0; i < v->asked.count; i++)
		table_head(t, "%s", v->asked.ways[i].kernel->variant);
}

/* Of the profile, so many times; 0: in vain. */
static void work_row(const struct view *v, struct table *t,
		     const struct work *work, const char *words, double times)
{
	char text[32];
	double cost;

	table_cell(t, "%s", words);
	for (size_t i = 0; i < v->asked.count; i++)
		if (times > 0 &&
		    work_cost(v, work, v->asked.ways[i].kernel, &cost))
			table_cell(
				t, "%s",
				grouped(text, (uint64_t)(cost * times + 0.5)));
		else
			table_cell(t, "-");
}

/* Of the run, whose unit is that of the profile. */
static void run_row(const struct view *v, struct table *t,
		    const struct cell *cell, const struct measure *measure)
{
	char text[32];

	table_cell(t, "%s", measure->title);
	for (size_t i = 0; i < v->asked.count; i++) {
		const struct kernel *k = find_kernel(
			v->s->run, v->base, v->asked.ways[i].kernel->variant);

		table_cell(t, "%s",
			   k ? measure_text(text, v->s, k, cell, measure)
			     : "-");
	}
}

static bool is_counted(const struct way *way)
{
	return !strcmp(way->kernel->unit, "instructions");
}

static bool is_comparable(const struct view *v)
{
	return run_counts(v->s->run) && is_counted(&v->asked.ways[0]);
}

/* The longest cell that fits; NULL where there is none. */
static const struct cell *run_cell(const struct view *v,
				   const struct filter *filter)
{
	const struct cell *best = NULL;
	struct cell_list list;

	if (!is_comparable(v))
		return NULL;
	if (select_cells(v->s, v->base, filter, &list)) {
		v->doc->failed = true;
		return NULL;
	}
	for (size_t i = 0; i < list.count; i++)
		if (!best ||
		    size_bytes(cell_parameter(list.cells[i], "length")) >
			    size_bytes(cell_parameter(best, "length")))
			best = list.cells[i];
	free(list.cells);
	return best;
}

static void parameter(const struct view *v, const char *name, char *text)
{
	parameter_of(v->asked.parameters, name, text, TOKEN_MAX + 1);
}

static void outage(const struct view *v)
{
	struct table t;

	doc_para(v->doc,
		 "It has no profile of its own: its readers run beside the "
		 "calls, and whose instructions are whose nobody can tell. The "
		 "calls are those of reset-recovery, and so is the first read "
		 "behind them. What comes on top are the ten intervals with "
		 "memory off that were asked for, or a reset's wait for the "
		 "device; and readers see all of it in steps of their "
		 "interval.");
	if (!doc_is_detailed(v->doc))
		return;
	doc_para(v->doc, "Of the profile (`%s`):", v->asked.parameters);
	table_begin(v, &t);
	for (size_t i = 0; i < PARTS_MAX && calls.parts[i].phase; i++) {
		const struct work one = {"", {calls.parts[i]}};
		char words[TOKEN_MAX];

		snprintf(words, sizeof(words), "`%s`", one.parts[0].phase);
		work_row(v, &t, &one, words, 1);
	}
	work_row(v, &t, &calls, "together", 1);
	doc_table(v->doc, &t);
}

/* What its actor does at the profile's length, and how long others waited. */
static void bystander_rows(const struct view *v, struct table *t,
			   const struct work *work, const char *action,
			   const char *title)
{
	const struct measure worst = {title, {{"busy", MAX}}};
	char target[TOKEN_MAX + 1], length[TOKEN_MAX + 1], align[TOKEN_MAX + 1];
	const struct filter filter = {"bystander",
				      {{"target", target},
				       {"length", length},
				       {"align", align},
				       {"action", action},
				       {"bystander", "map"}}};
	const struct cell *cell;

	parameter(v, "target", target);
	parameter(v, "length", length);
	parameter(v, "align", align);
	cell = run_cell(v, &filter);
	work_row(v, t, work, work->words, 1);
	if (cell)
		run_row(v, t, cell, &worst);
}

static void bystander(const struct view *v)
{
	char length[TOKEN_MAX + 1];
	struct table t;

	parameter(v, "length", length);
	doc_para(v->doc,
		 "It has no profile of its own: two run at once. What its "
		 "actor does is told above: `mmap` and `first-touch-total` of "
		 "first-touch, or the calls and touches of reset-recovery. "
		 "Where the kernel does that in one piece, with the lock held "
		 "or without letting others run, a bystander waits for all of "
		 "it; a variant with a fault for each page does it in pieces, "
		 "between which others come to their turn.");
	if (!doc_is_detailed(v->doc))
		return;
	doc_para(v->doc,
		 "What the actor executes, of the profile%s (length=%s):",
		 is_comparable(v) ? ", and how long a thread that maps memory "
				    "waits at worst in this run"
				  : "",
		 length);
	table_begin(v, &t);
	bystander_rows(v, &t, &populate, "populate", "worst wait, populate");
	bystander_rows(v, &t, &toggle, "toggle", "worst wait, toggle");
	doc_table(v->doc, &t);
}

/* A thread alone, as the profile would have it and as it was; and all. */
static void contended_rows(const struct view *v, struct table *t)
{
	static const struct measure alone = {"`alone`", {{"alone", TOTAL}}};
	static const struct measure disjoint = {"`total`, part=disjoint",
						{{"total", TOTAL}}};
	static const struct measure same = {"`total`, part=same",
					    {{"total", TOTAL}}};
	static const struct measure redundant[] = {
		{"redundant faults, part=disjoint",
		 {{"redundant-faults", TOTAL}}},
		{"redundant faults, part=same", {{"redundant-faults", TOTAL}}}};
	static const struct filter parts[] = {
		{"contended-touch", {{"part", "disjoint"}}},
		{"contended-touch", {{"part", "same"}}}};
	const struct cell *one = run_cell(v, &parts[0]);
	const struct cell *other = run_cell(v, &parts[1]);
	const struct cell *cell = one ? one : other;
	char words[96], length[TOKEN_MAX + 1];
	double own = (double)pages_of_cell(v->asked.parameters);
	double pages =
		cell ? (double)(size_bytes(cell_parameter(cell, "length")) /
				4096)
		     : own;

	parameter(v, "length", length);
	snprintf(words, sizeof(words), "%s, %.4g times", touch.words,
		 own > 0 ? pages / own : 0);
	work_row(v, t, &touch, words, own > 0 ? pages / own : 0);
	if (cell)
		run_row(v, t, cell, &alone);
	if (one)
		run_row(v, t, one, &disjoint);
	if (other)
		run_row(v, t, other, &same);
	if (one)
		run_row(v, t, one, &redundant[0]);
	if (other)
		run_row(v, t, other, &redundant[1]);
}

static void contended_touch(const struct view *v)
{
	struct table t;

	doc_para(v->doc,
		 "It has no profile of its own: stamps of several threads "
		 "overlap. A thread alone does what first-touch does, page for "
		 "page. What all of them together cost more is their start and "
		 "end, where each touches all pages (part=same) the touches "
		 "themselves, and the faults that are redundant.");
	if (!doc_is_detailed(v->doc))
		return;
	doc_para(v->doc, "`first-touch-total` of the profile (`%s`)%s:",
		 v->asked.parameters,
		 is_comparable(v) ? ", and what this run has measured" : "");
	table_begin(v, &t);
	contended_rows(v, &t);
	doc_table(v->doc, &t);
}

static uint64_t faults_of(const struct profile_phase *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->functions[i].name, "exc_page_fault"))
			return p->functions[i].calls;
	return 0;
}

/* "`base` 8, `insert-pfn` 4,096": the faults of a first touch. */
static void huge_pfnmap(const struct view *v)
{
	char *list = NULL, text[32];
	size_t size;
	FILE *out;

	out = open_memstream(&list, &size);
	if (!out) {
		v->doc->failed = true;
		return;
	}
	for (size_t i = 0; i < v->asked.count; i++)
		fprintf(out, "%s`%s` %s", i ? ", " : "",
			v->asked.ways[i].kernel->variant,
			grouped(text, faults_of(v->asked.ways[i].phase)));
	if (fclose(out))
		v->doc->failed = true;
	else
		doc_para(v->doc,
			 "A page that has its entry is reached without the "
			 "kernel, whatever the leaf: what larger leaves save "
			 "is no instruction of this walk, but the CPU's own "
			 "reads of page tables, and before it the page faults "
			 "that make the entries. These are, in "
			 "`first-touch-total` (`%s`): %s; where there is "
			 "none, mmap() made them.",
			 v->asked.parameters, list);
	free(list);
}

static void nvme_recovery(const struct view *v)
{
	static const struct filter filter = {"nvme-recovery",
					     {{"action", "toggle"}}};
	static const struct measure work = {"`work`", {{"work", TOTAL}}};
	static const struct measure faults = {"faults", {{"faults", TOTAL}}};
	const struct cell *cell = run_cell(v, &filter);
	struct table t;

	doc_para(v->doc,
		 "`reset` is, with action=toggle, both calls. The steps behind "
		 "`first-access` wait for the device and have stamps within "
		 "stamps: they have no profile. What a variant changes in "
		 "`work` are the page faults, that of `first-access` and, with "
		 "one for each page, that of the doorbells; all else there is "
		 "the driver's own, the same with each.");
	if (!cell || !doc_is_detailed(v->doc))
		return;
	doc_para(v->doc, "`first-access` of the profile, and what this run has "
			 "measured with action=toggle:");
	table_begin(v, &t);
	work_row(v, &t, &(struct work){"", {{"nvme-recovery", "first-access"}}},
		 "`first-access`", 1);
	run_row(v, &t, cell, &work);
	run_row(v, &t, cell, &faults);
	doc_table(v->doc, &t);
}

static void power(const struct view *v)
{
	static const struct measure cpu = {"`sleep-cpu`",
					   {{"sleep-cpu", TOTAL}}};
	char target[TOKEN_MAX + 1], length[TOKEN_MAX + 1], align[TOKEN_MAX + 1],
		state[TOKEN_MAX + 1];
	const struct filter filter = {"power",
				      {{"target", target},
				       {"length", length},
				       {"align", align},
				       {"state", state}}};
	const struct work zap = {"", {{"reset-recovery", "disable"}}};
	const struct cell *cell;
	struct table t;

	parameter(v, "target", target);
	parameter(v, "length", length);
	parameter(v, "align", align);
	parameter(v, "state", state);
	cell = run_cell(v, &filter);
	doc_para(v->doc,
		 "`sleep` is told of by another phase: it zaps as `disable` of "
		 "reset-recovery does, and whether the kernel's thread that "
		 "suspends the device runs within the call or behind it is up "
		 "to the scheduler.");
	if (!cell || !doc_is_detailed(v->doc))
		return;
	doc_para(v->doc,
		 "`disable` of the profile, and the CPU time of `sleep` in "
		 "this run (`%s`):",
		 v->asked.parameters);
	table_begin(v, &t);
	work_row(v, &t, &zap, "`disable`", 1);
	run_row(v, &t, cell, &cpu);
	doc_table(v->doc, &t);
}

static const struct {
	const char *benchmark;
	struct part needs; /* that is, whose kernels are told of */
	void (*tell)(const struct view *v);
	bool counted; /* of samples there is nothing to tell */
} explained[] = {
	{"huge-pfnmap",
	 {"first-touch", "first-touch-total"},
	 huge_pfnmap,
	 true},
	{"outage", {"reset-recovery", "enable"}, outage, false},
	{"bystander", {"first-touch", "first-touch-total"}, bystander, false},
	{"contended-touch",
	 {"first-touch", "first-touch-total"},
	 contended_touch,
	 false},
	{"power", {"power", "wake"}, power, false},
	{"nvme-recovery",
	 {"nvme-recovery", "first-access"},
	 nvme_recovery,
	 false},
};
#define EXPLAINED (sizeof(explained) / sizeof(*explained))

static bool find(const struct profile *profile, const char *base,
		 const char *benchmark, size_t *which, struct asked *asked)
{
	for (size_t i = 0; i < EXPLAINED; i++)
		if (!strcmp(explained[i].benchmark, benchmark)) {
			*which = i;
			return ask_phase(profile, base,
					 explained[i].needs.benchmark,
					 explained[i].needs.phase, asked) &&
			       (!explained[i].counted ||
				is_counted(&asked->ways[0]));
		}
	return false;
}

bool is_explained(const struct profile *profile, const char *base,
		  const char *benchmark)
{
	struct asked asked;
	size_t which;

	return find(profile, base, benchmark, &which, &asked);
}

void section_beside(struct doc *doc, const struct summary *s, const char *base,
		    const char *benchmark)
{
	struct view v = {doc, s, base, {0}};
	size_t which;

	if (find(s->run->profile, base, benchmark, &which, &v.asked))
		explained[which].tell(&v);
}
