// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/matched.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/statistics/pair.h"

static double phase_statistic(const struct samples *samples,
			      enum statistic statistic)
{
	switch (statistic) {
	case MEDIAN:
		return (double)samples_quantile(&samples, 1, 0.5);
	case P99:
		return (double)samples_quantile(&samples, 1, 0.99);
	case MAX:
		return (double)samples_quantile(&samples, 1, 1);
	case SAMPLES:
		return (double)samples->count;
	case TOTAL:
		break;
	}
	return (double)samples_total(samples);
}

static const struct phase *phase_named(const struct cell *cell,
				       const char *name)
{
	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strcmp(cell->phases[i].name, name))
			return &cell->phases[i];
	return NULL;
}

bool boot_measure(const struct boot *boot, const struct cell *like,
		  const struct measure *measure, double *value)
{
	const struct cell *cell = boot_cell(boot, like);

	*value = 0;
	if (!cell || cell->status != CELL_OK)
		return false;
	for (size_t i = 0; i < TERMS_MAX && measure->terms[i].phase; i++) {
		const struct term *term = &measure->terms[i];
		const struct phase *phase = phase_named(cell, term->phase);

		if (!phase)
			return false;
		*value += phase_statistic(&phase->samples, term->statistic);
	}
	return true;
}

/* The boots of a kernel that have this figure; the caller frees. */
static struct boot_value *values_of(const struct kernel *kernel,
				    const struct cell *like,
				    const struct measure *measure,
				    size_t *count)
{
	struct boot_value *values =
		calloc(kernel->boot_count + 1, sizeof(*values));

	*count = 0;
	for (size_t b = 0; values && b < kernel->boot_count; b++) {
		struct boot_value *value = &values[*count];

		value->block = kernel->boots[b].number;
		*count += boot_measure(&kernel->boots[b], like, measure,
				       &value->value);
	}
	return values;
}

static int fill(struct match *match, const struct boot_value *baseline,
		size_t baseline_count, const struct boot_value *other,
		size_t other_count)
{
	size_t most = baseline_count + other_count + 1;

	match->ratios = calloc(most, sizeof(*match->ratios));
	match->left_out = calloc(most, sizeof(*match->left_out));
	if (!match->ratios || !match->left_out)
		return -ENOMEM;
	match->blocks = pair_blocks(baseline, baseline_count, other,
				    other_count, match->ratios);
	match->left_out_count = pair_left_out(baseline, baseline_count, other,
					      other_count, match->left_out);
	return 0;
}

static void match_free(struct match *match)
{
	free(match->ratios);
	free(match->left_out);
}

static int add(struct matches *matches, const struct match *match)
{
	struct match *slot =
		append((void **)&matches->list, &matches->count, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = *match;
	return 0;
}

int matches_add(struct matches *matches, const struct kernel *baseline,
		const struct kernel *kernel, const struct cell *like,
		const struct measure *measure)
{
	struct match match = {kernel, measure->title, like, NULL, 0, NULL, 0};
	size_t baseline_count, other_count;
	struct boot_value *a =
		values_of(baseline, like, measure, &baseline_count);
	struct boot_value *b = values_of(kernel, like, measure, &other_count);
	int err = a && b ? fill(&match, a, baseline_count, b, other_count)
			 : -ENOMEM;

	free(a);
	free(b);
	if (!err && match.blocks)
		err = add(matches, &match);
	if (err || !match.blocks)
		match_free(&match);
	return err;
}

int matches_judge(struct matches *matches)
{
	free(matches->verdicts);
	matches->verdicts =
		calloc(matches->count + 1, sizeof(*matches->verdicts));
	if (!matches->verdicts)
		return -ENOMEM;
	for (size_t i = 0; i < matches->count; i++) {
		matches->verdicts[i].x = matches->list[i].ratios;
		matches->verdicts[i].x_count = matches->list[i].blocks;
	}
	return judge(matches->verdicts, matches->count, &rules_default);
}

size_t matches_with(const struct matches *matches, enum verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < matches->count; i++)
		count += matches->verdicts[i].verdict == verdict;
	return count;
}

size_t matches_blocks(const struct matches *matches)
{
	size_t most = 0;

	for (size_t i = 0; i < matches->count; i++)
		if (matches->list[i].blocks > most)
			most = matches->list[i].blocks;
	return most;
}

void matches_free(struct matches *matches)
{
	for (size_t i = 0; i < matches->count; i++)
		match_free(&matches->list[i]);
	free(matches->list);
	free(matches->verdicts);
	memset(matches, 0, sizeof(*matches));
}

const char *log_text(char *text, size_t size, double log)
{
	double ratio = exp(log);

	if (isinf(ratio))
		snprintf(text, size, "inf");
	else
		snprintf(text, size, "%.*f",
			 ratio < 10    ? 4
			 : ratio < 100 ? 3
				       : 2,
			 ratio);
	return text;
}
