// SPDX-License-Identifier: GPL-2.0-or-later
/* What every figure says of its run, and the variants in their order. */
#include "report/plots/plots.h"

#include "report/doc.h"

int plot_facts(const struct plotted *p)
{
	const struct choice *c = p->choice;
	const struct kernel *kernel;
	size_t boots = 0;

	for (size_t k = 0; (kernel = plot_next(p, &k));)
		if (kernel->boot_count > boots)
			boots = kernel->boot_count;
	fprintf(p->out, "key\tvalue\nbase\t%s\nunit\t%s\nboots\t%zu\n", c->base,
		p->s->run->unit, boots);
	if (c->length) {
		char words[72];

		fprintf(p->out, "length\t%s\n", size_words(words, c->length));
		fprintf(p->out, "target\t%s\n", c->target);
		fprintf(p->out, "align\t%s\n", size_words(words, c->align));
	}
	return 0;
}

int plot_variants(const struct plotted *p)
{
	const struct kernel *kernel;
	size_t index = 0;

	fputs("index\tvariant\n", p->out);
	for (size_t k = 0; (kernel = plot_next(p, &k));)
		if (kernel->boot_count)
			fprintf(p->out, "%zu\t%s\n", index++, kernel->variant);
	return 0;
}
