// SPDX-License-Identifier: GPL-2.0-or-later
/* Does the profile have the figures that were measured without it? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/why/section.h"

static const struct cell *cell_of(const struct kernel *kernel,
				  const struct asked *a)
{
	for (size_t b = 0; kernel && b < kernel->boot_count; b++)
		for (size_t i = 0; i < kernel->boots[b].cell_count; i++) {
			const struct cell *cell = &kernel->boots[b].cells[i];

			if (!strcmp(cell->benchmark, a->benchmark) &&
			    !strcmp(cell->key, a->parameters))
				return cell;
		}
	return NULL;
}

static bool measured(const struct summary *s, const struct way *way,
		     const struct asked *a, uint64_t *value)
{
	const struct measure measure = {"", {{a->phase, TOTAL}}};
	const struct kernel *kernel =
		find_kernel(s->run, way->kernel->base, way->kernel->variant);
	const struct cell *cell = cell_of(kernel, a);

	return cell && measure_value(s, kernel, cell, &measure, value);
}

void agreement_add(struct agreement *sum, const struct summary *s,
		   const struct asked *a)
{
	if (!run_counts(s->run) ||
	    strcmp(a->dearest->kernel->unit, "instructions"))
		return;
	for (size_t i = 0; i < a->count; i++) {
		uint64_t cost = a->ways[i].phase->cost, value;
		double off;

		if (!measured(s, &a->ways[i], a, &value))
			continue;
		sum->both++;
		sum->same += value == cost;
		off = fabs((double)cost - (double)value) /
		      fmax((double)value, 1);
		if (off > sum->most) {
			sum->most = off;
			sum->where = a->phase;
		}
	}
}

void agreement_tell(struct doc *doc, const struct agreement *sum)
{
	char text[32], rest[128] = "";

	if (!sum->both)
		return;
	if (sum->same < sum->both)
		snprintf(rest, sizeof(rest),
			 ", the others differ by %s%% at most (`%s`)",
			 ratio_text(text, sizeof(text), 100 * sum->most),
			 sum->where);
	doc_para(
		doc,
		"%zu of these sums, each of a kernel and a phase, this run has "
		"measured itself, in the same cell and without the profiler: "
		"%zu are the same to the digit%s.",
		sum->both, sum->same, rest);
}
