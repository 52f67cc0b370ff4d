// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sets.h"
#include "symbols.h"

#define LINE_SHIFT 6
/* Set in a TLB's key: it has to be no 0, and the kernel's pages are global. */
#define VALID (UINT64_C(1) << 62)
#define GLOBAL (UINT64_C(1) << 63)

/* As x86 without randomisation of memory has it (Documentation/arch/x86/
 * x86_64/mm.rst): all memory, and the kernel itself. */
#define DIRECT_FIRST UINT64_C(0xffff888000000000)
#define DIRECT_END UINT64_C(0xffffc88000000000)
#define IMAGE_FIRST UINT64_C(0xffffffff80000000)
#define IMAGE_END UINT64_C(0xffffffffc0000000)

enum page {
	PAGE_4K,
	PAGE_2M,
	PAGE_1G,
	PAGES
};
enum cache {
	L1D,
	L2,
	L3,
	CACHES
};

static const unsigned int page_shift[] = {12, 21, 30};
/* Entries that a walk reads down to a leaf of that size, of four levels. */
static const unsigned int walk_reads[] = {4, 3, 2};

static struct sets caches[CACHES], dtlbs[PAGES], stlbs[PAGES];
static enum page direct_page;
static bool on;

static uint64_t bar_first, bar_end;
static enum page bar_page;
static bool bar_known;

/* What is printed, in this order. */
enum counter {
	ACCESSES, /* of memory that caches hold */
	MISSES_L1D,
	MISSES_L2,
	MISSES_L3,
	DTLB_MISSES,
	WALKS,
	WALK_READS,
	BAR_ACCESSES,
	BAR_DTLB_MISSES,
	BAR_WALKS,
	BAR_WALK_READS,
	COUNTERS
};

static const char *const names[] = {
	"accesses",	   "l1d-misses", "l2-misses",	   "l3-misses",
	"dtlb-misses",	   "walks",	 "walk-reads",	   "bar-accesses",
	"bar-dtlb-misses", "bar-walks",	 "bar-walk-reads",
};

static uint64_t counters[COUNTERS];

static const struct {
	const char *name;
	struct sets *sets;
	unsigned int
		unit; /* bytes of an entry; 1: it is entries that are given */
} parts[] = {
	{"l1d", &caches[L1D], 64},	 {"l2", &caches[L2], 64},
	{"l3", &caches[L3], 64},	 {"dtlb-4k", &dtlbs[PAGE_4K], 1},
	{"dtlb-2m", &dtlbs[PAGE_2M], 1}, {"dtlb-1g", &dtlbs[PAGE_1G], 1},
	{"stlb-4k", &stlbs[PAGE_4K], 1}, {"stlb-2m", &stlbs[PAGE_2M], 1},
	{"stlb-1g", &stlbs[PAGE_1G], 1},
};
#define PARTS (sizeof(parts) / sizeof(*parts))

static int page_of(uint64_t size, enum page *page)
{
	for (int i = PAGE_4K; i < PAGES; i++) {
		if (size == UINT64_C(1) << page_shift[i]) {
			*page = (enum page)i;
			return 0;
		}
	}
	return -EINVAL;
}

static uint64_t parse_size(const char *word)
{
	static const char units[] = "KMG";
	char *end;
	uint64_t size = strtoull(word, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;

	if (!*end)
		return size;
	return unit && !end[1] ? size << 10 * (unit - units + 1) : 0;
}

static int take(const char *name, uint64_t size, uint64_t ways)
{
	if (!strcmp(name, "direct-map"))
		return ways ? -EINVAL : page_of(size, &direct_page);
	for (size_t i = 0; i < PARTS; i++) {
		if (strcmp(parts[i].name, name))
			continue;
		if (parts[i].sets->keys || size % parts[i].unit)
			return -EINVAL;
		return sets_init(parts[i].sets, size / parts[i].unit, ways);
	}
	return -EINVAL;
}

static int take_line(char *text)
{
	char name[32], size[32], more[2];
	uint64_t ways = 0;
	int words;

	text[strcspn(text, "#\n")] = '\0';
	words = sscanf(text, "%31s %31s %" SCNu64 " %1s", name, size, &ways,
		       more);
	if (words <= 0)
		return 0;
	return words == 2 || words == 3 ? take(name, parse_size(size), ways)
					: -EINVAL;
}

int model_read(const char *file, size_t *line)
{
	FILE *in = fopen(file, "re");
	char text[256];
	int err = 0;

	if (!in)
		return -errno;
	for (*line = 0; !err && fgets(text, sizeof(text), in);
	     err = take_line(text))
		++*line;
	fclose(in);
	for (size_t i = 0; !err && i < PARTS; i++) {
		if (parts[i].sets->keys)
			continue;
		*line = 0;
		err = -EINVAL;
	}
	on = !err;
	return err;
}

bool model_on(void)
{
	return on;
}

void model_leaves(uint64_t first, uint64_t end, uint64_t size)
{
	bar_first = first;
	bar_end = end;
	bar_known = !page_of(size, &bar_page);
}

static enum page page_at(uint64_t vaddr, bool bar)
{
	if (bar)
		return bar_page;
	if (vaddr >= DIRECT_FIRST && vaddr < DIRECT_END)
		return direct_page;
	/* The image is aligned for 2 MiB, and so mapped. */
	return vaddr >= IMAGE_FIRST && vaddr < IMAGE_END ? PAGE_2M : PAGE_4K;
}

static void translate(uint64_t vaddr, bool bar, bool counted)
{
	enum page page = page_at(vaddr, bar);
	uint64_t number = vaddr << 2 >> 2 >> page_shift[page];
	uint64_t key = number | VALID | (is_kernel(vaddr) ? GLOBAL : 0);
	bool walked;

	if (sets_use(&dtlbs[page], key))
		return;
	walked = !sets_use(&stlbs[page], key);
	if (!counted)
		return;
	counters[DTLB_MISSES]++;
	counters[WALKS] += walked;
	counters[WALK_READS] += walked ? walk_reads[page] : 0;
	if (!bar)
		return;
	counters[BAR_DTLB_MISSES]++;
	counters[BAR_WALKS] += walked;
	counters[BAR_WALK_READS] += walked ? walk_reads[page] : 0;
}

/* Each level is looked at where the one before it has missed. */
static void look_up(uint64_t physical, bool counted)
{
	uint64_t key = (physical >> LINE_SHIFT) + 1;

	for (int i = L1D; i < CACHES; i++) {
		if (sets_use(&caches[i], key))
			return;
		counters[MISSES_L1D + i] += counted;
	}
}

void model_access(uint64_t vaddr, bool counted, model_physical_fn *physical,
		  void *data)
{
	bool bar = vaddr >= bar_first && vaddr < bar_end;
	uint64_t at;

	translate(vaddr, bar, counted);
	/* A BAR is not cached: each access goes to the device. */
	if (bar) {
		counters[BAR_ACCESSES] += counted;
		return;
	}
	if (vaddr >= DIRECT_FIRST && vaddr < DIRECT_END)
		at = vaddr - DIRECT_FIRST;
	else if (vaddr >= IMAGE_FIRST && vaddr < IMAGE_END)
		at = vaddr - IMAGE_FIRST;
	else
		at = physical(data, vaddr);
	if (at == UINT64_MAX)
		return;
	counters[ACCESSES] += counted;
	look_up(at, counted);
}

/* All whose keys have not all bits of @keep. */
static void drop(uint64_t keep)
{
	for (int i = PAGE_4K; i < PAGES; i++) {
		sets_drop(&dtlbs[i], keep);
		sets_drop(&stlbs[i], keep);
	}
}

void model_new_space(void)
{
	drop(GLOBAL);
}

void model_forget(void)
{
	drop(UINT64_MAX);
}

void model_invalidate(void)
{
	model_new_space();
}

void model_clear(void)
{
	memset(counters, 0, sizeof(counters));
}

void model_print(FILE *out)
{
	for (int i = 0; on && bar_known && i < COUNTERS; i++)
		fprintf(out, "m %s %" PRIu64 "\n", names[i], counters[i]);
}
