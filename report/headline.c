// SPDX-License-Identifier: GPL-2.0-or-later
/* The few figures a reader quotes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/sections.h"

#define PAGE UINT64_C(4096)

/* "eager 21,000,000 (20.1x), 0 faults" */
static void say_value(FILE *out, const struct summary *s,
		      const struct kernel *kernel, const struct question *q,
		      const char *separator)
{
	char value[32], ratio[32];
	uint64_t count;

	measure_text(value, s, kernel, q->like, q->measure);
	fprintf(out, "%s`%s` %s", separator, kernel->variant, value);
	against(ratio, sizeof(ratio), s, kernel, q);
	if (strcmp(kernel->variant, BASELINE) && strcmp(ratio, "-"))
		fprintf(out, " (%sx)", ratio);
	if (measure_value(s, kernel, q->like, &measure_faults, &count))
		fprintf(out, ", %s fault%s", grouped(value, count),
			count == 1 ? "" : "s");
}

static void say(struct doc *doc, const struct summary *s, const char *base,
		const struct question *q)
{
	const char *separator = "";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	uint64_t value;

	doc->failed |= !out;
	for (size_t k = 0; out && k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, base) ||
		    !measure_value(s, kernel, q->like, q->measure, &value))
			continue;
		/* The untouched base is for the section on the common series. */
		if (!strcmp(kernel->variant, "base"))
			continue;
		say_value(out, s, kernel, q, separator);
		separator = "; ";
	}
	if (out && fclose(out))
		doc->failed = true;
	if (text && *text)
		doc_item(doc, "%s: %s.", q->words, text);
	else
		doc_item(doc, "%s: not measured on any kernel.", q->words);
	free(text);
}

/* What a walk costs where nothing is left to be populated. */
static void say_walk(struct doc *doc, const struct summary *s,
		     const struct choice *choice)
{
	uint64_t least = UINT64_MAX, most = 0, value;
	char a[32], b[32];

	for (size_t k = 0; k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, choice->base) ||
		    !measure_value(s, kernel, choice->first_touch,
				   &measure_walk, &value))
			continue;
		least = value < least ? value : least;
		most = value > most ? value : most;
	}
	if (!most)
		return;
	grouped(a, least);
	grouped(b, most);
	doc_item(
		doc,
		"Each of these has one walk over the pages in it. A walk alone "
		"(`second-touch-total`) is %s%s%s %s.",
		a, least == most ? "" : " to ", least == most ? "" : b,
		s->run->unit);
}

/* What is paid inside system calls, before any page is touched. */
static const struct measure in_mmap = {"", {{"mmap", MEDIAN}}};
static const struct measure in_calls = {
	"", {{"disable", TOTAL}, {"enable", TOTAL}}};

static void say_share(FILE *out, const struct summary *s,
		      const struct kernel *kernel, const struct cell *like,
		      const struct measure *part, const struct measure *whole)
{
	uint64_t a, b;

	if (measure_value(s, kernel, like, part, &a) &&
	    measure_value(s, kernel, like, whole, &b) && b)
		fprintf(out, " %.1f%%", 100 * (double)a / (double)b);
	else
		fputs(" -", out);
}

/* So that a design that only moves its cost is seen moving it. */
static void say_moved(struct doc *doc, const struct summary *s,
		      const struct choice *c)
{
	const char *separator = "";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	doc->failed |= !out;
	for (size_t k = 0; out && k < s->run->kernel_count; k++) {
		const struct kernel *kernel = &s->run->kernels[k];

		if (!in_base(kernel, c->base) || !kernel->boot_count ||
		    !strcmp(kernel->variant, "base"))
			continue;
		fprintf(out, "%s`%s`", separator, kernel->variant);
		say_share(out, s, kernel, c->first_touch, &in_mmap,
			  &measure_reach);
		fputs(" and", out);
		say_share(out, s, kernel, c->toggle, &in_calls,
			  &measure_toggle);
		separator = "; ";
	}
	if (out && fclose(out))
		doc->failed = true;
	if (text && *text)
		doc_item(doc,
			 "Paid in system calls, before a page is touched "
			 "(`mmap` of the first reach; `disable` + `enable` of "
			 "off/on): %s.",
			 text);
	free(text);
}

/* Of the rows behind one answer: how many, and how many are not exact. */
static void count_rows(const struct summary *s, const struct question *q,
		       const char *base, size_t *rows, size_t *inexact)
{
	for (size_t k = 0; q->like && k < s->run->kernel_count; k++)
		for (size_t t = 0; t < TERMS_MAX && q->measure->terms[t].phase;
		     t++) {
			const struct kernel *kernel = &s->run->kernels[k];
			const struct row *row =
				in_base(kernel, base)
					? summary_row(
						  s, kernel, q->like,
						  q->measure->terms[t].phase)
					: NULL;

			*rows += row != NULL;
			*inexact += row && row->exact != EXACT_YES;
		}
}

static void say_exact(struct doc *doc, const struct summary *s,
		      const char *base, const struct question *questions)
{
	size_t rows = 0, inexact = 0;

	if (!run_counts(s->run))
		return;
	for (size_t i = 0; i < QUESTIONS; i++)
		count_rows(s, &questions[i], base, &rows, &inexact);
	if (!inexact)
		doc_item(doc, "Exact: all boots of a kernel agree on these to "
			      "the digit.");
	else
		doc_item(doc,
			 "Exact, boots agreeing to the digit: %zu of the %zu "
			 "phases these are sums of; the others are under "
			 "[How good the figures are]"
			 "(#how-good-the-figures-are) or from a single boot.",
			 rows - inexact, rows);
}

static void answer(struct doc *doc, const struct summary *s, const char *base)
{
	struct question questions[QUESTIONS];
	struct choice choice;
	char words[72], pages[32];

	if (!choose(s, base, &choice)) {
		doc_para(doc,
			 "On %s, neither `first-touch` nor `reset-recovery` "
			 "gave a result: there is no headline.",
			 base);
		return;
	}
	size_words(words, choice.length);
	grouped(pages, size_bytes(choice.length) / PAGE);
	doc_para(doc,
		 "%s of %s (`%s`, address and BAR page aligned to %s; %s pages "
		 "of 4 KiB) on %s, in %s%s:",
		 words,
		 strcmp(choice.target, "memfd") ? "BAR"
						: "a memfd, the stand-in",
		 choice.target, choice.align, pages, base,
		 run_counts(s->run) ? "guest instructions" : s->run->unit,
		 find_kernel(s->run, base, BASELINE) ? " (ratio to `" BASELINE
						       "`)"
						     : "");
	ask(s->run, &choice, questions);
	for (size_t i = 0; i < QUESTIONS; i++)
		say(doc, s, base, &questions[i]);
	say_walk(doc, s, &choice);
	say_moved(doc, s, &choice);
	say_exact(doc, s, base, questions);
}

void section_answer(struct doc *doc, const struct summary *s)
{
	const char *base;

	for (size_t i = 0; (base = base_at(s->run, i)); i++)
		answer(doc, s, base);
}
