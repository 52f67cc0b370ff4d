// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the input is a log of our engine for fio. One that is taken is told, and
 * written as the reports have it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/fio/fio.h"
#include "report/limits.h"
#include "report/sections.h"
#include "tests/fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_told(const struct fio_job *job)
{
	struct fio_told t;

	must(!fio_tell(job, &t), "no memory");
	must(t.ios == job->count && t.waited <= t.ios, "more waited than were");
	must(t.median <= t.p99 && t.p99 <= t.p999 && t.p999 <= t.longest,
	     "quantiles out of order");
	must(!job->has_outage || t.calls <= t.away, "calls longer than all");
	must(!t.is_back || t.back >= t.away, "back before it was on");
}

static void write_doc(const struct run *run, enum doc_form form)
{
	struct doc doc;

	doc_open(&doc, form);
	section_fio(&doc, run);
	must(!doc_close(&doc), "no memory");
	check_text(doc.text);
	if (form == DOC_TEXT)
		check_mail(doc.text);
	if (form == DOC_HTML)
		check_page(doc.text);
	free(doc.text);
}

/* The log as that of two jobs of a kernel. */
static void report(const struct fio_job *job)
{
	struct kernel kernel = {.base = (char *)"6.12",
				.variant = (char *)"eager"};
	struct fio_job jobs[2] = {*job, *job};
	struct fio fio = {.jobs = jobs, .count = 2};
	struct run run = {.kernels = &kernel, .kernel_count = 1, .fio = &fio};

	for (int i = 0; i < 2; i++) {
		jobs[i].base = kernel.base;
		jobs[i].variant = kernel.variant;
		jobs[i].job = (char *)(i ? "toggle" : "steady");
		jobs[i].threads = 1;
	}
	fio.json = json_pack("{s:i,s:s,s:[s,s],s:[i]}", "format", RESULT_FORMAT,
			     "mode", "count", "jobs", "steady", "toggle",
			     "threads", 1);
	run.json = json_pack("{s:i,s:s,s:i,s:[s],s:[s]}", "format",
			     RESULT_FORMAT, "mode", "count", "boots", 1,
			     "bases", "6.12", "variants", "eager");
	must(fio.json && run.json, "no memory");
	for (int form = DOC_TEXT; form <= DOC_HTML; form++)
		write_doc(&run, (enum doc_form)form);
	json_decref(fio.json);
	json_decref(run.json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fio_job job;
	struct why why = {""};
	struct lines lines;
	int err;

	lines_of(&lines, (const char *)data, size);
	err = fio_parse(&lines, 1000, &job, &why);
	if (err) {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
		return 0;
	}
	check_told(&job);
	report(&job);
	fio_job_free(&job);
	return 0;
}
