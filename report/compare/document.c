// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison as text of 72 columns, Markdown or a page. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "report/compare/compare.h"
#include "report/compare/tables.h"
#include "report/compare/times.h"
#include "report/compare/words.h"
#include "report/host.h"

static void title(struct doc *doc, const struct compared *c)
{
	char a[96], b[96], rest[96] = "";

	side_name(a, &c->pairs, c->operands, 0);
	side_name(b, &c->pairs, c->operands, 1);
	if (c->pairs.count == 1) {
		const struct kernel *k = c->pairs.list[0].kernel[0];

		if (c->pairs.same_base && c->pairs.same_variant)
			snprintf(rest, sizeof(rest), ", %s %s", k->base,
				 k->variant);
		else if (c->pairs.same_base)
			snprintf(rest, sizeof(rest), ", %s", k->base);
		else if (c->pairs.same_variant)
			snprintf(rest, sizeof(rest), ", %s", k->variant);
	}
	doc_heading(doc, 1, "%s against %s%s", b, a, rest);
}

static void say_part(FILE *out, const struct compared *c, enum finding finding,
		     const char *words)
{
	char number[32];

	if (c->found[finding])
		fprintf(out, "%s%s %s", ftell(out) ? ", " : "",
			grouped(number, c->found[finding]), words);
}

/* Of what did not change by enough, what came nearest. */
static void say_nearest(struct doc *doc, const struct compared *c)
{
	const struct contrast *most = NULL;
	char a[32], b[32], change[WORDS_SIZE];

	for (size_t i = 0; i < c->rows.count; i++) {
		const struct contrast *row = &c->rows.list[i];

		if (is_judged(row) && row->finding == FOUND_NONE &&
		    !*cell_parameter(row->cell, "interval") &&
		    (!most || change_size(row) > change_size(most)))
			most = row;
	}
	if (most && change_size(most) > 0)
		doc_para(doc,
			 "The largest change that is not above it: `%s` `%s` "
			 "%s, from %s to %s (`%s`).",
			 most->cell->benchmark, most->title,
			 change_text(change, most->change),
			 grouped(a, most->side[0].shown),
			 grouped(b, most->side[1].shown), most->cell->key);
}

static void say_found(struct doc *doc, const struct compared *c)
{
	char *text = NULL, threshold[64];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	doc->failed |= !out;
	if (!out)
		return;
	snprintf(threshold, sizeof(threshold), "with no change above %g%%%s",
		 c->threshold, c->counts ? " or their resolution" : "");
	say_part(out, c, FOUND_BETTER, "better");
	say_part(out, c, FOUND_DIFFERS, "different and neither");
	say_part(out, c, FOUND_SAME, "the same to the digit");
	say_part(out, c, FOUND_NONE, threshold);
	say_part(out, c, FOUND_UNRESOLVED, "not resolved");
	say_part(out, c, FOUND_WAIT,
		 "with a wait and judged by their CPU time");
	if (fclose(out))
		doc->failed = true;
	if (text && *text)
		doc_para(doc, "The others: %s.", text);
	free(text);
	say_nearest(doc, c);
}

static void say_worse(struct doc *doc, const struct compared *c)
{
	char worse[32], all[32];

	if (c->found[FOUND_WORSE] || c->status != EXIT_REGRESSION)
		doc_para(doc, "%s of %s figures are worse, by more than %g%%.",
			 c->found[FOUND_WORSE]
				 ? grouped(worse, c->found[FOUND_WORSE])
				 : "None",
			 grouped(all, compared_rows(c)), c->threshold);
	else
		doc_para(doc, "The headline is worse, by more than %g%%.",
			 c->threshold);
}

static void say_verdict(struct doc *doc, const struct compared *c)
{
	if (c->broken)
		doc_para(doc,
			 "%zu boots or cells are broken: see \"Not "
			 "compared\". What follows is of the others.",
			 c->broken);
	if (!compared_rows(c)) {
		doc_para(doc, "Nothing could be compared.");
		return;
	}
	say_worse(doc, c);
	say_found(doc, c);
	if (c->undecided)
		doc_para(doc,
			 "Not enough data to say that nothing is worse: %zu of "
			 "the figures that this goes by are not resolved.",
			 c->undecided);
}

static void say_side(struct doc *doc, const struct compared *c, int side)
{
	const struct operand *o = &c->operands[side];
	const struct kernel *k = c->pairs.list[0].kernel[side];

	if (c->pairs.count == 1)
		doc_item(doc, "%s: %s %s, run %s, %zu boots",
			 side ? "other" : "baseline", k->base, k->variant,
			 o->run_name, k->boot_count);
	else
		doc_item(doc, "%s: %zu kernels of run %s, %zu boots each%s",
			 side ? "other" : "baseline", c->pairs.count,
			 o->run_name, c->boots[side],
			 c->boots[side] < k->boot_count ? " or more" : "");
}

static void say_differences(struct doc *doc, const struct compared *c)
{
	for (size_t i = 0; i < c->differences.count; i++) {
		const struct difference *d = &c->differences.list[i];

		if (d->weight == NOTED)
			doc_item(doc, "differs: %s: `%s` against `%s`", d->what,
				 d->value[0], d->value[1]);
	}
}

/* On top, so that nobody can quote a figure and leave this out. */
static void say_anyway(struct doc *doc, const struct compared *c)
{
	for (size_t i = 0; i < c->differences.count; i++) {
		const struct difference *d = &c->differences.list[i];

		if (d->weight == REFUSED)
			doc_item(doc,
				 "NOT COMPARABLE, and compared anyway: %s: "
				 "`%s` against `%s`: %s",
				 d->what, d->value[0], d->value[1], d->why);
	}
}

static void say_alone(struct doc *doc, const struct compared *c)
{
	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < c->pairs.alone_count[s]; i++)
			doc_item(doc, "no partner: %s %s of the %s",
				 c->pairs.alone[s][i]->base,
				 c->pairs.alone[s][i]->variant,
				 s ? "other side" : "baseline");
}

static bool same_absence(const struct absent *a, const struct absent *b)
{
	return a->has == b->has && !a->phase == !b->phase &&
	       (!a->phase || !strcmp(a->phase, b->phase)) &&
	       !strcmp(a->reason, b->reason) &&
	       !strcmp(a->cell->benchmark, b->cell->benchmark);
}

static void say_absence(struct doc *doc, const struct compared *c, size_t i)
{
	static const char *const who[] = {
		"only the baseline", "only the other side", "neither side"};
	const struct absent *a = &c->rows.absent[i];
	size_t count = 0;

	for (size_t j = 0; j < c->rows.absent_count; j++) {
		if (!same_absence(a, &c->rows.absent[j]))
			continue;
		if (j < i)
			return; /* said before */
		count++;
	}
	doc_item(doc, "%s has %zu cell%s of `%s%s%s`: `%s` (the first: `%s`)",
		 who[a->has], count, count == 1 ? "" : "s", a->cell->benchmark,
		 a->phase ? " " : "", a->phase ? a->phase : "", a->reason,
		 a->cell->key);
}

static void say_broken(struct doc *doc, const struct kernel *k)
{
	for (size_t i = 0; i < k->broken_count; i++)
		doc_item(doc, "broken: %s %s boot %u: `%s`", k->base,
			 k->variant, k->broken[i].number, k->broken[i].reason);
	for (size_t b = 0; b < k->boot_count; b++)
		for (size_t i = 0; i < k->boots[b].cell_count; i++)
			if (k->boots[b].cells[i].status == CELL_FAILED)
				doc_item(doc,
					 "failed: %s %s boot %u: %s `%s`: `%s`",
					 k->base, k->variant,
					 k->boots[b].number,
					 k->boots[b].cells[i].benchmark,
					 k->boots[b].cells[i].key,
					 k->boots[b].cells[i].reason);
}

static void say_not_compared(struct doc *doc, const struct compared *c)
{
	size_t alone = c->pairs.alone_count[0] + c->pairs.alone_count[1];

	if (!c->rows.absent_count && !alone && !c->broken)
		return;
	doc_heading(doc, 2, "Not compared");
	say_alone(doc, c);
	for (size_t i = 0; i < c->rows.absent_count; i++)
		say_absence(doc, c, i);
	for (size_t p = 0; p < c->pairs.count; p++)
		for (int s = 0; s < 2; s++)
			say_broken(doc, c->pairs.list[p].kernel[s]);
	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < c->operands[s].run->left_out_count; i++)
			if (!s || c->operands[1].run != c->operands[0].run)
				doc_item(doc, "left out: `%s`",
					 c->operands[s].run->left_out[i]);
}

/* What the rows of a table can tell: the best and the worst of them. */
static void say_detectable(struct doc *doc, const struct compared *c, bool sums)
{
	double least = INFINITY, most = 0;
	char a[WORDS_SIZE], b[WORDS_SIZE];

	for (size_t i = 0; i < c->rows.count; i++) {
		const struct contrast *row = &c->rows.list[i];

		if (strcmp(row->unit, "ns") || row->sum != sums || row->tail ||
		    row->nature.control)
			continue;
		least = fmin(least, row->detectable);
		most = fmax(most, row->detectable);
	}
	if (isinf(least))
		return;
	doc_item(doc,
		 "the smallest change that such a run finds four times out of "
		 "five, in %s: %s to %s, by row",
		 sums ? "the headline" : "the other rows",
		 least < 0.01 ? "under 0.01%" : change_text(a, least),
		 isinf(most) ? "none at all" : change_text(b, most));
}

static void say_needs(struct doc *doc, const struct compared *c, bool sums)
{
	size_t least = c->boots[0] < c->boots[1] ? c->boots[0] : c->boots[1];
	size_t rows, boots;

	times_needs(c, sums, &rows, &boots);
	if (rows && boots > least)
		doc_item(doc,
			 "NOT ENOUGH BOOTS: with %zu a kernel none of the %zu "
			 "rows of %s can be resolved, whatever they show; it "
			 "takes %zu (`BOOTS=%zu`), or fewer rows "
			 "(`--benchmark`, `--phase`)",
			 least, rows,
			 sums ? "the headline" : "the other tables", boots,
			 boots);
	else if (rows)
		say_detectable(doc, c, sums);
}

/* How verdicts are made of times, and of how much. */
static void say_times(struct doc *doc, const struct compared *c)
{
	if (c->same_blocks)
		doc_item(doc, "paired by block: sign tests and intervals of "
			      "the log ratios of the boots with the same "
			      "number");
	else
		doc_item(doc, "two runs: exact rank tests of the boots' "
			      "medians, Hodges-Lehmann intervals; a drift from "
			      "one run to the other looks like a change");
	if (c->rounds) {
		doc_item(doc, "NOT BOOTS: rounds of one boot are compared, and "
			      "no time is judged, whatever they show: "
			      "`" LAB_COMMAND "` boots each kernel in turn");
		return;
	}
	doc_item(doc,
		 "Holm's procedure over the headline and over all other "
		 "rows: one in twenty such tables calls a row changed that "
		 "is not");
	say_needs(doc, c, true);
	say_needs(doc, c, false);
}

static void write_document(struct doc *doc, const struct compared *c)
{
	title(doc, c);
	say_anyway(doc, c);
	say_verdict(doc, c);
	if (c->pairs.count) {
		say_side(doc, c, 0);
		say_side(doc, c, 1);
	}
	say_differences(doc, c);
	if (!c->counts)
		say_times(doc, c);
	table_headline(doc, c);
	table_changes(doc, c);
	say_unresolved(doc, c);
	table_tails(doc, c);
	say_controls(doc, c);
	say_not_compared(doc, c);
}

/* ISO 6429: red and bold, green, yellow. */
static const struct {
	const char *word;
	const char *colour;
} highlights[] = {
	{"worse", "\033[1;31m"},
	{"better", "\033[32m"},
	{"differs", "\033[33m"},
	{"unresolved", "\033[33m"},
};

/* Only rows of a table end in two spaces and one of these words. */
static const char *highlight(const char *line, size_t length)
{
	for (size_t i = 0; i < sizeof(highlights) / sizeof(*highlights); i++) {
		size_t word = strlen(highlights[i].word);

		if (length > word + 2 &&
		    !strncmp(line + length - word, highlights[i].word, word) &&
		    !strncmp(line + length - word - 2, "  ", 2))
			return highlights[i].colour;
	}
	return NULL;
}

static void write_coloured(const char *text, FILE *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		const char *colour = highlight(text, length);

		fprintf(out, "%s%.*s%s", colour ? colour : "", (int)length,
			text, colour ? "\033[0m" : "");
		text += length;
		if (*text)
			fputc(*text++, out);
	}
}

int print_document(const struct compared *c, FILE *out)
{
	enum doc_form form = DOC_TEXT;
	struct doc doc;

	if (c->options->format != FORMAT_TEXT)
		form = c->options->format == FORMAT_HTML ? DOC_HTML
							 : DOC_MARKDOWN;
	doc_open(&doc, form);
	write_document(&doc, c);
	if (doc_close(&doc))
		return -ENOMEM;
	if (c->options->colour && form == DOC_TEXT)
		write_coloured(doc.text, out);
	else
		fwrite(doc.text, 1, doc.size, out);
	free(doc.text);
	return 0;
}
