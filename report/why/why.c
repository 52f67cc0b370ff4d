// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why a variant costs what it costs: the section of a report that quotes the
 * profile. Each figure is computed from functions.tsv.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/why/asked.h"
#include "report/why/section.h"
#include "report/why/table.h"
#include "report/sections.h"

#define TOPICS_TOLD 8 /* of a phase, in a sentence, if they have 1% */
#define TOPIC_LEAST 100 /* the least part of a phase that is told: 1 in 100 */
#define ALIKE 20 /* what costs 1 in 20 at most does not change the picture */
#define PAGES_LEAST 512 /* of fewer it is told what all cost */
#define FUNCTIONS_TOLD 3
#define OTHERS_TOLD 3
#define INLINED_TOLD 6

/* In the order of their tables; controls measure the instrument. */
static const char *const why_benchmarks[] = {
	"first-touch", "huge-pfnmap", "reset-recovery",	 "outage",
	"bystander",   "fork",	      "contended-touch", "dma-map",
	"bring-up",    "power",	      "nvme-recovery",	 NULL,
};

/* A sentence is put together, then written: its parts are lists. */
struct sentence {
	char *text;
	size_t size;
	FILE *out;
};

/* end() drops it where nothing was . */
static bool begin(struct doc *doc, struct sentence *s)
{
	*s = (struct sentence){NULL, 0, NULL};
	s->out = open_memstream(&s->text, &s->size);
	doc->failed |= !s->out;
	return s->out;
}

static void end(struct doc *doc, struct sentence *s, bool said)
{
	if (fclose(s->out))
		doc->failed = true;
	else if (said)
		doc_para(doc, "%s", s->text);
	free(s->text);
}

/* 1,570 and 131 and 31.0 and 3.14. */
static void number(FILE *out, double value)
{
	char text[32];

	if (value >= 1000)
		fputs(grouped(text, (uint64_t)(value + 0.5)), out);
	else
		fputs(ratio_text(text, sizeof(text), value), out);
}

/*
 * Is it the pages that cost? A call alone takes some thousand instructions, and a
 * read of a page five.
 */
static bool by_page(const struct way *way)
{
	const struct profile_phase *p = way->phase;

	return p->pages >= PAGES_LEAST && p->cost >= 4 * p->pages;
}

/* What a figure is divided by, and what it is then of: a page, a call, all. */
static uint64_t share_of(const struct way *way, const char **of)
{
	uint64_t calls = calls_of(way->phase);

	*of = by_page(way) ? " a page" : calls > 1 ? " a call" : "";
	return by_page(way) ? way->phase->pages : calls > 1 ? calls : 1;
}

/* "1,570 instructions a page", or "8,160 instructions" of what has no pages. */
static void amount(FILE *out, const struct way *way)
{
	const char *of;
	uint64_t parts = share_of(way, &of);

	number(out, (double)way->phase->cost / (double)parts);
	fprintf(out, " %s%s", way->kernel->unit, of);
}

/* The largest of @costs, which is then 0; false where none is left. */
static bool take_largest(uint64_t *costs, enum topic *topic, uint64_t *cost)
{
	size_t most = 0;

	for (size_t t = 1; t < TOPIC_COUNT; t++)
		most = costs[t] > costs[most] ? t : most;
	*topic = (enum topic)most;
	*cost = costs[most];
	costs[most] = 0;
	return *cost;
}

/* "31.0% of it fault handling, 17.5% PAT tracking, 9.2% locking" */
static void topics(FILE *out, uint64_t *costs, uint64_t whole, const char *of)
{
	enum topic topic;
	uint64_t cost;
	char text[32];

	for (size_t i = 0; i < TOPICS_TOLD; i++) {
		if (!take_largest(costs, &topic, &cost) ||
		    (i && cost < whole / TOPIC_LEAST))
			break;
		fprintf(out, "%s%s%s %s", i ? ", " : "",
			share_text(text, cost, whole), i ? "" : of,
			topic_looks[topic].words);
	}
}

/* Behind what a page costs: what that makes of a call, where others are so told. */
static void amount_of_call(FILE *out, const struct way *way,
			   const struct way *others)
{
	uint64_t calls = calls_of(way->phase);

	if (!calls || !by_page(way) || by_page(others))
		return;
	fputs(", ", out);
	number(out, (double)way->phase->cost / (double)calls);
	fputs(" a call", out);
}

/* How many page faults the phase took; 0 where nobody counted calls. */
static uint64_t faults_of(const struct profile_phase *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->functions[i].name, "exc_page_fault"))
			return p->functions[i].calls;
	return 0;
}

static bool is_close(const struct way *a, const struct way *b)
{
	uint64_t x = a->phase->cost, y = b->phase->cost;

	return (x > y ? x - y : y - x) <= (x > y ? x : y) / TOPIC_LEAST;
}

/* " (`eager` and `write-lock` are within 1%)": who is named is one of several. */
static void tell_close(FILE *out, const struct asked *a,
		       const struct way *named)
{
	size_t left = 0, said = 0;

	for (size_t i = 0; i < a->count; i++)
		left += &a->ways[i] != named && is_close(&a->ways[i], named);
	for (size_t i = 0; i < a->count; i++) {
		if (&a->ways[i] == named || !is_close(&a->ways[i], named))
			continue;
		left--;
		fprintf(out, "%s`%s`",
			!said++ ? " ("
			: left	? ", "
				: " and ",
			a->ways[i].kernel->variant);
	}
	if (said)
		fprintf(out, " %s within 1%%)", said > 1 ? "are" : "is");
}

/* What the dearest way is made of. */
static void tell_dearest(FILE *out, const struct asked *a)
{
	const struct profile_phase *p = a->dearest->phase;
	uint64_t costs[TOPIC_COUNT];
	char text[32];

	if (a->count > 1 && a->cheapest->phase->cost == p->cost) {
		fprintf(out, "`%s` costs the same with each", a->phase);
	} else {
		fprintf(out, "`%s` costs most with `%s`", a->phase,
			a->dearest->kernel->variant);
		tell_close(out, a, a->dearest);
	}
	fputs(": ", out);
	amount(out, a->dearest);
	amount_of_call(out, a->dearest, a->cheapest);
	if (faults_of(p) && faults_of(p) == p->pages && by_page(a->dearest))
		fputs(" (a page fault each)", out);
	else if (faults_of(p))
		fprintf(out, " (%s page fault%s in all)",
			grouped(text, faults_of(p)),
			faults_of(p) == 1 ? "" : "s");
	fputs(", ", out);
	memcpy(costs, a->dearest->topics, sizeof(costs));
	topics(out, costs, p->cost, " of it");
	if (p->count == 1) {
		fprintf(out, "; all of it is in `%s`.", p->functions[0].name);
		return;
	}
	fputs("; the largest functions are ", out);
	for (size_t i = 0; i < FUNCTIONS_TOLD && i < p->count; i++)
		fprintf(out, "%s`%s` (%s)", i ? ", " : "", p->functions[i].name,
			share_text(text, p->functions[i].cost, p->cost));
	fputs(".", out);
}

/* Topics of what @more costs above @less, where it costs more. */
static void tell_above(FILE *out, const struct way *more,
		       const struct way *less)
{
	uint64_t above[TOPIC_COUNT], whole = 0;
	struct deltas deltas;
	uint64_t alone = 0;
	size_t count = 0;
	char text[32];

	for (size_t t = 0; t < TOPIC_COUNT; t++) {
		above[t] = more->topics[t] > less->topics[t]
				   ? more->topics[t] - less->topics[t]
				   : 0;
		whole += above[t];
	}
	if (!whole || deltas_make(less->phase, more->phase, &deltas))
		return;
	for (size_t i = 0; i < deltas.count; i++)
		if (!deltas.list[i].before) {
			alone += deltas.list[i].after->cost;
			count++;
		}
	deltas_free(&deltas);
	if (less->phase->cost > more->phase->cost / ALIKE) {
		fputs(" What it executes more is ", out);
		topics(out, above, whole, "");
		fputs(".", out);
	}
	if (count)
		fprintf(out,
			" %zu function%s that `%s` does not run at all %s %s "
			"of `%s`.",
			count, count == 1 ? "" : "s", less->kernel->variant,
			count == 1 ? "is" : "are",
			share_text(text, alone, more->phase->cost),
			more->kernel->variant);
}

static void tell_times(FILE *out, const struct way *more,
		       const struct way *less)
{

	if (!less->phase->cost)
		return;
	fputs(", ", out);
	number(out, (double)more->phase->cost / (double)less->phase->cost);
	fputs(" times less", out);
}

static void tell_others(FILE *out, const struct asked *a)
{
	const struct way *other = a->baseline && a->baseline != a->dearest
					  ? a->baseline
					  : a->cheapest;
	bool differs = !is_close(other, a->dearest);

	if (differs) {
		fprintf(out, " `%s` gets by with ", other->kernel->variant);
		amount(out, other);
		tell_times(out, a->dearest, other);
		fputs(".", out);
		tell_above(out, a->dearest, other);
	}
	if (is_close(a->cheapest, differs ? other : a->dearest))
		return;
	fprintf(out, " The least is `%s`", a->cheapest->kernel->variant);
	tell_close(out, a, a->cheapest);
	fputs(" with ", out);
	amount(out, a->cheapest);
	fputs(".", out);
}

static void tell(struct doc *doc, const struct asked *a)
{
	struct sentence s;

	if (!begin(doc, &s))
		return;
	tell_dearest(s.out, a);
	tell_others(s.out, a);
	end(doc, &s, true);
}

/* Has it 1% in any variant? All topics that have not are one row. */
static bool is_there(const struct asked *a, size_t topic)
{
	for (size_t i = 0; i < a->count; i++) {
		if (a->ways[i].topics[topic] >
		    a->ways[i].phase->cost / TOPIC_LEAST)
			return true;
	}
	return false;
}

/* What no rule names is never hidden among others. */
static bool has_row(const struct asked *a, size_t topic)
{
	return topic == TOPIC_OTHER || is_there(a, topic);
}

static void cost_cell(struct table *t, const struct way *way, uint64_t cost,
		      bool pages)
{
	uint64_t calls = calls_of(way->phase);
	char text[32];

	if (pages)
		table_cell(t, "%s", page_text(text, cost, way->phase->pages));
	else if (calls > 1)
		table_cell(t, "%s", page_text(text, cost, calls));
	else
		table_cell(t, "%s", grouped(text, cost));
}

static uint64_t topic_cost(const struct asked *a, const struct way *way,
			   size_t topic)
{
	uint64_t cost = 0;

	if (topic < TOPIC_COUNT)
		return way->topics[topic];
	for (size_t n = 0; n < TOPIC_COUNT; n++)
		cost += has_row(a, n) ? 0 : way->topics[n];
	return cost;
}

/* Of one topic, or of all that have no row of their own (TOPIC_COUNT). */
static void topic_row(struct table *t, const struct asked *a, size_t topic,
		      bool pages)
{
	table_cell(t, "%s",
		   topic == TOPIC_COUNT ? "less than 1% each"
					: topic_looks[topic].words);
	for (size_t i = 0; i < a->count; i++)
		cost_cell(t, &a->ways[i], topic_cost(a, &a->ways[i], topic),
			  pages);
}

static bool has_rest(const struct asked *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (topic_cost(a, &a->ways[i], TOPIC_COUNT))
			return true;
	return false;
}

/* A row a topic, a column a variant, and the sum below. */
static void topics_by_variant(struct doc *doc, const struct asked *a)
{
	bool pages = by_page(a->cheapest);
	struct table t;
	const char *of;

	share_of(a->cheapest, &of);
	doc_para(doc, "`%s` by topic, %s%s (`%s`):", a->phase,
		 a->ways[0].kernel->unit, of, a->parameters);
	table_init(&t, 1);
	table_head(&t, "topic");
	for (size_t i = 0; i < a->count; i++)
		table_head(&t, "%s", a->ways[i].kernel->variant);
	for (size_t topic = 0; topic < TOPIC_COUNT; topic++)
		if (has_row(a, topic))
			topic_row(&t, a, topic, pages);
	if (has_rest(a))
		topic_row(&t, a, TOPIC_COUNT, pages);
	table_cell(&t, "all");
	for (size_t i = 0; i < a->count; i++)
		cost_cell(&t, &a->ways[i], a->ways[i].phase->cost, pages);
	doc_table(doc, &t);
}

/* What no rule names is named here, where it is 1% or more. */
static void tell_unmatched(struct doc *doc, const struct asked *a)
{
	const struct profile_phase *p = a->dearest->phase;
	struct sentence s;
	size_t told = 0;
	char text[32];

	if (a->dearest->topics[TOPIC_OTHER] < p->cost / TOPIC_LEAST ||
	    !begin(doc, &s))
		return;
	fprintf(s.out, "In `other` of `%s` are", a->dearest->kernel->variant);
	for (size_t i = 0; i < p->count && told < OTHERS_TOLD; i++)
		if (p->functions[i].topic == TOPIC_OTHER &&
		    p->functions[i].cost)
			fprintf(s.out, "%s `%s` (%s)", told++ ? "," : "",
				p->functions[i].name,
				share_text(text, p->functions[i].cost,
					   p->cost));
	fputs(".", s.out);
	end(doc, &s, told);
}

/* The same code by functions of the source, where those are known. */
static void tell_inlined(struct doc *doc, const struct asked *a)
{
	const struct profile_kernel *kernel = a->dearest->kernel;
	const struct profile_phase *p =
		kernel->inlined ? phase_like(kernel->inlined, a->dearest->phase)
				: NULL;
	struct sentence s;
	char text[32];

	if (!p || !begin(doc, &s))
		return;
	fprintf(s.out, "With inlined functions apart, the largest of `%s` are",
		kernel->variant);
	for (size_t i = 0; i < INLINED_TOLD && i < p->count; i++)
		fprintf(s.out, "%s `%s` (%s)", i ? "," : "",
			p->functions[i].name,
			share_text(text, p->functions[i].cost, p->cost));
	fputs(".", s.out);
	end(doc, &s, true);
}

static void figures_of_base(struct doc *doc, const struct run *run, size_t base)
{
	for (int f = 0; doc->folder && f < PROFILE_FIGURES; f++) {
		struct profile_drawing d;
		char *path;

		if (!figure_of(run, base, (enum profile_figure)f, &d))
			continue;
		if (asprintf(&path, "%s/%s", doc->folder, d.file) < 0) {
			doc->failed = true;
			return;
		}
		if (!access(path, R_OK))
			doc_image(doc, d.file, d.caption);
		free(path);
	}
}

static void tell_phase(struct doc *doc, const struct asked *a)
{
	tell(doc, a);
	if (!doc_is_detailed(doc))
		return;
	topics_by_variant(doc, a);
	tell_unmatched(doc, a);
	tell_inlined(doc, a);
}

static void base_of(struct doc *doc, const struct summary *s, size_t base)
{
	const struct profile *profile = s->run->profile;
	const char *id = base_at(s->run, base);
	struct agreement agreement = {0};
	bool first = true;
	struct asked a;

	for (size_t i = 0; why_benchmarks[i]; i++) {
		const char *benchmark = why_benchmarks[i];
		size_t n = 0;

		if (!ask_profile(profile, id, benchmark, 0, &a) &&
		    !is_explained(profile, id, benchmark))
			continue;
		if (first)
			doc_heading(doc, 3, "%s", id);
		first = false;
		doc_heading(doc, 4, "%s", benchmark);
		while (ask_profile(profile, id, benchmark, n++, &a)) {
			tell_phase(doc, &a);
			agreement_add(&agreement, s, &a);
		}
		section_beside(doc, s, id, benchmark);
	}
	agreement_tell(doc, &agreement);
	section_model(doc, profile, id);
	figures_of_base(doc, s->run, base);
}

static void introduction(struct doc *doc, const struct profile *profile)
{
	bool counts = !strcmp(profile->kernels[0].unit, "instructions");

	doc_para(doc,
		 "The phases of these benchmarks by kernel function%s, "
		 "grouped by what the functions are about; a page is 4 KiB. "
		 "docs/PROFILE.md says how it is done and how to read it, "
		 "`pfnreport functions` and `pfnreport flame` print and draw "
		 "the rest.",
		 counts ? ", each instruction counted"
			: ", in samples of a clock: shares are estimates");
}

void section_why(struct doc *doc, const struct summary *s)
{
	const struct run *run = s->run;
	const struct profile *profile = run->profile;

	doc_heading(doc, 2, "Why");
	if (run->profile_refused)
		doc_para(doc, "profile/profile.json is left out: `%s`.",
			 run->profile_refused);
	for (size_t i = 0; profile && i < profile->left_out_count; i++)
		doc_item(doc, "left out: `%s`", profile->left_out[i]);
	if (!profile || !profile->count) {
		doc_para(doc, "None of these kernels was profiled. `make "
			      "profile` tells which functions each phase is "
			      "spent in, and the next `make bench` says so "
			      "here.");
		return;
	}
	introduction(doc, profile);
	for (size_t b = 0; base_at(run, b); b++)
		base_of(doc, s, b);
}
