// SPDX-License-Identifier: GPL-2.0-or-later
/* What moved times on the hosts that measured, as pfnbench warned of it. */
#include <inttypes.h>
#include <string.h>

#include "report/sections.h"

/* Kinds of warnings; there are some fifteen (bench/rig/noise.c). */
#define KINDS 32

struct kind {
	const char *text; /* the first such warning */
	const struct kernel *kernel;
	unsigned int boot; /* of that kernel */
	size_t boots; /* that had one */
};

struct kinds {
	struct kind all[KINDS];
	size_t count;
};

/* A warning's kind is what stands before its colon. */
static bool same_kind(const char *a, const char *b)
{
	size_t length = strcspn(a, ":");

	return length == strcspn(b, ":") && !strncmp(a, b, length);
}

static void add(struct kinds *kinds, const struct kernel *kernel,
		const struct boot *boot, const json_t *noise)
{
	const json_t *warnings = json_object_get(noise, "warnings");

	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const char *text =
			json_string_value(json_array_get(warnings, i));
		size_t k = 0;

		while (text && k < kinds->count &&
		       !same_kind(kinds->all[k].text, text))
			k++;
		if (!text || k == KINDS)
			continue;
		if (k == kinds->count)
			kinds->all[kinds->count++] =
				(struct kind){text, kernel, boot->number, 0};
		kinds->all[k].boots++;
	}
}

static const json_t *noise_of(const struct boot *boot)
{
	return json_object_get(boot->environment, "noise");
}

/* The state of a host that it never varies in by itself. */
static void say_state(struct doc *doc, const json_t *noise)
{
	const json_t *idle = json_object_get(noise, "idle_latency_us");
	const json_t *huge = json_object_get(noise, "hugepages");
	const json_t *numa = json_object_get(noise, "numa_balancing");

	doc_item(doc,
		 "the host as the first boot found it: governor `%s`, turbo "
		 "`%s`, SMT `%s`, isolated CPUs `%s`, nohz_full `%s`, deepest "
		 "idle state `%s` (%" JSON_INTEGER_FORMAT
		 " us), THP `%s`, %" JSON_INTEGER_FORMAT
		 " huge pages, NUMA balancing %s, IOMMU groups `%s`",
		 text_at(noise, "governor", "unknown"),
		 text_at(noise, "turbo", "unknown"),
		 text_at(noise, "smt", "unknown"),
		 *text_at(noise, "isolated", "")
			 ? text_at(noise, "isolated", "")
			 : "none",
		 text_at(noise, "nohz_full", "unknown"),
		 text_at(noise, "idle_state", "unknown"),
		 json_integer_value(idle), text_at(noise, "thp", "unknown"),
		 json_integer_value(huge),
		 json_integer_value(numa) < 0	? "unknown"
		 : json_integer_value(numa) > 0 ? "on"
						: "off",
		 text_at(noise, "iommu", "unknown"));
}

void say_noise(struct doc *doc, const struct run *run)
{
	struct kinds kinds = {.count = 0};
	size_t looked = 0;

	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t b = 0; b < run->kernels[k].boot_count; b++) {
			const struct boot *boot = &run->kernels[k].boots[b];

			if (!json_is_object(noise_of(boot)))
				continue;
			if (!looked++)
				say_state(doc, noise_of(boot));
			add(&kinds, &run->kernels[k], boot, noise_of(boot));
			add(&kinds, &run->kernels[k], boot, boot->noise);
		}
	for (size_t i = 0; i < kinds.count; i++) {
		const struct kind *kind = &kinds.all[i];

		doc_item(doc,
			 "warning in %zu of %zu boots, first of %s %s, boot "
			 "%u: %s",
			 kind->boots, looked, kind->kernel->base,
			 kind->kernel->variant, kind->boot, kind->text);
	}
	if (looked && !kinds.count)
		doc_item(doc, "no warning of what moves times");
}
