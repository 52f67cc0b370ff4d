// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/leaves.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DEBUGFS "/sys/kernel/debug/page_tables/"
#define TABLE_BYTES 4096
/* A line is about 90 characters. */
#define LINE_SIZE 256

enum level {
	PTE,
	PMD,
	PUD,
	NOT_OURS
};

static const unsigned int level_shift[] = {12, 21, 30};
/* What a table of leaves of the level spans; of PUD leaves, 512 GiB. */
static const unsigned int table_shift[] = {21, 30, 39};

struct range {
	uint64_t first,
		last; /* both inclusive: a dump's last range ends at 2^64 */
	enum level level;
	bool present;
};

static int parse_level(const char *word, enum level *level)
{
	static const char *const names[] = {"pte", "pmd", "pud"};

	for (int i = PTE; i <= PUD; i++) {
		if (!strcmp(word, names[i])) {
			*level = (enum level)i;
			return 0;
		}
	}
	*level = NOT_OURS;
	return strcmp(word, "p4d") && strcmp(word, "pgd") ? -EINVAL : 0;
}

/* The flags, blank where nothing is mapped, and the level behind them. */
static int parse_tail(char *tail, struct range *r)
{
	size_t length = strlen(tail);
	char *word;

	while (length && isspace((unsigned char)tail[length - 1]))
		tail[--length] = '\0';
	word = strrchr(tail, ' ');
	if (!word)
		return -EINVAL;
	*word++ = '\0';
	r->present = tail[strspn(tail, " ")] != '\0';
	return parse_level(word, &r->level);
}

/* "0xFIRST-0xEND SIZEUNIT FLAGS LEVEL", as note_page() prints it. */
static int parse_range(char *line, struct range *r)
{
	static const char units[] = "BKMGTPE";
	const char *unit;
	uint64_t end, size;
	char *at;

	if (strncmp(line, "0x", 2))
		return -EINVAL;
	r->first = strtoull(line, &at, 16);
	if (strncmp(at, "-0x", 3))
		return -EINVAL;
	end = strtoull(at + 1, &at, 16);
	r->last = end - 1;
	size = strtoull(at, &at, 10);
	unit = *at ? strchr(units, *at) : NULL;
	if (!unit || at[1] != ' ' || r->last < r->first ||
	    size << 10 * (unit - units) != end - r->first)
		return -EINVAL;
	return parse_tail(at + 1, r);
}

/* Leaves of @r, which overlaps [start, last]; a cut leaf counts as one. */
static int count_range(const struct range *r, uint64_t start, uint64_t last,
		       struct leaves *l)
{
	uint64_t *const counts[] = {&l->pte, &l->pmd, &l->pud};
	uint64_t from = r->first > start ? r->first : start;
	uint64_t to = r->last < last ? r->last : last;
	unsigned int shift;

	if (r->level == NOT_OURS)
		return -EINVAL;
	shift = level_shift[r->level];
	*counts[r->level] += (to >> shift) - (from >> shift) + 1;
	return 0;
}

int leaves_parse(FILE *dump, uint64_t start, uint64_t end, struct leaves *l)
{
	char line[LINE_SIZE];
	int err = 0;

	memset(l, 0, sizeof(*l));
	while (!err && fgets(line, sizeof(line), dump)) {
		struct range r;

		/* The names of areas, and how many lines were left out. */
		if (!strncmp(line, "---[", 4) || !strncmp(line, "...", 3))
			continue;
		err = parse_range(line, &r);
		if (err || r.first >= end)
			break;
		if (r.present && r.last >= start)
			err = count_range(&r, start, end - 1, l);
	}
	if (!err && ferror(dump))
		err = -EIO;
	return err;
}

int leaves_dump(uint64_t start, uint64_t end, struct leaves *l)
{
	/* With page-table isolation the user's tables are a set of their own. */
	FILE *dump = fopen(DEBUGFS "current_user", "re");
	int err;

	if (!dump)
		dump = fopen(DEBUGFS "current_kernel", "re");
	if (!dump)
		return -errno;
	err = leaves_parse(dump, start, end, l);
	fclose(dump);
	return err;
}

/* Leaves in ascending order, and the tables they need. */
struct layout {
	struct leaves leaves;
	uint64_t tables[3]; /* PTE, PMD and PUD tables */
	uint64_t next[3]; /* the first table of each kind that is not counted */
};

static void need_tables(struct layout *t, enum level kind, uint64_t from,
			uint64_t to)
{
	uint64_t first = from >> table_shift[kind];
	uint64_t next = ((to - 1) >> table_shift[kind]) + 1;

	if (first < t->next[kind])
		first = t->next[kind];
	if (first >= next)
		return;
	t->tables[kind] += next - first;
	t->next[kind] = next;
}

static void add_leaves(struct layout *t, enum level level, uint64_t from,
		       uint64_t to)
{
	uint64_t *const counts[] = {&t->leaves.pte, &t->leaves.pmd,
				    &t->leaves.pud};

	*counts[level] += (to - from) >> level_shift[level];
	for (int kind = (int)level; kind <= PUD; kind++)
		need_tables(t, (enum level)kind, from, to);
}

/* The largest leaves that the addresses allow, up to @level. */
static void lay_out(struct layout *t, int level, uint64_t from, uint64_t to)
{
	uint64_t mask = (UINT64_C(1) << level_shift[level]) - 1;
	uint64_t first = (from + mask) & ~mask, end = to & ~mask;

	if (from >= to)
		return;
	if (level > PTE && first >= end) {
		lay_out(t, level - 1, from, to);
		return;
	}
	if (level > PTE)
		lay_out(t, level - 1, from, first);
	add_leaves(t, (enum level)level, first, end);
	if (level > PTE)
		lay_out(t, level - 1, end, to);
}

/* A leaf from each fault up to the next; false where one is no leaf's size. */
static bool lay_out_by_faults(struct layout *t, uint64_t start, uint64_t end,
			      const uint32_t *pages, size_t faults)
{
	if (!faults || pages[0])
		return false;
	for (size_t i = 0; i < faults; i++) {
		uint64_t from = start + pages[i] * UINT64_C(4096);
		uint64_t to = i + 1 < faults
				      ? start + pages[i + 1] * UINT64_C(4096)
				      : end;
		int level = PUD;

		while (level >= PTE &&
		       (to - from) != UINT64_C(1) << level_shift[level])
			level--;
		if (level < PTE || from & (to - from - 1))
			return false;
		add_leaves(t, (enum level)level, from, to);
	}
	return true;
}

static bool fits(const struct layout *t, uint64_t table_bytes, bool new_puds)
{
	uint64_t tables = t->tables[PTE] + t->tables[PMD];

	if (new_puds)
		tables += t->tables[PUD];
	return tables * TABLE_BYTES == table_bytes;
}

int leaves_derive(uint64_t start, uint64_t end, const uint32_t *fault_pages,
		  size_t faults, uint64_t table_bytes, struct leaves *l)
{
	struct layout layouts[4] = {0};
	int first = 0;

	if (start >= end)
		return -ERANGE;
	if (!lay_out_by_faults(&layouts[0], start, end, fault_pages, faults))
		first = 1;
	for (int level = PTE; level <= PUD; level++)
		lay_out(&layouts[level + 1], level, start, end);
	/* A fault for every page: no page came with another. */
	if (!first && faults > 1 && faults == layouts[0].leaves.pte) {
		*l = layouts[0].leaves;
		return 0;
	}
	for (int new_puds = 0; new_puds <= 1; new_puds++) {
		for (int i = first; i < 4; i++) {
			if (fits(&layouts[i], table_bytes, new_puds)) {
				*l = layouts[i].leaves;
				return 0;
			}
		}
	}
	return -ERANGE;
}
