// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig/mapping.h"
#include "rig/permutation.h"
#include "rig/process.h"
#include "rig/sigbus.h"

#define K UINT64_C(1024)
#define M (K * K)
#define G (K * M)

static void expect_agreement(uint64_t offset, uint64_t length, uint64_t align)
{
	struct mapping m;
	uint64_t addr, reserve;

	assert_int_equal(mapping_reserve(&m, offset, length, align), 0);
	addr = (uintptr_t)m.addr;
	reserve = (uintptr_t)m.reserve;
	assert_int_equal(m.length, length);
	assert_int_equal((addr - offset) % align, 0);
	if (align < 2 * M)
		assert_int_not_equal((addr - offset) % (2 * M), 0);
	if (align < G)
		assert_int_not_equal((addr - offset) % G, 0);
	/* A gigabyte on either side of the gigabytes that it touches. */
	assert_true(addr / G * G - G >= reserve);
	assert_true((addr + length + G - 1) / G * G + G <=
		    reserve + m.reserve_size);
	mapping_release(&m);
}

static void agrees_as_asked_and_no_more(void **state)
{
	static const uint64_t aligns[] = {4 * K, 2 * M, G};
	static const uint64_t offsets[] = {
		0,	   4 * K,     2 * M,	    2 * M - 4 * K,
		G - 2 * M, G - 4 * K, 3 * G + 6 * M};
	static const uint64_t lengths[] = {4 * K, 2 * M, 16 * M, G, 5 * G};

	(void)state;
	for (size_t a = 0; a < 3; a++)
		for (size_t o = 0; o < 7; o++)
			for (size_t l = 0; l < 5; l++)
				expect_agreement(offsets[o], lengths[l],
						 aligns[a]);
}

static void refuses_what_no_bar_has(void **state)
{
	struct mapping m;

	(void)state;
	assert_int_equal(mapping_reserve(&m, 0, 4 * K, 8 * K), -EINVAL);
	assert_int_equal(mapping_reserve(&m, 0, 4 * K, 0), -EINVAL);
	assert_int_equal(mapping_reserve(&m, 0, 0, 4 * K), -EINVAL);
	assert_int_equal(mapping_reserve(&m, 0, 4 * K + 1, 4 * K), -EINVAL);
	assert_int_equal(mapping_reserve(&m, 12, 4 * K, 4 * K), -EINVAL);
	assert_null(m.reserve);
	/* Of a mapping that was refused, and again of one that is gone. */
	mapping_release(&m);
	mapping_release(&m);
}

/* The same addresses for the same calls, and one that is in use for none. */
static void addresses_repeat(void **state)
{
	struct mapping a, b;
	unsigned char *first, *second;

	(void)state;
	assert_int_equal(mapping_reserve(&a, 0, 2 * M, G), 0);
	assert_int_equal(mapping_reserve(&b, 0, 2 * M, G), 0);
	first = a.addr;
	second = b.addr;
	assert_true(b.reserve >= (void *)((char *)a.reserve + a.reserve_size));
	mapping_release(&a);
	mapping_release(&b);
	assert_int_equal(mapping_reserve(&a, 0, 2 * M, G), 0);
	assert_int_equal(mapping_reserve(&b, 0, 2 * M, G), 0);
	assert_ptr_equal(a.addr, first);
	assert_ptr_equal(b.addr, second);
	mapping_release(&a);
	mapping_release(&b);
}

static struct device stand_in(uint64_t size)
{
	struct device d;
	char why[256];

	assert_int_equal(device_open(&d, "memfd", size, INTERFACE_ANY, why), 0);
	return d;
}

/*
 * The mapping's page tables are its own: as many as its leaves need, and none
 * left behind. The last case ends in a second 1 GiB region.
 */
static void page_tables_come_and_go(void **state)
{
	static const struct {
		uint64_t offset, length, align, tables;
	} cases[] = {
		{0, 4 * M, 2 * M, 3},
		{0, 4 * M, 4 * K, 4},
		{0, 4 * K, G, 2},
		{G - 2 * M, 4 * M, G, 4},
	};
	struct device d = stand_in(G + 4 * M);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mapping m;
		int64_t before;

		assert_int_equal(mapping_reserve(&m, cases[i].offset,
						 cases[i].length,
						 cases[i].align),
				 0);
		vm_pte_bytes();
		before = vm_pte_bytes();
		assert_true(before > 0);
		assert_int_equal(mapping_map(&m, &d, cases[i].offset,
					     PROT_READ | PROT_WRITE),
				 0);
		for (uint64_t at = 0; at < m.length; at += 4096)
			*(volatile unsigned char *)(m.addr + at) = 1;
		assert_int_equal(vm_pte_bytes() - before,
				 cases[i].tables * 4096);
		/* What is mapped is not mapped over. */
		assert_int_equal(mapping_map(&m, &d, 0, PROT_READ), -EEXIST);
		assert_int_equal(mapping_unmap(&m), 0);
		assert_int_equal(vm_pte_bytes(), before);
		assert_int_equal(
			mapping_map(&m, &d, cases[i].offset, PROT_READ), 0);
		mapping_release(&m);
	}
	device_close(&d);
}

/* The BAR offset reaches the file, and a disabled stand-in has lost all. */
static void maps_the_offset(void **state)
{
	struct device d = stand_in(4 * M);
	uint64_t word = 0x1234567890abcdef, value;
	struct mapping m;

	(void)state;
	assert_int_equal(sigbus_init(), 0);
	assert_int_equal(pwrite(d.fd, &word, sizeof(word), 2 * M), 8);
	assert_int_equal(mapping_reserve(&m, 2 * M, 2 * M, 2 * M), 0);
	assert_int_equal(mapping_map(&m, &d, 2 * M, PROT_READ | PROT_WRITE), 0);
	memcpy(&value, m.addr, sizeof(value));
	assert_int_equal(value, word);
	assert_int_equal(device_memory_enable(&d, false), 0);
	assert_int_equal(device_memory_enable(&d, true), 0);
	assert_int_equal(probe_read(m.addr, &value), 0);
	assert_int_equal(value, 0);
	memcpy(m.addr, &word, sizeof(word));
	assert_int_equal(device_reset(&d), 0);
	assert_int_equal(probe_read(m.addr, &value), 0);
	assert_int_equal(value, 0);
	mapping_release(&m);
	device_close(&d);
	assert_int_equal(d.fd, -1);
}

static int read_byte(void *address)
{
	return *(volatile unsigned char *)address;
}

/*
 * Beyond a file's end a mapping raises SIGBUS, as a disabled BAR's does. cmocka
 * has handlers of its own in each test: ours goes on top.
 */
static void sigbus_is_told(void **state)
{
	struct device d = stand_in(4 * K);
	uint64_t value = 5;
	struct mapping m;

	(void)state;
	assert_int_equal(sigbus_init(), 0);
	assert_int_equal(mapping_reserve(&m, 0, 8 * K, G), 0);
	assert_int_equal(mapping_map(&m, &d, 0, PROT_READ | PROT_WRITE), 0);
	m.addr[9] = 77;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(probe_read(m.addr + 4 * K, &value), -EFAULT);
		assert_int_equal(value, 5);
		assert_int_equal(sigbus_protect(read_byte, m.addr + 4 * K),
				 -EFAULT);
		assert_int_equal(sigbus_protect(read_byte, m.addr + 9), 77);
	}
	assert_int_equal(probe_read(m.addr, &value), 0);
	assert_int_equal(value, 0);
	mapping_release(&m);
	device_close(&d);
}

struct nest {
	unsigned char *bad;
	int inner;
};

static int outer(void *arg)
{
	struct nest *n = arg;

	n->inner = sigbus_protect(read_byte, n->bad);
	/* This one is the outer protection's again. */
	return read_byte(n->bad);
}

static int status_of_child(int (*fn)(void *), void *arg)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(fn(arg));
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int send_sigbus(void *arg)
{
	(void)arg;
	return kill(getpid(), SIGBUS);
}

static int protected_send(void *arg)
{
	return sigbus_protect(send_sigbus, arg);
}

static void protections_nest_and_end(void **state)
{
	struct device d = stand_in(4 * K);
	struct nest n;
	struct mapping m;
	int status;

	(void)state;
	assert_int_equal(sigbus_init(), 0);
	assert_int_equal(mapping_reserve(&m, 0, 8 * K, G), 0);
	assert_int_equal(mapping_map(&m, &d, 0, PROT_READ), 0);
	n = (struct nest){.bad = m.addr + 4 * K};
	assert_int_equal(sigbus_protect(outer, &n), -EFAULT);
	assert_int_equal(n.inner, -EFAULT);
	/* Unprotected, and sent: both end a process, by that signal. */
	status = status_of_child(read_byte, n.bad);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
	status = status_of_child(protected_send, NULL);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
	mapping_release(&m);
	device_close(&d);
}

/* A child's page tables are not its parent's. */
static int own_page_tables(void *arg)
{
	int64_t before = vm_pte_bytes();
	struct mapping m;
	bool grew;

	(void)arg;
	if (mapping_reserve(&m, 0, 4 * K, G))
		return 1;
	grew = vm_pte_bytes() > before;
	return grew ? 0 : 2;
}

static void a_child_reads_its_own_status(void **state)
{
	(void)state;
	assert_true(vm_pte_bytes() > 0);
	assert_int_equal(status_of_child(own_page_tables, NULL), 0);
}

static void faults_are_counted(void **state)
{
	unsigned char *pages = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t before;

	(void)state;
	assert_ptr_not_equal(pages, MAP_FAILED);
	madvise(pages, 16 * 4096, MADV_NOHUGEPAGE);
	before = faults_now();
	for (size_t i = 0; i < 16; i++)
		*(volatile unsigned char *)(pages + i * 4096) = 1;
	assert_int_equal(faults_now() - before, 16);
	munmap(pages, 16 * 4096);
}

/* Every index once, for sizes about powers of two; not in order. */
static void permutes(void **state)
{
	static const uint64_t sizes[] = {1,  2,	 3,  4,	   5,
					 63, 64, 65, 4096, 100000};
	unsigned char *seen = malloc(100000);

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		uint64_t n = sizes[s], fixed = 0, steps = 0;
		struct permutation p;

		permutation_init(&p, n, 2);
		memset(seen, 0, n);
		for (uint64_t i = 0; i < n; i++) {
			uint64_t to = permutation_at(&p, i);

			assert_true(to < n);
			assert_int_equal(seen[to]++, 0);
			fixed += to == i;
			steps += i && to == permutation_at(&p, i - 1) + 1;
		}
		/* A random permutation has one of each, on average. */
		if (n >= 4096) {
			assert_true(fixed < 10);
			assert_true(steps < 10);
		}
	}
	free(seen);
}

static void permutations_follow_the_seed(void **state)
{
	struct permutation a, b, c;
	unsigned int same = 0;

	(void)state;
	permutation_init(&a, 4096, 1);
	permutation_init(&b, 4096, 1);
	permutation_init(&c, 4096, 2);
	for (uint64_t i = 0; i < 4096; i++) {
		assert_int_equal(permutation_at(&a, i), permutation_at(&b, i));
		same += permutation_at(&a, i) == permutation_at(&c, i);
	}
	assert_true(same < 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_as_asked_and_no_more),
		cmocka_unit_test(refuses_what_no_bar_has),
		cmocka_unit_test(addresses_repeat),
		cmocka_unit_test(page_tables_come_and_go),
		cmocka_unit_test(maps_the_offset),
		cmocka_unit_test(sigbus_is_told),
		cmocka_unit_test(protections_nest_and_end),
		cmocka_unit_test(a_child_reads_its_own_status),
		cmocka_unit_test(faults_are_counted),
		cmocka_unit_test(permutes),
		cmocka_unit_test(permutations_follow_the_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
