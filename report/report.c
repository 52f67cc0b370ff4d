// SPDX-License-Identifier: GPL-2.0-or-later
/* The report and its headline: which sections, in which order. */
#include <inttypes.h>
#include <string.h>

#include "report/host.h"
#include "report/sections.h"

static const struct {
	const char *variant;
	const char *words;
} explanations[] = {
	{"base", "the kernel source without any patch; shows what the common "
		 "series moves"},
	{"huge-fault", "the base's own way, under the common series: a fault "
		       "maps one leaf, of 4 KiB, 2 MiB or 1 GiB as address and "
		       "pfn allow"},
	{"insert-pfn", "a fault maps 4 KiB with `vmf_insert_pfn()`"},
	{"insert-vma", "the first fault maps the whole VMA, 4 KiB at a time, "
		       "in a loop of `vmf_insert_pfn()`"},
	{"write-lock", "the first fault takes the mmap lock for writing and "
		       "maps the whole VMA with `remap_pfn_vma()`, 4 KiB "
		       "leaves"},
	{"eager", "`mmap()` maps the whole VMA, disabling memory zaps it, and "
		  "the call that enables memory maps it again in every "
		  "process; 4 KiB leaves; a fault is SIGBUS"},
	{"eager-huge", "as `eager`, with 2 MiB and 1 GiB leaves as address and "
		       "pfn allow"},
	{AGAIN, "`" BASELINE "` under a second name, to see what differs "
		"between equal kernels"},
};

static const char *explain(const char *variant)
{
	if (!strncmp(variant, UNKNOWN_KERNEL, strlen(UNKNOWN_KERNEL)))
		return "a kernel that does not say it is one of pfnbench's: "
		       "its release stands for the base, 12 digits of its "
		       "build id for the variant";
	for (size_t i = 0; i < sizeof(explanations) / sizeof(*explanations);
	     i++)
		if (!strcmp(explanations[i].variant, variant))
			return explanations[i].words;
	return "a variant this analyser has no description of";
}

void section_variants(struct doc *doc, const struct run *run)
{
	const json_t *list = json_object_get(run->json, "variants");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *variant =
			json_string_value(json_array_get(list, i));

		doc_item(doc, "`%s`: %s", variant, explain(variant));
	}
}

void section_limits(struct doc *doc, const struct run *run)
{
	if (!run_counts(run))
		return;
	doc_heading(doc, 3, "What a count can't tell");
	doc_item(doc, "cache, TLB and MMIO latency: every instruction is one "
		      "tick, a load from the BAR as well as an addition");
	doc_item(doc, "real concurrency: vCPUs take turns, a lock is never "
		      "waited for while another CPU runs");
	doc_item(doc, "what a trap to a hypervisor costs");
	doc_para(doc, "What it can: page-table work, lock and allocation "
		      "paths, how cost grows with size; and it is the same on "
		      "every host.");
}

static void opening(struct doc *doc, const struct summary *s)
{
	doc_heading(doc, 1, "pfnbench: mapping a PCI BAR, and getting it back");
	section_doubt(doc, s->run);
	section_answer(doc, s);
	if (run_is_broken(s->run))
		doc_para(doc, "Not all of the run is in these figures: see "
			      "\"Not among the figures\".");
}

static void bases(struct doc *doc, const struct summary *s)
{
	if (!base_at(s->run, 1))
		return;
	doc_heading(doc, 2, "Base against base");
	section_bases(doc, s);
}

/* What a reader needs to believe the figures. */
static void quality(struct doc *doc, const struct summary *s)
{
	doc_heading(doc, 2, "How good the figures are");
	doc_heading(doc, 3, "What the common series moves");
	section_common(doc, s);
	doc_heading(doc, 3, run_counts(s->run) ? "Exactness" : "Spread");
	section_exactness(doc, s);
	if (!run_counts(s->run)) {
		doc_heading(doc, 3, "Differences");
		if (run_has_rounds(s->run))
			section_rounds(doc);
		else
			section_differences(doc, s);
	}
	doc_heading(doc, 3, "Is the instrument sound?");
	section_instrument(doc, s);
	section_limits(doc, s->run);
	doc_heading(doc, 2, "Not among the figures");
	section_apart(doc, s->run);
	doc_heading(doc, 2, "Torture");
	section_torture(doc, s->run);
}

static void origin(struct doc *doc, const struct summary *s)
{
	doc_heading(doc, 2, "Environment");
	section_environment(doc, s->run, !doc_is_detailed(doc));
	doc_heading(doc, 2, "The same again");
	section_again(doc, s->run);
}

static void benchmarks(struct doc *doc, const struct summary *s)
{
	if (!doc_is_detailed(doc)) {
		section_benchmarks(doc, s, true);
		section_counters(doc, s);
		return;
	}
	doc_heading(doc, 2, "Figures");
	section_figures(doc, s->run);
	doc_heading(doc, 2, "Benchmarks");
	doc_para(doc,
		 "The telling rows; all %zu are in `summary.tsv`. Totals "
		 "are the lower median of the boots' sums, in %s. `-` "
		 "stands where a cell has no such phase or a kernel no "
		 "such cell, and for a p99 behind which a boot has fewer than "
		 "%" PRIu64 " samples; how many all boots have together "
		 "stands beside it.",
		 s->count, s->run->unit, p99_needs());
	section_benchmarks(doc, s, false);
	section_counters(doc, s);
}

void report_write(struct doc *doc, const struct summary *s)
{
	opening(doc, s);
	doc_contents(doc);
	doc_heading(doc, 2, "Headline");
	section_headline(doc, s);
	section_variants(doc, s->run);
	bases(doc, s);
	benchmarks(doc, s);
	section_why(doc, s);
	section_fio(doc, s->run);
	quality(doc, s);
	origin(doc, s);
}

void report_headline(struct doc *doc, const struct summary *s)
{
	section_doubt(doc, s->run);
	section_headline(doc, s);
}
