// SPDX-License-Identifier: GPL-2.0-or-later
/* A log of the engine: a line an I/O, a line an outage, and an end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/fio/fio.h"
#include "report/limits.h"

#define IO_FIELDS 4
#define OUTAGE_FIELDS 6
#define FIELDS_MAX OUTAGE_FIELDS

struct reader {
	struct fio_job *job;
	size_t most;
	struct why *why;
	bool ended;
};

/*
 * Takes @count numbers, apart by one space, to the end of the line. A time is
 * exact as a double, so that none of two overflows.
 */
static int numbers(const char *at, const char *end, uint64_t *values,
		   size_t count, struct why *why)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 0;
		const char *first = at;

		while (at < end && *at >= '0' && *at <= '9' && at - first < 17)
			value = value * 10 + (uint64_t)(*at++ - '0');
		if (at == first || value > SAMPLES_MAX ||
		    (at < end && *at != ' '))
			return refuse(why, "number %zu is none", i + 1);
		values[i] = value;
		if (at < end)
			at++;
		else if (i + 1 < count)
			return refuse(why, "%zu numbers, not %zu", i + 1,
				      count);
	}
	return at < end ? refuse(why, "more than %zu numbers", count) : 0;
}

static int take_io(struct reader *r, const char *at, const char *end)
{
	uint64_t values[FIELDS_MAX];
	struct fio_io *io;
	int err = numbers(at, end, values, IO_FIELDS, r->why);

	if (err)
		return err;
	if (values[2] < values[1] || values[3] > values[2])
		return refuse(r->why, "an I/O that ends before it begins");
	if (r->job->count >= r->most)
		return refuse(r->why, "more than %d I/Os in all", FIO_IOS_MAX);
	io = append((void **)&r->job->ios, &r->job->count, sizeof(*io));
	if (!io)
		return -ENOMEM;
	*io = (struct fio_io){values[1], values[2], values[3]};
	return 0;
}

/* Skips the kind of outage; which it is, its job's name says. */
static int take_outage(struct reader *r, const char *at, const char *end)
{
	struct fio_job *job = r->job;
	uint64_t v[FIELDS_MAX];
	const char *space = memchr(at, ' ', (size_t)(end - at));
	int err;

	if (!space || job->has_outage)
		return refuse(r->why, "not one outage");
	/* The error that ends it. */
	at = space + 1;
	for (space = end; space > at && space[-1] != ' '; space--)
		;
	if (space == at || end - space < 1)
		return refuse(r->why, "an outage of too few numbers");
	/* Nothing was taken away, or nothing given back. */
	if (end - space != 1 || *space != '0')
		return refuse(r->why, "its outage failed: error %.*s",
			      (int)(end - space < 16 ? end - space : 16),
			      space);
	err = numbers(at, space - 1, v, OUTAGE_FIELDS - 1, r->why);
	if (err)
		return err;
	if (v[1] > v[2] || v[2] > v[3] || v[3] > v[4])
		return refuse(r->why, "an outage that ends before it begins");
	job->has_outage = true;
	job->first_begin = v[1];
	job->first_end = v[2];
	job->second_begin = v[3];
	job->second_end = v[4];
	return 0;
}

static int take_end(struct reader *r, const char *at, const char *end)
{
	uint64_t values[2];
	size_t waited = 0;
	int err = numbers(at, end, values, 2, r->why);

	if (err)
		return err;
	for (size_t i = 0; i < r->job->count; i++)
		waited += r->job->ios[i].waited != 0;
	if (values[0] != r->job->count || values[1] != waited)
		return refuse(r->why, "the end does not agree with the I/Os");
	r->ended = true;
	return 0;
}

static bool begins(const char *line, size_t length, const char *word)
{
	size_t n = strlen(word);

	return length >= n && !memcmp(line, word, n);
}

static int take(struct reader *r, const char *line, size_t length)
{
	const char *end = line + length;

	if (r->ended)
		return refuse(r->why, "something behind the end");
	if (begins(line, length, "#"))
		return 0;
	if (begins(line, length, "io "))
		return take_io(r, line + 3, end);
	if (begins(line, length, "outage "))
		return take_outage(r, line + 7, end);
	if (begins(line, length, "end "))
		return take_end(r, line + 4, end);
	return refuse(r->why, "neither io, outage nor end");
}

static int by_due(const void *a, const void *b)
{
	const struct fio_io *x = a, *y = b;

	if (x->due != y->due)
		return x->due < y->due ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

void fio_job_free(struct fio_job *job)
{
	free(job->base);
	free(job->variant);
	free(job->job);
	free(job->ios);
	memset(job, 0, sizeof(*job));
}

int fio_parse(struct lines *lines, size_t most, struct fio_job *job,
	      struct why *why)
{
	struct why inner = {"no end"};
	struct reader r = {.job = job, .most = most, .why = &inner};
	size_t number = 0, length;
	const char *line;
	int more, err = 0;

	memset(job, 0, sizeof(*job));
	for (;; number++) {
		more = lines_next(lines, &line, &length, &inner);
		err = more <= 0 ? more : take(&r, line, length);
		if (more <= 0 || err)
			break;
	}
	if (!err && !r.ended)
		err = -EINVAL;
	if (!err && !job->count)
		err = refuse(&inner, "no I/O");
	if (err == -EINVAL)
		refuse(why, "%zu: %.200s", number + 1, inner.text);
	if (err)
		fio_job_free(job);
	else
		qsort(job->ios, job->count, sizeof(*job->ios), by_due);
	return err;
}
