// SPDX-License-Identifier: GPL-2.0-or-later
/* None runs before the gate opens; errors and SIGBUS are carried back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig/sigbus.h"
#include "rig/threads.h"

#define THREADS 8

static atomic_uint ran;

static int count(void *context, size_t index)
{
	const size_t *bad = context;

	ran++;
	return index >= *bad ? -(int)index : 0;
}

static void the_gate_holds_them(void **state)
{
	size_t bad = THREADS;
	struct team t;

	(void)state;
	ran = 0;
	assert_int_equal(team_start(&t, THREADS, count, &bad), 0);
	team_wait(&t);
	usleep(2000);
	assert_int_equal(ran, 0);
	team_release(&t);
	assert_int_equal(team_join(&t), 0);
	assert_int_equal(ran, THREADS);
}

static void the_first_error_by_index(void **state)
{
	size_t bad = 5;
	struct team t;

	(void)state;
	assert_int_equal(team_start(&t, THREADS, count, &bad), 0);
	team_release(&t);
	assert_int_equal(team_join(&t), -5);
}

/* Behind the end of a file: SIGBUS, for each thread its own. */
static int beyond(void *context, size_t index)
{
	uint64_t value;

	(void)index;
	for (int i = 0; i < 100; i++)
		if (probe_read(context, &value) != -EFAULT)
			return -EINVAL;
	return 0;
}

static void sigbus_is_each_threads_own(void **state)
{
	int fd = memfd_create("empty", MFD_CLOEXEC);
	void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	struct team t;

	(void)state;
	assert_true(page != MAP_FAILED);
	assert_int_equal(team_start(&t, THREADS, beyond, page), 0);
	team_release(&t);
	assert_int_equal(team_join(&t), 0);
	munmap(page, 4096);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gate_holds_them),
		cmocka_unit_test(the_first_error_by_index),
		cmocka_unit_test(sigbus_is_each_threads_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
