// SPDX-License-Identifier: GPL-2.0-or-later
/* Which cells the headline is about. */
#include <errno.h>
#include <string.h>

#include "report/sections.h"
#include "report/view.h"

static bool has(const struct cell *cell, const char *name, const char *value)
{
	return !strcmp(cell_parameter(cell, name), value);
}

/* Reads in ascending order only, so that all lengths and kernels compare. */
static bool is_first_touch(const struct cell *cell)
{
	return !strcmp(cell->benchmark, "first-touch") &&
	       has(cell, "access", "read") && has(cell, "order", "ascending");
}

static bool is_recovery(const struct cell *cell, const char *action)
{
	return !strcmp(cell->benchmark, "reset-recovery") &&
	       has(cell, "action", action) && has(cell, "vmas", "1") &&
	       has(cell, "processes", "1");
}

static bool is_toggle(const struct cell *cell)
{
	return is_recovery(cell, "toggle");
}

static bool is_reset(const struct cell *cell)
{
	return is_recovery(cell, "reset");
}

static bool is_leaves(const struct cell *cell)
{
	return !strcmp(cell->benchmark, "huge-pfnmap");
}

/* At most two of a kernel and place, so that counting them counts kernels. */
static bool is_candidate(const struct cell *cell)
{
	return is_first_touch(cell) || is_toggle(cell);
}

static bool same_place(const struct cell *a, const struct cell *b)
{
	static const char *const names[] = {"target", "length", "align"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(cell_parameter(a, names[i]),
			   cell_parameter(b, names[i])))
			return false;
	return true;
}

/* In how many candidates of how many kernels this place was measured. */
static uint64_t measured_in(const struct summary *s, const char *base,
			    const struct cell *place)
{
	const struct cell *last = NULL;
	uint64_t count = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct row *row = &s->rows[i];

		if (row->cell == last || strcmp(row->kernel->base, base))
			continue;
		last = row->cell;
		count += is_candidate(last) && same_place(last, place);
	}
	return count;
}

#define SCORE_PARTS 4

static void score(const struct summary *s, const char *base,
		  const struct cell *cell, uint64_t parts[SCORE_PARTS])
{
	const char *align = cell_parameter(cell, "align");

	parts[0] = strcmp(cell_parameter(cell, "target"), "memfd") != 0;
	parts[1] = size_bytes(align);
	parts[2] = measured_in(s, base, cell);
	parts[3] = size_bytes(cell_parameter(cell, "length"));
}

static bool better(const uint64_t a[SCORE_PARTS], const uint64_t b[SCORE_PARTS])
{
	for (size_t i = 0; i < SCORE_PARTS; i++)
		if (a[i] != b[i])
			return a[i] > b[i];
	return false;
}

static const struct cell *first_cell(const struct summary *s, const char *base,
				     const struct cell *place,
				     bool (*wanted)(const struct cell *cell))
{
	for (size_t i = 0; i < s->count; i++) {
		const struct cell *cell = s->rows[i].cell;

		if (!strcmp(s->rows[i].kernel->base, base) && wanted(cell) &&
		    same_place(cell, place))
			return cell;
	}
	return NULL;
}

/* @length NULL: any. */
static const struct cell *best_place(const struct summary *s, const char *base,
				     const char *length)
{
	uint64_t most[SCORE_PARTS] = {0}, mine[SCORE_PARTS];
	const struct cell *best = NULL, *last = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const struct cell *cell = s->rows[i].cell;

		if (cell == last || strcmp(s->rows[i].kernel->base, base) ||
		    !is_candidate(cell) ||
		    (length && !has(cell, "length", length)))
			continue;
		last = cell;
		score(s, base, cell, mine);
		if (!best || better(mine, most)) {
			best = cell;
			memcpy(most, mine, sizeof(most));
		}
	}
	return best;
}

bool choose_length(const struct summary *s, const char *base,
		   const char *length, struct choice *choice)
{
	const struct cell *place = best_place(s, base, length);

	memset(choice, 0, sizeof(*choice));
	choice->base = base;
	if (!place)
		return false;
	choice->target = cell_parameter(place, "target");
	choice->length = cell_parameter(place, "length");
	choice->align = cell_parameter(place, "align");
	choice->first_touch = first_cell(s, base, place, is_first_touch);
	choice->toggle = first_cell(s, base, place, is_toggle);
	choice->reset = first_cell(s, base, place, is_reset);
	choice->leaves = first_cell(s, base, place, is_leaves);
	return true;
}

int choices_make(struct summary *s)
{
	const char *base;

	for (size_t i = 0; (base = base_at(s->run, i)); i++) {
		struct choice *slot = append((void **)&s->choices,
					     &s->choice_count, sizeof(*slot));

		if (!slot)
			return -ENOMEM;
		choose_length(s, base, NULL, slot);
	}
	return 0;
}

bool choose(const struct summary *s, const char *base, struct choice *choice)
{
	for (size_t i = 0; i < s->choice_count; i++) {
		*choice = s->choices[i];
		if (!strcmp(choice->base, base))
			return choice->target;
	}
	return choose_length(s, base, NULL, choice);
}
