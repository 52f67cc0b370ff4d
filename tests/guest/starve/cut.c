// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls that cut or move what is mapped, or copy it: where a leaf has to be
 * split, or dropped and mapped again, they need page tables.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ktap.h"
#include "starve/starve.h"

/* A part of a leaf, some PTEs, a leaf, and again a part. */
#define FROM 509ull
#define PAGES (2 * PMD_PAGES + 8)
/* What is cut out, inside of a leaf. */
#define CUT (PMD_PAGES + 100)
#define CUT_PAGES 10ull

static const char *place_leaves(struct starved *s)
{
	return place(s, FROM, PAGES, PMD_PAGES * PAGE);
}

static const char *place_pud(struct starved *s)
{
	return place(s, 0, PUD_PAGES, PUD_PAGES * PAGE);
}

static int unmap_part(struct starved *s)
{
	return munmap(s->mapping.addr + CUT * PAGE, CUT_PAGES * PAGE) ? -errno
								      : 0;
}

static int protect_part(struct starved *s)
{
	return mprotect(s->mapping.addr + CUT * PAGE, CUT_PAGES * PAGE,
			PROT_READ)
		       ? -errno
		       : 0;
}

static const char *toggled_view(struct starved *s, struct view v)
{
	struct view whole = s->view;
	const char *why;

	s->view = v;
	why = toggled(s);
	s->view = whole;
	return why;
}

/* What is left of a cut is all there, and goes on living. */
static const char *rest_right(struct starved *s, int err)
{
	const struct view *v = &s->view;
	struct view rest[2] = {
		{.addr = v->addr, .page = v->page, .pages = CUT},
		{.addr = v->addr + (CUT + CUT_PAGES) * PAGE,
		 .page = v->page + CUT + CUT_PAGES,
		 .pages = v->pages - CUT - CUT_PAGES},
	};
	const char *why = NULL;

	if (err)
		return all_right(v);
	for (int i = 0; !why && i < 2; i++)
		why = all_right(&rest[i]);
	for (int i = 0; !why && i < 2; i++)
		why = toggled_view(s, rest[i]);
	return why;
}

static const char *still_right(struct starved *s, int err)
{
	const char *why = all_right(&s->view);

	(void)err;
	return why ? why : toggled(s);
}

const char *starved_munmap(void *context)
{
	static const struct call call = {
		.prepare = place_leaves,
		.call = unmap_part,
		.check = rest_right,
		.clean = unplace,
	};
	struct starved *s = context;

	return starve(s, &call, s->huge);
}

const char *starved_munmap_pud(void *context)
{
	static const struct call call = {
		.prepare = place_pud,
		.call = unmap_part,
		.check = rest_right,
		.clean = unplace,
	};
	struct starved *s = context;

	if (s->bar.size < PUD_PAGES * PAGE)
		return "SKIP the BAR is smaller than a PUD leaf";
	if (!s->huge)
		return "SKIP no PUD leaf is populated";
	return starve(s, &call, true);
}

const char *starved_mprotect(void *context)
{
	static const struct call call = {
		.prepare = place_leaves,
		.call = protect_part,
		.check = still_right,
		.clean = unplace,
	};
	struct starved *s = context;

	return starve(s, &call, s->huge);
}

/* The target is one page off: no leaf fits there. */
static const char *place_and_target(struct starved *s)
{
	const char *why = place_leaves(s);

	if (!why && mapping_reserve(&s->target, (FROM + 1) * PAGE, PAGES * PAGE,
				    PMD_PAGES * PAGE))
		why = "no address space";
	return why;
}

static int move(struct starved *s)
{
	void *at = mremap(s->mapping.addr, PAGES * PAGE, PAGES * PAGE,
			  MREMAP_MAYMOVE | MREMAP_FIXED, s->target.addr);

	return at == MAP_FAILED ? -errno : 0;
}

/* A move that failed moves everything back. */
static const char *moved(struct starved *s, int err)
{
	struct view v = s->view;
	struct sight sight;

	if (!err)
		v.addr = s->target.addr;
	sight = look(&v);
	if (sight.wrong)
		return ktap_say("%lu pages are wrong", sight.wrong);
	if (sight.sigbus)
		return ktap_say("%lu pages are lost", sight.sigbus);
	return toggled_view(s, v);
}

static const char *unplace_both(struct starved *s)
{
	munmap(s->target.addr, s->target.length);
	mapping_release(&s->target);
	return unplace(s);
}

const char *starved_mremap(void *context)
{
	static const struct call call = {
		.prepare = place_and_target,
		.call = move,
		.check = moved,
		.clean = unplace_both,
	};
	struct starved *s = context;

	return starve(s, &call, s->eager);
}

static pid_t child;

static int fork_off(struct starved *s)
{
	child = fork();
	if (!child)
		_exit(all_right(&s->view) ? 1 : 0);
	return child < 0 ? -errno : 0;
}

static const char *both_right(struct starved *s, int err)
{
	int status;

	if (!err && (waitpid(child, &status, 0) != child || status))
		return "the child lacks pages";
	return still_right(s, err);
}

const char *starved_fork(void *context)
{
	static const struct call call = {
		.prepare = place_leaves,
		.call = fork_off,
		.check = both_right,
		.clean = unplace,
	};

	return starve(context, &call, true);
}
