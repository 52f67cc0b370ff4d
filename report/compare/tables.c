// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare/times.h"
#include "report/compare/words.h"
#include "report/record.h"

/* More rows than this are read by nobody: they get a line a phase. */
#define ROWS_LISTED 30

/* Rows that go into one table, and which columns it has. */
struct layout {
	const struct compared *c;
	const struct contrast **rows;
	size_t count;
	const char *label; /* NULL: rows are called by their title */
	bool interval, per_page, verdict;
};

/* --- rows --- */

/* Does parameter @p (by place in the first row's cell) tell rows apart? */
static bool varies(const struct layout *l, size_t p)
{
	const struct parameter *first = &l->rows[0]->cell->parameters[p];

	for (size_t i = 1; i < l->count; i++)
		if (strcmp(cell_parameter(l->rows[i]->cell, first->name),
			   first->value))
			return true;
	return l->count == 1 && !strcmp(first->name, "length");
}

/* The values of the parameters that vary, "1G/toggle/16". */
static void cell_label(struct table *table, const struct layout *l,
		       const struct contrast *row)
{
	const struct cell *first = l->rows[0]->cell;
	char text[128] = "";

	for (size_t p = 0; p < first->parameter_count; p++) {
		size_t used = strlen(text);

		if (varies(l, p))
			snprintf(text + used, sizeof(text) - used, "%s%s",
				 used ? "/" : "",
				 cell_parameter(row->cell,
						first->parameters[p].name));
	}
	table_cell(table, "%s", *text ? text : "-");
}

static const char *finding_text(const struct contrast *row)
{
	if (row->tail ||
	    (!has_changed(row) && row->finding != FOUND_UNRESOLVED))
		return "";
	return finding_words[row->finding];
}

static void row_cells(struct table *table, const struct layout *l,
		      const struct contrast *row)
{
	char text[WORDS_SIZE], name[96];

	if (l->label)
		cell_label(table, l, row);
	else if (row->beside)
		table_cell(table, "%s: %s", row->beside, row->title);
	else
		table_cell(table, "%s", row->title);
	if (l->c->pairs.count > 1)
		table_cell(table, "%s",
			   pair_name(name, &l->c->pairs, row->pair));
	for (int s = 0; s < 2; s++)
		table_cell(table, "%s", grouped(text, row->side[s].shown));
	table_cell(table, "%s", change_text(text, row->change));
	if (l->interval)
		table_cell(table, "%s", interval_text(text, row));
	if (l->per_page)
		table_cell(table, "%s", per_page_text(text, row));
	if (l->verdict)
		table_cell(table, "%s", finding_text(row));
}

static void build(struct table *table, const struct layout *l)
{
	bool many = l->c->pairs.count > 1;
	char name[96];

	table_init(table, many ? 2 : 1);
	table_head(table, "%s", l->label ? l->label : "");
	if (many)
		table_head(table, "kernel");
	for (int s = 0; s < 2; s++)
		table_head(table, "%s",
			   side_name(name, &l->c->pairs, l->c->operands, s));
	table_head(table, "change");
	if (l->interval)
		table_head(table, "interval");
	if (l->per_page)
		table_head(table, "a page");
	if (l->verdict)
		table_head(table, "verdict");
	for (size_t i = 0; i < l->count; i++)
		row_cells(table, l, l->rows[i]);
}

static size_t text_width(const struct table *t)
{
	size_t sum = 0;

	for (size_t column = 0; column < t->columns; column++) {
		size_t most = 0;

		for (size_t i = column; i < t->count; i += t->columns)
			if (t->cells[i] && strlen(t->cells[i]) > most)
				most = strlen(t->cells[i]);
		sum += most + (column ? 2 : 0);
	}
	return sum;
}

static void drop(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
}

/* A mail has no room for all columns: the least telling one goes. */
static void write_rows(struct doc *doc, struct layout *l)
{
	char text[WORDS_SIZE];
	struct table table;

	for (size_t i = 0; i < l->count; i++) {
		l->interval |= *interval_text(text, l->rows[i]) != '\0';
		l->per_page |= *per_page_text(text, l->rows[i]) != '\0';
		l->verdict |= *finding_text(l->rows[i]) != '\0';
	}
	build(&table, l);
	if (l->c->options->format == FORMAT_TEXT && l->per_page &&
	    text_width(&table) > DOC_COLUMNS) {
		drop(&table);
		l->per_page = false;
		build(&table, l);
	}
	doc_table(doc, &table);
}

/* --- the headline --- */

/* "1 GiB of BAR (...)": where the questions were asked. */
static void say_place(struct doc *doc, const struct compared *c,
		      const struct contrast *row)
{
	char words[72];

	doc_para(doc, "%s of %s (`%s`, aligned to %s), in %s%s:",
		 size_words(words, cell_parameter(row->cell, "length")),
		 strcmp(cell_parameter(row->cell, "target"), "memfd")
			 ? "BAR"
			 : "a memfd, the stand-in",
		 cell_parameter(row->cell, "target"),
		 cell_parameter(row->cell, "align"),
		 c->counts ? "guest instructions" : c->operands[0].run->unit,
		 c->counts ? ", a page being 4 KiB of it" : "");
}

static size_t pick(const struct compared *c, const struct contrast **rows,
		   bool (*wanted)(const struct contrast *row))
{
	size_t count = 0;

	for (size_t i = 0; i < c->rows.count; i++)
		if (wanted(&c->rows.list[i]))
			rows[count++] = &c->rows.list[i];
	return count;
}

static bool is_question(const struct contrast *row)
{
	return row->sum;
}

static bool is_beside(const struct contrast *row)
{
	return row->beside && (row->side[0].shown || row->side[1].shown);
}

static bool is_beside_and_changed(const struct contrast *row)
{
	return is_beside(row) && has_changed(row);
}

static const struct contrast **new_list(struct doc *doc,
					const struct compared *c)
{
	const struct contrast **rows = calloc(c->rows.count + 1, sizeof(*rows));

	doc->failed |= !rows;
	return rows;
}

void table_headline(struct doc *doc, const struct compared *c)
{
	struct layout l = {.c = c, .rows = new_list(doc, c)};

	if (!l.rows)
		return;
	l.count = pick(c, l.rows, is_question);
	if (l.count) {
		doc_heading(doc, 2, "Headline");
		say_place(doc, c, l.rows[0]);
		write_rows(doc, &l);
		/* Of many kernels, only those that tell something. */
		l = (struct layout){.c = c, .rows = l.rows};
		l.count = pick(c, l.rows,
			       c->pairs.count == 1 ? is_beside
						   : is_beside_and_changed);
		if (l.count)
			write_rows(doc, &l);
	}
	free(l.rows);
}

/* --- what changed --- */

static bool same_table(const struct contrast *a, const struct contrast *b)
{
	return !strcmp(a->title, b->title) &&
	       !strcmp(a->cell->benchmark, b->cell->benchmark) &&
	       !strcmp(a->unit, b->unit) && a->tail == b->tail;
}

/* The largest change first; else as they were recorded. */
static int by_change(const void *a, const void *b)
{
	const struct contrast *const *x = a, *const *y = b;
	double s = change_size(*x), t = change_size(*y);

	if (s != t)
		return s < t ? 1 : -1;
	return (*x > *y) - (*x < *y);
}

static void say_table(struct doc *doc, const struct layout *l)
{
	const struct contrast *first = l->rows[0];
	const struct cell *cell = first->cell;
	char vary[128] = "", fixed[256] = "";

	for (size_t p = 0; p < cell->parameter_count; p++) {
		const struct parameter *is = &cell->parameters[p];
		size_t v = strlen(vary), f = strlen(fixed);

		if (varies(l, p))
			snprintf(vary + v, sizeof(vary) - v, "%s%s",
				 v ? "/" : "", is->name);
		else
			snprintf(fixed + f, sizeof(fixed) - f, "%s%s=%s",
				 f ? " " : "", is->name, is->value);
	}
	doc_para(doc, "`%s` `%s`%s, in %s, by %s%s%s%s:", cell->benchmark,
		 first->title, first->tail ? " (p99)" : "", first->unit,
		 *vary ? vary : "kernel", *fixed ? " (`" : "", fixed,
		 *fixed ? "`)" : "");
}

/* All rows of the table that @rows[0] begins; they are taken out of @rows. */
static void list_table(struct doc *doc, const struct compared *c,
		       const struct contrast **rows, size_t count)
{
	struct layout l = {.c = c, .rows = new_list(doc, c), .label = "cell"};

	if (!l.rows)
		return;
	for (size_t i = count; i > 0; i--)
		if (rows[i - 1] && same_table(rows[i - 1], rows[0])) {
			l.rows[l.count++] = rows[i - 1];
			if (i > 1)
				rows[i - 1] = NULL;
		}
	for (size_t i = 0; i < l.count / 2; i++) {
		const struct contrast *swap = l.rows[i];

		l.rows[i] = l.rows[l.count - 1 - i];
		l.rows[l.count - 1 - i] = swap;
	}
	rows[0] = NULL;
	say_table(doc, &l);
	write_rows(doc, &l);
	free(l.rows);
}

static void list_rows(struct doc *doc, const struct compared *c,
		      const struct contrast **rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i])
			list_table(doc, c, &rows[i], count - i);
}

/* --- a line a phase --- */

struct digest {
	size_t found[FOUND_COUNT], count;
	double low, high;
};

static struct digest digest_of(const struct compared *c,
			       const struct contrast *like)
{
	struct digest d = {.low = INFINITY, .high = -INFINITY};

	for (size_t i = 0; i < c->rows.count; i++) {
		const struct contrast *row = &c->rows.list[i];

		if (!is_judged(row) || !same_table(row, like))
			continue;
		d.count++;
		d.found[row->finding]++;
		if (!has_changed(row))
			continue;
		d.low = fmin(d.low, row->change);
		d.high = fmax(d.high, row->change);
	}
	return d;
}

static void digest_line(struct table *table, const struct compared *c,
			const struct contrast *like, bool neither)
{
	struct digest d = digest_of(c, like);
	char text[WORDS_SIZE];
	const char *verdict = "differs";

	if (d.found[FOUND_WORSE])
		verdict = finding_words[FOUND_WORSE];
	else if (d.found[FOUND_BETTER])
		verdict = finding_words[FOUND_BETTER];
	table_cell(table, "%s%s", like->title, like->tail ? " (p99)" : "");
	table_cell(table, "%zu", d.count);
	table_cell(table, "%zu", d.found[FOUND_WORSE]);
	table_cell(table, "%zu", d.found[FOUND_BETTER]);
	if (neither)
		table_cell(table, "%zu", d.found[FOUND_DIFFERS]);
	table_cell(table, "%s", change_text(text, d.low));
	table_cell(table, "%s", change_text(text, d.high));
	table_cell(table, "%s", verdict);
}

/* Is there an earlier row that stands for the same line? */
static bool said_before(const struct contrast **rows, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_table(rows[j], rows[i]))
			return true;
	return false;
}

static void digest_benchmark(struct doc *doc, const struct compared *c,
			     const struct contrast **rows, size_t count,
			     const char *benchmark)
{
	static const char *const heads[] = {"phase",  "rows",	 "worse",
					    "better", "neither", "from",
					    "to",     "verdict"};
	bool neither = false;
	struct table table;

	for (size_t i = 0; i < count; i++)
		neither |= rows[i]->finding == FOUND_DIFFERS &&
			   !strcmp(rows[i]->cell->benchmark, benchmark);
	doc_para(doc, "`%s`:", benchmark);
	table_init(&table, 1);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (neither || strcmp(heads[i], "neither"))
			table_head(&table, "%s", heads[i]);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i]->cell->benchmark, benchmark) &&
		    !said_before(rows, i))
			digest_line(&table, c, rows[i], neither);
	doc_table(doc, &table);
}

static void digest(struct doc *doc, const struct compared *c,
		   const struct contrast **rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool before = false;

		for (size_t j = 0; j < i; j++)
			before |= !strcmp(rows[j]->cell->benchmark,
					  rows[i]->cell->benchmark);
		if (!before)
			digest_benchmark(doc, c, rows, count,
					 rows[i]->cell->benchmark);
	}
	doc_para(doc,
		 "What changed in a line did so from one end to the other; "
		 "`--phase=NAME` and `--benchmark=NAME` list its rows, "
		 "`--all` every row.");
}

static bool is_changed(const struct contrast *row)
{
	return is_judged(row) && has_changed(row);
}

static bool is_row(const struct contrast *row)
{
	return is_judged(row);
}

void table_changes(struct doc *doc, const struct compared *c)
{
	const struct compare_options *o = c->options;
	const struct contrast **rows = new_list(doc, c);
	size_t count;

	if (!rows)
		return;
	count = pick(c, rows, o->all ? is_row : is_changed);
	if (count)
		doc_heading(doc, 2, o->all ? "All figures" : "What changed");
	if (o->all || o->narrowed.phase || count <= ROWS_LISTED) {
		qsort(rows, count, sizeof(*rows), by_change);
		list_rows(doc, c, rows, count);
	} else {
		digest(doc, c, rows, count);
	}
	free(rows);
}

/* --- what is not resolved --- */

static bool is_unresolved(const struct contrast *row)
{
	return is_judged(row) && row->finding == FOUND_UNRESOLVED;
}

/* How far the boots of one side are apart, in percent of its figure. */
static double spread(const struct side *side)
{
	if (side->low == side->high)
		return 0;
	return side->shown ? 100 * (double)(side->high - side->low) /
				     (double)side->shown
			   : INFINITY;
}

/* A line for all rows of this phase that are not resolved. */
static void unresolved_item(struct doc *doc, const struct contrast **rows,
			    size_t from, size_t count)
{
	char text[WORDS_SIZE];
	size_t same = 0, single = 0;
	double most = 0;

	for (size_t i = from; i < count; i++) {
		if (!same_table(rows[i], rows[from]))
			continue;
		same++;
		for (int s = 0; s < 2; s++) {
			most = fmax(most, spread(&rows[i]->side[s]));
			single += rows[i]->side[s].boots < 2;
		}
	}
	doc_item(doc, "`%s` `%s`: %zu row%s%s%s%s", rows[from]->cell->benchmark,
		 rows[from]->title, same, same == 1 ? "" : "s",
		 single ? " of a single boot" : "",
		 most > 0 ? ", boots apart by as much as " : "",
		 most > 0 ? change_text(text, most) + 1 : "");
}

void say_unresolved(struct doc *doc, const struct compared *c)
{
	const struct contrast **rows = new_list(doc, c);
	size_t count;

	if (!rows)
		return;
	/* Of times, the verdicts say it, and why is said on top. */
	count = c->counts ? pick(c, rows, is_unresolved) : 0;
	if (count) {
		doc_heading(doc, 2, "Not resolved");
		doc_para(doc, "Boots of one kernel differ in these as much as "
			      "the kernels do:");
	}
	for (size_t i = 0; i < count; i++)
		if (!said_before(rows, i))
			unresolved_item(doc, rows, i, count);
	free(rows);
}

/* --- tails --- */

static bool is_tail(const struct contrast *row)
{
	return row->tail;
}

void table_tails(struct doc *doc, const struct compared *c)
{
	const struct compare_options *o = c->options;
	const struct contrast **rows = new_list(doc, c);
	size_t count, all;

	if (!rows)
		return;
	all = pick(c, rows, is_tail);
	count = pick(c, rows, o->all ? is_tail : tail_moved);
	if (all) {
		doc_heading(doc, 2, "Tails");
		doc_para(
			doc,
			"The p99 of the samples of all boots, of %zu rows that "
			"have samples enough for it; 95%% intervals by a "
			"cluster bootstrap, seed %u. No verdict is made of "
			"it.%s",
			all, o->seed,
			count ? "" : " No interval leaves out \"no change\".");
	}
	qsort(rows, count, sizeof(*rows), by_change);
	if (count > ROWS_LISTED && !o->all && !o->narrowed.phase) {
		doc_para(doc, "The %d largest changes of %zu:", ROWS_LISTED,
			 count);
		count = ROWS_LISTED;
	}
	list_rows(doc, c, rows, count);
	free(rows);
}

/* --- controls --- */

static bool is_control(const struct contrast *row)
{
	return row->nature.control && row->finding != FOUND_SAME &&
	       is_timed(row->unit) && !row->tail;
}

void say_controls(struct doc *doc, const struct compared *c)
{
	struct layout l = {.c = c, .rows = new_list(doc, c)};
	size_t all = 0;

	if (!l.rows)
		return;
	for (size_t i = 0; i < c->rows.count; i++)
		all += c->rows.list[i].nature.control;
	l.count = pick(c, l.rows, is_control);
	if (l.count) {
		doc_heading(doc, 2, "Controls");
		doc_para(doc, "No way to map a BAR can affect these; where "
			      "they change, the kernels differ in more than "
			      "that. The exit status does not go by them.");
		write_rows(doc, &l);
	} else if (all) {
		doc_para(doc, "The controls (`getppid()`, a first touch of "
			      "anonymous memory) are the same to the digit.");
	}
	free(l.rows);
}
