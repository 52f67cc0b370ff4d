// SPDX-License-Identifier: GPL-2.0-or-later
/* The profile of a run, and what is asked of it. */
#include "report/why/profile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/json.h"
#include "report/limits.h"

void profile_kernel_free(struct profile_kernel *kernel)
{
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
	for (size_t i = 0; i < profile->left_out_count; i++)
		free(profile->left_out[i]);
	free(profile->left_out);
	json_decref(profile->json);
	free(profile);
}

static int leave_out(struct profile *profile, const char *where,
		     const char *why)
{
	char **slot = append((void **)&profile->left_out,
			     &profile->left_out_count, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	if (asprintf(slot, "%s:%s%s", where,
		     isdigit((unsigned char)*why) ? "" : " ", why) >= 0)
		return 0;
	profile->left_out_count--;
	return -ENOMEM;
}

/* One kernel of the run; a kernel that was not profiled has no folder. */
static int load_kernel(const char *path, struct profile *profile,
		       const struct kernel *kernel)
{
	struct profile_kernel read, *slot;
	struct why why = {""};
	struct stat st;
	char *where, *file = NULL;
	int err = 0;

	if (asprintf(&where, "profile/%s-%s/functions.tsv", kernel->base,
		     kernel->variant) < 0)
		return -ENOMEM;
	if (asprintf(&file, "%s/%s", path, where) < 0) {
		free(where);
		return -ENOMEM;
	}
	if (lstat(file, &st))
		goto out;
	err = profile_read(file, PROFILE_ROWS_MAX - profile->rows, &read, &why);
	if (err) {
		err = err == -EINVAL ? leave_out(profile, where, why.text)
				     : err;
		goto out;
	}
	read.base = strdup(kernel->base);
	read.variant = strdup(kernel->variant);
	slot = append((void **)&profile->kernels, &profile->count,
		      sizeof(*slot));
	if (!slot || !read.base || !read.variant) {
		profile->count -= slot != NULL;
		profile_kernel_free(&read);
		err = -ENOMEM;
	} else {
		*slot = read;
		profile->rows += read.rows;
	}
out:
	free(file);
	free(where);
	return err;
}

static int load(const char *path, struct run *run, json_t *json)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	int err = 0;

	if (!profile) {
		json_decref(json);
		return -ENOMEM;
	}
	profile->json = json;
	run->profile = profile;
	for (size_t i = 0; !err && i < run->kernel_count; i++)
		err = load_kernel(path, profile, &run->kernels[i]);
	return err;
}

int profile_load(const char *path, struct run *run)
{
	struct why why = {"no memory"};
	struct stat st;
	json_t *json;
	char *file;
	int err = 0;

	if (asprintf(&file, "%s/profile/profile.json", path) < 0)
		return -ENOMEM;
	if (!lstat(file, &st)) {
		err = json_read_file(file, &json, &why);
		if (err == -EINVAL) {
			run->profile_refused = strdup(why.text);
			err = run->profile_refused ? 0 : -ENOMEM;
		} else if (!err) {
			err = load(path, run, json);
		}
	}
	free(file);
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
