// SPDX-License-Identifier: GPL-2.0-or-later
/* Time mode: each variant against the baseline, with interval and verdict. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/matched.h"
#include "report/sections.h"

/* The headline's figures of one base: but of the A/A arm, which has its own. */
static void collect(struct doc *doc, const struct summary *s, const char *base,
		    struct matches *matches)
{
	const struct kernel *baseline = find_kernel(s->run, base, BASELINE);
	struct question questions[QUESTIONS];
	struct choice choice;

	if (!baseline || !choose(s, base, &choice))
		return;
	ask(s->run, &choice, questions);
	for (size_t k = 0; k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, base) || kernel == baseline ||
		    is_again(kernel))
			continue;
		for (size_t i = 0; i < QUESTIONS; i++)
			if (questions[i].like &&
			    matches_add(matches, baseline, kernel,
					questions[i].like,
					questions[i].measure))
				doc->failed = true;
	}
}

static void row(struct table *table, const struct match *match,
		const struct comparison *c)
{
	static const char *const words[] = {
		[NOT_RESOLVED] = "not resolved",
		[NO_CHANGE] = "no change",
		[CHANGED] = "changed",
	};
	char text[32];

	table_cell(table, "%s %s", match->kernel->base, match->kernel->variant);
	table_cell(table, "%s",
		   log_text(text, sizeof(text), c->interval.estimate));
	table_cell(table, "%s", log_text(text, sizeof(text), c->interval.low));
	table_cell(table, "%s", log_text(text, sizeof(text), c->interval.high));
	table_cell(table, "%zu", match->blocks);
	if (isinf(c->detectable))
		table_cell(table, "-");
	else
		table_cell(table, "%.2f%%", log_percent(c->detectable));
	table_cell(table, "%s", words[c->verdict]);
}

/* The rows of one figure; narrow enough for a mail. */
static void figure_table(struct doc *doc, const struct matches *matches,
			 const char *title)
{
	struct table table;

	doc_para(doc, "%s:", title);
	table_init(&table, 1);
	table_head(&table, "kernel");
	table_head(&table, "x");
	table_head(&table, "from");
	table_head(&table, "to");
	table_head(&table, "blocks");
	table_head(&table, "seen");
	table_head(&table, "verdict");
	for (size_t i = 0; i < matches->count; i++)
		if (!strcmp(matches->list[i].title, title))
			row(&table, &matches->list[i], &matches->verdicts[i]);
	doc_table(doc, &table);
}

static void differences_tables(struct doc *doc, const struct matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		size_t first = 0;

		while (strcmp(matches->list[first].title,
			      matches->list[i].title))
			first++;
		if (first == i)
			figure_table(doc, matches, matches->list[i].title);
	}
}

/* What a run of too few blocks can't say, whatever was measured. */
static void say_blocks(struct doc *doc, const struct matches *matches)
{
	size_t blocks = matches_blocks(matches);
	size_t needed = judge_blocks(matches->count, rules_default.alpha);

	if (blocks >= needed)
		return;
	doc_para(
		doc,
		"Nothing can be called changed here, and no verdict be given: "
		"of %zu blocks the smallest p is 2^-%zu, and for one of %zu "
		"rows that is not enough. It takes %zu blocks: `BOOTS=%zu`. "
		"The intervals go from the smallest to the largest ratio, each "
		"with the confidence that its blocks have.",
		blocks, blocks - 1, matches->count, needed,
		needed + needed % 2);
}

static bool same_left_out(const struct match *a, const struct match *b)
{
	if (a->kernel != b->kernel || a->left_out_count != b->left_out_count)
		return false;
	for (size_t i = 0; i < a->left_out_count; i++)
		if (a->left_out[i] != b->left_out[i])
			return false;
	return true;
}

/* A line for figures in a row that leave out the same blocks. */
static void say_left_out(struct doc *doc, const struct matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		const struct match *match = &matches->list[i];
		char *text = NULL;
		size_t size = 0;
		FILE *out;

		if (!match->left_out_count ||
		    (i && same_left_out(match, match - 1)))
			continue;
		out = open_memstream(&text, &size);
		for (size_t b = 0; out && b < match->left_out_count; b++)
			fprintf(out, " %u", match->left_out[b]);
		if (!out || fclose(out))
			doc->failed = true;
		else
			doc_item(doc,
				 "%s %s, %s: left out for want of a boot to "
				 "pair with: block%s",
				 match->kernel->base, match->kernel->variant,
				 match->title, text);
		free(text);
	}
}

void section_differences(struct doc *doc, const struct summary *s)
{
	struct matches matches = {0};
	const char *base;

	for (size_t i = 0; (base = base_at(s->run, i)); i++)
		collect(doc, s, base, &matches);
	if (!matches.count) {
		doc_para(doc, "No variant has a boot in a block of "
			      "`" BASELINE "`: nothing is compared.");
	} else if (matches_judge(&matches)) {
		doc->failed = true;
	} else {
		doc_para(doc,
			 "The headline's figures against `" BASELINE
			 "` of the same base, block by block: the median ratio "
			 "x, its interval, the blocks, the smallest difference "
			 "that such a run finds in 80%% of all cases (seen), "
			 "and the verdict, by Holm over all %zu rows of these "
			 "tables at 5%%: "
			 "changed; no change (larger than 1%%); not "
			 "resolved, which is a statement on the run.",
			 matches.count);
		say_blocks(doc, &matches);
		differences_tables(doc, &matches);
		say_left_out(doc, &matches);
	}
	matches_free(&matches);
}
