// SPDX-License-Identifier: GPL-2.0-or-later
/* The profile of a run, and what is asked of it. */
#include "report/why/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/attached.h"
#include "report/json.h"
#include "report/limits.h"

void profile_kernel_free(struct profile_kernel *kernel)
{
	if (kernel->inlined)
		profile_kernel_free(kernel->inlined);
	free(kernel->inlined);
	model_forget(kernel);
	for (size_t i = 0; i < kernel->count; i++) {
		struct profile_phase *p = &kernel->phases[i];

		for (size_t f = 0; f < p->count; f++)
			free(p->functions[f].name);
		free(p->functions);
		free(p->benchmark);
		free(p->parameters);
		free(p->phase);
	}
	free(kernel->phases);
	free(kernel->base);
	free(kernel->variant);
	free(kernel->unit);
	memset(kernel, 0, sizeof(*kernel));
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->count; i++)
		profile_kernel_free(&profile->kernels[i]);
	free(profile->kernels);
	left_out_free(profile->left_out, profile->left_out_count);
	json_decref(profile->json);
	free(profile);
}

static int take_functions(struct profile *profile, const char *file,
			  const struct kernel *kernel, struct why *why)
{
	struct profile_kernel read, *slot;
	int err = profile_read(file, PROFILE_ROWS_MAX - profile->rows, &read,
			       why);

	if (err)
		return err;
	if (profile->count && strcmp(profile->kernels[0].unit, read.unit)) {
		err = refuse(why, "1: in %s, others in %s", read.unit,
			     profile->kernels[0].unit);
		profile_kernel_free(&read);
		return err;
	}
	read.base = strdup(kernel->base);
	read.variant = strdup(kernel->variant);
	slot = append((void **)&profile->kernels, &profile->count,
		      sizeof(*slot));
	if (!slot || !read.base || !read.variant) {
		profile->count -= slot != NULL;
		profile_kernel_free(&read);
		return -ENOMEM;
	}
	*slot = read;
	profile->rows += read.rows;
	return 0;
}

/* The kernel that was taken last, if it is @kernel. */
static struct profile_kernel *taken(struct profile *profile,
				    const struct kernel *kernel)
{
	struct profile_kernel *last;

	if (!profile->count)
		return NULL;
	last = &profile->kernels[profile->count - 1];
	return strcmp(last->base, kernel->base) ||
			       strcmp(last->variant, kernel->variant)
		       ? NULL
		       : last;
}

static int take_inlined(struct profile *profile, const char *file,
			const struct kernel *kernel, struct why *why)
{
	struct profile_kernel *last = taken(profile, kernel), read, *kept;
	int err;

	if (!last)
		return 0;
	err = profile_read(file, PROFILE_ROWS_MAX - profile->rows, &read, why);
	if (err)
		return err;
	kept = malloc(sizeof(*kept));
	if (!kept || strcmp(read.unit, last->unit)) {
		err = kept ? refuse(why, "1: in %s, functions.tsv in %s",
				    read.unit, last->unit)
			   : -ENOMEM;
		free(kept);
		profile_kernel_free(&read);
		return err;
	}
	*kept = read;
	last->inlined = kept;
	profile->rows += read.rows;
	return 0;
}

/* The model's figures of the kernel that was taken last, all or none. */
static int take_model(struct profile *profile, const char *file,
		      const struct kernel *kernel, struct why *why)
{
	struct profile_kernel *last = taken(profile, kernel);
	int err;

	if (!last)
		return 0;
	err = model_read(file, last, why);
	if (err)
		model_forget(last);
	return err;
}

/* One file of a kernel; one that was not profiled has none. */
static int load_file(const char *path, struct profile *profile,
		     const struct kernel *kernel, const char *name,
		     int (*take)(struct profile *profile, const char *file,
				 const struct kernel *kernel, struct why *why))
{
	struct why why = {""};
	struct stat st;
	char *where, *file = NULL;
	int err = 0;

	if (asprintf(&where, "profile/%s-%s/%s", kernel->base, kernel->variant,
		     name) < 0)
		return -ENOMEM;
	if (asprintf(&file, "%s/%s", path, where) < 0) {
		file = NULL;
		err = -ENOMEM;
	} else if (!lstat(file, &st)) {
		err = take(profile, file, kernel, &why);
		if (err == -EINVAL)
			err = leave_out(&profile->left_out,
					&profile->left_out_count, where,
					why.text);
	}
	free(file);
	free(where);
	return err;
}

int profile_load(const char *path, struct run *run)
{
	static const struct {
		const char *name;
		int (*take)(struct profile *profile, const char *file,
			    const struct kernel *kernel, struct why *why);
	} files[] = {
		{"functions.tsv", take_functions},
		{"inlined.tsv", take_inlined},
		{"model.tsv", take_model},
	};
	json_t *json = NULL;
	struct profile *profile;
	int err = attached_read(path, "profile/profile.json", NULL, &json,
				&run->profile_refused);

	if (err || !json)
		return err;
	profile = calloc(1, sizeof(*profile));
	if (!profile) {
		json_decref(json);
		return -ENOMEM;
	}
	profile->json = json;
	run->profile = profile;
	for (size_t i = 0; i < run->kernel_count; i++)
		for (size_t f = 0; !err && f < sizeof(files) / sizeof(*files);
		     f++)
			err = load_file(path, profile, &run->kernels[i],
					files[f].name, files[f].take);
	return err;
}

const struct profile_kernel *profile_find(const struct profile *profile,
					  const char *base, const char *variant)
{
	for (size_t i = 0; profile && i < profile->count; i++)
		if (!strcmp(profile->kernels[i].base, base) &&
		    !strcmp(profile->kernels[i].variant, variant))
			return &profile->kernels[i];
	return NULL;
}

const struct profile_phase *phase_like(const struct profile_kernel *kernel,
				       const struct profile_phase *like)
{
	for (size_t i = 0; kernel && i < kernel->count; i++) {
		const struct profile_phase *p = &kernel->phases[i];

		if (!strcmp(p->benchmark, like->benchmark) &&
		    !strcmp(p->parameters, like->parameters) &&
		    !strcmp(p->phase, like->phase))
			return p;
	}
	return NULL;
}

const char *parameter_of(const char *parameters, const char *name, char *text,
			 size_t size)
{
	size_t length = strlen(name);

	*text = '\0';
	for (const char *at = parameters; *at;) {
		size_t whole = strcspn(at, ",");

		if (whole > length && !strncmp(at, name, length) &&
		    at[length] == '=') {
			snprintf(text, size, "%.*s", (int)(whole - length - 1),
				 at + length + 1);
			return text;
		}
		at += whole + (at[whole] == ',');
	}
	return text;
}

void topic_costs(const struct profile_phase *phase, uint64_t *costs)
{
	memset(costs, 0, TOPIC_COUNT * sizeof(*costs));
	for (size_t i = 0; i < phase->count; i++)
		costs[phase->functions[i].topic] += phase->functions[i].cost;
}
