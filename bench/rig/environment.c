// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/environment.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "rig/sysfs.h"

#ifndef PFNBENCH_VERSION
#define PFNBENCH_VERSION "unknown"
#endif

#define FORMAT 1
#define CPU_SYSFS "/sys/devices/system/cpu"
#define VULNERABILITIES CPU_SYSFS "/vulnerabilities"
#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0"
#define THP "/sys/kernel/mm/transparent_hugepage/enabled"
/* Of ECX in CPUID's leaf 1: always 0 on a real CPU. */
#define CPUID_HYPERVISOR (1u << 31)
/* COMMAND_LINE_SIZE of x86. */
#define COMMAND_LINE_SIZE 2048

static json_t *unknown(void)
{
	return json_string("unknown");
}

static json_t *line(const char *path)
{
	char text[COMMAND_LINE_SIZE];

	if (sysfs_line(path, text, sizeof(text)))
		return unknown();
	return json_string(text);
}

/* The value of the first line "KEY\t: VALUE" of /proc/cpuinfo. */
static json_t *cpuinfo(const char *key)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	json_t *value = NULL;
	char text[4096];

	while (file && !value && fgets(text, sizeof(text), file)) {
		char *colon = strchr(text, ':');
		size_t length = strlen(key);

		if (!colon || strncmp(text, key, length) ||
		    !strchr("\t :", text[length]))
			continue;
		text[strcspn(text, "\n")] = '\0';
		value = json_string(colon + 1 + strspn(colon + 1, " "));
	}
	if (file)
		fclose(file);
	return value ? value : unknown();
}

/* Every file of sysfs' vulnerabilities, sorted; {} where there are none. */
static json_t *mitigations(void)
{
	struct dirent **entries;
	int n = scandir(VULNERABILITIES, &entries, NULL, alphasort);
	json_t *object = json_object();

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char path[PATH_MAX];

		snprintf(path, sizeof(path), VULNERABILITIES "/%s", name);
		if (name[0] != '.')
			json_object_set_new(object, name, line(path));
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return object;
}

/* intel_pstate says when turbo is off, every other driver when it is on. */
static json_t *turbo(void)
{
	char text[8];

	if (!sysfs_line(CPU_SYSFS "/intel_pstate/no_turbo", text, sizeof(text)))
		return json_string(text[0] == '0' ? "on" : "off");
	if (!sysfs_line(CPU_SYSFS "/cpufreq/boost", text, sizeof(text)))
		return json_string(text[0] == '1' ? "on" : "off");
	return unknown();
}

/* The word in brackets of "always [madvise] never". */
static json_t *thp(void)
{
	char text[128];
	const char *word;

	if (sysfs_line(THP, text, sizeof(text)))
		return unknown();
	word = strchr(text, '[');
	if (!word)
		return unknown();
	return json_stringn(word + 1, strcspn(word + 1, "]"));
}

static json_t *memory_bytes(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		return unknown();
	return json_integer((json_int_t)info.totalram * info.mem_unit);
}

/*
 * Who the CPU says it runs under: the 12 letters of CPUID's leaf 0x40000000,
 * such as KVMKVMKVM and TCGTCGTCGTCG; "none" on the machine itself.
 */
static json_t *hypervisor(void)
{
#ifdef __x86_64__
	unsigned int eax, letters[4] = {0}; /* EBX, ECX, EDX, and a NUL */
	json_t *name;

	__cpuid(1, eax, letters[0], letters[1], letters[2]);
	if (!(letters[1] & CPUID_HYPERVISOR))
		return json_string("none");
	__cpuid(0x40000000, eax, letters[0], letters[1], letters[2]);
	name = json_string((const char *)letters);
	return name ? name : unknown();
#else
	return unknown();
#endif
}

/* Arm's /proc/cpuinfo has no name: there it is the register that tells one. */
static json_t *cpu_name(void)
{
#ifdef __aarch64__
	char midr[32], text[64];

	if (sysfs_line(CPU_SYSFS "/cpu0/regs/identification/midr_el1", midr,
		       sizeof(midr)))
		return unknown();
	snprintf(text, sizeof(text), "MIDR_EL1 %s", midr);
	return json_string(text);
#else
	return cpuinfo("model name");
#endif
}

static json_t *machine(void)
{
	return json_pack(
		"{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "cpus",
		(json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "cpu", cpu_name(),
		"microcode", cpuinfo("microcode"), "memory_bytes",
		memory_bytes(), "mitigations", mitigations(), "governor",
		line(CPU_SYSFS "/cpu0/cpufreq/scaling_governor"), "turbo",
		turbo(), "smt", line(CPU_SYSFS "/smt/control"), "clocksource",
		line(CLOCKSOURCE "/current_clocksource"), "thp", thp(),
		"hypervisor", hypervisor());
}

static json_t *kernel(const struct environment_labels *labels)
{
	struct utsname name;

	if (uname(&name))
		memset(&name, 0, sizeof(name));
	return json_pack("{s:s,s:s,s:o,s:s}", "release", name.release,
			 "version", name.version, "command_line",
			 line("/proc/cmdline"), "config_sha256",
			 labels->config_sha256);
}

static json_t *unit_check(const struct clock_info *c)
{
	return json_pack("{s:I,s:I,s:I,s:b}", "loop", (json_int_t)c->check_loop,
			 "short", (json_int_t)c->check_short, "long",
			 (json_int_t)c->check_long, "instructions",
			 c->unit == UNIT_INSTRUCTIONS);
}

static json_t *all_devices(struct device *const *devices, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < n; i++) {
		if (devices[i]->memfd)
			continue;
		if (json_array_append_new(array,
					  environment_device(devices[i]))) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

json_t *environment_record(const struct clock_info *c,
			   const struct environment_labels *labels,
			   struct device *const *devices, size_t n)
{
	return json_pack("{s:s,s:i,s:{s:s,s:s},s:s,s:s,s:s,s:s,s:o,s:{s:s,s:I},"
			 "s:o,s:o,s:o}",
			 "type", "environment", "format", FORMAT, "program",
			 "name", "pfnbench", "version", PFNBENCH_VERSION,
			 "base", labels->base, "variant", labels->variant,
			 "mode", labels->mode, "unit", clock_unit_name(c->unit),
			 "unit_check", unit_check(c), "clock", "source",
			 c->source, "empty_pair", (json_int_t)c->empty_pair,
			 "kernel", kernel(labels), "machine", machine(),
			 "devices", all_devices(devices, n));
}
