// SPDX-License-Identifier: GPL-2.0-or-later
/* torture.json: what is taken, what is refused, and what the section says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/sections.h"
#include "report/torture.h"

#define GUEST_WITH(variant, config, series, tests, failures)                   \
	"{\"format\":1,\"base\":\"6.12\",\"variant\":\"" variant "\","         \
	"\"config\":\"" config "\",\"source_sha256\":\"s\","                   \
	"\"series_sha256\":\"" series "\",\"seconds\":150,\"tests\":" tests    \
	",\"operations\":1234567,\"failures\":" failures                       \
	",\"other_races\":[\"KCSAN: data-race in a / b\"]}"
#define TESTS "{\"passed\":37,\"failed\":0,\"skipped\":2}"
#define GUEST(variant, config, series)                                         \
	GUEST_WITH(variant, config, series, TESTS, "[]")
#define TORTURE(guests) "{\"format\":1,\"guests\":[" guests "]}"

static json_t *parse(const char *text, struct why *why)
{
	memset(why, 0, sizeof(*why));
	return torture_parse(text, strlen(text), why);
}

struct refusal {
	const char *text;
	const char *why;
};

static const struct refusal refusals[] = {
	{"", "1: not JSON"},
	{"[]", "not a JSON object"},
	{"{}", "format is not 1"},
	{"{\"format\":2,\"guests\":[]}", "format is not 1"},
	{"{\"format\":\"1\",\"guests\":[]}", "format is not 1"},
	{"{\"format\":1}", "no array guests"},
	{"{\"format\":1,\"guests\":{}}", "no array guests"},
	{TORTURE("7"), "guest 0: base is no name"},
	{TORTURE(GUEST("a b", "debug", "p")), "guest 0: variant is no name"},
	{TORTURE(GUEST("eager", "", "p")), "guest 0: config is no name"},
	{TORTURE(GUEST("eager", "debug", "")), "guest 0: no hashes"},
	{TORTURE(GUEST_WITH("eager", "debug", "p", "{}", "[]")),
	 "guest 0: tests lacks passed"},
	{TORTURE(GUEST_WITH("eager", "debug", "p",
			    "{\"passed\":1,\"failed\":-1,\"skipped\":0}",
			    "[]")),
	 "guest 0: tests lacks failed"},
	{TORTURE(GUEST_WITH("eager", "debug", "p", TESTS, "{}")),
	 "guest 0: failures or other_races"},
	{TORTURE(GUEST_WITH("eager", "debug", "p", TESTS, "[7]")),
	 "guest 0: failures or other_races"},
	{TORTURE(GUEST("eager", "debug", "p") "," GUEST("eager", "debug", "q")),
	 "guest 1 is there twice"},
};

static void refuses_what_is_damaged(void **state)
{
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		json_t *json = parse(refusals[i].text, &why);

		if (json ||
		    strncmp(why.text, refusals[i].why, strlen(refusals[i].why)))
			fail_msg("%s: %s", refusals[i].text,
				 json ? "taken" : why.text);
	}
}

/* Every beginning of a good file is refused, none makes the reader crash. */
static void refuses_what_was_cut_off(void **state)
{
	static const char good[] = TORTURE(GUEST("eager", "debug", "p"));
	struct why why;

	(void)state;
	for (size_t size = 0; size < sizeof(good) - 1; size++)
		assert_null(torture_parse(good, size, &why));
}

/* A run of two kernels, eager and base, whose patches hash to p. */
static void make_run(struct run *run, struct kernel *kernels, json_t *build)
{
	memset(run, 0, sizeof(*run));
	kernels[0] = (struct kernel){
		.base = "6.12", .variant = "eager", .build = build};
	kernels[1] = (struct kernel){
		.base = "6.12", .variant = "base", .build = build};
	run->kernels = kernels;
	run->kernel_count = 2;
}

/* The section about @text; the caller frees it. */
static char *section(const char *text, enum doc_form form)
{
	json_t *build =
		json_pack("{ssss}", "source_sha256", "s", "series_sha256", "p");
	struct kernel kernels[2];
	struct run run;
	struct why why;
	struct doc doc;

	make_run(&run, kernels, build);
	run.torture = parse(text, &why);
	if (!run.torture)
		run.torture_refused = why.text;
	doc_open(&doc, form);
	section_torture(&doc, &run);
	assert_int_equal(doc_close(&doc), 0);
	json_decref(run.torture);
	json_decref(build);
	return doc.text;
}

static void check_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("not said: %s in: %s", words, text);
}

static void sums_what_is_of_the_run(void **state)
{
	char *text = section(
		TORTURE(GUEST("eager", "debug", "p") "," GUEST(
			"eager", "kcsan", "p") "," GUEST("base", "debug", "q")),
		DOC_MARKDOWN);

	(void)state;
	check_says(text, "| 6.12 | eager | debug | 150 s | 37 | 2 | "
			 "1,234,567 | 0 | 1 |");
	check_says(text, "In all: 300 s of racing in 2 guests, 74 tests passed "
			 "and 0 failed, 2,469,134 operations, 0 findings.");
	check_says(text, "not tortured with this source and these patches: "
			 "6.12 base");
	assert_null(strstr(text, "| 6.12 | base |"));
	free(text);
}

static void names_each_finding(void **state)
{
	char *text = section(
		TORTURE(GUEST_WITH("eager", "debug", "p",
				   "{\"passed\":1,\"failed\":1,\"skipped\":0}",
				   "[\"KASAN: `x`\",\"race: lost\"]")),
		DOC_MARKDOWN);

	(void)state;
	check_says(text, "2 findings");
	check_says(text, "finding: 6.12 eager, `debug`: `KASAN: 'x'`");
	check_says(text, "finding: 6.12 eager, `debug`: `race: lost`");
	free(text);
}

static void says_that_there_is_none(void **state)
{
	char *text = section(TORTURE(GUEST("eager", "debug", "q")), DOC_TEXT);

	(void)state;
	check_says(text, "None of these kernels was tortured.");
	free(text);
	text = section("{", DOC_TEXT);
	check_says(text, "torture.json is left out: 1: not JSON");
	check_says(text, "None of these kernels was tortured.");
	free(text);
}

static void loads_from_the_folder(void **state)
{
	char folder[] = "/tmp/pfnbench-torture.XXXXXX", path[64];
	struct run run = {0};
	FILE *out;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/torture.json", folder);
	assert_int_equal(torture_load(folder, &run), 0);
	assert_null(run.torture);
	assert_null(run.torture_refused);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(TORTURE(GUEST("eager", "debug", "p")), out);
	fclose(out);
	assert_int_equal(torture_load(folder, &run), 0);
	assert_non_null(run.torture);
	run_free(&run);
	assert_int_equal(truncate(path, 20), 0);
	assert_int_equal(torture_load(folder, &run), 0);
	assert_null(run.torture);
	assert_non_null(run.torture_refused);
	run_free(&run);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_damaged),
		cmocka_unit_test(refuses_what_was_cut_off),
		cmocka_unit_test(sums_what_is_of_the_run),
		cmocka_unit_test(names_each_finding),
		cmocka_unit_test(says_that_there_is_none),
		cmocka_unit_test(loads_from_the_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
