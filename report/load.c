// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/load.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/file.h"
#include "report/record.h"
#include "report/torture.h"

static int leave_out(struct run *run, const char *where, const char *why)
{
	char **slot = append((void **)&run->left_out, &run->left_out_count,
			     sizeof(*slot));

	if (!slot || asprintf(slot, "%s:%s%s", where,
			      isdigit((unsigned char)*why) ? "" : " ", why) < 0)
		return -ENOMEM;
	return 0;
}

static int set_unit(struct run *run, const struct boot *boot, struct why *why)
{
	const char *unit = text_at(boot->environment, "unit", "");

	if (!run->unit) {
		run->unit = strdup(unit);
		return run->unit ? 0 : -ENOMEM;
	}
	if (strcmp(run->unit, unit))
		return refuse(why, "1: unit is %s, the run's is %s", unit,
			      run->unit);
	return 0;
}

/* The version of a benchmark in the boots so far; -1 where there is none. */
static int64_t known_version(const struct run *run, const char *benchmark)
{
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t b = 0; b < run->kernels[k].boot_count; b++) {
			const struct boot *boot = &run->kernels[k].boots[b];

			for (size_t c = 0; c < boot->cell_count; c++)
				if (!strcmp(boot->cells[c].benchmark,
					    benchmark))
					return boot->cells[c].version;
		}
	return -1;
}

/* Boots of one run are compared, so unit and versions must be the same. */
static int admit(struct run *run, const struct boot *boot, struct why *why)
{
	for (size_t c = 0; c < boot->cell_count; c++) {
		const struct cell *cell = &boot->cells[c];
		int64_t version = known_version(run, cell->benchmark);

		if (version >= 0 && version != cell->version)
			return refuse(why,
				      "%s is version %lld, before it "
				      "%lld",
				      cell->benchmark, (long long)cell->version,
				      (long long)version);
	}
	return set_unit(run, boot, why);
}

static int load_boot(struct run *run, struct kernel *kernel, const char *path,
		     const char *where, unsigned int number)
{
	struct expected expected = {kernel->base, kernel->variant,
				    text_at(run->json, "mode", "")};
	struct boot boot, *slot;
	struct why why = {""};
	char *data = NULL;
	size_t size = 0;
	int err = file_read(path, &data, &size, &why);

	if (!err) {
		err = boot_parse(data, size, &expected, &boot, &why);
		free(data);
		if (!err) {
			boot.number = number;
			err = admit(run, &boot, &why);
			if (err)
				boot_free(&boot);
		}
	}
	if (err)
		return err == -EINVAL ? leave_out(run, where, why.text) : err;
	slot = append((void **)&kernel->boots, &kernel->boot_count,
		      sizeof(boot));
	if (!slot) {
		boot_free(&boot);
		return -ENOMEM;
	}
	*slot = boot;
	return 0;
}

static json_t *parse_object(const char *path, struct why *why)
{
	json_error_t error;
	char *data = NULL;
	size_t size = 0;
	json_t *json;

	if (file_read(path, &data, &size, why))
		return NULL;
	json = json_loadb(data, size, JSON_REJECT_DUPLICATES, &error);
	free(data);
	if (!json)
		refuse(why, "%d: not JSON: %.120s", error.line, error.text);
	else if (!json_is_object(json))
		refuse(why, "not a JSON object");
	else if (json_integer_value(json_object_get(json, "format")) !=
		 RESULT_FORMAT)
		refuse(why, "format is not %d", RESULT_FORMAT);
	else if (!json_clean(json))
		return json;
	json_decref(json);
	return NULL;
}

static int load_broken(struct run *run, struct kernel *kernel, const char *path,
		       const char *where, unsigned int number)
{
	struct why why = {"no memory"};
	json_t *json = parse_object(path, &why);
	const json_t *tail = json_object_get(json, "console_tail");
	const char *last;
	struct broken *slot;

	if (!json)
		return leave_out(run, where, why.text);
	last = json_string_value(
		json_array_get(tail, json_array_size(tail) - 1));
	slot = append((void **)&kernel->broken, &kernel->broken_count,
		      sizeof(*slot));
	if (slot) {
		slot->number = number;
		slot->attempts =
			json_integer_value(json_object_get(json, "attempts"));
		slot->reason = strdup(text_at(json, "reason", "no reason"));
		slot->last_line = strdup(last ? last : "");
	}
	json_decref(json);
	return slot && slot->reason && slot->last_line ? 0 : -ENOMEM;
}

/* 0 where @name is not boot-N followed by exactly @suffix. */
static unsigned int boot_number(const char *name, const char *suffix)
{
	unsigned int number;
	char canonical[64];

	if (sscanf(name, "boot-%5u", &number) != 1)
		return 0;
	snprintf(canonical, sizeof(canonical), "boot-%u%s", number, suffix);
	return strcmp(name, canonical) ? 0 : number;
}

static int load_file(struct run *run, struct kernel *kernel, const char *path,
		     const char *name)
{
	unsigned int good = boot_number(name, ".jsonl");
	unsigned int bad = boot_number(name, ".broken.json");
	char *where = NULL, *full = NULL;
	int err = 0;

	if (!good && !bad)
		return 0;
	if (asprintf(&where, "%s-%s/%s", kernel->base, kernel->variant, name) <
		    0 ||
	    asprintf(&full, "%s/%s", path, where) < 0)
		err = -ENOMEM;
	else if (good)
		err = load_boot(run, kernel, full, where, good);
	else
		err = load_broken(run, kernel, full, where, bad);
	free(where);
	free(full);
	return err;
}

static int load_kernel(const char *path, struct run *run, struct kernel *kernel)
{
	struct dirent **names = NULL;
	char *folder;
	int count, err = 0;

	if (asprintf(&folder, "%s/%s-%s", path, kernel->base, kernel->variant) <
	    0)
		return -ENOMEM;
	/* By version, so that boot-10 comes after boot-9. */
	count = scandir(folder, &names, NULL, versionsort);
	free(folder);
	for (int i = 0; i < count; i++) {
		if (!err)
			err = load_file(run, kernel, path, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return err;
}

static const json_t *find_build(const struct run *run, const char *base,
				const char *variant)
{
	const json_t *list = json_object_get(run->json, "kernels");
	const json_t *build;
	size_t i;

	json_array_foreach(
		list, i, build) if (!strcmp(text_at(build, "base", ""), base) &&
				    !strcmp(text_at(build, "variant", ""),
					    variant)) return build;
	return NULL;
}

static int add_kernel(const char *path, struct run *run, const char *base,
		      const char *variant, struct why *why)
{
	struct kernel *kernel;

	if (!is_token(base) || !is_token(variant))
		return refuse(why, "run.json: a base or variant is no name");
	kernel = append((void **)&run->kernels, &run->kernel_count,
			sizeof(*kernel));
	if (!kernel)
		return -ENOMEM;
	kernel->base = strdup(base);
	kernel->variant = strdup(variant);
	kernel->build = find_build(run, base, variant);
	if (!kernel->base || !kernel->variant)
		return -ENOMEM;
	return load_kernel(path, run, kernel);
}

static int load_kernels(const char *path, struct run *run, struct why *why)
{
	const json_t *bases = json_object_get(run->json, "bases");
	const json_t *variants = json_object_get(run->json, "variants");

	if (!json_array_size(bases) || !json_array_size(variants))
		return refuse(why, "run.json: no array bases or variants");
	for (size_t b = 0; b < json_array_size(bases); b++)
		for (size_t v = 0; v < json_array_size(variants); v++) {
			int err = add_kernel(
				path, run,
				json_string_value(json_array_get(bases, b)),
				json_string_value(json_array_get(variants, v)),
				why);

			if (err)
				return err;
		}
	return 0;
}

int run_load(const char *path, struct run *run, struct why *why)
{
	struct why inner = {"no memory"};
	const char *mode;
	char *file;
	int err;

	memset(run, 0, sizeof(*run));
	if (asprintf(&file, "%s/run.json", path) < 0)
		return -ENOMEM;
	run->json = parse_object(file, &inner);
	free(file);
	if (!run->json)
		return refuse(why, "run.json: %.200s", inner.text);
	mode = text_at(run->json, "mode", "");
	if (strcmp(mode, "count") && strcmp(mode, "time"))
		err = refuse(why, "run.json: mode is neither count nor time");
	else
		err = load_kernels(path, run, why);
	if (!err)
		err = torture_load(path, run);
	if (err)
		run_free(run);
	return err;
}
