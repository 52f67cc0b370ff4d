// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions of the headline, at the first base's place, on every base. */
#include "report/plots/plots.h"

int plot_bases(const struct plotted *p)
{
	struct question questions[QUESTIONS];
	const struct run *run = p->s->run;

	ask(run, p->choice, questions);
	fputs("question\ttitle\tbase\tvariant\tvalue\tlow\thigh\n", p->out);
	for (size_t q = 0; q < QUESTIONS; q++)
		for (size_t k = 0; k < run->kernel_count; k++) {
			const struct kernel *kernel = &run->kernels[k];
			char prefix[256];

			snprintf(prefix, sizeof(prefix), "%zu\t%s\t%s\t%s", q,
				 questions[q].title, kernel->base,
				 kernel->variant);
			plot_row(p, kernel, questions[q].like,
				 questions[q].measure, prefix);
		}
	return 0;
}
