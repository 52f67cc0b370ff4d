// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/load.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/attached.h"
#include "report/fio/fio.h"
#include "report/host.h"
#include "report/json.h"
#include "report/limits.h"
#include "report/why/profile.h"
#include "report/record.h"
#include "report/torture.h"

/* A boot that does not count. */
static int not_counted(struct run *run, const char *where, const char *why)
{
	return leave_out(&run->left_out, &run->left_out_count, where, why);
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

static int check_version(struct run *run, const struct cell *cell,
			 struct why *why)
{
	struct known *known;

	for (size_t i = 0; i < run->known_count; i++) {
		known = &run->known[i];
		if (strcmp(known->benchmark, cell->benchmark))
			continue;
		if (known->version == cell->version)
			return 0;
		return refuse(why, "%s is version %lld, before it %lld",
			      cell->benchmark, (long long)cell->version,
			      (long long)known->version);
	}
	if (run->known_count >= BENCHMARKS_MAX)
		return refuse(why, "the run has more than %d benchmarks",
			      BENCHMARKS_MAX);
	known = append((void **)&run->known, &run->known_count, sizeof(*known));
	if (!known)
		return -ENOMEM;
	known->version = cell->version;
	known->benchmark = strdup(cell->benchmark);
	if (known->benchmark)
		return 0;
	run->known_count--;
	return -ENOMEM;
}

/* Boots of one run are compared, so unit and versions must be the same. */
static int admit(struct run *run, const struct boot *boot, struct why *why)
{
	size_t known_count = run->known_count;
	int err = 0;

	for (size_t c = 0; !err && c < boot->cell_count; c++)
		err = check_version(run, &boot->cells[c], why);
	if (!err)
		err = set_unit(run, boot, why);
	/* A boot that is left out says nothing of the others. */
	while (err && run->known_count > known_count)
		free(run->known[--run->known_count].benchmark);
	return err;
}

static int load_boot(struct run *run, struct kernel *kernel, const char *path,
		     const char *where, unsigned int number)
{
	const size_t most = RUN_MIB * MIB;
	struct expected expected = {
		.base = kernel->base,
		.variant = kernel->variant,
		.mode = text_at(run->json, "mode", ""),
		.room = run->bytes < most ? most - run->bytes : 0,
	};
	struct boot boot, *slot;
	struct why why = {""};
	int err = boot_read(path, &expected, &boot, &why);

	if (!err) {
		boot.number = number;
		err = admit(run, &boot, &why);
		if (err)
			boot_free(&boot);
	}
	if (err)
		return err == -EINVAL ? not_counted(run, where, why.text) : err;
	slot = append((void **)&kernel->boots, &kernel->boot_count,
		      sizeof(boot));
	if (!slot) {
		boot_free(&boot);
		return -ENOMEM;
	}
	*slot = boot;
	run->bytes += boot.bytes;
	return 0;
}

/* Is it what it should be, of the kernel and boot whose name it bears? */
static int check_broken(const json_t *json, const struct kernel *kernel,
			unsigned int number, struct why *why)
{
	const json_t *boot = json_object_get(json, "boot");
	const json_t *tail = json_object_get(json, "console_tail");

	if (strcmp(text_at(json, "type", ""), "broken"))
		return refuse(why, "type is not broken");
	if (strcmp(text_at(json, "base", ""), kernel->base) ||
	    strcmp(text_at(json, "variant", ""), kernel->variant))
		return refuse(why, "kernel is \"%.60s\" \"%.60s\"",
			      text_at(json, "base", ""),
			      text_at(json, "variant", ""));
	if (!is_count(boot) || json_integer_value(boot) != number)
		return refuse(why, "boot is not %u", number);
	if (!*text_at(json, "reason", "") ||
	    !is_count(json_object_get(json, "attempts")))
		return refuse(why, "no reason or no count of attempts");
	if (!are_strings(tail))
		return refuse(why, "console_tail is no array of strings");
	return 0;
}

static int add_broken(struct run *run, struct kernel *kernel,
		      const json_t *json, unsigned int number, struct why *why)
{
	const json_t *tail = json_object_get(json, "console_tail");
	const char *last = json_string_value(
		json_array_get(tail, json_array_size(tail) - 1));
	const char *reason = text_at(json, "reason", "");
	struct broken *slot;

	last = last ? last : "";
	run->bytes += sizeof(*slot) + strlen(reason) + strlen(last);
	if (run->bytes > RUN_MIB * MIB)
		return refuse(why,
			      "the run's boots take more than %d MiB of "
			      "memory",
			      RUN_MIB);
	slot = append((void **)&kernel->broken, &kernel->broken_count,
		      sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	slot->number = number;
	slot->attempts = json_integer_value(json_object_get(json, "attempts"));
	slot->reason = strdup(reason);
	slot->last_line = strdup(last);
	return slot->reason && slot->last_line ? 0 : -ENOMEM;
}

static int load_broken(struct run *run, struct kernel *kernel, const char *path,
		       const char *where, unsigned int number)
{
	struct why why = {""};
	json_t *json;
	int err = json_read_file(path, &json, &why);

	if (!err) {
		err = check_broken(json, kernel, number, &why);
		if (!err)
			err = add_broken(run, kernel, json, number, &why);
		json_decref(json);
	}
	return err == -EINVAL ? not_counted(run, where, why.text) : err;
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

static unsigned int good_number(const char *name)
{
	return boot_number(name, ".jsonl");
}

static unsigned int broken_number(const char *name)
{
	return boot_number(name, ".broken.json");
}

static int is_boot(const struct dirent *entry)
{
	return good_number(entry->d_name) || broken_number(entry->d_name);
}

/* @before is the name before this one, or "": a boot is either good or broken. */
static int load_file(struct run *run, struct kernel *kernel, const char *path,
		     const char *name, const char *before)
{
	unsigned int good = good_number(name);
	char *where = NULL, *full = NULL;
	int err;

	if (asprintf(&where, "%s-%s/%s", kernel->base, kernel->variant, name) <
	    0)
		return -ENOMEM;
	if (asprintf(&full, "%s/%s", path, where) < 0) {
		full = NULL;
		err = -ENOMEM;
	} else if (good && good == broken_number(before))
		err = not_counted(run, where, "stands beside a broken.json");
	else if (good)
		err = load_boot(run, kernel, full, where, good);
	else
		err = load_broken(run, kernel, full, where,
				  broken_number(name));
	free(where);
	free(full);
	return err;
}

static int load_files(struct run *run, struct kernel *kernel, const char *path,
		      const char *folder, struct dirent **names, size_t count)
{
	char why[64];

	for (size_t i = 0; i < count && i < BOOTS_MAX; i++) {
		int err = load_file(run, kernel, path, names[i]->d_name,
				    i ? names[i - 1]->d_name : "");

		if (err)
			return err;
	}
	if (count <= BOOTS_MAX)
		return 0;
	snprintf(why, sizeof(why), "more than %d boots, the last %zu",
		 BOOTS_MAX, count - BOOTS_MAX);
	return not_counted(run, folder, why);
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
	count = scandir(folder, &names, is_boot, versionsort);
	if (count >= 0)
		err = load_files(run, kernel, path, folder + strlen(path) + 1,
				 names, (size_t)count);
	else if (errno == ENOMEM)
		err = -ENOMEM;
	else if (errno != ENOENT)
		err = not_counted(run, folder + strlen(path) + 1,
				  strerror(errno));
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	free(folder);
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
		      const char *variant)
{
	const json_t *build = find_build(run, base, variant);
	struct kernel *kernel;

	/* A host measures the kernels it has: not each variant of each base. */
	if (run_on_host(run) && !build)
		return 0;
	kernel = append((void **)&run->kernels, &run->kernel_count,
			sizeof(*kernel));
	if (!kernel)
		return -ENOMEM;
	kernel->base = strdup(base);
	kernel->variant = strdup(variant);
	kernel->build = build;
	if (!kernel->base || !kernel->variant)
		return -ENOMEM;
	return load_kernel(path, run, kernel);
}

/* An array of names, at least one, none twice. */
static int check_names(const struct run *run, const char *key, size_t most,
		       struct why *why)
{
	const json_t *list = json_object_get(run->json, key);

	if (!json_array_size(list))
		return refuse(why, "no array %s", key);
	if (json_array_size(list) > most)
		return refuse(why, "more than %zu %s", most, key);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (!is_token(name))
			return refuse(why, "%s: [%zu] is no name", key, i);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(name,
				    json_string_value(json_array_get(list, j))))
				return refuse(why, "%s: %s stands twice", key,
					      name);
	}
	return 0;
}

static int check_run(const struct run *run, struct why *why)
{
	const char *mode = text_at(run->json, "mode", "");
	const char *replicate = text_at(run->json, "replicate", "boot");
	const json_t *boots = json_object_get(run->json, "boots");
	int err;

	if (strcmp(mode, "count") && strcmp(mode, "time"))
		return refuse(why, "mode is neither count nor time");
	if (strcmp(replicate, "boot") && strcmp(replicate, "round"))
		return refuse(why, "replicate is neither boot nor round");
	if (!is_count(boots) || json_integer_value(boots) > BOOTS_MAX)
		return refuse(why, "boots is no count of at most %d",
			      BOOTS_MAX);
	err = check_names(run, "bases", BASES_MAX, why);
	if (!err)
		err = check_names(run, "variants", VARIANTS_MAX, why);
	if (!err && json_array_size(json_object_get(run->json, "bases")) *
				    json_array_size(json_object_get(
					    run->json, "variants")) >
			    KERNELS_MAX)
		err = refuse(why, "more than %d kernels", KERNELS_MAX);
	return err;
}

static int load_kernels(const char *path, struct run *run)
{
	const json_t *bases = json_object_get(run->json, "bases");
	const json_t *variants = json_object_get(run->json, "variants");
	int err = 0;

	for (size_t b = 0; b < json_array_size(bases); b++)
		for (size_t v = 0; !err && v < json_array_size(variants); v++)
			err = add_kernel(
				path, run,
				json_string_value(json_array_get(bases, b)),
				json_string_value(json_array_get(variants, v)));
	return err;
}

int run_load(const char *path, struct run *run, struct why *why)
{
	struct why inner = {""};
	char *file;
	int err;

	memset(run, 0, sizeof(*run));
	if (asprintf(&file, "%s/run.json", path) < 0)
		return -ENOMEM;
	err = json_read_file(file, &run->json, &inner);
	free(file);
	if (err)
		run->json = NULL;
	else
		err = check_run(run, &inner);
	if (err == -EINVAL)
		refuse(why, "run.json:%s%.200s",
		       isdigit((unsigned char)*inner.text) ? "" : " ",
		       inner.text);
	if (!err)
		err = load_kernels(path, run);
	if (!err)
		err = torture_load(path, run);
	if (!err)
		err = profile_load(path, run);
	if (!err)
		err = fio_load(path, run);
	if (err)
		run_free(run);
	return err;
}
