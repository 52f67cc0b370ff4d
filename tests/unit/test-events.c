// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of events: what is taken, what is refused, and what is near to it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rig/events.h"
#include "rig/tracepoint.h"

static struct event_list list;
static char error[EVENT_ERROR_SIZE];

static void distances(void **state)
{
	(void)state;
	assert_int_equal(name_distance("cycles", "cycles", 9), 0);
	assert_int_equal(name_distance("cycles", "CYCLES", 9), 0);
	assert_int_equal(name_distance("cycle", "cycles", 9), 1);
	assert_int_equal(name_distance("cycels", "cycles", 9), 2);
	assert_int_equal(name_distance("", "cycles", 9), 6);
	assert_int_equal(name_distance("kitten", "sitting", 9), 3);
	assert_int_equal(name_distance("kitten", "sitting", 2), 2);
	assert_int_equal(name_distance("faults", "cycles", 4), 4);
}

static void near(void **state)
{
	static const char *const candidates[] = {
		"faults",      "page-faults-", "PAGE-FAULTS", "page-fault",
		"page-fault2", "page-faults",  "bage-faults", "cycles",
	};
	struct near_names n = {.wanted = "page-faults"};

	(void)state;
	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++)
		near_add(&n, candidates[i]);
	/* The nearest first; of equals the first; the same name once. */
	assert_int_equal(n.count, 3);
	assert_string_equal(n.names[0], "PAGE-FAULTS");
	assert_string_equal(n.names[1], "page-faults-");
	assert_string_equal(n.names[2], "page-fault");
}

static void a_name_is_two_events(void **state)
{
	(void)state;
	assert_int_equal(events_parse(&list, "page-faults", error), 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.events[0].name, "page-faults:k");
	assert_string_equal(list.events[1].name, "page-faults:u");
	assert_int_equal(list.events[0].domain, DOMAIN_KERNEL);
	assert_int_equal(list.events[1].domain, DOMAIN_USER);
	for (size_t i = 0; i < 2; i++) {
		const struct perf_event_attr *a = &list.events[i].attr;

		assert_string_equal(list.events[i].why, "");
		assert_int_equal(a->type, PERF_TYPE_SOFTWARE);
		assert_int_equal(a->config, PERF_COUNT_SW_PAGE_FAULTS);
		assert_int_equal(a->exclude_user, i == 0);
		assert_int_equal(a->exclude_kernel, i == 1);
	}
}

static void a_domain_is_one(void **state)
{
	(void)state;
	assert_int_equal(events_parse(&list, "cycles:k,minor-faults:u", error),
			 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.events[0].name, "cycles:k");
	assert_int_equal(list.events[0].attr.type, PERF_TYPE_HARDWARE);
	assert_int_equal(list.events[0].attr.config, PERF_COUNT_HW_CPU_CYCLES);
	assert_string_equal(list.events[1].name, "minor-faults:u");
	assert_int_equal(list.events[1].attr.config,
			 PERF_COUNT_SW_PAGE_FAULTS_MIN);
}

static void none_and_default(void **state)
{
	(void)state;
	assert_int_equal(events_parse(&list, "none", error), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(events_parse(&list, "default", error), 0);
	assert_int_equal(list.count, 14);
	/* Of a CPU that has none it stands there with its reason. */
	assert_string_equal(list.events[12].name, "walk-cycles:k");
	assert_true(list.events[12].why[0] || list.events[12].attr.config);
}

/* refuses("LIST", "what the error has in it") */
static void refuses(const char *text, const char *want)
{
	assert_int_equal(events_parse(&list, text, error), -EINVAL);
	if (!strstr(error, want))
		fail_msg("\"%s\" has not \"%s\"", error, want);
}

static void refusals(void **state)
{
	char many[4096] = "";

	(void)state;
	refuses("page-fautls", "near to it: PAGE-FAULTS");
	refuses("instructions:kernel", "instructions:kernel: ");
	refuses("nothing-like-it-at-all",
		"nothing-like-it-at-all: not an event "
		"that libpfm knows, nor a tracepoint");
	assert_null(strstr(error, "near"));
	refuses("cycles,cycles:u", "cycles:u: stands twice");
	refuses("", "no event's name");
	refuses("cycles,,instructions", "no event's name");
	refuses(":k", "not an event");
	memset(many, 'x', 200);
	refuses(many, "no event's name");
	many[0] = '\0';
	for (int i = 0; i < MAX_EVENTS; i++)
		sprintf(many + strlen(many), "%sr%x:k", i ? "," : "", i + 1);
	assert_int_equal(events_parse(&list, many, error), 0);
	strcat(many, ",cycles:k");
	refuses(many, "cycles: more than 48 events");
}

/* Not a mistake: it is not counted, and says why. */
static void of_another_cpu(void **state)
{
	(void)state;
	/* Of the Pentium 4. */
	assert_int_equal(events_parse(&list, "GLOBAL_POWER_EVENTS:k", error),
			 0);
	assert_string_equal(list.events[0].why, "an event of another CPU");
}

static void tracepoints(void **state)
{
	uint64_t id;
	int err = tracepoint_id("sched:sched_switch", &id);

	(void)state;
	assert_int_equal(tracepoint_id("sched", &id), -EINVAL);
	assert_int_equal(tracepoint_id("sched:", &id), -EINVAL);
	assert_int_equal(tracepoint_id(":sched_switch", &id), -EINVAL);
	assert_int_equal(tracepoint_id("a:b:c", &id), -EINVAL);
	assert_int_equal(tracepoint_id("../sched:sched_switch", &id), -EINVAL);
	if (err) {
		/* No tracefs here: nobody can say that it is unknown. */
		assert_int_equal(
			events_parse(&list, "sched:sched_switch", error), 0);
		assert_non_null(
			strstr(list.events[0].why, "tracefs can't be read"));
		return;
	}
	assert_int_equal(events_parse(&list, "sched:sched_switch", error), 0);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.events[0].name, "sched:sched_switch:k");
	assert_int_equal(list.events[0].attr.type, PERF_TYPE_TRACEPOINT);
	assert_int_equal(list.events[0].attr.config, id);
	refuses("sched:sched_swich", "near to it: sched:sched_switch");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(near),
		cmocka_unit_test(a_name_is_two_events),
		cmocka_unit_test(a_domain_is_one),
		cmocka_unit_test(none_and_default),
		cmocka_unit_test(refusals),
		cmocka_unit_test(of_another_cpu),
		cmocka_unit_test(tracepoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
