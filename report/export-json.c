// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.json. Its parts are written one by one, and lists with an element a
 * line: a run has ten thousand rows, and none has to be held to write the next.
 */
#include "report/export.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/counters.h"
#include "report/sections.h"
#include "report/torture.h"

struct export
{
	FILE *out;
	const struct summary *s;
	bool failed;
	bool first; /* of the list that is being written */
};

/* Writes @json and drops it. */
static void dump(struct export *e, json_t *json)
{
	if (!json ||
	    json_dumpf(json, e->out,
		       JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)))
		e->failed = true;
	json_decref(json);
}

static void part(struct export *e, const char *name, json_t *json)
{
	fprintf(e->out, ",\n\"%s\":", name);
	dump(e, json);
}

static void list_begin(struct export *e, const char *name)
{
	fprintf(e->out, ",\n\"%s\":[", name);
	e->first = true;
}

static void list_add(struct export *e, json_t *json)
{
	fputs(e->first ? "\n" : ",\n", e->out);
	e->first = false;
	dump(e, json);
}

static void list_end(struct export *e)
{
	fputs("]", e->out);
}

/* JSON's integers end at 2^63; a sum that does not fit has no number. */
static json_t *number(uint64_t value)
{
	return value > INT64_MAX ? json_null()
				 : json_integer((json_int_t)value);
}

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *parameters(const struct cell *cell)
{
	json_t *json = json_object();

	for (size_t i = 0; json && i < cell->parameter_count; i++)
		if (json_object_set_new(json, cell->parameters[i].name,
					json_string(cell->parameters[i].value)))
			return json_decref(json), NULL;
	return json;
}

/* What is neither of one kernel nor a setting of the report's own. */
static void write_run(struct export *e)
{
	json_t *json = json_copy(e->s->run->json);

	if (json)
		json_object_del(json, "kernels");
	part(e, "run", json);
	part(e, "unit", json_string(e->s->run->unit));
}

static json_t *environment(const struct kernel *kernel)
{
	if (!kernel->boot_count)
		return json_null();
	return json_incref(kernel->boots[0].environment);
}

static json_t *boot_numbers(const struct kernel *kernel)
{
	json_t *json = json_array();

	for (size_t i = 0; json && i < kernel->boot_count; i++)
		if (json_array_append_new(
			    json, json_integer(kernel->boots[i].number)))
			return json_decref(json), NULL;
	return json;
}

static void write_kernels(struct export *e)
{
	const struct run *run = e->s->run;

	list_begin(e, "kernels");
	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];

		list_add(e,
			 json_pack("{ss ss so sO? so}", "base", kernel->base,
				   "variant", kernel->variant, "boots",
				   boot_numbers(kernel), "build", kernel->build,
				   "environment", environment(kernel)));
	}
	list_end(e);
}

static json_t *terms(const struct measure *measure)
{
	static const char *const names[] = {[TOTAL] = "total",
					    [MEDIAN] = "median",
					    [P99] = "p99",
					    [MAX] = "max",
					    [SAMPLES] = "samples"};
	json_t *json = json_array();

	for (size_t i = 0; json && i < TERMS_MAX && measure->terms[i].phase;
	     i++)
		if (json_array_append_new(
			    json,
			    json_pack("{ss ss}", "phase",
				      measure->terms[i].phase, "of",
				      names[measure->terms[i].statistic])))
			return json_decref(json), NULL;
	return json;
}

static json_t *measured(const struct summary *s, const struct kernel *kernel,
			const struct question *q, const struct measure *measure)
{
	uint64_t value;

	return measure_value(s, kernel, q->like, measure, &value)
		       ? number(value)
		       : json_null();
}

/* The ratio to the baseline of this base, with all its digits. */
static json_t *ratio(const struct summary *s, const struct kernel *kernel,
		     const struct question *q)
{
	double value;

	return ratio_to_baseline(s, kernel, q, &value) ? real(value)
						       : json_null();
}

static void write_question(struct export *e, const char *base,
			   const struct question *q)
{
	const struct run *run = e->s->run;
	json_t *values = json_array();

	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];

		if (in_base(kernel, base))
			json_array_append_new(
				values,
				json_pack("{ss so so so}", "variant",
					  kernel->variant, "value",
					  measured(e->s, kernel, q, q->measure),
					  "ratio", ratio(e->s, kernel, q),
					  "faults",
					  measured(e->s, kernel, q,
						   &measure_faults)));
	}
	list_add(e, json_pack("{ss ss ss ss so so so}", "base", base,
			      "question", q->title, "baseline", BASELINE,
			      "benchmark", q->like->benchmark, "parameters",
			      parameters(q->like), "sum", terms(q->measure),
			      "values", values));
}

static void write_headline(struct export *e)
{
	struct question questions[QUESTIONS];
	struct choice choice;
	const char *base;

	list_begin(e, "headline");
	for (size_t i = 0; (base = base_at(e->s->run, i)); i++) {
		if (!choose(e->s, base, &choice))
			continue;
		ask(e->s->run, &choice, questions);
		for (size_t q = 0; q < QUESTIONS; q++)
			if (questions[q].like)
				write_question(e, base, &questions[q]);
	}
	list_end(e);
}

static const struct phase *phase_of(const struct row *row)
{
	for (size_t i = 0; i < row->cell->phase_count; i++)
		if (!strcmp(row->cell->phases[i].name, row->phase) &&
		    !strcmp(row->cell->phases[i].unit, row->unit))
			return &row->cell->phases[i];
	return NULL;
}

/* The events that were asked for; null where no boot counted one. */
static json_t *counters(struct export *e, const struct row *row)
{
	const struct phase *phase = phase_of(row);
	json_t *json = json_object();

	for (size_t i = 0; phase && i < phase->counter_count; i++) {
		const char *name = phase->counters[i].name;
		uint64_t value;
		int got = counter_value(row->kernel, row->cell, row->phase,
					name, &value);

		e->failed |= got < 0;
		json_object_set_new(json, name,
				    got > 0 ? number(value) : json_null());
	}
	return json;
}

static const char *exact_word(const struct row *row)
{
	return row->exact == EXACT_YES	 ? "yes"
	       : row->exact == EXACT_ONE ? "one"
					 : "no";
}

static void write_rows(struct export *e)
{
	list_begin(e, "rows");
	for (size_t i = 0; i < e->s->count; i++) {
		const struct row *row = &e->s->rows[i];
		json_t *json = json_pack(
			"{ss ss ss sI so ss ss sI so so so so so so so ss so}",
			"base", row->kernel->base, "variant",
			row->kernel->variant, "benchmark", row->cell->benchmark,
			"benchmark_version", (json_int_t)row->cell->version,
			"parameters", parameters(row->cell), "phase",
			row->phase, "unit", row->unit, "boots",
			(json_int_t)row->boots, "samples", number(row->samples),
			"all_samples", number(row->all_samples), "min",
			number(row->min), "median", number(row->median), "p99",
			row->p99_stands ? number(row->p99) : json_null(), "max",
			number(row->max), "total", number(row->total), "exact",
			exact_word(row), "spread_percent",
			row->exact == EXACT_ONE ? json_null()
						: real(row->spread));
		json_t *events = counters(e, row);

		if (json_object_size(events))
			json_object_set(json, "counters", events);
		json_decref(events);
		list_add(e, json);
	}
	list_end(e);
}

static void write_cells(struct export *e, const char *name,
			enum cell_status status)
{
	const struct run *run = e->s->run;

	list_begin(e, name);
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t b = 0; b < run->kernels[k].boot_count; b++) {
			const struct boot *boot = &run->kernels[k].boots[b];

			for (size_t c = 0; c < boot->cell_count; c++) {
				const struct cell *cell = &boot->cells[c];

				if (cell->status != status)
					continue;
				list_add(
					e,
					json_pack(
						"{ss ss sI ss so ss}", "base",
						run->kernels[k].base, "variant",
						run->kernels[k].variant, "boot",
						(json_int_t)boot->number,
						"benchmark", cell->benchmark,
						"parameters", parameters(cell),
						"reason", cell->reason));
			}
		}
	list_end(e);
}

static void write_broken(struct export *e)
{
	const struct run *run = e->s->run;

	list_begin(e, "broken");
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < run->kernels[k].broken_count; i++) {
			const struct broken *b = &run->kernels[k].broken[i];

			list_add(e, json_pack("{ss ss sI sI ss ss}", "base",
					      run->kernels[k].base, "variant",
					      run->kernels[k].variant, "boot",
					      (json_int_t)b->number, "attempts",
					      (json_int_t)b->attempts, "reason",
					      b->reason, "last_line",
					      b->last_line));
		}
	list_end(e);
	list_begin(e, "left_out");
	for (size_t i = 0; i < run->left_out_count; i++)
		list_add(e, json_string(run->left_out[i]));
	list_end(e);
}

static void write_torture(struct export *e)
{
	const struct run *run = e->s->run;
	struct torture_sums sums = torture_sum(run);

	part(e, "torture",
	     json_pack("{sI sI sI sI sI sI ss?}", "guests",
		       (json_int_t)sums.guests, "seconds", sums.seconds,
		       "passed", sums.passed, "failed", sums.failed,
		       "operations", sums.operations, "findings",
		       (json_int_t)sums.findings, "left_out",
		       run->torture_refused));
}

int export_json(const struct summary *s, FILE *out)
{
	struct export e = {.out = out, .s = s};

	fprintf(out, "{\"format\":%d", REPORT_FORMAT);
	part(&e, "program",
	     json_pack("{ss ss}", "name", "pfnreport", "version",
		       PFNBENCH_VERSION));
	write_run(&e);
	write_kernels(&e);
	write_headline(&e);
	write_rows(&e);
	write_cells(&e, "skipped", CELL_SKIPPED);
	write_cells(&e, "failed", CELL_FAILED);
	write_broken(&e);
	write_torture(&e);
	fputs("}\n", out);
	return e.failed ? -ENOMEM : 0;
}
