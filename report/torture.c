// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `make torture` found of the kernels that were measured: torture.json
 * beside run.json, as docs/RESULT-FORMAT.md has it. It is of other images, with
 * a debug config; source and patches have to be those of the run.
 */
#include "report/torture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/file.h"
#include "report/attached.h"
#include "report/json.h"
#include "report/limits.h"
#include "report/record.h"
#include "report/sections.h"

#define FINDINGS_MAX 50

static bool is_sum(const json_t *object, const char *key)
{
	const json_t *count = json_object_get(object, key);

	return is_count(count) &&
	       (uint64_t)json_integer_value(count) <= GUEST_COUNT_MAX;
}

static int check_guest(const json_t *guest, size_t i, struct why *why)
{
	static const char *const names[] = {"base", "variant", "config"};
	static const char *const tests[] = {"passed", "failed", "skipped"};

	for (size_t n = 0; n < 3; n++) {
		if (!is_token(text_at(guest, names[n], "")))
			return refuse(why, "guest %zu: %s is no name", i,
				      names[n]);
		if (!is_sum(json_object_get(guest, "tests"), tests[n]))
			return refuse(why, "guest %zu: tests lacks %s", i,
				      tests[n]);
	}
	if (!*text_at(guest, "series_sha256", "") ||
	    !*text_at(guest, "source_sha256", ""))
		return refuse(why, "guest %zu: no hashes of its kernel", i);
	if (!is_sum(guest, "seconds") || !is_sum(guest, "operations"))
		return refuse(why, "guest %zu: seconds or operations", i);
	if (!are_strings(json_object_get(guest, "failures")) ||
	    !are_strings(json_object_get(guest, "other_races")))
		return refuse(why, "guest %zu: failures or other_races", i);
	return 0;
}

static bool same_guest(const json_t *a, const json_t *b)
{
	return !strcmp(text_at(a, "base", ""), text_at(b, "base", "")) &&
	       !strcmp(text_at(a, "variant", ""), text_at(b, "variant", "")) &&
	       !strcmp(text_at(a, "config", ""), text_at(b, "config", ""));
}

static int check(const json_t *json, struct why *why)
{
	const json_t *guests = json_object_get(json, "guests");

	if (!json_is_array(guests))
		return refuse(why, "no array guests");
	if (json_array_size(guests) > GUESTS_MAX)
		return refuse(why, "more than %d guests", GUESTS_MAX);
	for (size_t i = 0; i < json_array_size(guests); i++) {
		const json_t *guest = json_array_get(guests, i);
		int err = check_guest(guest, i, why);

		if (err)
			return err;
		for (size_t j = 0; j < i; j++)
			if (same_guest(guest, json_array_get(guests, j)))
				return refuse(why, "guest %zu is there twice",
					      i);
	}
	return 0;
}

json_t *torture_parse(const char *data, size_t size, struct why *why)
{
	json_t *json;

	if (json_read_document(data, size, &json, why))
		return NULL;
	if (!check(json, why))
		return json;
	json_decref(json);
	return NULL;
}

int torture_load(const char *path, struct run *run)
{
	return attached_read(path, "torture.json", check, &run->torture,
			     &run->torture_refused);
}

/* Is @guest one of @kernel, with this source and these patches? */
static bool is_of(const json_t *guest, const struct kernel *kernel)
{
	static const char *const hashes[] = {"source_sha256", "series_sha256"};

	if (!kernel->build ||
	    strcmp(text_at(guest, "base", ""), kernel->base) ||
	    strcmp(text_at(guest, "variant", ""), kernel->variant))
		return false;
	for (size_t i = 0; i < 2; i++)
		if (strcmp(text_at(guest, hashes[i], ""),
			   text_at(kernel->build, hashes[i], "none")))
			return false;
	return true;
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void add(struct torture_sums *sums, const json_t *guest)
{
	const json_t *tests = json_object_get(guest, "tests");

	sums->guests++;
	sums->seconds += number(guest, "seconds");
	sums->passed += number(tests, "passed");
	sums->failed += number(tests, "failed");
	sums->operations += number(guest, "operations");
	sums->findings += json_array_size(json_object_get(guest, "failures"));
}

struct torture_sums torture_sum(const struct run *run)
{
	const json_t *guests = json_object_get(run->torture, "guests");
	struct torture_sums sums = {0};

	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < json_array_size(guests); i++)
			if (is_of(json_array_get(guests, i), &run->kernels[k]))
				add(&sums, json_array_get(guests, i));
	return sums;
}

static void guest_row(struct table *table, const json_t *guest)
{
	const json_t *tests = json_object_get(guest, "tests");
	char text[32];

	table_cell(table, "%s", text_at(guest, "base", ""));
	table_cell(table, "%s", text_at(guest, "variant", ""));
	table_cell(table, "%s", text_at(guest, "config", ""));
	table_cell(table, "%" JSON_INTEGER_FORMAT " s",
		   number(guest, "seconds"));
	table_cell(table, "%" JSON_INTEGER_FORMAT, number(tests, "passed"));
	table_cell(table, "%" JSON_INTEGER_FORMAT, number(tests, "skipped"));
	table_cell(table, "%s",
		   grouped(text, (uint64_t)number(guest, "operations")));
	table_cell(table, "%zu",
		   json_array_size(json_object_get(guest, "failures")));
	table_cell(table, "%zu",
		   json_array_size(json_object_get(guest, "other_races")));
}

static void table_of(struct doc *doc, const struct run *run)
{
	static const char *const heads[] = {
		"base",	 "variant",    "config",   "raced",	 "passed",
		"skips", "operations", "findings", "other races"};
	const json_t *guests = json_object_get(run->torture, "guests");
	struct table table;

	table_init(&table, 3);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		table_head(&table, "%s", heads[i]);
	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < json_array_size(guests); i++) {
			const json_t *guest = json_array_get(guests, i);

			if (is_of(guest, &run->kernels[k]))
				guest_row(&table, guest);
		}
	doc_table(doc, &table);
}

static void say_findings(struct doc *doc, const struct run *run)
{
	const json_t *guests = json_object_get(run->torture, "guests");
	size_t said = 0;

	for (size_t k = 0; k < run->kernel_count; k++)
		for (size_t i = 0; i < json_array_size(guests); i++) {
			const json_t *guest = json_array_get(guests, i);
			const json_t *list = json_object_get(guest, "failures");

			if (!is_of(guest, &run->kernels[k]))
				continue;
			for (size_t f = 0; f < json_array_size(list); f++)
				if (said++ < FINDINGS_MAX)
					doc_item(doc,
						 "finding: %s %s, `%s`: `%s`",
						 text_at(guest, "base", ""),
						 text_at(guest, "variant", ""),
						 text_at(guest, "config", ""),
						 json_string_value(
							 json_array_get(list,
									f)));
		}
	if (said > FINDINGS_MAX)
		doc_item(doc, "%zu more findings are in torture.json",
			 said - FINDINGS_MAX);
}

static bool was_tortured(const struct run *run, const struct kernel *kernel)
{
	const json_t *guests = json_object_get(run->torture, "guests");

	for (size_t i = 0; i < json_array_size(guests); i++)
		if (is_of(json_array_get(guests, i), kernel))
			return true;
	return false;
}

static void say_missing(struct doc *doc, const struct run *run)
{
	for (size_t k = 0; k < run->kernel_count; k++)
		if (!was_tortured(run, &run->kernels[k]) &&
		    !is_again(&run->kernels[k]))
			doc_item(doc,
				 "not tortured with this source and these "
				 "patches: %s %s",
				 run->kernels[k].base, run->kernels[k].variant);
}

void section_torture(struct doc *doc, const struct run *run)
{
	struct torture_sums sums = torture_sum(run);
	char text[32];

	if (run->torture_refused)
		doc_para(doc, "torture.json is left out: `%s`.",
			 run->torture_refused);
	if (!sums.guests) {
		doc_para(doc, "None of these kernels was tortured. `make "
			      "torture` does it, and the next `make bench` "
			      "tells of it here.");
		return;
	}
	doc_para(doc,
		 "The contract of tests/guest, the same raced, and calls that "
		 "lack memory for a page table, on the sources and patches of "
		 "this run built to complain: `debug` has lockdep, KASAN, "
		 "kmemleak, DEBUG_VM and failure injection, `kcsan` looks for "
		 "data races. docs/TORTURE.md says what counts as a finding.");
	table_of(doc, run);
	doc_para(doc,
		 "In all: %" JSON_INTEGER_FORMAT
		 " s of racing in %zu guests, %" JSON_INTEGER_FORMAT
		 " tests passed and %" JSON_INTEGER_FORMAT
		 " failed, %s operations, %zu findings.",
		 sums.seconds, sums.guests, sums.passed, sums.failed,
		 grouped(text, (uint64_t)sums.operations), sums.findings);
	say_findings(doc, run);
	say_missing(doc, run);
}
