// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A column a run, a row a variant, a ratio to the run's own baseline: all that can
 * be held against each other of machines that differ in everything else. No verdict
 * is made here; each run's own report has its own.
 */
#include "report/hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "report/complain.h"
#include "report/file.h"
#include "report/host.h"
#include "report/load.h"
#include "report/sections.h"

struct column {
	const char *path;
	struct run run;
	struct summary summary;
};

struct hosts {
	struct column columns[HOSTS_MAX];
	size_t count;
};

static char letter(const struct hosts *h, const struct column *c)
{
	return (char)('A' + (c - h->columns));
}

/* --- reading --- */

/* 0, or the exit status after what is wrong was said. */
static int open_column(struct hosts *h, const char *path)
{
	struct column *c = &h->columns[h->count];
	struct why why = {"no memory"};

	for (size_t i = 0; i < h->count; i++)
		if (same_folder(h->columns[i].path, path))
			return complain(path, "stands twice", EXIT_USAGE);
	if (run_load(path, &c->run, &why))
		return complain(path, why.text, EXIT_USAGE);
	c->path = path;
	h->count++;
	for (size_t i = 0; i < c->run.left_out_count; i++)
		complain(c->run.left_out[i], "this boot is left out", 0);
	if (!c->run.unit)
		return complain(path, "no boot counts, nothing to report",
				EXIT_NOT_ENOUGH);
	if (summary_make(&c->run, &c->summary))
		return complain(path, strerror(ENOMEM), EXIT_USAGE);
	return 0;
}

/* What the machine is called, which groups its runs. */
static const char *machine(const struct column *c)
{
	const json_t *host = json_object_get(c->run.json, "host");
	const char *name = text_at(host, "name", "");

	if (!run_on_host(&c->run))
		return run_counts(&c->run) ? "a guest that is counted"
					   : text_at(host, "cpu", "unknown");
	return *name ? name : text_at(host, "cpu", "unknown");
}

/* Runs of one machine come side by side, else they stay as they were given. */
static void group(struct hosts *h)
{
	for (size_t i = 1; i < h->count; i++) {
		struct column moved = h->columns[i];
		size_t to = i;

		while (to &&
		       strcmp(machine(&h->columns[to - 1]), machine(&moved)))
			to--;
		if (!to)
			continue;
		memmove(&h->columns[to + 1], &h->columns[to],
			(i - to) * sizeof(moved));
		h->columns[to] = moved;
	}
	/* Who points into the run of a column that was moved. */
	for (size_t i = 0; i < h->count; i++)
		h->columns[i].summary.run = &h->columns[i].run;
}

/* --- which machine a letter is --- */

static void say_machine(struct doc *doc, const struct hosts *h,
			const struct column *c)
{
	const struct run *run = &c->run;
	const json_t *host = json_object_get(run->json, "host");
	const json_t *boots = json_object_get(run->json, "boots");
	const char *name = text_at(host, "name", "");
	char device[160];

	if (run_on_host(run))
		doc_item(doc,
			 "%c: %s%s%s`%s`, %lld CPUs; device `%s`; %s, %lld "
			 "%s%s a kernel; run `%s`",
			 letter(h, c), *name ? "`" : "", name,
			 *name ? "`, " : "", text_at(host, "cpu", "unknown"),
			 (long long)json_integer_value(
				 json_object_get(host, "cpus")),
			 run_device(device, run), run->unit,
			 (long long)json_integer_value(boots),
			 run_replicate(run),
			 json_integer_value(boots) == 1 ? "" : "s",
			 text_at(run->json, "run", "unknown"));
	else
		doc_item(doc,
			 "%c: a guest of QEMU `%s`%s%s%s; %s, %lld boot%s a "
			 "kernel; run `%s`",
			 letter(h, c),
			 text_at(json_object_get(run->json, "qemu"), "version",
				 "unknown"),
			 run_counts(run) ? "" : " on `",
			 run_counts(run) ? "" : text_at(host, "cpu", "unknown"),
			 run_counts(run) ? "" : "`", run->unit,
			 (long long)json_integer_value(boots),
			 json_integer_value(boots) == 1 ? "" : "s",
			 text_at(run->json, "run", "unknown"));
}

static void say_doubt(struct doc *doc, const struct hosts *h,
		      const struct column *c)
{
	const char *under;

	if (run_is_doubtful(&c->run, &under))
		doc_item(doc,
			 "%c: NOT FOR FIGURES: its times were taken under "
			 "`%s`, and show that the benchmarks run",
			 letter(h, c), under);
	if (run_has_rounds(&c->run))
		doc_item(doc,
			 "%c: rounds of one boot: between its kernels no "
			 "difference follows",
			 letter(h, c));
	if (run_is_broken(&c->run))
		doc_item(doc,
			 "%c: not all of the run is in these figures: its "
			 "report says what is not",
			 letter(h, c));
}

/* --- which cells --- */

/* Bases and variants that any run has, in order: see each_base(). */
struct names {
	const char *list[HOSTS_MAX * 16];
	size_t count;
};

static void add_name(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return;
	if (names->count < sizeof(names->list) / sizeof(*names->list))
		names->list[names->count++] = name;
}

/* Those bases of which a run measured the baseline: the others have no ratio. */
static void list_bases(const struct hosts *h, struct names *bases)
{
	bases->count = 0;
	for (size_t i = 0; i < h->count; i++)
		for (size_t k = 0; k < h->columns[i].run.kernel_count; k++) {
			const struct kernel *kernel =
				&h->columns[i].run.kernels[k];

			if (!strcmp(kernel->variant, BASELINE) &&
			    kernel->boot_count)
				add_name(bases, kernel->base);
		}
}

static void list_variants(const struct hosts *h, const char *base,
			  struct names *variants)
{
	variants->count = 0;
	for (size_t i = 0; i < h->count; i++)
		for (size_t k = 0; k < h->columns[i].run.kernel_count; k++) {
			const struct kernel *kernel =
				&h->columns[i].run.kernels[k];

			if (in_base(kernel, base) && !is_again(kernel) &&
			    strcmp(kernel->variant, BASELINE))
				add_name(variants, kernel->variant);
		}
}

static bool has_baseline(const struct column *c, const char *base)
{
	const struct kernel *baseline = find_kernel(&c->run, base, BASELINE);

	return baseline && baseline->boot_count;
}

/*
 * The largest length that every run with this base has measured, or NULL: a
 * variant that maps 4 KiB at a time is the worse the longer the BAR is.
 */
static const char *common_length(const struct hosts *h, const char *base)
{
	const char *best = NULL;
	struct choice choice;

	for (size_t i = 0; i < h->count; i++) {
		const struct summary *s = &h->columns[i].summary;

		for (size_t r = 0; r < s->count; r++) {
			const char *length =
				cell_parameter(s->rows[r].cell, "length");
			bool all = in_base(s->rows[r].kernel, base) &&
				   (!best ||
				    size_bytes(length) > size_bytes(best));

			for (size_t j = 0; all && j < h->count; j++)
				all = !has_baseline(&h->columns[j], base) ||
				      choose_length(&h->columns[j].summary,
						    base, length, &choice);
			best = all ? length : best;
		}
	}
	return best;
}

/* --- tables --- */

/* The question of one column; @length NULL: its own longest. */
static bool question_of(const struct column *c, const char *base,
			const char *length, size_t which,
			struct question *question, struct choice *choice)
{
	struct question questions[QUESTIONS];

	if (!has_baseline(c, base) ||
	    !(length ? choose_length(&c->summary, base, length, choice)
		     : choose(&c->summary, base, choice)))
		return false;
	ask(&c->run, choice, questions);
	*question = questions[which];
	return question->like;
}

static void ratio_row(struct table *table, const struct hosts *h,
		      const char *base, const char *length, size_t which,
		      const char *variant)
{
	struct question question;
	struct choice choice;
	char text[32];

	table_cell(table, "%s", variant);
	for (size_t i = 0; i < h->count; i++) {
		const struct column *c = &h->columns[i];
		const struct kernel *kernel =
			find_kernel(&c->run, base, variant);

		if (!has_baseline(c, base))
			continue;
		if (!kernel ||
		    !question_of(c, base, length, which, &question, &choice))
			table_cell(table, "-");
		else
			table_cell(table, "%s",
				   against(text, sizeof(text), &c->summary,
					   kernel, &question));
	}
}

/* In the head, each column's length where they differ. */
static void ratio_table(struct doc *doc, const struct hosts *h,
			const char *base, const char *length, size_t which,
			const struct names *variants)
{
	struct choice choice = {.length = "-"};
	struct question question;
	struct table table;

	table_init(&table, 1);
	table_head(&table, "kernel");
	for (size_t i = 0; i < h->count; i++) {
		const struct column *c = &h->columns[i];

		if (!has_baseline(c, base))
			continue;
		if (length ||
		    !question_of(c, base, NULL, which, &question, &choice))
			table_head(&table, "%c", letter(h, c));
		else
			table_head(&table, "%c %s", letter(h, c),
				   choice.length);
	}
	for (size_t i = 0; i < variants->count; i++)
		ratio_row(&table, h, base, length, which, variants->list[i]);
	doc_table(doc, &table);
}

/* What the question is called; measures of counts and times have one name. */
static const char *title(size_t which)
{
	static const char *const titles[QUESTIONS] = {"first reach", "off/on",
						      "reset"};

	return titles[which];
}

static void ratio_tables(struct doc *doc, const struct hosts *h,
			 const char *base, const char *length)
{
	struct names variants;

	list_variants(h, base, &variants);
	if (!variants.count) {
		doc_para(doc, "On %s only `" BASELINE "` was measured.", base);
		return;
	}
	for (size_t q = 0; q < QUESTIONS; q++) {
		if (length)
			doc_para(doc, "%s, %s, length=%s, x `" BASELINE "`:",
				 title(q), base, length);
		else
			doc_para(doc,
				 "%s, %s, the longest that each has, x "
				 "`" BASELINE "`:",
				 title(q), base);
		ratio_table(doc, h, base, length, q, &variants);
	}
}

/* Whether each has its own longest length elsewhere. */
static bool lengths_differ(const struct hosts *h, const char *base,
			   const char *length)
{
	struct choice choice;

	for (size_t i = 0; i < h->count; i++)
		if (has_baseline(&h->columns[i], base) &&
		    choose(&h->columns[i].summary, base, &choice) &&
		    (!length || strcmp(choice.length, length)))
			return true;
	return false;
}

/* What ratios are of, and kernels that have nothing to be a ratio to. */
static void cost_rows(struct table *table, const struct hosts *h,
		      const struct column *c)
{
	for (size_t k = 0; k < c->run.kernel_count; k++) {
		const struct kernel *kernel = &c->run.kernels[k];
		struct question questions[QUESTIONS];
		struct choice choice;
		char text[32];

		if (strcmp(kernel->variant, BASELINE) &&
		    has_baseline(c, kernel->base))
			continue;
		if (!choose(&c->summary, kernel->base, &choice))
			continue;
		ask(&c->run, &choice, questions);
		table_cell(table, "%c", letter(h, c));
		table_cell(table, "%s %s", kernel->base, kernel->variant);
		table_cell(table, "%s", choice.length);
		for (size_t q = 0; q < QUESTIONS; q++)
			table_cell(table, "%s",
				   measure_text(text, &c->summary, kernel,
						questions[q].like,
						questions[q].measure));
	}
}

static void cost_table(struct doc *doc, const struct hosts *h)
{
	struct table table;

	doc_para(doc, "What `" BASELINE "`, and each kernel that has none "
		      "beside it, costs there, in the unit of its line above, "
		      "for this length of the BAR:");
	table_init(&table, 2);
	table_head(&table, "host");
	table_head(&table, "kernel");
	table_head(&table, "length");
	for (size_t q = 0; q < QUESTIONS; q++)
		table_head(&table, "%s", title(q));
	for (size_t i = 0; i < h->count; i++)
		cost_rows(&table, h, &h->columns[i]);
	doc_table(doc, &table);
}

static void write_hosts(struct doc *doc, const struct hosts *h)
{
	struct names bases;

	doc_heading(doc, 1, "pfnbench: %zu run%s beside each other", h->count,
		    h->count == 1 ? "" : "s");
	for (size_t i = 0; i < h->count; i++)
		say_machine(doc, h, &h->columns[i]);
	for (size_t i = 0; i < h->count; i++)
		say_doubt(doc, h, &h->columns[i]);
	doc_para(doc, "Ratios are to `" BASELINE "` of the same run. In "
		      "instructions a reset is without its wait for the "
		      "device, in ns with it. Machines differ in all else: "
		      "verdicts are in each run's own report.");
	cost_table(doc, h);
	list_bases(h, &bases);
	for (size_t i = 0; i < bases.count; i++) {
		const char *length = common_length(h, bases.list[i]);

		doc_heading(doc, 2, "%s", bases.list[i]);
		if (length)
			ratio_tables(doc, h, bases.list[i], length);
		if (lengths_differ(h, bases.list[i], length))
			ratio_tables(doc, h, bases.list[i], NULL);
	}
}

static int print_hosts(const struct hosts *h, enum doc_form form, FILE *out)
{
	struct doc doc;
	int err;

	doc_open(&doc, form);
	write_hosts(&doc, h);
	err = doc_close(&doc);
	if (!err)
		fwrite(doc.text, 1, doc.size, out);
	free(doc.text);
	return err;
}

int report_hosts(char *const paths[], size_t count, enum doc_form form,
		 FILE *out)
{
	struct hosts *h = calloc(1, sizeof(*h));
	int status = h ? 0 : EXIT_USAGE;

	for (size_t i = 0; h && !status && i < count; i++)
		status = open_column(h, paths[i]);
	if (h && !status) {
		group(h);
		if (print_hosts(h, form, out))
			status =
				complain("hosts", strerror(ENOMEM), EXIT_USAGE);
	}
	for (size_t i = 0; h && i < h->count; i++) {
		if (!status && run_is_broken(&h->columns[i].run))
			status = EXIT_BROKEN;
	}
	for (size_t i = 0; h && i < h->count; i++) {
		summary_free(&h->columns[i].summary);
		run_free(&h->columns[i].run);
	}
	free(h);
	return status;
}
