// SPDX-License-Identifier: GPL-2.0-or-later
/* The flame graphs of a report, drawn beside those of gnuplot. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/file.h"
#include "report/why/asked.h"
#include "report/why/flame.h"
#include "report/sections.h"

static int read_way(const char *folder, const struct way *way, enum side side,
		    struct stacks *stacks)
{
	const struct profile_phase *p = way->phase;
	struct why why;
	char *file;
	int err;

	if (asprintf(&file, "%s/profile/%s-%s/stacks/%s,%s%s%s.folded", folder,
		     way->kernel->base, way->kernel->variant, p->benchmark,
		     p->parameters, *p->parameters ? "," : "", p->phase) < 0)
		return -ENOMEM;
	err = stacks_read(file, side, stacks, &why);
	free(file);
	return err;
}

static int print(const struct profile_drawing *d, const struct stacks *stacks,
		 FILE *out)
{
	const struct way *way = d->ways[d->ways[1] != NULL];
	struct flame flame = {
		.unit = way->kernel->unit,
		.pages = way->phase->pages,
	};
	char title[256];

	snprintf(title, sizeof(title), "%s%s%s: %s, %s (%s)",
		 d->ways[0]->kernel->variant, d->ways[1] ? " to " : "",
		 d->ways[1] ? d->ways[1]->kernel->variant : "",
		 d->asked.benchmark, d->asked.phase, way->kernel->base);
	flame.title = title;
	for (size_t i = 0; d->ways[1] && i < 2; i++)
		flame.names[i] = d->ways[i]->kernel->variant;
	flame_print(stacks, &flame, out);
	return fclose(out) ? -ENOMEM : 0;
}

/* 0 and no file where the stacks are not there, or damaged. */
static int draw(const char *folder, const struct profile_drawing *d)
{
	struct stacks stacks = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out;
	int err = read_way(folder, d->ways[0],
			   d->ways[1] ? SIDE_BEFORE : SIDE_AFTER, &stacks);

	if (!err && d->ways[1])
		err = read_way(folder, d->ways[1], SIDE_AFTER, &stacks);
	if (!err)
		err = stacks_fold(&stacks);
	if (!err) {
		out = open_memstream(&text, &size);
		err = out ? print(d, &stacks, out) : -ENOMEM;
	}
	if (!err)
		err = file_write(folder, d->file, text, size);
	free(text);
	stacks_free(&stacks);
	return err == -EINVAL ? 0 : err;
}

int profile_figures_write(const char *folder, const struct run *run)
{
	int err = 0;

	for (size_t b = 0; !err && base_at(run, b); b++)
		for (int f = 0; !err && f < PROFILE_FIGURES; f++) {
			struct profile_drawing d;
			bool there =
				figure_of(run, b, (enum profile_figure)f, &d);
			char *path;

			if (asprintf(&path, "%s/%s", folder, d.file) < 0)
				return -ENOMEM;
			unlink(path);
			free(path);
			if (there)
				err = draw(folder, &d);
		}
	return err;
}
