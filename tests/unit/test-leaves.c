// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rig/leaves.h"

#define K UINT64_C(1024)
#define M (K * K)
#define G (K * M)
#define BASE (UINT64_C(16) << 40)
#define TABLE UINT64_C(4096)

#define HOLE "                              "
#define USER "USR RW         PCD             NX "
#define HUGE "USR RW         PCD PSE         NX "

static int parse(const char *text, uint64_t start, uint64_t end,
		 struct leaves *l)
{
	char copy[4096];
	FILE *file;
	int err;

	assert_true(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	file = fmemopen(copy, strlen(copy), "r");
	assert_non_null(file);
	err = leaves_parse(file, start, end, l);
	fclose(file);
	return err;
}

static void expect(const struct leaves *l, uint64_t pte, uint64_t pmd,
		   uint64_t pud)
{
	assert_int_equal(l->pte, pte);
	assert_int_equal(l->pmd, pmd);
	assert_int_equal(l->pud, pud);
}

/* Lines as note_page() of Linux 6.12 prints them, all three levels. */
static const char dump[] =
	"---[ User Space ]---\n"
	"0x0000000000000000-0x0000100000000000          16T " HOLE "pgd\n"
	"0x0000100000000000-0x0000100000001000           4K USR ro"
	"                     NX pte\n"
	"0x0000100000001000-0x0000100040000000     1048572K" HOLE "pte\n"
	"0x0000100040000000-0x0000100040003000          12K " USER "pte\n"
	"0x0000100040003000-0x0000100040200000        2036K " HOLE "pte\n"
	"0x0000100040200000-0x0000100040a00000           8M " HUGE "pmd\n"
	"0x0000100040a00000-0x0000100080000000        1014M " HOLE "pmd\n"
	"0x0000100080000000-0x0000100100000000           2G " HUGE "pud\n"
	"0x0000100100000000-0x0000800000000000      114684G " HOLE "pud\n"
	"---[ Kernel Space ]---\n"
	"0xffff800000000000-0xffff888000000000        8704G " HOLE "pgd\n"
	"... 12 entries skipped ... \n"
	"0xffffffffff600000-0x0000000000000000          10M " HOLE "pmd\n";

static void parses_each_level(void **state)
{
	struct leaves l;

	(void)state;
	assert_int_equal(parse(dump, BASE + G, BASE + 4 * G, &l), 0);
	expect(&l, 3, 4, 2);
	/* All of it, to the last line, whose end is 2^64. */
	assert_int_equal(parse(dump, 0, UINT64_MAX, &l), 0);
	expect(&l, 4, 4, 2);
}

static void clips_merged_lines(void **state)
{
	struct leaves l;

	(void)state;
	assert_int_equal(parse(dump, BASE + G + 4 * K, BASE + G + 4 * M, &l),
			 0);
	expect(&l, 2, 1, 0);
	assert_int_equal(parse(dump, BASE + 3 * G, BASE + 9 * G, &l), 0);
	expect(&l, 0, 0, 1);
	assert_int_equal(parse(dump, BASE + 8 * K, BASE + 16 * K, &l), 0);
	expect(&l, 0, 0, 0);
	/* Behind a line to the page, and before one. */
	assert_int_equal(parse(dump, BASE + G + 12 * K, BASE + G + 2 * M, &l),
			 0);
	expect(&l, 0, 0, 0);
}

static void refuses_malformed(void **state)
{
	static const char *const bad[] = {
		"\n",
		"0x1000\n",
		"0x1000-0x2000\n",
		/* No level, one that is none, and a line that was cut. */
		"0x0000000000001000-0x0000000000002000           4K " USER "\n",
		"0x0000000000001000-0x0000000000002000           4K " USER
		"ptx\n",
		"0x0000000000001000-0x0000000000002000           4",
		/* Backwards, and a size that isn't the range's. */
		"0x0000000000002000-0x0000000000001000           4K " USER
		"pte\n",
		"0x0000000000001000-0x0000000000002000           8K " USER
		"pte\n",
		"0x0000000000001000-0x0000000000002000           4M " USER
		"pte\n",
		/* A leaf of 512 GiB there is not. */
		"0x0000000000000000-0x0000008000000000         512G " USER
		"p4d\n",
		"0000000000001000-0000000000002000           4K " USER "pte\n",
	};
	struct leaves l;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse(bad[i], 0, 16 * G, &l), -EINVAL);
	assert_int_equal(parse("0x0000000000001000-0x0000000000002000"
			       "           4K " USER "pte\n",
			       0, 16 * G, &l),
			 0);
	expect(&l, 1, 0, 0);
}

/* Pages at every @step bytes; up to @count of them. */
static size_t faults_every(uint32_t *pages, uint64_t step, size_t count)
{
	for (size_t i = 0; i < count; i++)
		pages[i] = (uint32_t)(i * (step / 4096));
	return count;
}

static void a_fault_for_each_leaf(void **state)
{
	uint32_t pages[1024];
	struct leaves l;
	size_t n;

	(void)state;
	n = faults_every(pages, 4 * K, 1024);
	assert_int_equal(leaves_derive(BASE + 4 * K, BASE + 4 * M + 4 * K,
				       pages, n, 4 * TABLE, &l),
			 0);
	expect(&l, 1024, 0, 0);
	/* Not even where something else grew the page tables meanwhile. */
	assert_int_equal(leaves_derive(BASE + 4 * K, BASE + 4 * M + 4 * K,
				       pages, n, 77 * TABLE, &l),
			 0);
	expect(&l, 1024, 0, 0);
	n = faults_every(pages, 2 * M, 8);
	assert_int_equal(
		leaves_derive(BASE + 2 * M, BASE + 18 * M, pages, n, TABLE, &l),
		0);
	expect(&l, 0, 8, 0);
	n = faults_every(pages, G, 3);
	assert_int_equal(leaves_derive(BASE, BASE + 3 * G, pages, n, 0, &l), 0);
	expect(&l, 0, 0, 3);
}

/* 4 KiB leaves up to a boundary, then one of 2 MiB: sizes may mix. */
static void mixed_leaves(void **state)
{
	static const uint32_t pages[] = {0, 1, 2};
	struct leaves l;

	(void)state;
	assert_int_equal(leaves_derive(BASE + 2 * M - 8 * K, BASE + 4 * M,
				       pages, 3, 2 * TABLE, &l),
			 0);
	expect(&l, 2, 1, 0);
	/* Greedy finds the same in one fault, from the growth. */
	assert_int_equal(leaves_derive(BASE + 2 * M - 8 * K, BASE + 4 * M,
				       pages, 1, 2 * TABLE, &l),
			 0);
	expect(&l, 2, 1, 0);
	assert_int_equal(leaves_derive(BASE + 2 * M - 8 * K, BASE + 4 * M,
				       pages, 1, 3 * TABLE, &l),
			 0);
	expect(&l, 514, 0, 0);
}

/* One fault, or none, for 16 MiB: only the page tables tell. */
static void populated_as_a_whole(void **state)
{
	static const uint32_t first[] = {0};
	uint64_t start = BASE + G + 2 * M, end = start + 16 * M;
	struct leaves l;

	(void)state;
	for (size_t faults = 0; faults < 2; faults++) {
		assert_int_equal(
			leaves_derive(start, end, first, faults, 9 * TABLE, &l),
			0);
		expect(&l, 4096, 0, 0);
		assert_int_equal(
			leaves_derive(start, end, first, faults, TABLE, &l), 0);
		expect(&l, 0, 8, 0);
		assert_int_equal(
			leaves_derive(start, end, first, faults, 4 * TABLE, &l),
			-ERANGE);
		assert_int_equal(
			leaves_derive(start, end, first, faults, 0, &l),
			-ERANGE);
	}
}

/* A new PUD table belongs to the growth where nothing fits without it. */
static void new_pud_table(void **state)
{
	static const uint32_t first[] = {0};
	uint64_t start = BASE + 2 * M, end = start + 16 * M;
	struct leaves l;

	(void)state;
	assert_int_equal(leaves_derive(start, end, first, 1, 10 * TABLE, &l),
			 0);
	expect(&l, 4096, 0, 0);
	assert_int_equal(leaves_derive(start, end, first, 1, 2 * TABLE, &l), 0);
	expect(&l, 0, 8, 0);
	/* Across 512 GiB there are two. */
	start = BASE + 511 * G;
	assert_int_equal(leaves_derive(start, start + 2 * G, first, 1,
				       (1024 + 2 + 2) * TABLE, &l),
			 0);
	expect(&l, 2 * 512 * 512, 0, 0);
}

/* A gigabyte by one fault: 512 tables of PTEs, a table of PMDs, or nothing. */
static void one_gigabyte(void **state)
{
	static const uint32_t first[] = {0};
	struct leaves l;

	(void)state;
	assert_int_equal(
		leaves_derive(BASE, BASE + G, first, 1, 513 * TABLE, &l), 0);
	expect(&l, 512 * 512, 0, 0);
	assert_int_equal(leaves_derive(BASE, BASE + G, first, 1, TABLE, &l), 0);
	expect(&l, 0, 512, 0);
	assert_int_equal(leaves_derive(BASE, BASE + G, first, 1, 0, &l), 0);
	expect(&l, 0, 0, 1);
	/*
	 * The address holds an aligned gigabyte and two ends; the BAR's page
	 * may not agree with it, and then all are PMDs, in three tables.
	 */
	assert_int_equal(leaves_derive(BASE + 2 * M, BASE + 2 * G + 2 * M,
				       first, 1, 2 * TABLE, &l),
			 0);
	expect(&l, 0, 512, 1);
	assert_int_equal(leaves_derive(BASE + 2 * M, BASE + 2 * G + 2 * M,
				       first, 1, 3 * TABLE, &l),
			 0);
	expect(&l, 0, 1024, 0);
}

/* 2 MiB of PTEs by each fault are no PMDs: the growth says so. */
static void faults_alone_mislead(void **state)
{
	uint32_t pages[8];
	size_t n = faults_every(pages, 2 * M, 8);
	struct leaves l;

	(void)state;
	assert_int_equal(
		leaves_derive(BASE, BASE + 16 * M, pages, n, 9 * TABLE, &l), 0);
	expect(&l, 4096, 0, 0);
	/* Spans of 64 KiB, of fault-around, are no leaf's. */
	n = faults_every(pages, 64 * K, 8);
	assert_int_equal(
		leaves_derive(BASE, BASE + 512 * K, pages, n, 2 * TABLE, &l),
		0);
	expect(&l, 128, 0, 0);
	assert_int_equal(
		leaves_derive(BASE, BASE + 512 * K, pages, n, 9 * TABLE, &l),
		-ERANGE);
	/* 2 MiB, but not aligned. */
	n = faults_every(pages, 2 * M, 8);
	assert_int_equal(leaves_derive(BASE + 4 * K, BASE + 16 * M + 4 * K,
				       pages, n, TABLE, &l),
			 -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_each_level),
		cmocka_unit_test(clips_merged_lines),
		cmocka_unit_test(refuses_malformed),
		cmocka_unit_test(a_fault_for_each_leaf),
		cmocka_unit_test(mixed_leaves),
		cmocka_unit_test(populated_as_a_whole),
		cmocka_unit_test(new_pud_table),
		cmocka_unit_test(one_gigabyte),
		cmocka_unit_test(faults_alone_mislead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
