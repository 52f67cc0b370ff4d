// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/command.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pfnbench/exit.h"
#include "report/complain.h"
#include "report/limits.h"
#include "report/why/flame.h"
#include "report/why/table.h"

/* One or two kernels, as the command line names them. */
struct pair {
	struct profile_kernel kernels[2];
	char *names[2]; /* of their folders */
	size_t count;
};

/* "6.12-eager" of "results/latest/profile/6.12-eager/". */
static char *folder_name(const char *path)
{
	char *copy = strdup(path), *name = NULL;

	if (copy)
		name = strdup(basename(copy));
	free(copy);
	if (name && plain_text(name))
		return name;
	return name;
}

static int load_one(struct pair *pair, const struct profile_options *o,
		    const char *path)
{
	struct profile_kernel *kernel = &pair->kernels[pair->count];
	struct why why = {"no memory"};
	char *file;
	int err;

	if (asprintf(&file, "%s/%s.tsv", path,
		     o->inlined ? "inlined" : "functions") < 0)
		return complain(path, why.text, EXIT_USAGE);
	err = profile_read(file, PROFILE_ROWS_MAX, kernel, &why);
	if (err)
		complain(file, err == -ENOMEM ? strerror(ENOMEM) : why.text, 0);
	if (err && o->inlined && access(file, F_OK))
		fprintf(stderr, "pfnreport: make profile CONFIG=dwarf makes "
				"one\n");
	free(file);
	if (err)
		return EXIT_USAGE;
	pair->names[pair->count++] = folder_name(path);
	/* Tables name a kernel by its folder, which is BASE-VARIANT. */
	kernel->base = strdup("");
	kernel->variant = folder_name(path);
	return kernel->base && kernel->variant && pair->names[pair->count - 1]
		       ? EXIT_FINE
		       : complain(path, strerror(ENOMEM), EXIT_USAGE);
}

static void unload(struct pair *pair)
{
	for (size_t i = 0; i < pair->count; i++) {
		profile_kernel_free(&pair->kernels[i]);
		free(pair->names[i]);
	}
}

static int load(struct pair *pair, const struct profile_options *o)
{
	int status = EXIT_FINE;

	memset(pair, 0, sizeof(*pair));
	for (size_t i = 0; !status && i < 2 && o->path[i]; i++)
		status = load_one(pair, o, o->path[i]);
	if (!status && pair->count == 2 &&
	    strcmp(pair->kernels[0].unit, pair->kernels[1].unit))
		status = complain(o->path[1],
				  "instructions and samples can't be compared",
				  EXIT_USAGE);
	return status;
}

/* Has @parameters each of the name=value in @want? */
static bool has_all(const char *parameters, const char *want)
{
	while (*want) {
		size_t length = strcspn(want, ",");
		const char *at = parameters;

		while (*at && !(strcspn(at, ",") == length &&
				!strncmp(at, want, length))) {
			at += strcspn(at, ",");
			at += *at == ',';
		}
		if (!*at)
			return false;
		want += length + (want[length] == ',');
	}
	return true;
}

static bool is_wanted(const struct profile_options *o,
		      const struct profile_phase *p)
{
	return (!o->benchmark || !strcmp(o->benchmark, p->benchmark)) &&
	       (!o->phase || !strcmp(o->phase, p->phase)) &&
	       (!o->cell || has_all(p->parameters, o->cell));
}

static void compare_phase(struct doc *doc, const struct profile_options *o,
			  const struct pair *pair,
			  const struct profile_phase *before)
{
	const struct profile_phase *after =
		phase_like(&pair->kernels[1], before);

	doc_heading(doc, 3, "%s, %s", before->benchmark, before->phase);
	if (*before->parameters)
		doc_para(doc, "`%s`", before->parameters);
	if (!after)
		doc_para(doc, "`%s` has no such phase.", pair->names[1]);
	else
		difference_table(
			doc,
			(const char *const[]){pair->names[0], pair->names[1]},
			pair->kernels[0].unit, before, after, o->top);
}

static size_t write_functions(struct doc *doc, const struct profile_options *o,
			      const struct pair *pair)
{
	const struct profile_kernel *kernel = &pair->kernels[0];
	size_t written = 0;

	for (size_t i = 0; i < kernel->count; i++) {
		const struct profile_phase *p = &kernel->phases[i];

		if (!is_wanted(o, p))
			continue;
		written++;
		if (pair->count == 2)
			compare_phase(doc, o, pair, p);
		else if (o->topics)
			topics_table(doc, kernel, p);
		else
			functions_table(doc, kernel, p, o->top);
	}
	return written;
}

int print_functions(const struct profile_options *o, FILE *out)
{
	struct pair pair;
	struct doc doc;
	size_t written;
	int status = load(&pair, o);

	if (!status) {
		doc_open(&doc, o->form);
		written = write_functions(&doc, o, &pair);
		if (doc_close(&doc))
			status = complain(o->path[0], strerror(ENOMEM),
					  EXIT_USAGE);
		else if (!written)
			status = complain(o->path[0], "no such phase",
					  EXIT_NOT_ENOUGH);
		else
			fwrite(doc.text, 1, doc.size, out);
		free(doc.text);
	}
	unload(&pair);
	return status;
}

/* The only phase that is wanted; NULL where there is another number of them. */
static const struct profile_phase *only(const struct profile_options *o,
					const struct profile_kernel *kernel)
{
	const struct profile_phase *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < kernel->count; i++)
		if (is_wanted(o, &kernel->phases[i])) {
			found = &kernel->phases[i];
			count++;
		}
	if (count == 1)
		return found;
	fprintf(stderr,
		"pfnreport: %s: %zu phases, a figure is of one; --benchmark, "
		"--phase and --cell choose it%s\n",
		o->path[0], count, count ? ":" : "");
	for (size_t i = 0; count && i < kernel->count; i++) {
		const struct profile_phase *p = &kernel->phases[i];

		if (is_wanted(o, p))
			fprintf(stderr,
				"  --benchmark=%s --phase=%s --cell=%s\n",
				p->benchmark, p->phase, p->parameters);
	}
	return NULL;
}

static int read_stacks(const struct profile_options *o,
		       const struct profile_phase *phase, size_t count,
		       struct stacks *stacks)
{
	struct why why = {"no memory"};
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		char *file;

		if (asprintf(&file, "%s/stacks/%s,%s%s%s.folded", o->path[i],
			     phase->benchmark, phase->parameters,
			     *phase->parameters ? "," : "", phase->phase) < 0)
			return complain(o->path[i], why.text, EXIT_USAGE);
		err = stacks_read(file,
				  i + 1 == count ? SIDE_AFTER : SIDE_BEFORE,
				  stacks, &why);
		if (err)
			complain(file, why.text, 0);
		free(file);
	}
	if (!err)
		err = stacks_fold(stacks);
	return err ? EXIT_USAGE : EXIT_FINE;
}

static int draw(const struct profile_options *o, const struct pair *pair,
		const struct profile_phase *phase, FILE *out)
{
	struct stacks stacks = {0};
	struct flame flame = {.unit = pair->kernels[0].unit,
			      .pages = phase->pages};
	char *title;
	int status = read_stacks(o, phase, pair->count, &stacks);

	if (!status && asprintf(&title, "%s%s%s: %s, %s", pair->names[0],
				pair->count == 2 ? " to " : "",
				pair->count == 2 ? pair->names[1] : "",
				phase->benchmark, phase->phase) < 0)
		status = complain(o->path[0], strerror(ENOMEM), EXIT_USAGE);
	if (!status) {
		flame.title = title;
		for (size_t i = 0; pair->count == 2 && i < 2; i++)
			flame.names[i] = pair->names[i];
		flame_print(&stacks, &flame, out);
		free(title);
	}
	stacks_free(&stacks);
	return status;
}

int print_flame(const struct profile_options *o, FILE *out)
{
	const struct profile_phase *phase;
	struct pair pair;
	int status = load(&pair, o);

	if (!status) {
		phase = only(o, &pair.kernels[0]);
		status = phase ? draw(o, &pair, phase, out) : EXIT_NOT_ENOUGH;
	}
	unload(&pair);
	return status;
}
