// SPDX-License-Identifier: GPL-2.0-or-later
/* What a workload feels: the section of a report that quotes bench-fio. */
#include <stdio.h>
#include <string.h>

#include "report/fio/fio.h"
#include "report/record.h"
#include "report/sections.h"

/* Thousandths of ns are not told: 5.28, 41.2, 19,180. */
static void us_cell(struct table *t, uint64_t ns)
{
	double us = (double)ns / 1000;
	char text[32];

	if (us >= 1000)
		table_cell(t, "%s", grouped(text, (uint64_t)(us + 0.5)));
	else if (ns)
		table_cell(t, "%s", ratio_text(text, sizeof(text), us));
	else
		table_cell(t, "0");
}

static void us_cell_if(struct table *t, bool known, uint64_t ns)
{
	if (known)
		us_cell(t, ns);
	else
		table_cell(t, "-");
}

static void row(struct doc *doc, struct table *t, const struct fio_job *job,
		bool outage)
{
	struct fio_told told;
	char text[32];

	if (fio_tell(job, &told)) {
		doc->failed = true;
		return;
	}
	table_cell(t, "%s", job->variant);
	us_cell(t, told.median);
	us_cell_if(t, told.has_p99, told.p99);
	us_cell_if(t, told.has_p999, told.p999);
	us_cell(t, told.longest);
	if (!outage) {
		table_cell(t, "%s", grouped(text, told.ios));
		return;
	}
	table_cell(t, "%s", grouped(text, told.waited));
	us_cell(t, told.longest_wait);
	us_cell_if(t, job->has_outage, told.calls);
	us_cell_if(t, job->has_outage, told.away);
	us_cell_if(t, told.is_back, told.back);
	us_cell_if(t, job->has_outage, told.before);
	us_cell_if(t, told.is_back, told.after);
}

static void head(struct table *t, bool outage)
{
	static const char *const all[] = {"variant", "p50", "p99", "p99.9",
					  "max"};
	static const char *const with[] = {
		"waited",    "longest wait", "calls",	 "off",
		"rate back", "p50 before",   "p50 after"};

	table_init(t, 1);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		table_head(t, "%s", all[i]);
	if (!outage)
		table_head(t, "I/Os");
	for (size_t i = 0; outage && i < sizeof(with) / sizeof(*with); i++)
		table_head(t, "%s", with[i]);
}

/* The job with so many threads of the first kernel of this base that has it. */
static const struct fio_job *any(const struct run *run, const char *base,
				 const char *job, unsigned int threads)
{
	for (size_t i = 0; i < run->fio->count; i++) {
		const struct fio_job *j = &run->fio->jobs[i];

		if (!strcmp(j->base, base) && !strcmp(j->job, job) &&
		    j->threads == threads)
			return j;
	}
	return NULL;
}

static void job_table(struct doc *doc, const struct run *run, const char *base,
		      const char *job, unsigned int threads)
{
	const struct fio_job *first = any(run, base, job, threads);
	struct table t;

	if (!first)
		return;
	doc_para(doc, "`%s`, %u thread%s:", job, threads,
		 threads == 1 ? "" : "s");
	head(&t, first->has_outage);
	for (size_t i = 0; i < run->kernel_count; i++) {
		const struct kernel *k = &run->kernels[i];
		const struct fio_job *j =
			strcmp(k->base, base)
				? NULL
				: fio_find(run->fio, base, k->variant, job,
					   threads);
		if (j)
			row(doc, &t, j, first->has_outage);
	}
	doc_table(doc, &t);
}

static void explain(struct doc *doc, const struct run *run)
{
	bool counts = !strcmp(text_at(run->fio->json, "mode", ""), "count");

	doc_para(doc,
		 "fio (`%s`) reads the BAR by loads, 4 KiB at random out of "
		 "%s, all of which were read before, in each thread 2,000 "
		 "times a second at intervals of a Poisson process. A latency "
		 "is counted from when the read was due. After half a second "
		 "memory is disabled for 1 ms (`toggle`), or the device is "
		 "reset (`reset`). Times are us%s. `-` stands for a quantile "
		 "behind which there are too few reads.",
		 text_at(run->fio->json, "fio", "?"),
		 text_at(run->fio->json, "length", "?"),
		 counts ? " of the guest's clock, in which 1,000 instructions "
			  "are one, and time that all sleep through passes"
			: "");
	doc_item(doc,
		 "`waited`: reads that raised SIGBUS and were tried again "
		 "until they went through, and `longest wait` of them, from "
		 "the first SIGBUS on. A read that the kernel lets wait in its "
		 "fault is none of these, it only has a long latency.");
	doc_item(doc,
		 "`calls`: the time within the calls that take the BAR away "
		 "and give it back; `off`: from the first one's begin to the "
		 "last one's end.");
	doc_item(doc,
		 "`rate back`: from the same begin, and `off` at the least, "
		 "until no read that was due is left, that is, as many have "
		 "ended as were due. `-`: not while the job ran.");
	doc_item(doc,
		 "`p50 before`: the median of the reads that were due before "
		 "the outage; `p50 after`: of those due from `rate back` on. "
		 "What it has more is what later reads still pay.");
	doc_para(doc, "What waits for a timer of the kernel's ends at one of "
		      "its ticks, 10 ms apart in the guest: of two resets the "
		      "one that ends a tick earlier is not the better one.");
}

void section_fio(struct doc *doc, const struct run *run)
{
	const json_t *jobs, *threads, *job, *number;
	const char *base;
	size_t j, n;

	doc_heading(doc, 2, "What a workload feels");
	if (run->fio_refused) {
		doc_para(doc, "`fio.json` is left out: %s.", run->fio_refused);
		return;
	}
	if (!run->fio || !run->fio->count) {
		doc_para(doc, "fio did not run on these kernels: "
			      "`make bench-fio` before `make bench`.");
		return;
	}
	explain(doc, run);
	jobs = json_object_get(run->fio->json, "jobs");
	threads = json_object_get(run->fio->json, "threads");
	for (size_t b = 0; (base = base_at(run, b)); b++) {
		doc_heading(doc, 3, "fio on %s", base);
		json_array_foreach(jobs, j, job) json_array_foreach(threads, n,
								    number)
			job_table(doc, run, base, json_string_value(job),
				  (unsigned int)json_integer_value(number));
	}
	for (size_t i = 0; i < run->fio->left_out_count; i++)
		doc_item(doc, "left out: `%s`", run->fio->left_out[i]);
}
