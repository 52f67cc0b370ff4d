// SPDX-License-Identifier: GPL-2.0-or-later
/* What a run did not measure, and why: nothing is silently absent. */
#include <string.h>

#include "report/host.h"
#include "report/sections.h"

/* More failures than this are one fault seen often. */
#define FAILURES_MAX 50

/* A cell of a boot of a kernel: where a walk over all cells stands. */
struct spot {
	const struct run *run;
	size_t kernel, boot, cell;
};

static const struct cell *at(const struct spot *spot)
{
	const struct kernel *kernel = &spot->run->kernels[spot->kernel];

	return &kernel->boots[spot->boot].cells[spot->cell];
}

/* Moves to the next cell of this status; false at the end of the run. */
static bool next(struct spot *spot, enum cell_status status)
{
	const struct run *run = spot->run;

	for (; spot->kernel < run->kernel_count; spot->kernel++) {
		const struct kernel *kernel = &run->kernels[spot->kernel];

		for (; spot->boot < kernel->boot_count; spot->boot++) {
			const struct boot *boot = &kernel->boots[spot->boot];

			while (++spot->cell < boot->cell_count)
				if (at(spot)->status == status)
					return true;
			spot->cell = (size_t)-1;
		}
		spot->boot = 0;
	}
	return false;
}

static struct spot start(const struct run *run)
{
	return (struct spot){.run = run, .cell = (size_t)-1};
}

static bool same_group(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->reason, b->reason) &&
	       !strcmp(a->benchmark, b->benchmark);
}

/* One line for all cells that the same benchmark skips for the same reason. */
static void say_group(struct doc *doc, const struct spot *first)
{
	const struct cell *cell = at(first);
	struct spot other = start(first->run);
	size_t count = 0, kernels = 0, last = (size_t)-1;

	while (next(&other, CELL_SKIPPED)) {
		if (!same_group(at(&other), cell))
			continue;
		if (!count &&
		    (other.kernel != first->kernel ||
		     other.boot != first->boot || other.cell != first->cell))
			return; /* said before */
		count++;
		kernels += other.kernel != last;
		last = other.kernel;
	}
	doc_item(doc,
		 "skipped: `%s`: `%s` (%zu cell%s in all %ss of %zu "
		 "kernel%s, the first with `%s`)",
		 cell->benchmark, cell->reason, count, count == 1 ? "" : "s",
		 run_replicate(first->run), kernels, kernels == 1 ? "" : "s",
		 cell->key);
}

static size_t say_skipped(struct doc *doc, const struct run *run)
{
	struct spot spot = start(run);
	size_t count = 0;

	for (; next(&spot, CELL_SKIPPED); count++)
		say_group(doc, &spot);
	return count;
}

static size_t say_failed(struct doc *doc, const struct run *run)
{
	struct spot spot = start(run);
	size_t count = 0;

	for (; next(&spot, CELL_FAILED); count++) {
		const struct kernel *kernel = &run->kernels[spot.kernel];

		if (count < FAILURES_MAX)
			doc_item(doc, "failed: %s %s %s %u: %s `%s`: `%s`",
				 kernel->base, kernel->variant,
				 run_replicate(run),
				 kernel->boots[spot.boot].number,
				 at(&spot)->benchmark, at(&spot)->key,
				 at(&spot)->reason);
	}
	if (count > FAILURES_MAX)
		doc_item(doc, "failed: %zu more cells, see the boots' records",
			 count - FAILURES_MAX);
	return count;
}

static size_t say_broken(struct doc *doc, const struct run *run,
			 const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->broken_count; i++) {
		const struct broken *b = &kernel->broken[i];

		doc_item(doc,
			 "broken: %s %s %s %u after %lld attempts: `%s`; "
			 "last line of its console: `%s`",
			 kernel->base, kernel->variant, run_replicate(run),
			 b->number, (long long)b->attempts, b->reason,
			 b->last_line);
	}
	return kernel->broken_count;
}

static size_t say_boots(struct doc *doc, const struct run *run)
{
	json_int_t asked =
		json_integer_value(json_object_get(run->json, "boots"));
	size_t count = 0;

	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];

		count += say_broken(doc, run, kernel);
		if ((json_int_t)kernel->boot_count >= asked &&
		    kernel->boot_count)
			continue;
		doc_item(doc, "missing: %s %s: %zu of %lld %ss count",
			 kernel->base, kernel->variant, kernel->boot_count,
			 (long long)asked, run_replicate(run));
		count++;
	}
	return count;
}

void section_apart(struct doc *doc, const struct run *run)
{
	size_t count = say_skipped(doc, run);

	count += say_failed(doc, run);
	count += say_boots(doc, run);
	for (size_t i = 0; i < run->left_out_count; i++)
		doc_item(doc, "left out: `%s`", run->left_out[i]);
	count += run->left_out_count;
	if (!count)
		doc_para(doc,
			 "Nothing: every %s asked for counts and every "
			 "cell was measured.",
			 run_replicate(run));
}

bool run_is_broken(const struct run *run)
{
	struct spot spot = start(run);

	for (size_t k = 0; k < run->kernel_count; k++)
		if (run->kernels[k].broken_count)
			return true;
	return run->left_out_count || next(&spot, CELL_FAILED);
}

const char *base_at(const struct run *run, size_t i)
{
	return json_string_value(
		json_array_get(json_object_get(run->json, "bases"), i));
}
