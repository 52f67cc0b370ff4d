// SPDX-License-Identifier: GPL-2.0-or-later
/* The document writer: 72 columns of ASCII, and markdown that stays intact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc.h"

static void check_mail(const char *text)
{
	size_t column = 0;

	for (; *text; text++) {
		column = *text == '\n' ? 0 : column + 1;
		assert_true(column <= DOC_COLUMNS);
		assert_true(*text == '\n' || (*text >= ' ' && *text < 127));
	}
}

static void random_paragraph(char *text, size_t size, unsigned int *seed)
{
	size_t length = (size_t)rand_r(seed) % size;

	for (size_t i = 0; i < length; i++)
		text[i] = rand_r(seed) % 40 ? 'x' : ' ';
	text[length] = '\0';
}

static void text_is_wrapped(void **state)
{
	unsigned int seed = 1;
	struct doc doc;

	(void)state;
	doc_open(&doc, false);
	for (int i = 0; i < 300; i++) {
		char text[500];

		random_paragraph(text, sizeof(text), &seed);
		doc_heading(&doc, 1 + i % 3, "%s", text);
		doc_para(&doc, "%s", text);
		doc_item(&doc, "%s", text);
		doc_command(&doc, "%s", text);
	}
	assert_int_equal(doc_close(&doc), 0);
	check_mail(doc.text);
	free(doc.text);
}

#define ZEROS                                                                  \
	"0000000000000000000000000000000000"                                   \
	"0000000000000000000000000000000000"

static void no_word_is_lost(void **state)
{
	struct doc doc;

	(void)state;
	doc_open(&doc, false);
	doc_item(&doc, "one %068d two \xc2\xb5s `code`", 0);
	assert_int_equal(doc_close(&doc), 0);
	assert_string_equal(doc.text, "- one\n  " ZEROS "\n  two ?s code\n");
	free(doc.text);
}

static void wide_tables_come_in_parts(void **state)
{
	struct table table;
	struct doc doc;

	(void)state;
	table_init(&table, 1);
	table_head(&table, "kernel");
	for (int c = 0; c < 15; c++)
		table_head(&table, "column %d", c);
	for (int r = 0; r < 3; r++) {
		table_cell(&table, "%s", r == 1 ? "a\xc2\xb5z" : "eager");
		for (int c = 0; c < 15; c++)
			table_cell(&table, "%d", 1000 * r + c);
	}
	doc_open(&doc, false);
	doc_table(&doc, &table);
	assert_int_equal(doc_close(&doc), 0);
	check_mail(doc.text);
	assert_non_null(strstr(doc.text, "column 14"));
	assert_non_null(strstr(doc.text, "2014"));
	free(doc.text);
}

static void too_wide_labels_are_folded(void **state)
{
	struct table table;
	struct doc doc;

	(void)state;
	table_init(&table, 1);
	table_head(&table, "cell");
	table_head(&table, "value");
	table_cell(&table, "%0200d", 0);
	table_cell(&table, "7");
	doc_open(&doc, false);
	doc_table(&doc, &table);
	assert_int_equal(doc_close(&doc), 0);
	check_mail(doc.text);
	free(doc.text);
}

static void markdown_cells_are_escaped(void **state)
{
	struct table table;
	struct doc doc;

	(void)state;
	table_init(&table, 1);
	table_head(&table, "a");
	table_head(&table, "b");
	table_cell(&table, "x|y");
	table_cell(&table, "1");
	doc_open(&doc, true);
	doc_table(&doc, &table);
	assert_int_equal(doc_close(&doc), 0);
	assert_string_equal(doc.text,
			    "| a | b |\n|:--|--:|\n| x\\|y | 1 |\n\n");
	free(doc.text);
}

static void numbers(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(grouped(text, 0), "0");
	assert_string_equal(grouped(text, 999), "999");
	assert_string_equal(grouped(text, 1000), "1,000");
	assert_string_equal(grouped(text, UINT64_MAX),
			    "18,446,744,073,709,551,615");
	assert_string_equal(ratio_text(text, sizeof(text), 598.4), "598");
	assert_string_equal(ratio_text(text, sizeof(text), 15.93), "15.9");
	assert_string_equal(ratio_text(text, sizeof(text), 1), "1.00");
	assert_string_equal(ratio_text(text, sizeof(text), 0.00312), "0.0031");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_wrapped),
		cmocka_unit_test(no_word_is_lost),
		cmocka_unit_test(wide_tables_come_in_parts),
		cmocka_unit_test(too_wide_labels_are_folded),
		cmocka_unit_test(markdown_cells_are_escaped),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
