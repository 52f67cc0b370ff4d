// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/plot-data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

const char *const plot_names[PLOT_COUNT] = {
	[PLOT_FACTS] = "facts",	      [PLOT_VARIANTS] = "variants",
	[PLOT_RECOVERY] = "recovery", [PLOT_WHERE] = "where",
	[PLOT_LEAVES] = "leaves",
};

static int print_facts(const struct summary *s, const struct choice *c,
		       FILE *out)
{
	fprintf(out, "key\tvalue\nbase\t%s\nunit\t%s\n", c->base, s->run->unit);
	if (c->length) {
		char words[72];

		fprintf(out, "length\t%s\ntarget\t%s\nalign\t%s\n",
			size_words(words, c->length), c->target, c->align);
	}
	return 0;
}

static int print_variants(const struct summary *s, const struct choice *c,
			  FILE *out)
{
	size_t index = 0;

	fputs("index\tvariant\n", out);
	for (size_t k = 0; k < s->run->kernel_count; k++)
		if (in_base(&s->run->kernels[k], c->base) &&
		    s->run->kernels[k].boot_count)
			fprintf(out, "%zu\t%s\n", index++,
				s->run->kernels[k].variant);
	return 0;
}

static void print_value(const struct summary *s, const struct kernel *kernel,
			const struct cell *cell, const struct measure *measure,
			const char *prefix, FILE *out)
{
	uint64_t value;

	if (measure_value(s, kernel, cell, measure, &value))
		fprintf(out, "%s\t%s\t%" PRIu64 "\n", kernel->variant, prefix,
			value);
}

static int print_recovery(const struct summary *s, const struct choice *c,
			  FILE *out)
{
	const struct filter filter = {"reset-recovery",
				      {{"target", c->target},
				       {"align", c->align},
				       {"action", "toggle"},
				       {"vmas", "1"},
				       {"processes", "1"}}};
	struct cell_list list = {0};
	int err = 0;

	fputs("variant\tbytes\tvalue\n", out);
	if (c->target)
		err = select_cells(s, c->base, &filter, &list);
	for (size_t k = 0; !err && k < s->run->kernel_count; k++)
		for (size_t i = 0; i < list.count; i++) {
			const struct cell *cell = list.cells[i];
			char bytes[32];

			if (!in_base(&s->run->kernels[k], c->base))
				continue;
			snprintf(bytes, sizeof(bytes), "%" PRIu64,
				 size_bytes(cell_parameter(cell, "length")));
			print_value(s, &s->run->kernels[k], cell,
				    &measure_toggle, bytes, out);
		}
	if (!err)
		free(list.cells);
	return err;
}

static int print_where(const struct summary *s, const struct choice *c,
		       FILE *out)
{
	const struct {
		const char *label;
		const struct cell *cell;
		struct measure measure;
	} steps[] = {
		{"mmap", c->first_touch, {"", {{"mmap", MEDIAN}}}},
		{"first touch",
		 c->first_touch,
		 {"", {{"first-touch-total", TOTAL}}}},
		{"disable", c->toggle, {"", {{"disable", TOTAL}}}},
		{"enable", c->toggle, {"", {{"enable", TOTAL}}}},
		{"touch again",
		 c->toggle,
		 {"", {{"first-access", TOTAL}, {"whole-bar", TOTAL}}}},
		{"munmap", c->first_touch, {"", {{"munmap", MEDIAN}}}},
		{"walk alone",
		 c->first_touch,
		 {"", {{"second-touch-total", TOTAL}}}},
	};

	fputs("step\tlabel\tvariant\tvalue\n", out);
	for (size_t i = 0; i < COUNT(steps); i++)
		for (size_t k = 0; k < s->run->kernel_count; k++) {
			const struct kernel *kernel = &s->run->kernels[k];
			uint64_t value;

			if (in_base(kernel, c->base) &&
			    measure_value(s, kernel, steps[i].cell,
					  &steps[i].measure, &value))
				fprintf(out, "%zu\t%s\t%s\t%" PRIu64 "\n", i,
					steps[i].label, kernel->variant, value);
		}
	return 0;
}

/* The place of a length among those of the list, by size. */
static size_t length_index(const struct cell_list *list, const char *length)
{
	size_t smaller = 0;

	for (size_t i = 0; i < list->count; i++) {
		const char *l = cell_parameter(list->cells[i], "length");
		bool repeated = false;

		for (size_t j = 0; j < i; j++)
			repeated |= !strcmp(
				l, cell_parameter(list->cells[j], "length"));
		smaller += !repeated && size_bytes(l) < size_bytes(length);
	}
	return smaller;
}

static int print_leaves(const struct summary *s, const struct choice *c,
			FILE *out)
{
	static const struct measure levels[] = {
		{"PUD", {{"pud-leaves", TOTAL}}},
		{"PMD", {{"pmd-leaves", TOTAL}}},
		{"PTE", {{"pte-leaves", TOTAL}}},
	};
	const struct filter filter = {"huge-pfnmap", {{"target", c->target}}};
	struct cell_list list = {0};
	int err = 0;

	fputs("align\tindex\tlength\tvariant\tlevel\tcount\n", out);
	if (c->target)
		err = select_cells(s, c->base, &filter, &list);
	if (err)
		return err;
	for (size_t i = 0; i < list.count; i++)
		for (size_t n = 0; n < s->run->kernel_count * COUNT(levels);
		     n++) {
			const struct kernel *kernel =
				&s->run->kernels[n / COUNT(levels)];
			const struct measure *level =
				&levels[n % COUNT(levels)];
			const char *length =
				cell_parameter(list.cells[i], "length");
			uint64_t value;

			if (!in_base(kernel, c->base) ||
			    !measure_value(s, kernel, list.cells[i], level,
					   &value))
				continue;
			fprintf(out, "%s\t%zu\t%s\t%s\t%s\t%" PRIu64 "\n",
				cell_parameter(list.cells[i], "align"),
				length_index(&list, length), length,
				kernel->variant, level->title, value);
		}
	free(list.cells);
	return 0;
}

int plot_print(const struct summary *s, const char *base, enum plot plot,
	       FILE *out)
{
	static int (*const print[PLOT_COUNT])(
		const struct summary *s, const struct choice *c, FILE *out) = {
		[PLOT_FACTS] = print_facts,
		[PLOT_VARIANTS] = print_variants,
		[PLOT_RECOVERY] = print_recovery,
		[PLOT_WHERE] = print_where,
		[PLOT_LEAVES] = print_leaves,
	};
	struct choice choice;

	choose(s, base, &choice);
	return print[plot](s, &choice, out);
}
