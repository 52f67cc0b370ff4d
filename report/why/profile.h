/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `make profile` found, as docs/PROFILE.md has it: profile -> kernels ->
 * phases -> functions. Input is not trusted: a file is taken whole or refused.
 */
#ifndef REPORT_WHY_PROFILE_H
#define REPORT_WHY_PROFILE_H

#include "report/model.h"
#include "report/why/topics.h"

struct profile_function {
	char *name;
	enum topic topic;
	uint64_t cost; /* instructions or samples, of its own */
	uint64_t calls;
	uint64_t loads;
	uint64_t stores;
};

/* What the plugin's model of caches and TLBs says of a phase. */
struct model_value {
	char *counter;
	uint64_t value;
};

struct profile_phase {
	char *benchmark;
	char *parameters; /* name=value joined by commas */
	char *phase;
	uint64_t pages; /* that it is about; 0: not of pages */
	uint64_t cost; /* the sum over its functions */
	struct profile_function *functions; /* dearest first, then by name */
	size_t count;
	struct model_value *model;
	size_t model_count; /* 0: there is none of this phase */
};

struct profile_kernel {
	char *base;
	char *variant;
	char *unit; /* "instructions" or "samples" */
	struct profile_phase *phases; /* in the order of the file */
	size_t count;
	size_t rows; /* of its files */
	/* The same phases, inlined functions apart; NULL: those are not known. */
	struct profile_kernel *inlined;
};

struct profile {
	json_t *json; /* profile.json */
	struct profile_kernel *kernels; /* in the order of the run */
	size_t count;
	char **left_out; /* "file:line: why" of each that is not taken */
	size_t left_out_count;
	size_t rows; /* of all kernels */
};

struct lines;

/*
 * Reads the rows of a functions.tsv. Functions of one name in one phase are
 * added up: two static functions may be called the same. On success the caller
 * frees @kernel, whose base and variant are not set. 0, -ENOMEM, or -EINVAL with
 * @why, which starts with the number of the line.
 */
int profile_parse(struct lines *lines, size_t most,
		  struct profile_kernel *kernel, struct why *why);
/* The same of a file. */
int profile_read(const char *path, size_t most, struct profile_kernel *kernel,
		 struct why *why);
/*
 * Adds a model.tsv to the phases of @kernel. 0, -ENOMEM, or -EINVAL with @why; what
 * was added until then stays.
 */
int model_parse(struct lines *lines, struct profile_kernel *kernel,
		struct why *why);
int model_read(const char *path, struct profile_kernel *kernel,
	       struct why *why);
/* Takes it away again, of all phases. */
void model_forget(struct profile_kernel *kernel);
/* False where there is no such counter. */
bool model_value(const struct profile_phase *phase, const char *counter,
		 uint64_t *value);
void profile_kernel_free(struct profile_kernel *kernel);

/*
 * Sets run->profile from PATH/profile, or run->profile_refused where its
 * profile.json is damaged; neither where there is none. 0 or -ENOMEM.
 */
int profile_load(const char *path, struct run *run);
void profile_free(struct profile *profile);

/* NULL where it was not profiled. */
const struct profile_kernel *profile_find(const struct profile *profile,
					  const char *base,
					  const char *variant);
/* The phase of @kernel with the names of @like, or NULL. */
const struct profile_phase *phase_like(const struct profile_kernel *kernel,
				       const struct profile_phase *like);
/* The value of @name in parameters joined by commas; "" where it has none. */
const char *parameter_of(const char *parameters, const char *name, char *text,
			 size_t size);
/* What a phase costs by topic; @costs has TOPIC_COUNT elements. */
void topic_costs(const struct profile_phase *phase, uint64_t *costs);
#endif
