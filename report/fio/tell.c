// SPDX-License-Identifier: GPL-2.0-or-later
/* The figures of a job, each computed from its log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/fio/fio.h"
#include "report/statistics/quantile.h"

#define ALPHA 0.05 /* as everywhere (report/statistics/quantile.h) */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The nearest rank: the smallest value that q of all are at most. */
static uint64_t quantile(const uint64_t *sorted, size_t count, double q)
{
	size_t rank = (size_t)(q * (double)count);

	rank += (double)rank < q * (double)count;
	return count ? sorted[rank ? rank - 1 : 0] : 0;
}

/* Latencies of the I/Os that were due in [from, to), in order; how many. */
static size_t latencies(const struct fio_job *job, uint64_t from, uint64_t to,
			uint64_t *values)
{
	size_t count = 0;

	for (size_t i = 0; i < job->count; i++)
		if (job->ios[i].due >= from && job->ios[i].due < to)
			values[count++] = job->ios[i].end - job->ios[i].due;
	qsort(values, count, sizeof(*values), by_value);
	return count;
}

static void tell_latency(const struct fio_job *job, struct fio_told *t,
			 uint64_t *values)
{
	size_t n = latencies(job, 0, UINT64_MAX, values);

	t->median = quantile(values, n, 0.5);
	t->p99 = quantile(values, n, 0.99);
	t->p999 = quantile(values, n, 0.999);
	t->has_p99 = n >= quantile_needs(0.99, ALPHA);
	t->has_p999 = n >= quantile_needs(0.999, ALPHA);
	t->longest = n ? values[n - 1] : 0;
}

/*
 * Back is the first moment from when the last call has ended on at which no I/O
 * that was due has not ended. Between two ends the backlog only grows, so it is
 * that call's end, or the end of an I/O.
 */
static void tell_back(const struct fio_job *job, struct fio_told *t,
		      uint64_t *ends)
{
	uint64_t at = job->second_end;
	size_t due = 0, ended = 0;

	for (size_t i = 0; i < job->count; i++)
		ends[i] = job->ios[i].end;
	qsort(ends, job->count, sizeof(*ends), by_value);
	for (;;) {
		while (ended < job->count && ends[ended] <= at)
			ended++;
		while (due < job->count && job->ios[due].due <= at)
			due++;
		if (due == ended || ended == job->count)
			break;
		at = ends[ended];
	}
	/* No I/O was left to show that it goes on: then it is not known. */
	t->is_back = due == ended && ended < job->count;
	t->back = at - job->first_begin;
}

int fio_tell(const struct fio_job *job, struct fio_told *t)
{
	uint64_t *values = calloc(job->count, sizeof(*values));
	size_t n;

	memset(t, 0, sizeof(*t));
	if (!values)
		return -ENOMEM;
	t->ios = job->count;
	tell_latency(job, t, values);
	for (size_t i = 0; i < job->count; i++) {
		uint64_t waited = job->ios[i].waited;

		t->waited += waited != 0;
		if (waited > t->longest_wait)
			t->longest_wait = waited;
	}
	if (job->has_outage) {
		t->calls = job->first_end - job->first_begin +
			   (job->second_end - job->second_begin);
		t->away = job->second_end - job->first_begin;
		tell_back(job, t, values);
		n = latencies(job, 0, job->first_begin, values);
		t->before = quantile(values, n, 0.5);
		n = latencies(job, job->first_begin + t->back, UINT64_MAX,
			      values);
		t->after = quantile(values, n, 0.5);
	}
	free(values);
	return 0;
}
