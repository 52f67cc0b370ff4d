/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `make bench-fio` found, as docs/FIO.md has it: the log of each job on each
 * kernel, and what is asked of it. Input is not trusted: a log is taken whole or
 * left out.
 */
#ifndef REPORT_FIO_H
#define REPORT_FIO_H

#include <stdbool.h>

#include "report/lines.h"
#include "report/model.h"

/* One I/O; ns from the job's first. */
struct fio_io {
	uint64_t due; /* when its rate had it begin */
	uint64_t end;
	uint64_t waited; /* from its first SIGBUS to its end; 0: it had none */
};

struct fio_job {
	char *base;
	char *variant;
	char *job;
	unsigned int threads;
	struct fio_io *ios; /* by when they were due */
	size_t count;
	/* Its one outage; a reset is one call: the second took no time. */
	bool has_outage;
	uint64_t first_begin, first_end, second_begin, second_end;
};

struct fio {
	json_t *json; /* fio.json */
	struct fio_job *jobs;
	size_t count;
	size_t ios; /* of all jobs */
	char **left_out; /* "file: why" */
	size_t left_out_count;
};

/* Reads a log. 0, -ENOMEM, or -EINVAL with @why, which names the line. */
int fio_parse(struct lines *lines, size_t most, struct fio_job *job,
	      struct why *why);
void fio_job_free(struct fio_job *job);

/*
 * Sets run->fio from PATH/fio, or run->fio_refused where fio.json is damaged;
 * neither where there is none. 0 or -ENOMEM.
 */
int fio_load(const char *path, struct run *run);
void fio_free(struct fio *fio);

/* That of a kernel, or NULL. */
const struct fio_job *fio_find(const struct fio *fio, const char *base,
			       const char *variant, const char *job,
			       unsigned int threads);

/* What a job is told by; times in ns. */
struct fio_told {
	size_t ios;
	uint64_t median, p99, p999, longest; /* latency, from when it was due */
	bool has_p99, has_p999; /* samples enough stand behind it */
	size_t waited; /* I/Os that saw SIGBUS */
	uint64_t longest_wait;
	/* Of its outage, where it has one: */
	uint64_t calls; /* in which the BAR is taken away and given back */
	uint64_t away; /* from the first call's begin to the last one's end */
	/* From its begin until as many I/Os have ended as were due. */
	bool is_back;
	uint64_t back;
	/* Medians of the I/Os that were due before, and once it is back. */
	uint64_t before, after;
};

/* 0 or -ENOMEM. */
int fio_tell(const struct fio_job *job, struct fio_told *told);

#endif
