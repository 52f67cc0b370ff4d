// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An outage as readers at a fixed rate see it, on a time line that begins with the
 * call that takes the BAR away: how many reads have ended since, against how many
 * were due, and how long each took.
 */
#include "report/plots/plots.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/fio/fio.h"
#include "report/record.h"

/* Before the outage and behind it, in parts of the longest until the rate is back. */
#define PARTS 8
#define BEFORE 1
#define BEHIND 10
/* Parts of the line of which the longest latency is drawn. */
#define BINS 120
/* At most so high is the line of reads. */
#define PIXELS 230

struct window {
	uint64_t before, behind; /* ns around the outage's begin */
};

/* The most threads that any kernel of this base has run this job with. */
static unsigned int most_threads(const struct plotted *p, const char *job)
{
	const struct fio *fio = p->s->run->fio;
	unsigned int most = 0;

	for (size_t i = 0; i < fio->count; i++)
		if (!strcmp(fio->jobs[i].job, job) &&
		    !strcmp(fio->jobs[i].base, p->choice->base) &&
		    fio->jobs[i].has_outage && fio->jobs[i].threads > most)
			most = fio->jobs[i].threads;
	return most;
}

/* One for all variants. */
static int window_of(const struct plotted *p, const char *job,
		     unsigned int threads, struct window *w)
{
	const struct kernel *kernel;
	uint64_t longest = 0;

	for (size_t k = 0; (kernel = plot_next(p, &k));) {
		const struct fio_job *j =
			fio_find(p->s->run->fio, kernel->base, kernel->variant,
				 job, threads);
		struct fio_told told;

		if (!j || !j->has_outage)
			continue;
		if (fio_tell(j, &told))
			return -ENOMEM;
		if (told.is_back && told.back > longest)
			longest = told.back;
		if (told.away > longest)
			longest = told.away;
	}
	w->before = longest * BEFORE / PARTS;
	w->behind = longest * BEHIND / PARTS;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print_point(const struct plotted *p, const struct fio_job *j,
			const char *series, int64_t x, uint64_t y)
{
	fprintf(p->out, "%s\t%u\t%s\t%s\t%" PRId64 "\t%" PRIu64 "\n", j->job,
		j->threads, j->variant, series, x, y);
}

/*
 * As a staircase: so many up to this moment, one more from it on. Corners that
 * are off the line by less than half a pixel are left out.
 */
static void print_steps(const struct plotted *p, const struct fio_job *j,
			const char *series, const uint64_t *moments,
			struct plot_point *points, const struct window *w)
{
	uint64_t from =
		j->first_begin > w->before ? j->first_begin - w->before : 0;
	uint64_t to = j->first_begin + w->behind, reads = 0;
	size_t count = 0;

	for (size_t i = 0; i < j->count; i++) {
		int64_t at = (int64_t)moments[i] - (int64_t)j->first_begin;

		if (moments[i] < from || moments[i] >= to)
			continue;
		points[count++] = (struct plot_point){at, reads++};
		points[count++] = (struct plot_point){at, reads};
	}
	count = plot_thin(points, count, (double)reads / PIXELS / 2);
	for (size_t i = 0; i < count; i++)
		print_point(p, j, series, points[i].x, points[i].y);
}

/* Of the reads that were due in each part of the line the one that took longest. */
static void print_latencies(const struct plotted *p, const struct fio_job *j,
			    const struct window *w)
{
	uint64_t width = (w->before + w->behind) / BINS + 1;
	const struct fio_io *longest = NULL;
	uint64_t bin = 0;

	for (size_t i = 0; i <= j->count; i++) {
		const struct fio_io *io = &j->ios[i];
		uint64_t at = 0;

		if (i < j->count && io->due + w->before < j->first_begin)
			continue;
		if (i < j->count)
			at = (io->due + w->before - j->first_begin) / width;
		if (longest && (i == j->count || at != bin)) {
			print_point(p, j, "latency",
				    (int64_t)longest->due -
					    (int64_t)j->first_begin,
				    longest->end - longest->due);
			longest = NULL;
		}
		if (i == j->count || at >= BINS)
			break;
		bin = at;
		if (!longest || io->end - io->due > longest->end - longest->due)
			longest = io;
	}
}

static int print_job(const struct plotted *p, const struct fio_job *j,
		     const struct window *w, bool due)
{
	uint64_t *moments = calloc(j->count, sizeof(*moments));
	struct plot_point *points = calloc(j->count, 2 * sizeof(*points));

	if (!moments || !points) {
		free(moments);
		free(points);
		return -ENOMEM;
	}
	for (size_t i = 0; i < j->count; i++)
		moments[i] = j->ios[i].due;
	if (due)
		print_steps(p, j, "due", moments, points, w);
	for (size_t i = 0; i < j->count; i++)
		moments[i] = j->ios[i].end;
	qsort(moments, j->count, sizeof(*moments), by_value);
	print_steps(p, j, "done", moments, points, w);
	free(moments);
	free(points);
	print_latencies(p, j, w);
	print_point(p, j, "off", (int64_t)(j->second_end - j->first_begin), 0);
	return 0;
}

static int print_jobs(const struct plotted *p, const char *job)
{
	unsigned int threads = most_threads(p, job);
	const struct kernel *kernel;
	struct window w;
	bool first = true;
	int err = threads ? window_of(p, job, threads, &w) : 0;

	for (size_t k = 0; !err && threads && (kernel = plot_next(p, &k));) {
		const struct fio_job *j =
			fio_find(p->s->run->fio, kernel->base, kernel->variant,
				 job, threads);

		if (!j || !j->has_outage)
			continue;
		err = print_job(p, j, &w, first);
		first = false;
	}
	return err;
}

int plot_fio_outage(const struct plotted *p)
{
	const struct fio *fio = p->s->run->fio;
	const json_t *job;
	size_t i;
	int err = 0;

	fputs("job\tthreads\tvariant\tseries\tx\ty\n", p->out);
	if (fio)
		json_array_foreach(json_object_get(fio->json, "jobs"), i,
				   job) if (!err) err =
			print_jobs(p, json_string_value(job));
	return err;
}
