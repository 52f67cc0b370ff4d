// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/host.h"

#include <inttypes.h>
#include <string.h>

#include "report/view.h"

bool run_on_host(const struct run *run)
{
	return json_is_object(json_object_get(run->json, "device"));
}

bool run_has_rounds(const struct run *run)
{
	return !strcmp(text_at(run->json, "replicate", "boot"), "round");
}

const char *run_replicate(const struct run *run)
{
	return run_has_rounds(run) ? "round" : "boot";
}

/* Who a boot ran under; records from before it was asked say it by their CPU. */
static const char *under_what(const struct boot *boot)
{
	const json_t *machine = json_object_get(boot->environment, "machine");
	const char *cpu = text_at(machine, "cpu", "");

	if (!strncmp(cpu, "QEMU TCG CPU", strlen("QEMU TCG CPU")))
		return "TCG";
	return text_at(machine, "hypervisor", "none");
}

static bool is_sound(const char *under)
{
	/* KVM's guests have the CPU's own TSC; "unknown": not an x86 CPU. */
	static const char *const sound[] = {"none", "unknown", "KVMKVMKVM"};

	for (size_t i = 0; i < sizeof(sound) / sizeof(*sound); i++)
		if (!strcmp(under, sound[i]))
			return true;
	return false;
}

bool run_is_doubtful(const struct run *run, const char **under)
{
	if (run_counts(run))
		return false;
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t b = 0; b < run->kernels[k].boot_count; b++) {
			*under = under_what(&run->kernels[k].boots[b]);
			if (!is_sound(*under))
				return true;
		}
	return false;
}

void section_doubt(struct doc *doc, const struct run *run)
{
	const char *under;

	if (run_is_doubtful(run, &under))
		doc_para(doc,
			 "NOT FOR FIGURES: these times were taken under `%s`, "
			 "where a time is what the emulation takes, or what "
			 "some hypervisor makes of its clock. They are not "
			 "for figures: they show that the benchmarks run, and "
			 "nothing about a kernel.",
			 under);
	if (run_has_rounds(run) && run->kernel_count > 1)
		doc_para(doc,
			 "Rounds, not boots: each kernel was measured several "
			 "times in one boot. Its figures stand beside those "
			 "of others, but no difference between kernels "
			 "follows from them: `" LAB_COMMAND
			 "` boots each kernel in turn.");
}

void section_rounds(struct doc *doc)
{
	doc_para(doc,
		 "None is judged: the rounds of a kernel are of one boot. What "
		 "that boot was like, where the kernel put its data and what "
		 "of memory was free, is in all of them alike, and of two "
		 "boots of the same kernel, too, the rounds would differ. How "
		 "far rounds are apart says how well a figure of that boot is "
		 "known; whether another kernel has another one takes boots: "
		 "`" LAB_COMMAND "`.");
}

const char *run_device(char *text, const struct run *run)
{
	const json_t *device = json_object_get(run->json, "device");
	const json_t *bars = json_object_get(device, "bars"), *bar;
	size_t used, i;

	used = (size_t)snprintf(text, 160, "%.32s at %.32s, BARs",
				text_at(device, "id", "unknown"),
				text_at(device, "address", "unknown"));
	json_array_foreach(bars, i, bar)
	{
		uint64_t bytes = (uint64_t)json_integer_value(
			json_object_get(bar, "size"));
		int unit = bytes >> 30	 ? 3
			   : bytes >> 20 ? 2
			   : bytes >> 10 ? 1
					 : 0;

		if (used < 140)
			used += (size_t)snprintf(
				text + used, 160 - used, " %" PRIu64 "%.1s",
				bytes >> 10 * unit, &"\0KMG"[unit]);
	}
	return text;
}
