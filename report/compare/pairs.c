// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/pairs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool belong(const struct operand o[2], const struct kernel *a,
		   const struct kernel *b)
{
	return ((o[0].base && o[1].base) || !strcmp(a->base, b->base)) &&
	       ((o[0].variant && o[1].variant) ||
		!strcmp(a->variant, b->variant));
}

static const struct kernel *partner(const struct operand o[2], int side,
				    const struct kernel *kernel)
{
	const struct run *run = o[!side].run;

	for (size_t i = 0; i < run->kernel_count; i++) {
		const struct kernel *other = &run->kernels[i];

		if (operand_has(&o[!side], other) &&
		    (side ? belong(o, other, kernel)
			  : belong(o, kernel, other)))
			return other;
	}
	return NULL;
}

static int add_alone(struct pairs *pairs, int side, const struct kernel *kernel)
{
	const struct kernel **slot =
		append((void **)&pairs->alone[side], &pairs->alone_count[side],
		       sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = kernel;
	return 0;
}

static int add_pair(struct pairs *pairs, const struct kernel *a,
		    const struct kernel *b)
{
	struct pair *pair =
		append((void **)&pairs->list, &pairs->count, sizeof(*pair));

	if (!pair)
		return -ENOMEM;
	pair->kernel[0] = a;
	pair->kernel[1] = b;
	pairs->same_base &= !strcmp(a->base, b->base);
	pairs->same_variant &= !strcmp(a->variant, b->variant);
	return 0;
}

static int add_side(const struct operand o[2], int side, struct pairs *pairs,
		    struct why *why)
{
	const struct run *run = o[side].run;
	int err = 0;

	for (size_t i = 0; !err && i < run->kernel_count; i++) {
		const struct kernel *kernel = &run->kernels[i];
		const struct kernel *other;

		if (!operand_has(&o[side], kernel))
			continue;
		other = partner(o, side, kernel);
		if (other == kernel)
			err = refuse(why, "%s %s would be compared with itself",
				     kernel->base, kernel->variant);
		else if (!other)
			err = add_alone(pairs, side, kernel);
		else if (!side)
			err = add_pair(pairs, kernel, other);
	}
	return err;
}

int pairs_make(const struct operand o[2], struct pairs *pairs, struct why *why)
{
	int err;

	memset(pairs, 0, sizeof(*pairs));
	pairs->same_base = pairs->same_variant = true;
	err = add_side(o, 0, pairs, why);
	return err ? err : add_side(o, 1, pairs, why);
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->list);
	free(pairs->alone[0]);
	free(pairs->alone[1]);
	memset(pairs, 0, sizeof(*pairs));
}

const char *side_name(char *text, const struct pairs *pairs,
		      const struct operand o[2], int side)
{
	const struct kernel *k =
		pairs->count ? pairs->list[0].kernel[side] : NULL;
	const char *run = o[side].run_name;

	if (k && !pairs->same_base && pairs->same_variant)
		snprintf(text, 96, "%s", k->base);
	else if (k && !pairs->same_variant && pairs->same_base)
		snprintf(text, 96, "%s", k->variant);
	else if (k && !pairs->same_base)
		snprintf(text, 96, "%s %s", k->base, k->variant);
	else if (strcmp(o[0].run_name, o[1].run_name) && strlen(run) <= 15)
		snprintf(text, 96, "%s", run);
	else
		snprintf(text, 96, "%s", side ? "other" : "baseline");
	return text;
}

const char *pair_name(char *text, const struct pairs *pairs, size_t pair)
{
	const struct kernel *k = pairs->list[pair].kernel[0];

	*text = '\0';
	if (pairs->count == 1)
		return text;
	snprintf(text, 96, "%s%s%s", pairs->same_base ? k->base : "",
		 pairs->same_base && pairs->same_variant ? " " : "",
		 pairs->same_variant ? k->variant : "");
	return text;
}
