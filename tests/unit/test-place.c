// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of CPUs, and the policies on machines that are not this one. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rig/topology.h"

/* Two packages, a node each; two L3s in each, of two cores with two threads. */
#define TWO_NODES "pack:2 [numa] l3:2 core:2 pu:2"
/* What a guest looks like: no cache at all. */
#define NO_CACHE "pack:1 [numa] core:4 pu:1"

struct machine {
	hwloc_topology_t tree;
	hwloc_bitmap_t allowed, near, cpu;
};

static void set(hwloc_bitmap_t cpus, const char *text)
{
	assert_int_equal(cpus_parse(text, cpus), 0);
}

/* @allowed NULL: all. */
static struct machine make(const char *synthetic, const char *allowed,
			   const char *near)
{
	struct machine m;

	assert_int_equal(hwloc_topology_init(&m.tree), 0);
	assert_int_equal(hwloc_topology_set_synthetic(m.tree, synthetic), 0);
	assert_int_equal(hwloc_topology_load(m.tree), 0);
	m.allowed =
		hwloc_bitmap_dup(hwloc_topology_get_topology_cpuset(m.tree));
	m.near = hwloc_bitmap_alloc();
	m.cpu = hwloc_bitmap_alloc();
	if (allowed)
		set(m.allowed, allowed);
	set(m.near, near);
	return m;
}

static void unmake(struct machine *m)
{
	hwloc_bitmap_free(m->allowed);
	hwloc_bitmap_free(m->near);
	hwloc_bitmap_free(m->cpu);
	hwloc_topology_destroy(m->tree);
}

/* The CPUs of the first @n threads; -1 ends them. */
static void assert_places(struct machine *m, enum place place, const int *want)
{
	for (size_t i = 0; want[i] >= 0; i++) {
		assert_int_equal(place_choose(m->tree, place, m->allowed,
					      m->near, i, m->cpu),
				 0);
		assert_int_equal(hwloc_bitmap_weight(m->cpu), 1);
		assert_int_equal(hwloc_bitmap_first(m->cpu), want[i]);
	}
}

static void lists(void **state)
{
	static const char *const bad[] = {
		"",	  ",",
		"1,",	  ",1",
		"a",	  "1-",
		"-1",	  "3-1",
		"1--2",	  "1 2",
		"0x1",	  "8192",
		"1-9999", "18446744073709551617",
		"1;2",
	};
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	char text[64];

	(void)state;
	set(cpus, "8,0-3,2");
	hwloc_bitmap_list_snprintf(text, sizeof(text), cpus);
	assert_string_equal(text, "0-3,8");
	/* What was in it before is gone. */
	set(cpus, "8191");
	hwloc_bitmap_list_snprintf(text, sizeof(text), cpus);
	assert_string_equal(text, "8191");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(cpus_parse(bad[i], cpus), -EINVAL);
	hwloc_bitmap_free(cpus);
}

static void names(void **state)
{
	static const char *const all[] = {"none", "same-core", "same-l3",
					  "other-node"};
	enum place place;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		assert_int_equal(place_parse(all[i], &place), 0);
		assert_string_equal(place_name(place), all[i]);
	}
	assert_int_equal(place_parse("auto", &place), -EINVAL);
	assert_int_equal(place_parse("same", &place), -EINVAL);
}

/*
 * The hardware threads of one near core, round and round; of the first whose
 * first thread is near.
 */
static void same_core(void **state)
{
	struct machine m = make(TWO_NODES, NULL, "8-15");

	(void)state;
	assert_places(&m, PLACE_SAME_CORE, (int[]){8, 9, 8, 9, -1});
	set(m.near, "9-15");
	assert_places(&m, PLACE_SAME_CORE, (int[]){10, 11, 10, -1});
	unmake(&m);
}

/* A core each, then the second threads of them, in the first near L3. */
static void same_l3(void **state)
{
	struct machine m = make(TWO_NODES, NULL, "8-15");

	(void)state;
	assert_places(&m, PLACE_SAME_L3, (int[]){8, 10, 9, 11, 8, -1});
	set(m.near, "10-15");
	assert_places(&m, PLACE_SAME_L3, (int[]){10, 11, 10, -1});
	unmake(&m);
	m = make(NO_CACHE, NULL, "1-3");
	assert_places(&m, PLACE_SAME_L3, (int[]){1, 2, 3, 1, -1});
	unmake(&m);
}

/* The main thread near to the device, all others not. */
static void other_node(void **state)
{
	struct machine m = make(TWO_NODES, NULL, "8-15");

	(void)state;
	assert_places(&m, PLACE_OTHER_NODE,
		      (int[]){8, 0, 2, 4, 6, 1, 3, 5, 7, 0, -1});
	unmake(&m);
	/* A process that may use one CPU there. */
	m = make(TWO_NODES, "3,8-15", "8-15");
	assert_places(&m, PLACE_OTHER_NODE, (int[]){8, 3, 3, -1});
	unmake(&m);
}

static void no_other_node(void **state)
{
	struct machine m = make(TWO_NODES, "8-15", "8-15");

	(void)state;
	assert_places(&m, PLACE_OTHER_NODE, (int[]){8, -1});
	assert_int_equal(place_choose(m.tree, PLACE_OTHER_NODE, m.allowed,
				      m.near, 1, m.cpu),
			 -ENODEV);
	unmake(&m);
	m = make(NO_CACHE, NULL, "0-3");
	assert_int_equal(place_choose(m.tree, PLACE_OTHER_NODE, m.allowed,
				      m.near, 1, m.cpu),
			 -ENODEV);
	unmake(&m);
}

static void none(void **state)
{
	struct machine m = make(TWO_NODES, "1-4", "2");

	(void)state;
	assert_int_equal(
		place_choose(m.tree, PLACE_NONE, m.allowed, m.near, 7, m.cpu),
		0);
	assert_true(hwloc_bitmap_isequal(m.cpu, m.allowed));
	unmake(&m);
}

/* This machine: --cpus binds where it says, and only to CPUs that are ours. */
static void this_machine(void **state)
{
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
	char error[TOPOLOGY_ERROR_SIZE], own[16];
	json_t *record;
	cpu_set_t now;
	int last;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(now), &now), 0);
	for (last = CPU_SETSIZE - 1; !CPU_ISSET(last, &now);)
		last--;
	/* Nothing to do before it is begun. */
	assert_int_equal(topology_bind(0), 0);
	snprintf(own, sizeof(own), "%d", last);
	assert_int_equal(topology_init(own, PLACE_AUTO, error), 0);
	assert_int_equal(topology_cpus(), CPU_COUNT(&now));
	assert_int_equal(topology_near(NULL), 0);
	assert_int_equal(topology_bind(0), 0);
	assert_int_equal(sched_getaffinity(0, sizeof(now), &now), 0);
	assert_int_equal(CPU_COUNT(&now), 1);
	assert_true(CPU_ISSET(last, &now));
	record = topology_record();
	assert_string_equal(json_string_value(json_object_get(record, "near")),
			    own);
	assert_string_equal(
		json_string_value(json_object_get(record, "main_thread")), own);
	assert_string_equal(json_string_value(json_object_get(record, "place")),
			    "same-l3");
	json_decref(record);
	/* Now the process may use that one only. */
	assert_int_equal(topology_init("8000", PLACE_AUTO, error), -EINVAL);
	assert_non_null(strstr(error, "--cpus 8000: this process may use"));
	hwloc_bitmap_free(cpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),      cmocka_unit_test(names),
		cmocka_unit_test(same_core),  cmocka_unit_test(same_l3),
		cmocka_unit_test(other_node), cmocka_unit_test(no_other_node),
		cmocka_unit_test(none),	      cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
