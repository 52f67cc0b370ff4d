// SPDX-License-Identifier: GPL-2.0-or-later
/* What moves times, on hosts that are folders. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig/noise.h"

#define CPU "sys/devices/system/cpu/"

static char root[64];

static int make_root(void **state)
{
	(void)state;
	strcpy(root, "/tmp/pfnbench-noise-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

static void put_bytes(const char *path, const void *bytes, size_t size)
{
	char whole[256];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s/%s", root, path);
	for (char *p = whole + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(whole, 0700);
		*p = '/';
	}
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static const char *text_of(const json_t *noise, const char *key)
{
	return json_string_value(json_object_get(noise, key));
}

static json_int_t number_of(const json_t *noise, const char *key)
{
	return json_integer_value(json_object_get(noise, key));
}

/* The only warning that begins with @name, or NULL. */
static const char *warning(const json_t *noise, const char *name)
{
	const json_t *all = json_object_get(noise, "warnings");
	const char *found = NULL;

	for (size_t i = 0; i < json_array_size(all); i++) {
		const char *text = json_string_value(json_array_get(all, i));

		if (strncmp(text, name, strlen(name)) ||
		    text[strlen(name)] != ':')
			continue;
		assert_null(found);
		found = text;
	}
	return found;
}

static size_t warnings(const json_t *noise)
{
	return json_array_size(json_object_get(noise, "warnings"));
}

static void a_host_that_says_nothing(void **state)
{
	struct noise_counts now;
	json_t *noise = noise_before(root, &now), *after;

	(void)state;
	assert_non_null(noise);
	assert_int_equal(warnings(noise), 0);
	assert_string_equal(text_of(noise, "governor"), "unknown");
	assert_string_equal(text_of(noise, "turbo"), "unknown");
	assert_string_equal(text_of(noise, "iommu"), "none");
	assert_int_equal(number_of(noise, "core_throttled"), NOISE_UNKNOWN);
	after = noise_after(root, &now);
	assert_int_equal(warnings(after), 0);
	assert_int_equal(number_of(after, "steal_ticks"), NOISE_UNKNOWN);
	json_decref(noise);
	json_decref(after);
}

static void put_loud_host(void)
{
	put(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(CPU "cpu1/cpufreq/scaling_governor", "powersave\n");
	put(CPU "intel_pstate/no_turbo", "0\n");
	put(CPU "smt/active", "1\n");
	put(CPU "isolated", "\n");
	put("proc/loadavg", "1.50 0.58 0.59 4/1234 5678\n");
	put("proc/17/comm", "irqbalance\n");
	put("sys/kernel/mm/transparent_hugepage/enabled",
	    "[always] madvise never\n");
	put("sys/kernel/mm/ksm/run", "1\n");
	put("proc/sys/kernel/numa_balancing", "1\n");
	put("proc/sys/vm/nr_hugepages", "8\n");
	put(CPU "cpu0/cpuidle/state0/latency", "0\n");
	put(CPU "cpu0/cpuidle/state0/name", "POLL\n");
	put(CPU "cpu0/cpuidle/state1/latency", "133\n");
	put(CPU "cpu0/cpuidle/state1/name", "C6\n");
	put(CPU "cpu0/cpuidle/state1/disable", "0\n");
	put("sys/devices/system/clocksource/clocksource0/current_clocksource",
	    "hpet\n");
	put("sys/kernel/iommu_groups/1/type", "DMA-FQ\n");
	put("sys/kernel/iommu_groups/2/type", "DMA\n");
	put("sys/kernel/iommu_groups/3/type", "DMA\n");
}

static void each_is_one_warning(void **state)
{
	static const char *const names[] = {
		"governor", "turbo",	  "SMT",	"isolation",
		"load",	    "irqbalance", "THP",	"NUMA balancing",
		"KSM",	    "C-states",	  "clocksource"};
	struct noise_counts now;
	json_t *noise;

	(void)state;
	put_loud_host();
	noise = noise_before(root, &now);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_non_null(warning(noise, names[i]));
	assert_int_equal(warnings(noise), sizeof(names) / sizeof(*names));
	assert_string_equal(text_of(noise, "governor"),
			    "performance,powersave");
	assert_string_equal(text_of(noise, "turbo"), "on");
	assert_string_equal(text_of(noise, "iommu"), "DMA-FQ,DMA");
	assert_string_equal(warning(noise, "load"),
			    "load: 1.50 in the last minute, 3 other tasks run "
			    "now");
	assert_int_equal(number_of(noise, "hugepages"), 8);
	assert_int_equal(number_of(noise, "idle_latency_us"), 133);
	json_decref(noise);
}

static void a_quiet_host_is_not_warned_of(void **state)
{
	int32_t limit = 0;
	struct noise_counts now;
	json_t *noise;

	(void)state;
	put_loud_host();
	put(CPU "cpu1/cpufreq/scaling_governor", "performance\n");
	put(CPU "intel_pstate/no_turbo", "1\n");
	put(CPU "smt/active", "0\n");
	put(CPU "isolated", "2-15\n");
	put("proc/loadavg", "0.10 0.58 0.59 1/1234 5678\n");
	put("proc/17/comm", "irqbalance-ui\n");
	put("sys/kernel/mm/transparent_hugepage/enabled",
	    "always [madvise] never\n");
	put("sys/kernel/mm/ksm/run", "0\n");
	put("proc/sys/kernel/numa_balancing", "0\n");
	put(CPU "cpu0/cpuidle/state1/disable", "1\n");
	put("sys/devices/system/clocksource/clocksource0/current_clocksource",
	    "tsc\n");
	noise = noise_before(root, &now);
	assert_int_equal(warnings(noise), 0);
	assert_string_equal(text_of(noise, "thp"), "madvise");
	assert_string_equal(text_of(noise, "idle_state"), "POLL");
	json_decref(noise);
	/* A state that may be, but that somebody's PM QoS keeps it out of. */
	put(CPU "cpu0/cpuidle/state1/disable", "0\n");
	put_bytes("dev/cpu_dma_latency", &limit, sizeof(limit));
	noise = noise_before(root, &now);
	assert_int_equal(warnings(noise), 0);
	limit = 2000000000;
	put_bytes("dev/cpu_dma_latency", &limit, sizeof(limit));
	json_decref(noise);
	noise = noise_before(root, &now);
	assert_non_null(warning(noise, "C-states"));
	json_decref(noise);
}

static void what_came_meanwhile(void **state)
{
	struct noise_counts then;
	json_t *noise, *after;

	(void)state;
	put("proc/stat", "cpu  1000 0 1000 8000 0 0 0 100 0 0\ncpu0 1\n");
	put(CPU "cpu0/thermal_throttle/package_throttle_count", "7\n");
	put(CPU "cpu0/thermal_throttle/core_throttle_count", "1\n");
	put(CPU "cpu1/thermal_throttle/package_throttle_count", "7\n");
	put(CPU "cpu1/thermal_throttle/core_throttle_count", "0\n");
	noise = noise_before(root, &then);
	assert_int_equal(number_of(noise, "package_throttled"), 14);
	assert_int_equal(number_of(noise, "core_throttled"), 1);
	after = noise_after(root, &then);
	assert_int_equal(warnings(after), 0);
	json_decref(after);

	put("proc/stat", "cpu  1400 0 1000 8500 0 0 0 200 0 0\ncpu0 1\n");
	put(CPU "cpu1/thermal_throttle/core_throttle_count", "3\n");
	after = noise_after(root, &then);
	assert_int_equal(number_of(after, "steal_ticks"), 100);
	assert_int_equal(number_of(after, "ticks"), 1000);
	assert_string_equal(warning(after, "steal"),
			    "steal: 10.0 % of the CPU time while it measured "
			    "was another machine's");
	assert_string_equal(warning(after, "throttling"),
			    "throttling: the clock was lowered for heat 3 "
			    "times while it measured");
	json_decref(after);
	json_decref(noise);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_host_that_says_nothing),
		TEST(each_is_one_warning),
		TEST(a_quiet_host_is_not_warned_of),
		TEST(what_came_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
