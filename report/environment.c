// SPDX-License-Identifier: GPL-2.0-or-later
/* On what it was measured, and how to measure it again. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/host.h"
#include "report/sections.h"

static const json_t *part(const struct run *run, const char *name)
{
	return json_object_get(run->json, name);
}

static const struct boot *first_boot(const struct run *run)
{
	for (size_t k = 0; k < run->kernel_count; k++)
		if (run->kernels[k].boot_count)
			return &run->kernels[k].boots[0];
	return NULL;
}

static const char *kernel_release(const struct kernel *kernel)
{
	if (!kernel->boot_count)
		return "no boot counts";
	return text_at(json_object_get(kernel->boots[0].environment, "kernel"),
		       "release", "unknown");
}

/* What run.json knows of a kernel, and how the report calls it. */
static const struct fact {
	const char *key;
	const char *words;
} facts[] = {
	{"source", "source"},
	{"build_id", "build id"},
	{"compiler", "compiler"},
	{"source_sha256", "sha256 of source"},
	{"config_sha256", "sha256 of config"},
	{"series_sha256", "sha256 of series"},
	{"image_sha256", "sha256 of image"},
};
#define FACTS (sizeof(facts) / sizeof(*facts))

/* Is this fact the same of two kernels of the base, or more, and of all? */
static bool is_common(const struct run *run, const char *base,
		      const struct fact *fact)
{
	const char *value = NULL;
	size_t count = 0;

	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];
		const char *other = text_at(kernel->build, fact->key, "");

		if (!in_base(kernel, base) || !kernel->build)
			continue;
		if (value && strcmp(value, other))
			return false;
		value = other;
		count++;
	}
	return count > 1;
}

/* What a kernel that was built here lacks is told; a host's knows less of itself. */
static bool is_said(const struct run *run, const struct kernel *kernel,
		    const struct fact *fact)
{
	return *text_at(kernel->build, fact->key, "") ||
	       (!run_on_host(run) && strcmp(fact->key, "build_id"));
}

/* Those of @kernel that all of its base share, or those that it does not. */
static void say_facts(struct doc *doc, const struct run *run,
		      const struct kernel *kernel, bool common,
		      const char *words)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < FACTS; i++)
		if (is_common(run, kernel->base, &facts[i]) == common &&
		    is_said(run, kernel, &facts[i]))
			fprintf(out, ", %s `%s`", facts[i].words,
				text_at(kernel->build, facts[i].key,
					"unknown"));
	if (!out || fclose(out)) {
		doc->failed = true;
		return;
	}
	if (!common)
		doc_item(doc, "%s: release `%s`%s", words,
			 kernel_release(kernel), text);
	else if (*text)
		doc_item(doc, "%s: %s", words, text + 2);
	free(text);
}

static void kernel_facts(struct doc *doc, const struct run *run, size_t k)
{
	const struct kernel *kernel = &run->kernels[k];
	char words[192];
	size_t first = 0;

	while (!in_base(&run->kernels[first], kernel->base) ||
	       !run->kernels[first].build)
		first++;
	snprintf(words, sizeof(words), "kernels of %s", kernel->base);
	if (first == k)
		say_facts(doc, run, kernel, true, words);
	snprintf(words, sizeof(words), "%s %s", kernel->base, kernel->variant);
	say_facts(doc, run, kernel, false, words);
}

static void kernels(struct doc *doc, const struct run *run, bool brief)
{
	for (size_t k = 0; k < run->kernel_count; k++) {
		const struct kernel *kernel = &run->kernels[k];
		const json_t *build = kernel->build;

		if (!build)
			doc_item(doc, "%s %s: not described in run.json",
				 kernel->base, kernel->variant);
		else if (brief)
			doc_item(doc, "%s %s: series %s image %s", kernel->base,
				 kernel->variant,
				 text_at(build, "series_sha256", "unknown"),
				 text_at(build, "image_sha256", "unknown"));
		else
			kernel_facts(doc, run, k);
	}
}

static char *qemu_arguments(const struct run *run)
{
	const json_t *list = json_object_get(part(run, "qemu"), "arguments");
	const json_t *word;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);

	json_array_foreach(list, i, word) if (out && json_is_string(word))
		fprintf(out, "%s%s", i ? " " : "", json_string_value(word));
	if (!out || fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static void say_rep(struct doc *doc, const char *arguments)
{
	if (strstr(arguments, "-erms") && strstr(arguments, "-fsrm"))
		doc_item(doc,
			 "`rep`: TCG counts each step of a `rep` instruction; "
			 "the guest's CPU has no ERMS and no FSRM "
			 "(`-erms,-fsrm`), so that clearing a page counts 512 "
			 "steps and not 4,096");
	else
		doc_item(doc,
			 "`rep`: TCG counts each step of a `rep` instruction, "
			 "and this guest's CPU was not told `-erms,-fsrm`: "
			 "each new page-table page may count 4,096 steps");
}

static void qemu(struct doc *doc, const struct run *run)
{
	char *arguments = qemu_arguments(run);

	if (!arguments) {
		doc->failed = true;
		return;
	}
	doc_item(doc, "QEMU: `%s`",
		 text_at(part(run, "qemu"), "version", "unknown"));
	if (*arguments)
		doc_item(doc, "QEMU's arguments: `%s`", arguments);
	if (run_counts(run))
		say_rep(doc, arguments);
	doc_item(doc, "kernel command line: `%s`",
		 text_at(run->json, "guest_command_line", "unknown"));
	free(arguments);
}

static void device(struct doc *doc, const json_t *json)
{
	const json_t *bars = json_object_get(json, "bars"), *bar;
	char *text = NULL;
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);
	char bytes[32];

	json_array_foreach(bars, i, bar) if (out)
		fprintf(out, ", BAR%" JSON_INTEGER_FORMAT " %s bytes",
			json_integer_value(json_object_get(bar, "index")),
			grouped(bytes, (uint64_t)json_integer_value(
					       json_object_get(bar, "size"))));
	if (!out || fclose(out)) {
		doc->failed = true;
		return;
	}
	doc_item(doc, "device `%s` at `%s`%s; reset methods `%s`",
		 text_at(json, "id", "unknown"),
		 text_at(json, "bdf", "unknown"), text,
		 text_at(json, "reset_methods", "unknown"));
	free(text);
}

/* Of the first boot; boots that differ in THP mode are named. */
static void guest(struct doc *doc, const struct run *run)
{
	const struct boot *boot = first_boot(run);
	const json_t *env = boot ? boot->environment : NULL;
	const json_t *machine = json_object_get(env, "machine");
	const json_t *devices = json_object_get(env, "devices");
	const char *thp = text_at(machine, "thp", "unknown");
	const json_t *clock = json_object_get(env, "clock");
	size_t i;

	doc_item(doc,
		 "machine (first boot): `%s`, %" JSON_INTEGER_FORMAT
		 " CPUs, clocksource `%s`, stamps from `%s`, an empty pair of "
		 "them reads %" JSON_INTEGER_FORMAT " (not subtracted)",
		 text_at(machine, "cpu", "unknown"),
		 json_integer_value(json_object_get(machine, "cpus")),
		 text_at(machine, "clocksource", "unknown"),
		 text_at(clock, "source", "unknown"),
		 json_integer_value(json_object_get(clock, "empty_pair")));
	doc_item(doc, "transparent huge pages: `%s`", thp);
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t b = 0; b < run->kernels[k].boot_count; b++) {
			const struct kernel *kernel = &run->kernels[k];
			const char *other = text_at(
				json_object_get(kernel->boots[b].environment,
						"machine"),
				"thp", "unknown");

			if (strcmp(other, thp))
				doc_item(doc,
					 "transparent huge pages on %s %s, "
					 "boot %u: `%s`",
					 kernel->base, kernel->variant,
					 kernel->boots[b].number, other);
		}
	for (i = 0; i < json_array_size(devices); i++)
		device(doc, json_array_get(devices, i));
}

/* Of a lab host: the device, and what was allowed with it. */
static void measured_device(struct doc *doc, const struct run *run)
{
	const char *range = text_at(run->json, "range", "");
	char text[160];

	doc_item(doc, "device of this host: `%s`%s%s%s%s",
		 run_device(text, run),
		 json_is_true(part(run, "write")) ? "; its BAR was written to"
						  : "; its BAR was only read",
		 *range ? ", between `" : "", range, *range ? "`" : "");
}

static void host(struct doc *doc, const struct run *run)
{
	static const char *const parts[] = {"setup", "source", "build",
					    "measure"};
	const json_t *json = part(run, "host");
	const char *name = text_at(json, "name", "");
	const json_t *seconds = part(run, "seconds");
	char text[256] = "";

	doc_item(doc,
		 "host: %s%s%s`%s`, `%s`, %" JSON_INTEGER_FORMAT
		 " CPUs, compiler `%s`",
		 *name ? "`" : "", name, *name ? "`, " : "",
		 text_at(json, "release", "unknown"),
		 text_at(json, "cpu", "unknown"),
		 json_integer_value(json_object_get(json, "cpus")),
		 text_at(json, "compiler", "unknown"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const json_t *value = json_object_get(seconds, parts[i]);
		size_t used = strlen(text);

		if (json_is_number(value))
			snprintf(text + used, sizeof(text) - used,
				 "%s%s %.0f s", used ? ", " : "", parts[i],
				 json_number_value(value));
	}
	doc_item(doc, "wall clock: %s", *text ? text : "not recorded");
}

void section_environment(struct doc *doc, const struct run *run, bool brief)
{
	const json_t *program = part(run, "program");

	doc_item(doc,
		 "run `%s`, plan `%s` (sha256 `%s`), mode `%s`, "
		 "%" JSON_INTEGER_FORMAT " %ss a kernel, %sseed "
		 "%" JSON_INTEGER_FORMAT,
		 text_at(run->json, "run", "unknown"),
		 text_at(run->json, "plan", "unknown"),
		 text_at(run->json, "plan_sha256", "unknown"),
		 text_at(run->json, "mode", "unknown"),
		 json_integer_value(part(run, "boots")), run_replicate(run),
		 run_on_host(run) ? "" : "QEMU ",
		 json_integer_value(part(run, "seed")));
	doc_item(doc, "pfnbench `%s`, commit `%s`, sha256 `%s`",
		 text_at(program, "version", "unknown"),
		 *text_at(program, "git", "") ? text_at(program, "git", "")
					      : "none",
		 text_at(program, "sha256", "unknown"));
	kernels(doc, run, brief);
	if (!brief)
		guest(doc, run);
	if (!run_on_host(run))
		qemu(doc, run);
	else
		measured_device(doc, run);
	host(doc, run);
	say_noise(doc, run);
}

/*
 * The text at @key, if a reader may copy it into a shell, whoever wrote it: a
 * word of letters, digits and such that mean nothing there. Else @otherwise.
 */
static const char *shell_word(const json_t *object, const char *key,
			      const char *otherwise)
{
	const char *text = text_at(object, key, otherwise);

	for (const char *p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._:+,=/@-", *p))
			return otherwise;
	return text;
}

/* On a host there is no image to be the same, and no seed that makes it so. */
static void host_again(struct doc *doc, const struct run *run)
{
	doc_command(doc, "make %s PLAN=%s DEV=%s ROUNDS=%" JSON_INTEGER_FORMAT,
		    run_has_rounds(run) ? "bench" : "lab",
		    shell_word(run->json, "plan", "PLAN"),
		    shell_word(part(run, "device"), "address", "ADDRESS"),
		    json_integer_value(part(run, "boots")));
	doc_para(doc, "On such a host, with such a device, times come out "
		      "alike, not the same.");
}

static void guest_again(struct doc *doc, const struct run *run)
{
	const char *events = shell_word(run->json, "events", "");

	doc_command(doc, "make bench PLAN=%s%s%s%s",
		    shell_word(run->json, "plan", "PLAN"),
		    run_counts(run) ? "" : " MODE=time",
		    *events ? " EVENTS=" : "", events);
	doc_para(doc,
		 "With QEMU `%s` and the image hashes above, %s; "
		 "`summary.tsv` is the file to compare.",
		 text_at(part(run, "qemu"), "version", "unknown"),
		 run_counts(run)
			 ? "every figure that is marked `yes` in the column "
			   "`exact` comes out the same to the digit"
			 : "times come out alike, not the same");
}

void section_again(struct doc *doc, const struct run *run)
{
	const char *git = shell_word(part(run, "program"), "git", "");

	doc_para(doc, "In pfnbench's tree%s%s:", *git ? " at commit " : "",
		 git);
	if (run_on_host(run))
		host_again(doc, run);
	else
		guest_again(doc, run);
	doc_para(doc, "This report again, from the records alone:");
	doc_command(doc, "build/pfnreport results/%s",
		    shell_word(run->json, "run", "RUN"));
}
