// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/noise.h"

#include <ctype.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig/sysfs.h"

#define CPU "/sys/devices/system/cpu"
#define CPUS CPU "/cpu[0-9]*"
#define MM "/sys/kernel/mm"
/* Others that want the CPU for less than this are not worth a word. */
#define QUIET_LOAD 0.3
/* An idle state that takes longer to leave, in us, is seen in a latency. */
#define SHALLOW_US 10
/* Of all ticks, in per mille. */
#define STEAL_LIMIT 1.0

static void warn(json_t *warnings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void warn(json_t *warnings, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(warnings, json_string(text));
}

/* The first line of the file, without what ends it; false: there is none. */
static bool line(const char *root, const char *path, char *text, size_t size)
{
	char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	if (sysfs_line(whole, text, size))
		return false;
	for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);)
		text[--n] = '\0';
	return true;
}

static int64_t number(const char *root, const char *path)
{
	char text[32];

	if (!line(root, path, text, sizeof(text)) ||
	    !isdigit((unsigned char)text[0]))
		return NOISE_UNKNOWN;
	return strtoll(text, NULL, 10);
}

/* Keeps the line of @path as @key; "unknown" if there is none. */
static void keep(json_t *noise, const char *root, const char *key,
		 const char *path)
{
	char text[256];

	json_object_set_new(noise, key,
			    json_string(line(root, path, text, sizeof(text))
						? text
						: "unknown"));
}

static const char *text_of(const json_t *noise, const char *key)
{
	const char *text = json_string_value(json_object_get(noise, key));

	return text ? text : "unknown";
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p++)
		if ((p == list || p[-1] == ',') && strchr(",", p[length]))
			return true;
	return false;
}

/* What @pattern's files say, each once, with commas between; "" if none does. */
static void distinct(const char *root, const char *pattern, char *text,
		     size_t size)
{
	char whole[PATH_MAX], one[64];
	glob_t found;

	text[0] = '\0';
	snprintf(whole, sizeof(whole), "%s%s", root, pattern);
	if (glob(whole, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		size_t used = strlen(text);

		if (line("", found.gl_pathv[i], one, sizeof(one)) &&
		    !has_word(text, one))
			snprintf(text + used, size - used, "%s%s",
				 used ? "," : "", one);
	}
	globfree(&found);
}

static int64_t sum(const char *root, const char *pattern)
{
	int64_t total = NOISE_UNKNOWN;
	char whole[PATH_MAX];
	glob_t found;

	snprintf(whole, sizeof(whole), "%s%s", root, pattern);
	if (glob(whole, 0, NULL, &found))
		return NOISE_UNKNOWN;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int64_t value = number("", found.gl_pathv[i]);

		if (value >= 0)
			total = total < 0 ? value : total + value;
	}
	globfree(&found);
	return total;
}

static void clocks(const char *root, json_t *noise, json_t *warnings)
{
	char text[256];
	int64_t off = number(root, CPU "/intel_pstate/no_turbo");
	int64_t on = number(root, CPU "/cpufreq/boost");

	distinct(root, CPUS "/cpufreq/scaling_governor", text, sizeof(text));
	json_object_set_new(noise, "governor",
			    json_string(text[0] ? text : "unknown"));
	if (text[0] && strcmp(text, "performance"))
		warn(warnings,
		     "governor: %s: the clock follows the load; make quiet "
		     "sets performance",
		     text);
	if (off >= 0)
		on = !off;
	json_object_set_new(noise, "turbo",
			    json_string(on < 0 ? "unknown"
					: on   ? "on"
					       : "off"));
	if (on > 0)
		warn(warnings, "turbo: on: the clock follows temperature and "
			       "neighbours; make quiet turns it off");
}

static void cores(const char *root, json_t *noise, json_t *warnings)
{
	int64_t smt = number(root, CPU "/smt/active");
	char isolated[256];

	json_object_set_new(noise, "smt",
			    json_string(smt < 0 ? "unknown"
					: smt	? "on"
						: "off"));
	if (smt > 0)
		warn(warnings, "SMT: on: a core's other thread shares it; make "
			       "quiet SMT=off turns it off");
	keep(noise, root, "isolated", CPU "/isolated");
	keep(noise, root, "nohz_full", CPU "/nohz_full");
	distinct(root, CPU "/isolated", isolated, sizeof(isolated));
	if (!isolated[0] && strcmp(text_of(noise, "isolated"), "unknown"))
		warn(warnings, "isolation: no CPU is isolated; isolcpus= and "
			       "nohz_full= of the kernel's command line do it");
}

/* "0.52 0.58 0.59 3/1234 5678": loads, tasks that run or could, and all. */
static void load(const char *root, json_t *noise, json_t *warnings)
{
	char text[128];
	double one;
	int running;

	keep(noise, root, "load", "/proc/loadavg");
	if (!line(root, "/proc/loadavg", text, sizeof(text)) ||
	    sscanf(text, "%lf %*f %*f %d/", &one, &running) != 2)
		return;
	/* We are one of them. */
	running -= running > 0;
	json_object_set_new(noise, "running", json_integer(running));
	if (one >= QUIET_LOAD || running)
		warn(warnings,
		     "load: %.2f in the last minute, %d other tasks run now",
		     one, running);
}

static bool runs(const char *root, const char *name)
{
	char whole[PATH_MAX], text[32];
	bool found_it = false;
	glob_t found;

	snprintf(whole, sizeof(whole), "%s/proc/[0-9]*/comm", root);
	if (glob(whole, 0, NULL, &found))
		return false;
	for (size_t i = 0; !found_it && i < found.gl_pathc; i++)
		found_it = line("", found.gl_pathv[i], text, sizeof(text)) &&
			   !strcmp(text, name);
	globfree(&found);
	return found_it;
}

static void daemons(const char *root, json_t *noise, json_t *warnings)
{
	bool balances = runs(root, "irqbalance");

	json_object_set_new(noise, "irqbalance", json_boolean(balances));
	if (balances)
		warn(warnings, "irqbalance: runs: interrupts move between "
			       "CPUs; make quiet stops it");
}

/* The word in brackets of "always [madvise] never", in place. */
static void bracketed(char *text)
{
	const char *word = strchr(text, '[');

	if (!word)
		return;
	memmove(text, word + 1, strlen(word));
	text[strcspn(text, "]")] = '\0';
}

static void memory(const char *root, json_t *noise, json_t *warnings)
{
	char thp[64] = "unknown";
	int64_t numa = number(root, "/proc/sys/kernel/numa_balancing");
	int64_t ksm = number(root, MM "/ksm/run");
	int64_t huge = number(root, "/proc/sys/vm/nr_hugepages");

	if (line(root, MM "/transparent_hugepage/enabled", thp, sizeof(thp)))
		bracketed(thp);
	else
		strcpy(thp, "unknown");
	json_object_set_new(noise, "thp", json_string(thp));
	json_object_set_new(noise, "numa_balancing", json_integer(numa));
	json_object_set_new(noise, "ksm", json_integer(ksm));
	json_object_set_new(noise, "hugepages", json_integer(huge));
	if (!strcmp(thp, "always"))
		warn(warnings,
		     "THP: always: anonymous memory of benchmarks comes in "
		     "huge pages now and then; make quiet sets madvise");
	if (numa > 0)
		warn(warnings, "NUMA balancing: on: it takes pages away to see "
			       "who faults; make quiet turns it off");
	if (ksm == 1)
		warn(warnings, "KSM: on: it scans and merges memory meanwhile");
}

/* How long the CPU may take to wake up, in us: what PM QoS was told, or -1. */
static int64_t latency_limit(const char *root)
{
	char whole[PATH_MAX];
	int32_t value;
	FILE *file;
	size_t n;

	snprintf(whole, sizeof(whole), "%s/dev/cpu_dma_latency", root);
	file = fopen(whole, "re");
	if (!file)
		return NOISE_UNKNOWN;
	n = fread(&value, sizeof(value), 1, file);
	fclose(file);
	return n == 1 && value >= 0 ? value : NOISE_UNKNOWN;
}

/* The idle state of CPU 0 that takes longest to leave, of those not disabled. */
static int64_t deepest(const char *root, char name[32])
{
	int64_t most = NOISE_UNKNOWN;

	for (int i = 0; i < 16; i++) {
		char path[128], text[32];
		int64_t latency;

		snprintf(path, sizeof(path),
			 CPU "/cpu0/cpuidle/state%d/latency", i);
		latency = number(root, path);
		snprintf(path, sizeof(path),
			 CPU "/cpu0/cpuidle/state%d/disable", i);
		if (latency <= most || number(root, path) > 0)
			continue;
		snprintf(path, sizeof(path), CPU "/cpu0/cpuidle/state%d/name",
			 i);
		if (!line(root, path, text, sizeof(text)))
			continue;
		most = latency;
		strcpy(name, text);
	}
	return most;
}

static void sleep_states(const char *root, json_t *noise, json_t *warnings)
{
	char name[32] = "unknown";
	int64_t limit = latency_limit(root), latency = deepest(root, name);

	json_object_set_new(noise, "idle_state", json_string(name));
	json_object_set_new(noise, "idle_latency_us", json_integer(latency));
	json_object_set_new(noise, "qos_latency_us", json_integer(limit));
	if (latency > SHALLOW_US && (limit < 0 || limit > SHALLOW_US))
		warn(warnings,
		     "C-states: up to %s, %" PRId64 " us to leave; make quiet "
		     "turns those above %d us off",
		     name, latency, SHALLOW_US);
}

static void time_source(const char *root, json_t *noise, json_t *warnings)
{
	static const char current[] = "/sys/devices/system/clocksource/"
				      "clocksource0/current_clocksource";
	const char *name;

	keep(noise, root, "clocksource", current);
	name = text_of(noise, "clocksource");
	/* Of x86, which names them: the slow ones. */
	if (!strcmp(name, "hpet") || !strcmp(name, "acpi_pm"))
		warn(warnings,
		     "clocksource: %s: a reading of the clock takes "
		     "a microsecond",
		     name);
}

/* How devices' DMA goes through the IOMMU: the types of all groups. */
static void iommu(const char *root, json_t *noise)
{
	char text[256];

	distinct(root, "/sys/kernel/iommu_groups/*/type", text, sizeof(text));
	json_object_set_new(noise, "iommu",
			    json_string(text[0] ? text : "none"));
}

static void read_counts(const char *root, struct noise_counts *c)
{
	char text[512];
	int64_t ticks[8];

	c->package_throttled =
		sum(root, CPUS "/thermal_throttle/package_throttle_count");
	c->core_throttled =
		sum(root, CPUS "/thermal_throttle/core_throttle_count");
	c->steal = c->all = NOISE_UNKNOWN;
	/* user nice system idle iowait irq softirq steal; proc_stat(5) */
	if (!line(root, "/proc/stat", text, sizeof(text)) ||
	    sscanf(text,
		   "cpu %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64
		   " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64,
		   &ticks[0], &ticks[1], &ticks[2], &ticks[3], &ticks[4],
		   &ticks[5], &ticks[6], &ticks[7]) != 8)
		return;
	c->steal = ticks[7];
	c->all = 0;
	for (int i = 0; i < 8; i++)
		c->all += ticks[i];
}

json_t *noise_before(const char *root, struct noise_counts *now)
{
	json_t *warnings = json_array();
	json_t *noise = json_object();

	if (!warnings || !noise) {
		json_decref(warnings);
		json_decref(noise);
		return NULL;
	}
	clocks(root, noise, warnings);
	cores(root, noise, warnings);
	load(root, noise, warnings);
	daemons(root, noise, warnings);
	memory(root, noise, warnings);
	sleep_states(root, noise, warnings);
	time_source(root, noise, warnings);
	iommu(root, noise);
	read_counts(root, now);
	json_object_set_new(noise, "package_throttled",
			    json_integer(now->package_throttled));
	json_object_set_new(noise, "core_throttled",
			    json_integer(now->core_throttled));
	json_object_set_new(noise, "warnings", warnings);
	return noise;
}

/* The growth of a counter, or that it is unknown. */
static int64_t grown(int64_t then, int64_t now)
{
	return then < 0 || now < then ? NOISE_UNKNOWN : now - then;
}

json_t *noise_after(const char *root, const struct noise_counts *then)
{
	json_t *warnings = json_array();
	struct noise_counts now;
	int64_t steal, all, package, core;

	read_counts(root, &now);
	steal = grown(then->steal, now.steal);
	all = grown(then->all, now.all);
	package = grown(then->package_throttled, now.package_throttled);
	core = grown(then->core_throttled, now.core_throttled);
	if (steal > 0 && all > 0 &&
	    1000.0 * (double)steal / (double)all >= STEAL_LIMIT)
		warn(warnings,
		     "steal: %.1f %% of the CPU time while it measured was "
		     "another machine's",
		     100.0 * (double)steal / (double)all);
	if (package > 0 || core > 0)
		warn(warnings,
		     "throttling: the clock was lowered for heat %" PRId64
		     " times while it measured",
		     (package > 0 ? package : 0) + (core > 0 ? core : 0));
	return json_pack("{s:I,s:I,s:I,s:I,s:o}", "steal_ticks",
			 (json_int_t)steal, "ticks", (json_int_t)all,
			 "package_throttled", (json_int_t)package,
			 "core_throttled", (json_int_t)core, "warnings",
			 warnings);
}

void noise_tell(const json_t *noise)
{
	const json_t *warnings = json_object_get(noise, "warnings");

	for (size_t i = 0; i < json_array_size(warnings); i++)
		fprintf(stderr, "pfnbench: %s\n",
			json_string_value(json_array_get(warnings, i)));
}
