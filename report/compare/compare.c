// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "report/compare/counts.h"
#include "report/compare/times.h"
#include "report/compare/words.h"
#include "report/complain.h"
#include "report/file.h"
#include "report/host.h"
#include "report/load.h"

/* The run of a side, read once where both sides are parts of it. */
static int load_side(struct compared *c, int side, struct why *why)
{
	struct operand *o = &c->operands[side];
	int err;

	if (side && same_folder(o->folder, c->operands[0].folder)) {
		o->run = c->operands[0].run;
		o->summary = c->operands[0].summary;
		return 0;
	}
	o->run = calloc(1, sizeof(*o->run));
	if (!o->run)
		return -ENOMEM;
	err = run_load(o->folder, o->run, why);
	return err ? err : summary_make(o->run, &o->summary);
}

/* 0, or the exit status after what is wrong was said. */
static int open_side(struct compared *c, int side)
{
	struct operand *o = &c->operands[side];
	struct why why = {"no memory"};
	int err = operand_split(c->options->path[side], o, &why);

	if (!err)
		err = load_side(c, side, &why);
	if (!err)
		err = operand_select(o, &why);
	if (!err)
		return 0;
	return complain(o->path, err == -ENOMEM ? strerror(ENOMEM) : why.text,
			EXIT_USAGE);
}

static void close_sides(struct compared *c)
{
	struct operand *o = c->operands;

	if (o[1].run != o[0].run && o[1].run) {
		summary_free(&o[1].summary);
		run_free(o[1].run);
		free(o[1].run);
	}
	if (o[0].run) {
		summary_free(&o[0].summary);
		run_free(o[0].run);
		free(o[0].run);
	}
	for (int s = 0; s < 2; s++) {
		free(o[s].folder);
		free(o[s].part);
	}
}

/* Says what is refused. 0, or the exit status. */
static int check_comparable(const struct compared *c)
{
	const struct differences *d = &c->differences;
	enum weight weight = differences_weight(d);
	size_t refused = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct difference *x = &d->list[i];

		if (x->weight == NOTED ||
		    (x->weight == REFUSED && c->options->anyway))
			continue;
		fprintf(stderr,
			"pfnreport: not comparable: %s: %s against %s: "
			"%s\n",
			x->what, x->value[0], x->value[1], x->why);
		refused++;
	}
	if (!refused)
		return 0;
	if (weight == REFUSED)
		complain("compare", "--anyway compares them all the same", 0);
	return EXIT_USAGE;
}

/* --- what was found --- */

static bool left_out(const struct run *run, const struct kernel *kernel)
{
	char *folder;
	bool found = false;

	if (asprintf(&folder, "%s-%s/", kernel->base, kernel->variant) < 0)
		return true;
	for (size_t i = 0; i < run->left_out_count; i++)
		found |= !strncmp(run->left_out[i], folder, strlen(folder));
	free(folder);
	return found;
}

static size_t failed_cells(const struct compared *c, const struct kernel *k)
{
	const char *benchmark = c->options->narrowed.benchmark;
	size_t count = 0;

	for (size_t b = 0; b < k->boot_count; b++)
		for (size_t i = 0; i < k->boots[b].cell_count; i++) {
			const struct cell *cell = &k->boots[b].cells[i];

			count += cell->status == CELL_FAILED &&
				 (!benchmark ||
				  !strcmp(benchmark, cell->benchmark));
		}
	return count;
}

static void count_broken(struct compared *c)
{
	for (size_t p = 0; p < c->pairs.count; p++)
		for (int s = 0; s < 2; s++) {
			const struct kernel *k = c->pairs.list[p].kernel[s];

			c->broken += k->broken_count + failed_cells(c, k) +
				     left_out(c->operands[s].run, k);
		}
}

static void count_boots(struct compared *c)
{
	for (int s = 0; s < 2; s++)
		for (size_t p = 0; p < c->pairs.count; p++) {
			size_t boots = c->pairs.list[p].kernel[s]->boot_count;

			if (!p || boots < c->boots[s])
				c->boots[s] = boots;
		}
}

/*
 * The rows that must be resolved before "nothing is worse" may be said: those
 * that were asked for by name, else the questions of the headline.
 */
static bool decides(const struct compared *c, const struct contrast *row,
		    bool has_sums)
{
	const struct narrowed *n = &c->options->narrowed;

	if (row->nature.control || row->tail)
		return false;
	return row->sum || n->benchmark || n->phase || !has_sums;
}

static void count_found(struct compared *c)
{
	bool has_sums = false, worse = false;

	for (size_t i = 0; i < c->rows.count; i++)
		has_sums |= c->rows.list[i].sum;
	for (size_t i = 0; i < c->rows.count; i++) {
		const struct contrast *row = &c->rows.list[i];

		if (is_judged(row))
			c->found[row->finding]++;
		if (row->finding == FOUND_WORSE && (is_judged(row) || row->sum))
			worse = true;
		if (row->finding == FOUND_UNRESOLVED)
			c->undecided += decides(c, row, has_sums);
	}
	count_broken(c);
	count_boots(c);
	if (c->broken)
		c->status = EXIT_BROKEN;
	else if (worse)
		c->status = EXIT_REGRESSION;
	else if (c->undecided || !compared_rows(c))
		c->status = EXIT_NOT_ENOUGH;
}

size_t compared_rows(const struct compared *c)
{
	size_t count = 0;

	for (int f = 0; f < FOUND_COUNT; f++)
		count += c->found[f];
	return count;
}

static int judge_rows(struct compared *c)
{
	for (size_t i = 0; i < c->rows.count; i++) {
		struct contrast *row = &c->rows.list[i];

		if (c->counts || strcmp(row->unit, "ns"))
			counts_judge(row, contrast_same(row, &c->pairs),
				     c->threshold);
	}
	return c->counts ? 0 : times_judge(c);
}

/* Both measured cells, and none is the same: nothing can be compared. */
static bool nothing_shared(const struct compared *c)
{
	bool has[2] = {false, false};

	for (size_t i = 0; i < c->rows.absent_count; i++)
		if (c->rows.absent[i].has < 2)
			has[c->rows.absent[i].has] = true;
	return !c->rows.count && has[0] && has[1];
}

static int print(const struct compared *c, FILE *out)
{
	switch (c->options->format) {
	case FORMAT_JSON:
		return print_json(c, out);
	case FORMAT_TSV:
		return print_tsv(c, out);
	case FORMAT_TEXT:
	case FORMAT_MARKDOWN:
	case FORMAT_HTML:
		break;
	}
	return print_document(c, out);
}

/* All but the reading. */
static int compare_sides(struct compared *c, FILE *out)
{
	const struct narrowed *narrowed = &c->options->narrowed;
	struct why why = {"no memory"};
	int err = pairs_make(c->operands, &c->pairs, &why);

	if (err)
		return complain("compare", why.text, EXIT_USAGE);
	operands_name(c->operands);
	if (differences_find(c->operands, &c->pairs, narrowed, &c->differences))
		return complain("compare", strerror(ENOMEM), EXIT_USAGE);
	if (check_comparable(c))
		return EXIT_USAGE;
	c->counts = run_counts(c->operands[0].run);
	c->rounds = run_has_rounds(c->operands[0].run) ||
		    run_has_rounds(c->operands[1].run);
	c->same_blocks = c->operands[0].run == c->operands[1].run;
	c->threshold = c->options->threshold;
	if (c->threshold < 0)
		c->threshold = c->counts ? THRESHOLD_COUNTS : THRESHOLD_TIMES;
	err = contrasts_make(c->operands, &c->pairs, narrowed, &c->rows);
	if (!err)
		err = judge_rows(c);
	if (err)
		return complain("compare", strerror(-err), EXIT_USAGE);
	count_found(c);
	if (nothing_shared(c))
		c->status = complain("not comparable",
				     "no benchmark was run with the same "
				     "parameters on both sides",
				     EXIT_USAGE);
	err = print(c, out);
	if (err)
		return complain("compare", strerror(-err), EXIT_USAGE);
	return c->status;
}

int compare(const struct compare_options *options, FILE *out)
{
	struct compared c = {.options = options};
	int status = open_side(&c, 0);

	if (!status)
		status = open_side(&c, 1);
	if (!status)
		status = compare_sides(&c, out);
	differences_free(&c.differences);
	contrasts_free(&c.rows);
	pairs_free(&c.pairs);
	close_sides(&c);
	return status;
}
