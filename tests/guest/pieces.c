// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract where a leaf can't stay as it is: a part of it is unmapped,
 * protected or moved, or the whole of it to an address that is aligned
 * differently. No page that is still mapped may be lost, and none that is not
 * may be reached, not even through a TLB entry that nobody flushed.
 */
#include <sys/mman.h>

#include "access.h"
#include "contract.h"
#include "ktap.h"
#include "pfnbench/stamp.h"
#include "rig/mapping.h"
#include "rig/process.h"

#define PAGE 4096ull
#define PMD_PAGES 512ull
#define PUD_PAGES (512 * PMD_PAGES)
/* Every page is looked at around a cut, one in so many elsewhere. */
#define AROUND PMD_PAGES
#define STRIDE 61

/* Is there something at @addr that answers? */
static bool reachable(volatile unsigned char *addr)
{
	uint64_t value;

	return access_read(addr, &value) == ANSWERED;
}

/* The pages of @v near its ends one by one, those between by samples. */
static const char *look(const struct view *v,
			const char *(*want)(const struct view *v))
{
	struct view part = *v;
	const char *why;

	if (v->pages <= 2 * AROUND)
		return want(v);
	part.pages = AROUND;
	why = want(&part);
	for (uint64_t i = AROUND; !why && i < v->pages - AROUND; i += STRIDE) {
		part = view_at(v->addr + i * PAGE, v->page + i, 1);
		why = want(&part);
	}
	if (why)
		return why;
	part = view_at(v->addr + (v->pages - AROUND) * PAGE,
		       v->page + v->pages - AROUND, AROUND);
	return want(&part);
}

static const char *look_all(const struct view *v, size_t count,
			    const char *(*want)(const struct view *v))
{
	const char *why = NULL;

	for (size_t i = 0; !why && i < count; i++)
		why = look(&v[i], want);
	return why;
}

/* All there now; gone while disabled; there again after enable. */
static const char *live_on(struct contract *c, const struct view *v,
			   size_t count, const char *what)
{
	uint64_t faults = faults_now();
	const char *why = look_all(v, count, view_all_right);

	faults = faults_now() - faults;
	if (!why && c->eager && faults)
		why = ktap_say("%s: %lu faults", what, faults);
	if (!why && device_memory_enable(&c->bar, false))
		why = "disable failed";
	why = first_of(why, look_all(v, count, view_all_sigbus));
	if (device_memory_enable(&c->bar, true))
		why = "enable failed";
	faults = faults_now();
	why = first_of(why, look_all(v, count, view_all_right));
	faults = faults_now() - faults;
	if (!why && c->eager && faults)
		why = ktap_say("%s, then enabled: %lu faults", what, faults);
	return why;
}

/* Why nothing of PUD leaves is tested here, or NULL. */
static const char *no_pud(struct contract *c)
{
	if (c->bar.size < PUD_PAGES * PAGE)
		return "SKIP the BAR is smaller than a PUD leaf";
	if (c->untouched)
		return "SKIP Linux loses the leaf or panics; the common series "
		       "mends it";
	return NULL;
}

/* @pages of the BAR from @page on, at an address aligned as the BAR there is. */
static const char *map_aligned(struct contract *c, struct mapping *m,
			       struct view *v, uint64_t page, uint64_t pages,
			       uint64_t align)
{
	if (mapping_reserve(m, page * PAGE, pages * PAGE, align))
		return "no address space";
	if (mapping_map(m, &c->bar, page * PAGE, PROT_READ | PROT_WRITE)) {
		mapping_release(m);
		return "mmap failed";
	}
	*v = view_at(m->addr, page, pages);
	return look(v, view_all_right);
}

/* Cuts [cut, cut + 10) out of a mapping by munmap(). */
static const char *unmap_inside(struct contract *c, uint64_t pages,
				uint64_t align, uint64_t cut)
{
	struct view v, rest[2];
	struct mapping m;
	const char *why = map_aligned(c, &m, &v, 0, pages, align);

	munmap((void *)(v.addr + cut * PAGE), 10 * PAGE);
	rest[0] = view_at(v.addr, 0, cut);
	rest[1] =
		view_at(v.addr + (cut + 10) * PAGE, cut + 10, pages - cut - 10);
	why = first_of(why, live_on(c, rest, 2, "unmapped"));
	mapping_release(&m);
	return why;
}

/* Makes [cut, cut + 10) read-only, or for a time inaccessible. */
static const char *protect_inside(struct contract *c, uint64_t pages,
				  uint64_t align, uint64_t cut)
{
	struct mapping m;
	struct view v;
	const char *why = map_aligned(c, &m, &v, 0, pages, align);
	void *at = (void *)(v.addr + cut * PAGE);

	mprotect(at, 10 * PAGE, PROT_READ);
	why = first_of(why, live_on(c, &v, 1, "read-only"));
	mprotect(at, 10 * PAGE, PROT_NONE);
	if (!why && reachable(at))
		why = "a page is read in spite of PROT_NONE";
	/* Not populated in vain, or without end, for what can't be accessed. */
	device_memory_enable(&c->bar, false);
	device_memory_enable(&c->bar, true);
	mprotect(at, 10 * PAGE, PROT_READ | PROT_WRITE);
	why = first_of(why, live_on(c, &v, 1, "accessible again"));
	/* All of it, and back, while disabled. */
	mprotect((void *)v.addr, pages * PAGE, PROT_NONE);
	device_memory_enable(&c->bar, false);
	device_memory_enable(&c->bar, true);
	mprotect((void *)v.addr, pages * PAGE, PROT_READ);
	why = first_of(why, live_on(c, &v, 1, "all accessible again"));
	mapping_release(&m);
	return why;
}

/* Moves @pages from @from on to an address @off pages further than aligned. */
static const char *move(struct contract *c, uint64_t pages, uint64_t align,
			uint64_t from, uint64_t count, uint64_t off)
{
	struct mapping m, to;
	struct view v, rest[3];
	const char *why = map_aligned(c, &m, &v, 0, pages, align);
	unsigned char *target, *old = (unsigned char *)v.addr + from * PAGE;
	size_t left = 0;
	void *moved;

	if (mapping_reserve(&to, from * PAGE, (count + off) * PAGE, align))
		return "no address space";
	target = to.addr + off * PAGE;
	moved = mremap(old, count * PAGE, count * PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, target);
	if (moved != target) {
		mapping_release(&to);
		mapping_release(&m);
		return first_of(why, "mremap failed");
	}
	for (uint64_t i = 0; !why && i < count; i += STRIDE)
		if (reachable(old + i * PAGE))
			why = ktap_say("page %lu is still read at its old "
				       "address",
				       from + i);
	if (from)
		rest[left++] = view_at(v.addr, 0, from);
	if (from + count < pages)
		rest[left++] = view_at(v.addr + (from + count) * PAGE,
				       from + count, pages - from - count);
	rest[left++] = view_at(target, from, count);
	why = first_of(why, live_on(c, rest, left, "moved"));
	munmap(target, count * PAGE);
	mapping_release(&to);
	mapping_release(&m);
	return why;
}

const char *pmd_unmapped(void *context)
{
	return unmap_inside(context, 4 * PMD_PAGES, PMD_PAGES * PAGE,
			    PMD_PAGES + 100);
}

const char *pmd_protected(void *context)
{
	return protect_inside(context, 4 * PMD_PAGES, PMD_PAGES * PAGE,
			      PMD_PAGES + 100);
}

const char *pmd_moved(void *context)
{
	const char *why = move(context, 4 * PMD_PAGES, PMD_PAGES * PAGE, 0,
			       4 * PMD_PAGES, 0);

	why = first_of(why, move(context, 4 * PMD_PAGES, PMD_PAGES * PAGE, 0,
				 4 * PMD_PAGES, 7));
	return first_of(why, move(context, 4 * PMD_PAGES, PMD_PAGES * PAGE, 100,
				  PMD_PAGES + 300, 9));
}

const char *pud_unmapped(void *context)
{
	const char *why = no_pud(context);

	return why ? why
		   : unmap_inside(context, PUD_PAGES, PUD_PAGES * PAGE,
				  100 * PMD_PAGES + 100);
}

const char *pud_protected(void *context)
{
	const char *why = no_pud(context);

	return why ? why
		   : protect_inside(context, PUD_PAGES, PUD_PAGES * PAGE,
				    100 * PMD_PAGES + 100);
}

const char *pud_moved(void *context)
{
	const char *why = no_pud(context);

	return why ? why
		   : move(context, PUD_PAGES, PUD_PAGES * PAGE, 0, PUD_PAGES,
			  0);
}

const char *pud_moved_askew(void *context)
{
	const char *why = no_pud(context);

	if (why)
		return why;
	why = move(context, PUD_PAGES, PUD_PAGES * PAGE, 0, PUD_PAGES, 5);
	return first_of(why, move(context, PUD_PAGES, PUD_PAGES * PAGE,
				  10 * PMD_PAGES + 5, 300 * PMD_PAGES, 2));
}
