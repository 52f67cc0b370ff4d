// SPDX-License-Identifier: GPL-2.0-or-later
/* The logs of a run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/attached.h"
#include "report/fio/fio.h"
#include "report/json.h"
#include "report/limits.h"
#include "report/record.h"

void fio_free(struct fio *fio)
{
	if (!fio)
		return;
	for (size_t i = 0; i < fio->count; i++)
		fio_job_free(&fio->jobs[i]);
	free(fio->jobs);
	left_out_free(fio->left_out, fio->left_out_count);
	json_decref(fio->json);
	free(fio);
}

static int read_log(const char *file, size_t most, struct fio_job *job,
		    struct why *why)
{
	struct lines lines;
	int err = lines_open(&lines, file, why);

	if (err)
		return err;
	err = fio_parse(&lines, most, job, why);
	lines_close(&lines);
	return err;
}

static int keep(struct fio *fio, struct fio_job *read,
		const struct kernel *kernel, const char *name,
		unsigned int threads)
{
	struct fio_job *slot;

	read->base = strdup(kernel->base);
	read->variant = strdup(kernel->variant);
	read->job = strdup(name);
	read->threads = threads;
	slot = append((void **)&fio->jobs, &fio->count, sizeof(*slot));
	if (!slot || !read->base || !read->variant || !read->job) {
		fio->count -= slot != NULL;
		fio_job_free(read);
		return -ENOMEM;
	}
	*slot = *read;
	fio->ios += read->count;
	return 0;
}

/* One job of one kernel; one that did not run has no log. */
static int load_job(const char *path, struct fio *fio,
		    const struct kernel *kernel, const char *name,
		    unsigned int threads)
{
	struct fio_job read;
	struct why why = {""};
	struct stat st;
	char *where, *file;
	int err = 0;

	if (asprintf(&where, "fio/%s-%s/%s-%u.log", kernel->base,
		     kernel->variant, name, threads) < 0)
		return -ENOMEM;
	if (asprintf(&file, "%s/%s", path, where) < 0) {
		free(where);
		return -ENOMEM;
	}
	if (!lstat(file, &st)) {
		err = read_log(file, FIO_IOS_MAX - fio->ios, &read, &why);
		if (!err)
			err = keep(fio, &read, kernel, name, threads);
		else if (err == -EINVAL)
			err = leave_out(&fio->left_out, &fio->left_out_count,
					where, why.text);
	}
	free(file);
	free(where);
	return err;
}

static int load_kernel(const char *path, struct fio *fio,
		       const struct kernel *kernel)
{
	const json_t *jobs = json_object_get(fio->json, "jobs");
	const json_t *threads = json_object_get(fio->json, "threads");
	const json_t *job, *number;
	size_t i, j;
	int err = 0;

	json_array_foreach(jobs, i, job)
		json_array_foreach(threads, j, number) if (!err) err =
			load_job(path, fio, kernel, json_string_value(job),
				 (unsigned int)json_integer_value(number));
	return err;
}

static bool are_sound(const json_t *jobs, const json_t *threads)
{
	const json_t *one;
	size_t i;

	if (!json_array_size(jobs) || json_array_size(jobs) > FIO_JOBS_MAX ||
	    !json_array_size(threads) ||
	    json_array_size(threads) > FIO_JOBS_MAX)
		return false;
	json_array_foreach(jobs, i, one) if (!json_is_string(one) ||
					     !is_token(json_string_value(
						     one))) return false;
	json_array_foreach(threads, i, one) if (!json_is_integer(one) ||
						json_integer_value(one) < 1 ||
						json_integer_value(one) >
							9999) return false;
	return true;
}

static int check(const json_t *json, struct why *why)
{
	if (are_sound(json_object_get(json, "jobs"),
		      json_object_get(json, "threads")))
		return 0;
	return refuse(why,
		      "its jobs or threads are no lists of names and numbers");
}

int fio_load(const char *path, struct run *run)
{
	json_t *json = NULL;
	struct fio *fio;
	int err = attached_read(path, "fio/fio.json", check, &json,
				&run->fio_refused);

	if (err || !json)
		return err;
	fio = calloc(1, sizeof(*fio));
	if (!fio) {
		json_decref(json);
		return -ENOMEM;
	}
	fio->json = json;
	run->fio = fio;
	for (size_t i = 0; !err && i < run->kernel_count; i++)
		err = load_kernel(path, fio, &run->kernels[i]);
	return err;
}

const struct fio_job *fio_find(const struct fio *fio, const char *base,
			       const char *variant, const char *job,
			       unsigned int threads)
{
	for (size_t i = 0; fio && i < fio->count; i++) {
		const struct fio_job *j = &fio->jobs[i];

		if (j->threads == threads && !strcmp(j->job, job) &&
		    !strcmp(j->base, base) && !strcmp(j->variant, variant))
			return j;
	}
	return NULL;
}
