// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What the clock counted while the CPU slept: under -icount it skips. */
#define IDLE "[idle]"

struct row {
	const char *name;
	struct counts counts;
};

static int by_instructions(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->counts.instructions != y->counts.instructions)
		return x->counts.instructions > y->counts.instructions ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int write_rows(FILE *out, const struct profile *p,
		      const struct sums *sums, const struct symbols *s,
		      const struct tally_sum *sum)
{
	struct row *rows = calloc(sums->count + 1, sizeof(*rows));
	size_t n = 0;

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < sums->count; i++) {
		const struct counts *c = &sums->all[i];

		if (c->instructions || c->calls || c->loads || c->stores)
			rows[n++] = (struct row){s->names[i], *c};
	}
	qsort(rows, n, sizeof(*rows), by_instructions);
	/* Last, as it is nothing that was executed. */
	if (sum->total > p->instructions)
		rows[n++] = (struct row){
			IDLE, {.instructions = sum->total - p->instructions}};
	for (size_t i = 0; i < n; i++) {
		const struct counts *c = &rows[i].counts;

		fprintf(out,
			"%s\t%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
			"\t%" PRIu64 "\t%" PRIu64 "\n",
			p->benchmark, p->parameters, p->phase, rows[i].name,
			c->instructions, c->calls, c->loads, c->stores,
			sum->pages);
	}
	free(rows);
	return 0;
}

static void write_stack(const void *node, VISIT visit, void *out)
{
	const struct stack *const *stack = node;

	if ((visit == postorder || visit == leaf) && (*stack)->instructions)
		fprintf(out, "%s %" PRId64 "\n", (*stack)->frames,
			(*stack)->instructions);
}

static int write_stacks(const struct profile *p, const char *folder)
{
	char *path;
	FILE *out;
	int err = 0;

	if (asprintf(&path, "%s/stacks/%s,%s,%s.folded", folder, p->benchmark,
		     p->parameters, p->phase) < 0)
		return -ENOMEM;
	out = fopen(path, "we");
	free(path);
	if (!out)
		return -errno;
	twalk_r(p->stacks, write_stack, out);
	if (ferror(out))
		err = -EIO;
	return fclose(out) ? -errno : err;
}

/*
 * Whether the phase can be taken apart, as its stamps and we count the same
 * instructions: to the digit, but the clock goes on while the CPU sleeps. Else it
 * is left out, and named where that is a surprise.
 */
static bool is_whole(const struct profile *p, const struct tally_sum *sum)
{
	/* A call that was refused is no sample. */
	if (!sum)
		return false;
	/*
	 * Threads stamp at the same time, so that whose is what is not known; and
	 * their total is from the first one's stamp to the last one's.
	 */
	if (p->overlaps || !strcmp(p->benchmark, "contended-touch"))
		return false;
	if (sum->total == p->instructions ||
	    (p->halts && sum->total > p->instructions))
		return true;
	fprintf(stderr,
		"pfnprofile: %s %s %s: left out: %" PRIu64
		" instructions were executed, the clock says %" PRIu64 "\n",
		p->benchmark, p->parameters, p->phase, p->instructions,
		sum->total);
	return false;
}

/* What a phase's rows go to; @inlined is NULL where those are not told apart. */
struct outs {
	FILE *functions, *inlined;
	const char *folder;
};

static int write_profile(const struct outs *out, const struct profile *p,
			 const struct symbols *s, const struct tallies *t)
{
	const struct tally_sum *sum = tallies_find(t, p);
	int err;

	if (!is_whole(p, sum))
		return 0;
	err = write_rows(out->functions, p, &p->functions, s, sum);
	if (!err && out->inlined)
		err = write_rows(out->inlined, p, &p->sources, s, sum);
	return err || p->lost ? err : write_stacks(p, out->folder);
}

static int make_folder(const char *folder, const char *below)
{
	char *path;
	int err = 0;

	if (asprintf(&path, "%s%s", folder, below) < 0)
		return -ENOMEM;
	if (mkdir(path, 0777) && errno != EEXIST)
		err = -errno;
	free(path);
	return err;
}

struct table {
	FILE *out;
	char *path;
};

static int open_table(struct table *t, const char *folder, const char *name,
		      const char *columns)
{
	*t = (struct table){NULL, NULL};
	if (asprintf(&t->path, "%s/%s", folder, name) < 0) {
		t->path = NULL;
		return -ENOMEM;
	}
	t->out = fopen(t->path, "we");
	if (!t->out)
		return -errno;
	fprintf(t->out, "benchmark\tparameters\tphase\t%s\n", columns);
	return 0;
}

/* Half a table is none. */
static int close_table(struct table *t, int err)
{
	if (t->out && (ferror(t->out) | fclose(t->out)) && !err)
		err = -EIO;
	if (err && t->path)
		remove(t->path);
	free(t->path);
	return err;
}

/* A phase whose leaves were not known in each round has no figures. */
static void write_model(FILE *out, const struct profile *p)
{
	if (p->modelled != p->rounds || p->overlaps)
		return;
	for (size_t i = 0; i < p->model_count; i++)
		fprintf(out, "%s\t%s\t%s\t%s\t%" PRIu64 "\n", p->benchmark,
			p->parameters, p->phase, p->model[i].name,
			p->model[i].value);
}

static bool any_model(const struct profiles *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->all[i].model_count)
			return true;
	return false;
}

static int write_models(const struct profiles *p, const struct tallies *t,
			const char *folder)
{
	struct table table;
	int err;

	if (!any_model(p))
		return 0;
	err = open_table(&table, folder, "model.tsv", "counter\tvalue");
	for (size_t i = 0; !err && i < p->count; i++)
		if (tallies_find(t, &p->all[i]))
			write_model(table.out, &p->all[i]);
	return close_table(&table, err);
}

static bool any_source(const struct profiles *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->all[i].sources.count)
			return true;
	return false;
}

int profiles_write(const struct profiles *p, const struct symbols *s,
		   const struct tallies *t, const char *folder)
{
	static const char columns[] =
		"function\tinstructions\tcalls\tloads\tstores\tpages";
	struct table functions, inlined = {NULL, NULL};
	struct outs out = {.folder = folder};
	int err = make_folder(folder, "");

	if (!err)
		err = make_folder(folder, "/stacks");
	if (err)
		return err;
	err = open_table(&functions, folder, "functions.tsv", columns);
	if (!err && any_source(p))
		err = open_table(&inlined, folder, "inlined.tsv", columns);
	out.functions = functions.out;
	out.inlined = inlined.out;
	for (size_t i = 0; !err && i < p->count; i++)
		err = write_profile(&out, &p->all[i], s, t);
	err = close_table(&functions, err);
	err = close_table(&inlined, err);
	return err ? err : write_models(p, t, folder);
}
