// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison for programs: JSON, and tab-separated lines. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "report/compare/compare.h"
#include "report/compare/words.h"

#define COMPARE_FORMAT 1

/* JSON has no infinity: null. */
static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* Format and loader keep samples below 2^63; their sum may be more. */
static json_t *count_json(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *side_json(const struct side *side)
{
	json_t *values = json_array();

	for (size_t i = 0; i < side->boots && side->values; i++)
		json_array_append_new(values, count_json(side->values[i]));
	return json_pack("{s:o, s:I, s:b, s:o}", "value",
			 count_json(side->shown), "boots",
			 (json_int_t)side->boots, "exact", side->exact,
			 "values", values);
}

static json_t *kernel_json(const struct kernel *kernel)
{
	return json_pack("{s:s, s:s, s:I}", "base", kernel->base, "variant",
			 kernel->variant, "boots",
			 (json_int_t)kernel->boot_count);
}

static json_t *row_json(const struct compared *c, const struct contrast *row)
{
	const struct pair *pair = &c->pairs.list[row->pair];
	json_t *json = json_pack(
		"{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, "
		"s:I, s:s}",
		"baseline_kernel", kernel_json(pair->kernel[0]), "other_kernel",
		kernel_json(pair->kernel[1]), "benchmark", row->cell->benchmark,
		"parameters", row->cell->key, "row", row->title, "kind",
		row->sum	      ? "question"
		: row->tail	      ? "p99"
		: row->nature.control ? "control"
				      : "phase",
		"unit", row->unit, "baseline", side_json(&row->side[0]),
		"other", side_json(&row->side[1]), "change_percent",
		number(row->change), "low_percent", number(row->low),
		"high_percent", number(row->high), "pages",
		(json_int_t)row->nature.pages, "verdict",
		row->tail ? "none" : finding_words[row->finding]);

	if (json && !c->counts && !strcmp(row->unit, "ns") && !row->tail) {
		json_object_set_new(json, "p_adjusted", number(row->p));
		json_object_set_new(json, "detectable_percent",
				    number(row->detectable));
	}
	return json;
}

static json_t *differences_json(const struct compared *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->differences.count; i++) {
		const struct difference *d = &c->differences.list[i];

		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:b}", "what", d->what,
				  "baseline", d->value[0], "other", d->value[1],
				  "comparable", d->weight == NOTED));
	}
	return list;
}

static json_t *absent_json(const struct compared *c)
{
	static const char *const who[] = {"baseline", "other", "neither"};
	json_t *list = json_array();

	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < c->pairs.alone_count[s]; i++)
			json_array_append_new(
				list,
				json_pack("{s:s, s:o, s:s}", "only_in", who[s],
					  "kernel",
					  kernel_json(c->pairs.alone[s][i]),
					  "reason", "no partner"));
	for (size_t i = 0; i < c->rows.absent_count; i++) {
		const struct absent *a = &c->rows.absent[i];
		int s = a->has == 1;

		json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:s, s:s, s:s?, s:s}", "only_in",
				  who[a->has], "kernel",
				  kernel_json(c->pairs.list[a->pair].kernel[s]),
				  "benchmark", a->cell->benchmark, "parameters",
				  a->cell->key, "row", a->phase, "reason",
				  a->reason));
	}
	return list;
}

int print_json(const struct compared *c, FILE *out)
{
	json_t *rows = json_array(), *found = json_object(), *json;
	int err;

	for (size_t i = 0; i < c->rows.count; i++)
		json_array_append_new(rows, row_json(c, &c->rows.list[i]));
	for (int f = 0; f < FOUND_COUNT; f++)
		json_object_set_new(found, finding_words[f],
				    json_integer((json_int_t)c->found[f]));
	json = json_pack(
		"{s:i, s:s, s:s, s:s, s:f, s:i, s:b, s:I, s:o, s:o, s:o, s:o}",
		"format", COMPARE_FORMAT, "baseline", c->operands[0].run_name,
		"other", c->operands[1].run_name, "mode",
		c->counts ? "count" : "time", "threshold_percent", c->threshold,
		"status", c->status, "paired", !c->counts && c->same_blocks,
		"broken", (json_int_t)c->broken, "verdicts", found, "differs",
		differences_json(c), "rows", rows, "not_compared",
		absent_json(c));
	if (!json)
		return -ENOMEM;
	err = json_dumpf(json, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(json);
	return err ? -ENOMEM : 0;
}

/* Percent with all digits that mean something; "inf" where it is. */
static void put_percent(FILE *out, double value)
{
	fprintf(out, "\t%.6g", value);
}

static void put_row(const struct compared *c, const struct contrast *row,
		    FILE *out)
{
	const struct pair *pair = &c->pairs.list[row->pair];

	for (int s = 0; s < 2; s++)
		fprintf(out, "%s\t%s\t", pair->kernel[s]->base,
			pair->kernel[s]->variant);
	fprintf(out, "%s\t%s\t%s%s\t%s", row->cell->benchmark, row->cell->key,
		row->title, row->tail ? " p99" : "", row->unit);
	fprintf(out, "\t%" PRIu64 "\t%" PRIu64, row->side[0].shown,
		row->side[1].shown);
	put_percent(out, row->change);
	put_percent(out, row->low);
	put_percent(out, row->high);
	fprintf(out, "\t%" PRIu64 "\t%s\n", row->nature.pages,
		row->tail ? "none" : finding_words[row->finding]);
}

/* What has no partner stands here as well, its other figure "-". */
static void put_absent(const struct compared *c, const struct absent *a,
		       FILE *out)
{
	static const char *const words[] = {"only-baseline", "only-other",
					    "neither"};
	const struct pair *pair = &c->pairs.list[a->pair];

	for (int s = 0; s < 2; s++)
		fprintf(out, "%s\t%s\t", pair->kernel[s]->base,
			pair->kernel[s]->variant);
	fprintf(out, "%s\t%s\t%s\t-\t-\t-\t-\t-\t-\t-\t%s\n",
		a->cell->benchmark, a->cell->key, a->phase ? a->phase : "-",
		words[a->has]);
}

static void put_alone(const struct kernel *kernel, int side, FILE *out)
{
	if (side)
		fputs("-\t-\t", out);
	fprintf(out, "%s\t%s\t", kernel->base, kernel->variant);
	if (!side)
		fputs("-\t-\t", out);
	fprintf(out, "-\t-\t-\t-\t-\t-\t-\t-\t-\t-\t%s\n",
		side ? "only-other" : "only-baseline");
}

int print_tsv(const struct compared *c, FILE *out)
{
	fputs("baseline_base\tbaseline_variant\tother_base\tother_variant\t"
	      "benchmark\tparameters\trow\tunit\tbaseline\tother\t"
	      "change_percent\tlow_percent\thigh_percent\tpages\tverdict\n",
	      out);
	for (size_t i = 0; i < c->rows.count; i++)
		put_row(c, &c->rows.list[i], out);
	for (size_t i = 0; i < c->rows.absent_count; i++)
		put_absent(c, &c->rows.absent[i], out);
	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < c->pairs.alone_count[s]; i++)
			put_alone(c->pairs.alone[s][i], s, out);
	return 0;
}
