// SPDX-License-Identifier: GPL-2.0-or-later
/* What the reader of boot files takes and what it refuses, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/record.h"

#define ENVIRONMENT(format, variant, unit, check)                              \
	"{\"type\":\"environment\",\"format\":" format ",\"program\":{},"      \
	"\"base\":\"6.12\",\"variant\":\"" variant "\",\"mode\":\"count\","    \
	"\"unit\":\"" unit "\",\"unit_check\":{\"instructions\":" check "},"   \
	"\"clock\":{},\"kernel\":{},\"machine\":{},\"devices\":[]}\n"
#define GOOD_ENVIRONMENT ENVIRONMENT("1", "eager", "instructions", "true")
#define CELL(length, rest)                                                     \
	"{\"type\":\"cell\",\"benchmark\":\"first-touch\","                    \
	"\"benchmark_version\":1,\"parameters\":{\"target\":\"memfd\","        \
	"\"length\":\"" length "\"}," rest "}\n"
#define PHASES(tally)                                                          \
	"\"status\":\"ok\",\"phases\":[{\"name\":\"mmap\","                    \
	"\"unit\":\"instructions\",\"tally\":" tally ",\"counters\":{}}]"
#define GOOD_CELL(length) CELL(length, PHASES("[[2100,1],[2101,3]]"))
#define END(cells) END_LOG(cells, "[]")
#define END_LOG(cells, log)                                                    \
	"{\"type\":\"end\",\"cells\":" cells ",\"kernel_log\":" log            \
	",\"seconds\":3.5}\n"

static const struct expected expected = {"6.12", "eager", "count", 1 << 20};

static int parse(const char *text, struct boot *boot, struct why *why)
{
	memset(why, 0, sizeof(*why));
	return boot_parse(text, strlen(text), &expected, boot, why);
}

static void takes_a_whole_boot(void **state)
{
	struct boot boot;
	struct why why;
	const struct cell *cell;

	(void)state;
	assert_int_equal(parse(GOOD_ENVIRONMENT GOOD_CELL("4K") GOOD_CELL("2M")
				       END("2"),
			       &boot, &why),
			 0);
	assert_int_equal(boot.cell_count, 2);
	cell = &boot.cells[1];
	assert_string_equal(cell->key, "target=memfd,length=2M");
	assert_string_equal(cell_parameter(cell, "length"), "2M");
	assert_string_equal(cell_parameter(cell, "align"), "");
	assert_int_equal(cell->phases[0].samples.count, 4);
	assert_true(boot.seconds == 3.5);
	boot_free(&boot);
}

static void takes_skipped_and_failed_cells(void **state)
{
	struct boot boot;
	struct why why;

	(void)state;
	assert_int_equal(
		parse(GOOD_ENVIRONMENT CELL("4K", "\"status\":\"skipped\","
						  "\"reason\":\"no `BAR`\\n\","
						  "\"phases\":[]")
			      CELL("2M",
				   "\"status\":\"failed\",\"reason\":\"leak\","
				   "\"checks\":{\"pages\":2,\"wrong\":1},"
				   "\"phases\":[]") END("2"),
		      &boot, &why),
		0);
	assert_int_equal(boot.cells[0].status, CELL_SKIPPED);
	/* Made fit for a code span. */
	assert_string_equal(boot.cells[0].reason, "no 'BAR' ");
	assert_int_equal(boot.cells[1].status, CELL_FAILED);
	assert_int_equal(boot.cells[1].pages_wrong, 1);
	boot_free(&boot);
}

static void takes_an_end_without_newline(void **state)
{
	char text[] = GOOD_ENVIRONMENT GOOD_CELL("4K") END("1");
	struct boot boot;
	struct why why;

	(void)state;
	text[sizeof(text) - 2] = '\0';
	assert_int_equal(parse(text, &boot, &why), 0);
	boot_free(&boot);
}

/* What the other boots of the run have left of its memory. */
static void takes_no_more_than_there_is_room(void **state)
{
	static const char text[] =
		GOOD_ENVIRONMENT GOOD_CELL("4K") GOOD_CELL("2M") END("2");
	struct expected narrow = expected;
	struct boot boot;
	struct why why;

	(void)state;
	assert_int_equal(parse(text, &boot, &why), 0);
	narrow.room = boot.bytes;
	boot_free(&boot);
	assert_int_equal(boot_parse(text, strlen(text), &narrow, &boot, &why),
			 0);
	boot_free(&boot);
	narrow.room--;
	assert_int_equal(boot_parse(text, strlen(text), &narrow, &boot, &why),
			 -EINVAL);
	assert_string_equal(why.text, "3: the run's boots take more than 512 "
				      "MiB of memory");
	narrow.room = 100;
	assert_int_equal(boot_parse(text, strlen(text), &narrow, &boot, &why),
			 -EINVAL);
	assert_string_equal(why.text, "1: the run's boots take more than 512 "
				      "MiB of memory");
}

struct refusal {
	const char *text;
	const char *why; /* how the reason starts */
};

#define WITH_CELL(rest) GOOD_ENVIRONMENT CELL("4K", rest) END("1")
#define WITH_TALLY(tally) WITH_CELL(PHASES(tally))

static const struct refusal refusals[] = {
	{"", "1: no end record"},
	{"\n", "1: an empty line"},
	{"[]\n", "1: the first record is no environment"},
	{"{\"type\":\"environment\"\n", "1: not JSON"},
	{GOOD_CELL("4K"), "1: the first record is no environment"},
	{ENVIRONMENT("2", "eager", "instructions", "true"), "1: format is"},
	{ENVIRONMENT("\"1\"", "eager", "instructions", "true"),
	 "1: format is not 1"},
	{ENVIRONMENT("1.0", "eager", "instructions", "true"),
	 "1: format is not 1"},
	{ENVIRONMENT("1", "base", "instructions", "true"),
	 "1: kernel is \"6.12\" \"base\""},
	{ENVIRONMENT("1", "eager", "seconds", "true"), "1: unit is neither"},
	{ENVIRONMENT("1", "eager", "instructions", "false"),
	 "1: unit_check does not"},
	{GOOD_ENVIRONMENT, "2: no end record"},
	{GOOD_ENVIRONMENT GOOD_CELL("4K"), "3: no end record"},
	{GOOD_ENVIRONMENT GOOD_CELL("4K") END("2"), "3: end says 2 cells"},
	{GOOD_ENVIRONMENT GOOD_CELL("4K") END("-1"), "3: end lacks"},
	{GOOD_ENVIRONMENT GOOD_CELL("4K") END("1") END("1"),
	 "4: a record after the end record"},
	{GOOD_ENVIRONMENT GOOD_CELL("4K") GOOD_CELL("4K") END("2"),
	 "3: cell first-touch target=memfd,length=4K stands twice"},
	{GOOD_ENVIRONMENT GOOD_ENVIRONMENT END("0"), "2: a record of unknown"},
	{GOOD_ENVIRONMENT END_LOG("0", "[\"WARNING: x\"]"),
	 "2: kernel log has 1 lines, first: WARNING: x"},
	{GOOD_ENVIRONMENT END_LOG("0", "[7]"), "2: kernel log has 1 lines"},
	{GOOD_ENVIRONMENT END_LOG("0", "null"), "2: end lacks"},
	{WITH_TALLY("[[2,1],[1,1]]"), "2: tally is not in ascending order"},
	{WITH_TALLY("[[1,1],[1,1]]"), "2: tally is not in ascending order"},
	{WITH_TALLY("[[-1,1]]"), "2: tally entry 0 is not"},
	{WITH_TALLY("[[1,0]]"), "2: tally entry 0 is not"},
	{WITH_TALLY("[[1,-1]]"), "2: tally entry 0 is not"},
	{WITH_TALLY("[[1.5,1]]"), "2: tally entry 0 is not"},
	{WITH_TALLY("[[1]]"), "2: tally entry 0 is not"},
	{WITH_TALLY("[1]"), "2: tally entry 0 is not"},
	{WITH_TALLY("{}"), "2: tally is not an array"},
	{WITH_TALLY("[[NaN,1]]"), "2: not JSON"},
	{WITH_TALLY("[[9223372036854775808,1]]"), "2: a number is too large"},
	{WITH_TALLY("[[1,9223372036854775807],[2,1]]"),
	 "2: tally has more than 2^53"},
	{WITH_CELL("\"status\":\"fine\""), "2: status is none of"},
	{WITH_CELL("\"status\":\"skipped\",\"phases\":[]"), "2: a cell is"},
	{WITH_CELL("\"status\":\"ok\",\"phases\":[]"), "2: a cell is ok"},
	{WITH_CELL("\"status\":\"ok\",\"phases\":7"), "2: phases is no array"},
	{WITH_CELL("\"checks\":{\"pages\":1,\"wrong\":1}," PHASES("[[1,1]]")),
	 "2: a cell with wrong pages"},
	{WITH_CELL("\"status\":\"ok\",\"phases\":[{\"name\":\"a b\","
		   "\"unit\":\"ns\",\"tally\":[]}]"),
	 "2: a phase has no usable name"},
	{WITH_CELL("\"status\":\"ok\",\"phases\":[{\"name\":\"mmap\","
		   "\"unit\":\"ns\",\"tally\":[]}]"),
	 "2: phase mmap is in ns"},
	{WITH_CELL("\"status\":\"ok\",\"status\":\"ok\""), "2: not JSON"},
	{GOOD_ENVIRONMENT CELL("4K\\t", PHASES("[[1,1]]")) END("1"),
	 "2: a parameter is no plain string"},
	{GOOD_ENVIRONMENT CELL("../x", PHASES("[[1,1]]")) END("1"),
	 "2: a parameter is no plain string"},
};

static void refuses_with_line_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct boot boot;
		struct why why;

		assert_int_equal(parse(r->text, &boot, &why), -EINVAL);
		if (strncmp(why.text, r->why, strlen(r->why)))
			fail_msg("%zu: \"%s\", not \"%s\"", i, why.text,
				 r->why);
	}
}

/* A file cut off anywhere is refused, unless only the last newline is gone. */
static void refuses_every_truncation(void **state)
{
	static const char text[] =
		GOOD_ENVIRONMENT GOOD_CELL("4K") GOOD_CELL("2M") END("2");

	(void)state;
	for (size_t size = 0; size + 2 < sizeof(text); size++) {
		/* Exactly sized, so that a checker sees a read past it. */
		char *data = malloc(size + 1);
		struct boot boot;
		struct why why;

		assert_non_null(data);
		memcpy(data, text, size);
		assert_int_equal(boot_parse(data, size, &expected, &boot, &why),
				 -EINVAL);
		free(data);
	}
}

/* Any one byte replaced: refused or taken, never a crash. */
static void survives_any_byte(void **state)
{
	char text[] = GOOD_ENVIRONMENT GOOD_CELL("4K") END("1");
	static const char bytes[] = {'\0', '\n', '"', '{',
				     ']',  '-',	 '9', '\xff'};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		for (size_t b = 0; b < sizeof(bytes); b++) {
			char was = text[i];
			struct boot boot;
			struct why why;

			text[i] = bytes[b];
			if (!boot_parse(text, sizeof(text) - 1, &expected,
					&boot, &why))
				boot_free(&boot);
			text[i] = was;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_whole_boot),
		cmocka_unit_test(takes_skipped_and_failed_cells),
		cmocka_unit_test(takes_an_end_without_newline),
		cmocka_unit_test(takes_no_more_than_there_is_room),
		cmocka_unit_test(refuses_with_line_and_reason),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(survives_any_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
