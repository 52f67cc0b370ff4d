// SPDX-License-Identifier: GPL-2.0-or-later
/* The plugin's model of caches and TLBs, against counts that are known. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/block.h"
#include "plugin/model.h"
#include "plugin/sets.h"

#define USER UINT64_C(0x10000000)
#define BAR (UINT64_C(16) << 40)
#define DIRECT UINT64_C(0xffff888000000000)

static int read_text(const char *text, size_t *line)
{
	char path[] = "/tmp/pfnbench-model-XXXXXX";
	int fd = mkstemp(path), err;

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	err = model_read(path, line);
	remove(path);
	return err;
}

/* Two lines of L1, four of L2, eight of L3; few entries of each TLB. */
static const char small[] = "l1d 128 2\nl2 256 4\nl3 512 8 # so\n\n"
			    "dtlb-4k 2 2\ndtlb-2m 1 1\ndtlb-1g 1 1\n"
			    "stlb-4k 4 4\nstlb-2m 2 2\nstlb-1g 2 2\n"
			    "direct-map 1G\n";

static int set_up(void **state)
{
	size_t line;

	(void)state;
	return read_text(small, &line);
}

static uint64_t same(void *data, uint64_t vaddr)
{
	(void)data;
	return vaddr;
}

static uint64_t in_device(void *data, uint64_t vaddr)
{
	(void)data;
	(void)vaddr;
	return UINT64_MAX;
}

static void touch(uint64_t vaddr)
{
	model_access(vaddr, true, same, NULL);
}

static uint64_t counter(const char *name)
{
	char *raw = NULL, *at, wanted[64];
	uint64_t value = UINT64_MAX;
	size_t size;
	FILE *out = open_memstream(&raw, &size);

	model_print(out);
	fclose(out);
	snprintf(wanted, sizeof(wanted), "m %s ", name);
	at = strstr(raw, wanted);
	if (at)
		value = strtoull(at + strlen(wanted), NULL, 10);
	free(raw);
	return value;
}

static void least_recent_goes(void **state)
{
	struct sets s = {0};

	(void)state;
	assert_int_equal(sets_init(&s, 3, 2), -EINVAL);
	assert_int_equal(sets_init(&s, 0, 1), -EINVAL);
	assert_int_equal(sets_init(&s, 4, 2), 0);
	/* Odd ones are a set, and so are even ones. */
	assert_false(sets_use(&s, 1));
	assert_false(sets_use(&s, 3));
	assert_false(sets_use(&s, 2));
	assert_true(sets_use(&s, 1));
	assert_false(sets_use(&s, 5));
	assert_true(sets_use(&s, 1));
	assert_false(sets_use(&s, 3));
	assert_true(sets_use(&s, 2));
	sets_drop(&s, 2);
	assert_true(sets_use(&s, 2));
	assert_true(sets_use(&s, 3));
	assert_false(sets_use(&s, 1));
	free(s.keys);
}

static void levels_are_looked_at_in_turn(void **state)
{
	(void)state;
	model_leaves(BAR, BAR + (1 << 30), 4096);
	model_clear();
	for (uint64_t pass = 0; pass < 2; pass++)
		for (uint64_t i = 0; i < 4; i++)
			touch(USER + 64 * i);
	assert_int_equal(counter("accesses"), 8);
	assert_int_equal(counter("l1d-misses"), 8);
	assert_int_equal(counter("l2-misses"), 4);
	assert_int_equal(counter("l3-misses"), 4);
	touch(USER + 64 * 3 + 63);
	assert_int_equal(counter("l1d-misses"), 8);
	/* A page, and so one walk of four levels. */
	assert_int_equal(counter("walks"), 1);
	assert_int_equal(counter("walk-reads"), 4);
	model_access(USER, true, in_device, NULL);
	assert_int_equal(counter("accesses"), 9);
	model_access(USER, false, same, NULL);
	assert_int_equal(counter("accesses"), 9);
}

static void larger_leaves_miss_less(void **state)
{
	static const struct {
		uint64_t size, misses, reads;
	} all[] = {{4096, 1024, 4096}, {2 << 20, 2, 6}, {1 << 30, 1, 2}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		model_new_space();
		model_leaves(BAR, BAR + (4 << 20), all[i].size);
		model_clear();
		for (uint64_t page = 0; page < 1024; page++)
			touch(BAR + page * 4096);
		assert_int_equal(counter("bar-accesses"), 1024);
		assert_int_equal(counter("accesses"), 0);
		assert_int_equal(counter("bar-dtlb-misses"), all[i].misses);
		assert_int_equal(counter("bar-walks"), all[i].misses);
		assert_int_equal(counter("bar-walk-reads"), all[i].reads);
		assert_int_equal(counter("walk-reads"), all[i].reads);
	}
}

static void second_level_saves_walks(void **state)
{
	(void)state;
	model_new_space();
	model_leaves(BAR, BAR + (4 << 20), 4096);
	model_clear();
	for (uint64_t pass = 0; pass < 2; pass++)
		for (uint64_t page = 0; page < 4; page++)
			touch(BAR + page * 4096);
	assert_int_equal(counter("bar-dtlb-misses"), 8);
	assert_int_equal(counter("bar-walks"), 4);
}

static void global_pages_stay(void **state)
{
	(void)state;
	model_leaves(BAR, BAR + (4 << 20), 4096);
	touch(DIRECT);
	touch(USER);
	model_clear();
	model_new_space();
	touch(DIRECT + (512 << 20));
	assert_int_equal(counter("walks"), 0);
	touch(USER);
	assert_int_equal(counter("walks"), 1);
	model_clear();
	model_invalidate();
	touch(DIRECT);
	touch(USER);
	assert_int_equal(counter("walks"), 1);
	model_clear();
	model_forget();
	touch(DIRECT);
	touch(USER);
	assert_int_equal(counter("walks"), 2);
}

static void unknown_leaves_have_no_figures(void **state)
{
	(void)state;
	model_leaves(BAR, BAR + 4096, 0);
	touch(BAR);
	assert_int_equal(counter("accesses"), UINT64_MAX);
	model_leaves(BAR, BAR + 4096, 8192);
	assert_int_equal(counter("accesses"), UINT64_MAX);
}

/* Each has to be refused where it is wrong. */
static void bad_files(void **state)
{
	size_t line;

	(void)state;
	/* All parts are there already: one more of a name is one too many. */
	assert_int_equal(read_text("# nothing\nl1d 128 2\n", &line), -EINVAL);
	assert_int_equal(line, 2);
	assert_int_equal(read_text("l4 128 2\n", &line), -EINVAL);
	assert_int_equal(read_text("direct-map 3K\n", &line), -EINVAL);
	assert_int_equal(read_text("direct-map\n", &line), -EINVAL);
	assert_int_equal(read_text("direct-map 2M 1 1\n", &line), -EINVAL);
	assert_int_equal(model_read("/nonexistent/model", &line), -ENOENT);
}

static void invalidations(void **state)
{
	static const struct {
		enum invalidation what;
		const char *bytes;
		size_t size;
	} all[] = {
		{INVALIDATES_SPACE, "\x0f\x22\xd8", 3}, /* mov %rax,%cr3 */
		{INVALIDATES_ALL, "\x0f\x22\xe0", 3}, /* mov %rax,%cr4 */
		{INVALIDATES_NONE, "\x0f\x22\xc0", 3}, /* mov %rax,%cr0 */
		{INVALIDATES_NONE, "\x0f\x20\xd8", 3}, /* mov %cr3,%rax */
		{INVALIDATES_PAGE, "\x0f\x01\x3f", 3}, /* invlpg (%rdi) */
		{INVALIDATES_NONE, "\x0f\x01\xf8", 3}, /* swapgs */
		{INVALIDATES_NONE, "\x0f\x01\xf9", 3}, /* rdtscp */
		{INVALIDATES_PAGE, "\x66\x0f\x38\x82\x04\x24", 6}, /* invpcid */
		{INVALIDATES_NONE, "\x48\x89\xc3", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_int_equal(
			invalidation_of((const unsigned char *)all[i].bytes,
					all[i].size),
			all[i].what);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(least_recent_goes),
		cmocka_unit_test(levels_are_looked_at_in_turn),
		cmocka_unit_test(larger_leaves_miss_less),
		cmocka_unit_test(second_level_saves_walks),
		cmocka_unit_test(global_pages_stay),
		cmocka_unit_test(unknown_leaves_have_no_figures),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(invalidations),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
