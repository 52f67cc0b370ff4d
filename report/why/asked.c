// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/asked.h"

#include <stdio.h>
#include <string.h>

#include "report/sections.h"

/* The phases that answer for a benchmark. */
static const struct {
	const char *benchmark;
	const char *phase;
} asked_phases[] = {
	{"first-touch", "first-touch-total"},
	{"first-touch", "mmap"},
	{"huge-pfnmap", "second-touch-total"},
	{"reset-recovery", "disable"},
	{"reset-recovery", "enable"},
	{"reset-recovery", "first-access"},
	{"reset-recovery", "whole-bar"},
	{"fork", "fork"},
	{"dma-map", "dma-map"},
	{"bring-up", "mmap"},
	{"bring-up", "dma-map"},
	{"power", "wake"},
	{"nvme-recovery", "reset"},
	{"nvme-recovery", "first-access"},
};

static bool is_asked(const struct profile_phase *p, const char *benchmark,
		     const char *phase)
{
	return !strcmp(p->benchmark, benchmark) && !strcmp(p->phase, phase);
}

/* What all variants of @base pay for this phase of one cell. */
static uint64_t cost_of_all(const struct profile *profile, const char *base,
			    const struct profile_phase *like)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < profile->count; i++) {
		const struct profile_kernel *k = &profile->kernels[i];
		const struct profile_phase *p;

		if (strcmp(k->base, base))
			continue;
		p = phase_like(k, like);
		sum += p ? p->cost : 0;
	}
	return sum;
}

/*
 * As the headline chooses: the best alignment, then the longest BAR; then where
 * all variants together pay most.
 */
static bool is_better(const struct profile *profile, const char *base,
		      const struct profile_phase *p,
		      const struct profile_phase *best)
{
	static const char *const names[] = {"align", "length"};
	char text[2][TOKEN_MAX + 1];

	if (best && !strcmp(p->parameters, best->parameters))
		return false;

	for (size_t i = 0; best && i < 2; i++) {
		uint64_t a = size_bytes(parameter_of(p->parameters, names[i],
						     text[0], sizeof(*text)));
		uint64_t b = size_bytes(parameter_of(best->parameters, names[i],
						     text[1], sizeof(*text)));

		if (a != b)
			return a > b;
	}
	return cost_of_all(profile, base, p) >
	       (best ? cost_of_all(profile, base, best) : 0);
}

/* The cell of this phase that is asked about. */
static const struct profile_phase *main_cell(const struct profile *profile,
					     const char *base,
					     const char *benchmark,
					     const char *phase)
{
	const struct profile_phase *best = NULL;

	for (size_t i = 0; i < profile->count; i++) {
		const struct profile_kernel *k = &profile->kernels[i];

		for (size_t n = 0; !strcmp(k->base, base) && n < k->count; n++)
			if (is_asked(&k->phases[n], benchmark, phase) &&
			    is_better(profile, base, &k->phases[n], best))
				best = &k->phases[n];
	}
	return best;
}

static void rank(struct asked *a)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct way *way = &a->ways[i];

		if (!strcmp(way->kernel->variant, BASELINE))
			a->baseline = way;
		if (!a->cheapest || way->phase->cost < a->cheapest->phase->cost)
			a->cheapest = way;
		if (!a->dearest || way->phase->cost > a->dearest->phase->cost) {
			a->next = a->dearest;
			a->dearest = way;
		} else if (!a->next ||
			   way->phase->cost > a->next->phase->cost) {
			a->next = way;
		}
	}
}

bool ask_phase(const struct profile *profile, const char *base,
	       const char *benchmark, const char *phase, struct asked *asked)
{
	const struct profile_phase *like =
		main_cell(profile, base, benchmark, phase);

	memset(asked, 0, sizeof(*asked));
	if (!like)
		return false;
	asked->benchmark = like->benchmark;
	asked->phase = like->phase;
	asked->parameters = like->parameters;
	for (size_t i = 0; i < profile->count; i++) {
		const struct profile_kernel *k = &profile->kernels[i];
		const struct profile_phase *p = phase_like(k, like);

		struct way *way = &asked->ways[asked->count];

		if (strcmp(k->base, base) || !p || asked->count == VARIANTS_MAX)
			continue;
		way->kernel = k;
		way->phase = p;
		topic_costs(p, way->topics);
		asked->count++;
	}
	rank(asked);
	return true;
}

bool ask_profile(const struct profile *profile, const char *base,
		 const char *benchmark, size_t n, struct asked *asked)
{
	size_t count = sizeof(asked_phases) / sizeof(*asked_phases);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(asked_phases[i].benchmark, benchmark) &&
		    ask_phase(profile, base, benchmark, asked_phases[i].phase,
			      asked) &&
		    !n--)
			return true;
	return false;
}

uint64_t pages_of_cell(const char *parameters)
{
	char text[TOKEN_MAX + 1];

	return size_bytes(
		       parameter_of(parameters, "length", text, sizeof(text))) /
	       4096;
}

static bool is_of_one(const char *parameters, const char *name)
{
	char text[TOKEN_MAX + 1];

	parameter_of(parameters, name, text, sizeof(text));
	return !*text || !strcmp(text, "1");
}

uint64_t calls_of(const struct profile_phase *p)
{
	uint64_t pages = pages_of_cell(p->parameters);

	/* An access is of a page, not of all. */
	if (!strcmp(p->phase, "first-access"))
		return p->pages;
	if (!pages || p->pages % pages || !is_of_one(p->parameters, "vmas") ||
	    !is_of_one(p->parameters, "processes"))
		return 0;
	return p->pages / pages;
}

bool figure_of(const struct run *run, size_t base, enum profile_figure figure,
	       struct profile_drawing *d)
{
	static const char *const names[] = {"touch", "enable", "difference"};
	const char *id = base_at(run, base);
	bool enable = figure == FIGURE_ENABLE;

	memset(d, 0, sizeof(*d));
	snprintf(d->file, sizeof(d->file), "plots/profile-%s%s%s.svg",
		 names[figure], base ? "-" : "", base ? id : "");
	if (!run->profile ||
	    !ask_phase(run->profile, id,
		       enable ? "reset-recovery" : "first-touch",
		       enable ? "enable" : "first-touch-total", &d->asked))
		return false;
	if (figure != FIGURE_DIFFERENCE) {
		d->ways[0] = d->asked.dearest;
		snprintf(d->caption, sizeof(d->caption),
			 "What is %s of %s spent on? (%s, %s)", d->asked.phase,
			 d->ways[0]->kernel->variant, d->asked.benchmark, id);
		return true;
	}
	d->ways[0] = d->asked.next;
	d->ways[1] = d->asked.dearest;
	if (!d->ways[0])
		return false;
	snprintf(d->caption, sizeof(d->caption),
		 "What does %s pay for in %s that %s does not? (%s, %s)",
		 d->ways[1]->kernel->variant, d->asked.phase,
		 d->ways[0]->kernel->variant, d->asked.benchmark, id);
	return true;
}
