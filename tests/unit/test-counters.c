// SPDX-License-Identifier: GPL-2.0-or-later
/* What a group counted, or did not; and page faults, which can be foretold. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig/counters.h"

#define PAGES 64

static struct event_list list;

static void verdicts(void **state)
{
	const struct reading start = {.enabled = 1000, .running = 700};
	struct reading end = {.enabled = 1500, .running = 1200};

	(void)state;
	/* It had to share before, which is no matter now. */
	assert_int_equal(reading_verdict(&start, &end), COUNTED);
	end.running = 1199;
	assert_int_equal(reading_verdict(&start, &end), MULTIPLEXED);
	end.running = 700;
	assert_int_equal(reading_verdict(&start, &end), NOT_SCHEDULED);
	/* A clock that did not move: a short phase, and a coarse clock. */
	assert_int_equal(reading_verdict(&start, &start), COUNTED);
}

/* Writes to @pages new pages, so many faults of user mode. */
static void fault(size_t pages)
{
	volatile char *memory = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(memory != MAP_FAILED);
	/* No leaf of 2 MiB in their place. */
	madvise((void *)memory, pages * 4096, MADV_NOHUGEPAGE);
	count_begin("faults");
	for (size_t i = 0; i < pages; i++)
		memory[i * 4096] = 1;
	count_end();
	munmap((void *)memory, pages * 4096);
}

static json_int_t faults_counted(void)
{
	json_t *counters = counters_of("faults");
	const json_t *value = json_object_get(counters, "page-faults:u");
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;

	json_decref(counters);
	return n;
}

/* False where this kernel lets nobody count: the reason is in the list. */
static bool begin(void)
{
	char error[EVENT_ERROR_SIZE];

	assert_int_equal(events_parse(&list, "page-faults:u", error), 0);
	assert_int_equal(counters_open(&list), 0);
	return !list.events[0].why[0];
}

static void faults_are_counted(void **state)
{
	(void)state;
	if (begin()) {
		count_begin("other");
		count_end();
		fault(PAGES);
		assert_int_equal(faults_counted(), PAGES);
		/* Rounds of one phase add up. */
		fault(2 * PAGES);
		assert_int_equal(faults_counted(), 3 * PAGES);
		assert_null(counters_lost("faults", &list.events[0]));
	} else {
		fault(PAGES);
		assert_int_equal(faults_counted(), -1);
	}
	counters_close();
}

/* A child that was forked behind the opening counts for its parent. */
static void of_a_child(void **state)
{
	pid_t child;
	int status;
	bool counts;

	(void)state;
	counts = begin();
	fault(PAGES);
	child = fork();
	if (!child) {
		fault(PAGES);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(faults_counted(), counts ? 2 * PAGES : -1);
	counters_close();
}

/* What a child began its parent ends, when the child is no more. */
static void a_child_begins_its_parent_ends(void **state)
{
	/* Shared: each page is there for the child alone to fault on. */
	volatile char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool counts = begin();
	pid_t child;
	int status;

	(void)state;
	assert_true(memory != MAP_FAILED);
	child = fork();
	if (!child) {
		count_begin("faults");
		for (size_t i = 0; i < PAGES; i++)
			memory[i * 4096] = 1;
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	count_end();
	if (counts)
		assert_in_range(faults_counted(), PAGES, PAGES + 16);
	else
		assert_int_equal(faults_counted(), -1);
	/* It is over: another one has its own. */
	count_end();
	fault(PAGES);
	if (counts)
		assert_in_range(faults_counted(), 2 * PAGES, 2 * PAGES + 16);
	counters_close();
	munmap((void *)memory, PAGES * 4096);
}

static void *fault_in_thread(void *unused)
{
	(void)unused;
	fault(PAGES);
	return NULL;
}

/* So does a thread, however many there are. */
static void of_threads(void **state)
{
	pthread_t thread;
	bool counts = begin();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			pthread_create(&thread, NULL, fault_in_thread, NULL),
			0);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	assert_int_equal(faults_counted(), counts ? 3 * PAGES : -1);
	counters_close();
}

/* Nothing is open, as always while times are taken. */
static void nothing_without_opening(void **state)
{
	json_t *counters;

	(void)state;
	count_begin("faults");
	count_end();
	counters = counters_of("faults");
	assert_int_equal(json_object_size(counters), 0);
	assert_null(counters_lost("faults", &list.events[0]));
	json_decref(counters);
}

/* A phase that nobody counted is not one that counted nothing. */
static void a_phase_not_counted(void **state)
{
	json_t *counters;

	(void)state;
	begin();
	counters = counters_of("faults");
	assert_non_null(counters);
	assert_int_equal(json_object_size(counters), 0);
	json_decref(counters);
	counters_close();
}

/* What can't be opened is null, whatever else there is. */
static void what_is_not_there_is_null(void **state)
{
	char error[EVENT_ERROR_SIZE];
	json_t *counters;

	(void)state;
	assert_int_equal(events_parse(&list,
				      "GLOBAL_POWER_EVENTS:u,page-faults:u",
				      error),
			 0);
	assert_int_equal(counters_open(&list), 0);
	fault(PAGES);
	counters = counters_of("faults");
	assert_int_equal(json_object_size(counters), 2);
	assert_true(json_is_null(
		json_object_get(counters, "GLOBAL_POWER_EVENTS:u")));
	if (!list.events[1].why[0])
		assert_int_equal(json_integer_value(json_object_get(
					 counters, "page-faults:u")),
				 PAGES);
	json_decref(counters);
	counters_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(faults_are_counted),
		cmocka_unit_test(of_a_child),
		cmocka_unit_test(a_child_begins_its_parent_ends),
		cmocka_unit_test(of_threads),
		cmocka_unit_test(nothing_without_opening),
		cmocka_unit_test(a_phase_not_counted),
		cmocka_unit_test(what_is_not_there_is_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
