/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts a report is put together from. Each writes to @doc and says
 * what it lacks by name; errors are in doc->failed.
 */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report/doc.h"
#include "report/view.h"

/* The answer in sentences, for each base. */
void section_answer(struct doc *doc, const struct summary *s);
/* The same as tables: cost, who populated, and where it was paid. */
void section_headline(struct doc *doc, const struct summary *s);
/* The bases of a run beside each other; for runs of more than one. */
void section_bases(struct doc *doc, const struct summary *s);
/* What each variant of the run is, a line each. */
void section_variants(struct doc *doc, const struct run *run);
/* The tables of each benchmark; @brief: only those around the headline. */
void section_benchmarks(struct doc *doc, const struct summary *s, bool brief);
/* What was counted around phases; nothing where nothing was. */
void section_counters(struct doc *doc, const struct summary *s);
/* How much the common series moves. */
void section_common(struct doc *doc, const struct summary *s);
/* Which figures two boots agree on; how far boots are apart in time mode. */
void section_exactness(struct doc *doc, const struct summary *s);
/* Time mode: the variants against the baseline, paired by block and judged. */
void section_differences(struct doc *doc, const struct summary *s);
/* The A/A arm and the controls. */
void section_instrument(struct doc *doc, const struct summary *s);
/* What a count can't tell; nothing in time mode. */
void section_limits(struct doc *doc, const struct run *run);
/* Skipped, failed, broken, left out, missing. */
void section_apart(struct doc *doc, const struct run *run);
/* The figures, by their files. */
void section_figures(struct doc *doc, const struct run *run);
void section_environment(struct doc *doc, const struct run *run, bool brief);
/* What moved times, as items of the environment; nothing in count mode. */
void say_noise(struct doc *doc, const struct run *run);
/* What `make torture` found of these kernels. */
void section_torture(struct doc *doc, const struct run *run);
/* Which functions the phases are spent in, as `make profile` found it. */
void section_why(struct doc *doc, const struct summary *s);
/* What fio felt of an outage, as `make bench-fio` found it. */
void section_fio(struct doc *doc, const struct run *run);
/* The commands that give these numbers again. */
void section_again(struct doc *doc, const struct run *run);

/* A row a cell and kernel, a column a measure; label columns are what varies. */
void detail_table(struct doc *doc, const struct summary *s, const char *base,
		  const struct cell_list *cells, const struct measure *columns,
		  size_t column_count);
/* What one cell of one kernel reads like in a table; @text has 96 bytes. */
typedef void cell_text_fn(char *text, const struct summary *s,
			  const struct kernel *kernel, const struct cell *cell,
			  const void *context);
/* A row a cell, a column a kernel; @title names the only row of one cell. */
void pivot_table(struct doc *doc, const struct summary *s, const char *base,
		 const struct cell_list *cells, const char *title,
		 cell_text_fn *cell_text, const void *context);
/* A cell_text_fn for a struct measure. */
cell_text_fn cell_measure;
/* A cell_text_fn for leaves as PTE/PMD/PUD; needs no context. */
cell_text_fn cell_leaves;

/* The report, whole, as the form of @doc has room for it. */
void report_write(struct doc *doc, const struct summary *s);
/* What `pfnreport --headline` prints. */
void report_headline(struct doc *doc, const struct summary *s);

/* The bases of a run, as run.json orders them; NULL past the last. */
const char *base_at(const struct run *run, size_t i);
/* Boots of a run that are broken or left out, or cells that failed? */
bool run_is_broken(const struct run *run);

#endif
