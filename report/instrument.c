// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a run says of itself: the baseline against itself, what no variant can
 * affect, and a known delay.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/host.h"
#include "report/matched.h"
#include "report/sections.h"
#include "report/statistics/sign.h"

#define LISTED_MAX 10

static const struct measure negatives[] = {
	{"getppid", {{"getppid", MEDIAN}}},
	{"anonymous touch", {{"anonymous-touch", MEDIAN}}},
};
static const struct measure delay = {"delay", {{"delay", MEDIAN}}};
static const struct measure found = {"found", {{"delay-found", MEDIAN}}};

/* Rows that were called changed, by name. */
static void say_changed(struct doc *doc, const struct matches *matches)
{
	size_t said = 0;
	char text[32];

	for (size_t i = 0; i < matches->count; i++)
		if (matches->verdicts[i].verdict == CHANGED &&
		    said++ < LISTED_MAX)
			doc_item(doc, "called changed: %s %s, %s: x %s",
				 matches->list[i].kernel->base,
				 matches->list[i].kernel->variant,
				 matches->list[i].title,
				 log_text(text, sizeof(text),
					  matches->verdicts[i]
						  .interval.estimate));
}

static void say_judged(struct doc *doc, const char *base, const char *what,
		       struct matches *matches)
{
	size_t needed = judge_blocks(matches->count, rules_default.alpha);
	size_t blocks = matches_blocks(matches);

	if (matches_judge(matches)) {
		doc->failed = true;
		return;
	}
	if (blocks < needed)
		doc_item(doc,
			 "%s, %s: %zu rows, of which none can be called "
			 "changed in %zu blocks; it takes %zu",
			 base, what, matches->count, blocks, needed);
	else
		doc_item(doc,
			 "%s, %s: %zu rows, %zu called changed, where chance "
			 "calls any in one run of twenty at the most",
			 base, what, matches->count,
			 matches_with(matches, CHANGED));
	say_changed(doc, matches);
}

/* The rows of the headline, judged as those of a variant are. */
static void headline_again(struct doc *doc, const struct summary *s,
			   const struct kernel *baseline,
			   const struct kernel *again)
{
	struct question questions[QUESTIONS];
	struct matches matches = {0};
	struct choice choice;

	if (!choose(s, again->base, &choice))
		return;
	ask(s->run, &choice, questions);
	for (size_t i = 0; i < QUESTIONS; i++)
		if (questions[i].like &&
		    matches_add(&matches, baseline, again, questions[i].like,
				questions[i].measure))
			doc->failed = true;
	if (matches.count)
		say_judged(doc, again->base, "A/A arm, the headline", &matches);
	matches_free(&matches);
}

/* What share of these matches has a p of 5 %, and what share chance gives. */
static void say_share(struct doc *doc, const struct matches *matches,
		      const char *base)
{
	double promised = 0;
	size_t low = 0;

	for (size_t i = 0; i < matches->count; i++) {
		const struct match *match = &matches->list[i];

		promised += sign_level(match->blocks, rules_default.alpha);
		low += at_most(sign_p(match->ratios, match->blocks),
			       rules_default.alpha);
	}
	doc_item(doc,
		 "%s, A/A arm, all timed figures, each by itself: %zu of %zu "
		 "(%.1f%%) would be called changed, where chance alone gives "
		 "%.1f%% on average over many runs; figures of one boot move "
		 "together, so one run can be far from it",
		 base, low, matches->count,
		 100 * (double)low / (double)matches->count,
		 100 * promised / (double)matches->count);
}

static void figures_again(struct doc *doc, const struct summary *s,
			  const struct kernel *baseline,
			  const struct kernel *again)
{
	struct matches matches = {0};

	for (size_t i = 0; i < s->count; i++) {
		const struct row *row = &s->rows[i];
		struct measure measure = {row->phase, {{row->phase, TOTAL}}};

		if (row->kernel == again && row_is_timed(row) &&
		    matches_add(&matches, baseline, again, row->cell, &measure))
			doc->failed = true;
	}
	if (matches.count)
		say_share(doc, &matches, again->base);
	matches_free(&matches);
}

/* Counts: how many figures of the two names are the same, and what is not. */
static void counts_again(struct doc *doc, const struct summary *s,
			 const struct kernel *baseline,
			 const struct kernel *again)
{
	size_t compared = 0, equal = 0;
	char a[32], b[32];

	for (size_t i = 0; i < s->count; i++) {
		const struct row *row = &s->rows[i], *other;

		other = row->kernel == again
				? summary_row(s, baseline, row->cell,
					      row->phase)
				: NULL;
		if (!other)
			continue;
		compared++;
		equal += row->total == other->total;
		if (row->total != other->total &&
		    compared - equal <= LISTED_MAX)
			doc_item(doc,
				 "%s, A/A arm: %s `%s`, phase `%s`: %s "
				 "against %s",
				 again->base, row->cell->benchmark,
				 row->cell->key, row->phase,
				 grouped(a, row->total),
				 grouped(b, other->total));
	}
	doc_item(doc,
		 "%s, A/A arm: %zu figures compared by their totals, %zu equal "
		 "to the digit, %zu not",
		 again->base, compared, equal, compared - equal);
}

static void say_again(struct doc *doc, const struct summary *s,
		      const char *base)
{
	const struct kernel *baseline = find_kernel(s->run, base, BASELINE);
	const struct kernel *again = find_kernel(s->run, base, AGAIN);

	if (!baseline || !again) {
		doc_item(doc,
			 "%s, A/A arm: none in this run, `AA=yes` makes "
			 "one",
			 base);
		return;
	}
	if (run_counts(s->run)) {
		counts_again(doc, s, baseline, again);
		return;
	}
	headline_again(doc, s, baseline, again);
	figures_again(doc, s, baseline, again);
}

static void say_negative(struct doc *doc, const struct summary *s,
			 const char *base, const struct cell_list *list)
{
	const struct kernel *baseline = find_kernel(s->run, base, BASELINE);
	struct matches matches = {0};

	for (size_t k = 0; baseline && k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, base) || kernel == baseline)
			continue;
		for (size_t c = 0; c < list->count; c++)
			for (size_t i = 0; i < 2; i++)
				if (matches_add(&matches, baseline, kernel,
						list->cells[c], &negatives[i]))
					doc->failed = true;
	}
	if (matches.count)
		say_judged(doc, base,
			   "getppid() and anonymous touches, which no variant "
			   "can affect",
			   &matches);
	matches_free(&matches);
}

/* The delay of @kernel's boots, and how far what was found is off at most. */
static void worst_delay(const struct kernel *kernel, const struct cell *cell,
			size_t *boots, double *worst)
{
	for (size_t b = 0; b < kernel->boot_count; b++) {
		double had, got;

		if (!boot_measure(&kernel->boots[b], cell, &delay, &had) ||
		    !boot_measure(&kernel->boots[b], cell, &found, &got))
			continue;
		++*boots;
		*worst = fmax(*worst, fabs(got - had) / had);
	}
}

static void say_positive(struct doc *doc, const struct summary *s,
			 const char *base, const struct cell_list *list)
{
	size_t boots = 0;
	double worst = 0;

	for (size_t k = 0; k < s->run->kernel_count; k++)
		for (size_t c = 0; c < list->count; c++)
			if (in_base(&s->run->kernels[k], base))
				worst_delay(&s->run->kernels[k], list->cells[c],
					    &boots, &worst);
	if (worst > 0)
		doc_item(doc,
			 "%s, a known delay: found %zu times of those that did "
			 "not fail, by its median off by %.2f%% at the most",
			 base, boots, 100 * worst);
	else
		doc_item(doc,
			 "%s, a known delay: found %zu times, to the digit",
			 base, boots);
}

/* In counts, the tables of `controls` say where the negative ones differ. */
static void say_controls(struct doc *doc, const struct summary *s,
			 const char *base)
{
	static const struct filter all = {"controls", {{NULL, NULL}}};
	struct cell_list list;

	if (select_cells(s, base, &all, &list)) {
		doc->failed = true;
		return;
	}
	if (!list.count) {
		doc_item(doc, "%s, controls: not measured in this run", base);
		return;
	}
	if (!run_counts(s->run) && !run_has_rounds(s->run))
		say_negative(doc, s, base, &list);
	say_positive(doc, s, base, &list);
	free(list.cells);
}

void section_instrument(struct doc *doc, const struct summary *s)
{
	const char *base;

	if (run_has_rounds(s->run))
		doc_para(doc, "What differs between equal kernels takes boots "
			      "to see; here it is only asked whether a known "
			      "delay is found.");
	else if (!run_counts(s->run))
		doc_para(doc,
			 "`" AGAIN "` is the image of `" BASELINE
			 "` booted under a second name: what differs between "
			 "the two is noise.");
	for (size_t i = 0; (base = base_at(s->run, i)); i++) {
		if (!run_has_rounds(s->run))
			say_again(doc, s, base);
		say_controls(doc, s, base);
	}
}
