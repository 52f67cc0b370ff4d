// SPDX-License-Identifier: GPL-2.0-or-later
/* The document writer in its three forms: same words, nothing gets out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void random_text(char *text, size_t size, const char *letters,
			unsigned int *seed)
{
	size_t length = (size_t)rand_r(seed) % size;
	size_t count = strlen(letters);

	for (size_t i = 0; i < length; i++)
		text[i] = letters[(size_t)rand_r(seed) % count];
	text[length] = '\0';
}

static void text_is_wrapped(void **state)
{
	unsigned int seed = 1;
	struct doc doc;

	(void)state;
	doc_open(&doc, DOC_TEXT);
	for (int i = 0; i < 300; i++) {
		char text[500];

		random_text(text, sizeof(text),
			    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx `[](#)", &seed);
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
	doc_open(&doc, DOC_TEXT);
	doc_item(&doc, "one %068d two \xc2\xb5s `code`", 0);
	assert_int_equal(doc_close(&doc), 0);
	assert_string_equal(doc.text, "- one\n  " ZEROS "\n  two ?s code\n\n");
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
	doc_open(&doc, DOC_TEXT);
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
	doc_open(&doc, DOC_TEXT);
	doc_table(&doc, &table);
	assert_int_equal(doc_close(&doc), 0);
	check_mail(doc.text);
	free(doc.text);
}

/* What two columns and one row of @value come to. */
static char *small_table(enum doc_form form, size_t labels, const char *value)
{
	struct table table;
	struct doc doc;

	table_init(&table, labels);
	table_head(&table, "a");
	table_head(&table, "b");
	table_cell(&table, "%s", value);
	table_cell(&table, "1");
	doc_open(&doc, form);
	doc_table(&doc, &table);
	assert_int_equal(doc_close(&doc), 0);
	return doc.text;
}

static void labels_alone_are_a_table(void **state)
{
	char *text = small_table(DOC_TEXT, 2, "x");

	(void)state;
	assert_string_equal(text, "a  b\nx  1\n\n");
	free(text);
}

static void markdown_cells_are_escaped(void **state)
{
	char *text = small_table(DOC_MARKDOWN, 1, "x|y `c|d`");

	(void)state;
	assert_string_equal(text, "| a | b |\n|:--|--:|\n"
				  "| x\\|y `c\\|d` | 1 |\n\n");
	free(text);
}

/* One paragraph in a form. */
static char *paragraph(enum doc_form form, const char *words)
{
	struct doc doc;

	doc_open(&doc, form);
	doc_para(&doc, "%s", words);
	assert_int_equal(doc_close(&doc), 0);
	return doc.text;
}

static void check_paragraph(const char *words, const char *text,
			    const char *markdown, const char *html)
{
	const char *const want[] = {text, markdown, html};

	for (int form = DOC_TEXT; form <= DOC_HTML; form++) {
		char *got = paragraph((enum doc_form)form, words);

		if (!strstr(got, want[form]))
			fail_msg("form %d has no \"%s\": %s", form, want[form],
				 got);
		free(got);
	}
}

static void code_and_links(void **state)
{
	(void)state;
	check_paragraph(
		"see `a<b` and [Spread](#spread), [how](docs/A.md).",
		"see a<b and Spread, how (docs/A.md).\n\n",
		"see `a<b` and [Spread](#spread), [how](docs/A.md).\n\n",
		"<p>see <code>a&lt;b</code> and <a href=\"#spread\">"
		"Spread</a>, <a href=\"docs/A.md\">how</a>.</p>\n");
	check_paragraph("[a](https://b.c/d)", "a (https://b.c/d)\n",
			"[a](https://b.c/d)\n",
			"<p><a href=\"https://b.c/d\">a</a></p>");
}

/* Marks that start nothing are text, and so is a link that no file is. */
static void what_is_no_markup_is_text(void **state)
{
	static const char *const links[] = {"[a](javascript:alert(1))",
					    "[a](data:text/html,b)",
					    "[a](http://b)",
					    "[a](b\"c)",
					    "[a](https://)",
					    "[a](b"};

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		char *html = paragraph(DOC_HTML, links[i]);
		char *markdown = paragraph(DOC_MARKDOWN, links[i]);

		assert_null(strstr(html, "<a "));
		assert_int_equal(strncmp(markdown, "\\[a](", 5), 0);
		free(html);
		free(markdown);
	}
	check_paragraph("a ` b [ c ]( d", "a b [ c ]( d\n",
			"a \\` b \\[ c ]( d\n", "<p>a ` b [ c ]( d</p>");
	check_paragraph("a `` b", "a b\n", "a \\`\\` b\n", "<p>a `` b</p>");
}

static void values_are_inert(void **state)
{
	static const char bad[] = "<script>alert('1')</script><b a=\"&amp;\">";
	char *html = paragraph(DOC_HTML, bad);
	char *markdown = paragraph(DOC_MARKDOWN, bad);

	(void)state;
	assert_non_null(strstr(html,
			       "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/"
			       "script&gt;&lt;b a=&quot;&amp;amp;&quot;&gt;"
			       "</p>"));
	assert_string_equal(markdown, "\\<script>alert('1')\\</script>"
				      "\\<b a=\"\\&amp;\">\n\n");
	free(html);
	free(markdown);
	html = small_table(DOC_HTML, 1, bad);
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<b "));
	free(html);
	markdown = small_table(DOC_MARKDOWN, 1, "<i> [a](b:c)");
	assert_non_null(strstr(markdown, "| \\<i> \\[a](b:c) |"));
	free(markdown);
}

static size_t occurrences(const char *text, const char *word)
{
	size_t count = 0;

	while ((text = strstr(text, word))) {
		count++;
		text += strlen(word);
	}
	return count;
}

/* Whatever the words, the page has our elements and no others. */
static void noise_makes_no_element(void **state)
{
	unsigned int seed = 7;
	struct doc doc;
	size_t empty;

	(void)state;
	doc_open(&doc, DOC_HTML);
	assert_int_equal(doc_close(&doc), 0);
	empty = occurrences(doc.text, "<");
	free(doc.text);
	for (int i = 0; i < 500; i++) {
		char text[60];
		size_t code, links;

		random_text(text, sizeof(text), "ab<>&\"'`[]()#: \x01", &seed);
		doc_open(&doc, DOC_HTML);
		doc_item(&doc, "%s", text);
		assert_int_equal(doc_close(&doc), 0);
		code = occurrences(doc.text, "<code>");
		links = occurrences(doc.text, "<a href=\"");
		assert_int_equal(occurrences(doc.text, "</code>"), code);
		assert_int_equal(occurrences(doc.text, "</a>"), links);
		/* <ul>, <li> and their ends, and a pair for each span. */
		assert_int_equal(occurrences(doc.text, "<"),
				 empty + 4 + 2 * code + 2 * links);
		free(doc.text);
	}
}

static void page_is_whole(void **state)
{
	struct table table;
	struct doc doc;

	(void)state;
	table_init(&table, 1);
	table_head(&table, "kernel");
	table_head(&table, "cost");
	table_cell(&table, "eager");
	table_cell(&table, "1,234");
	doc_open(&doc, DOC_HTML);
	doc_heading(&doc, 1, "A < B");
	doc_contents(&doc);
	doc_heading(&doc, 2, "First");
	doc_para(&doc, "On 6.12:");
	doc_para(&doc, "Cost in `ns`:");
	doc_para(&doc, "`length=1G`:");
	doc_table(&doc, &table);
	doc_heading(&doc, 3, "Below");
	doc_item(&doc, "one");
	doc_heading(&doc, 2, "First");
	doc_para(&doc, "Left over:");
	assert_int_equal(doc_close(&doc), 0);
	assert_int_equal(strncmp(doc.text, "<!DOCTYPE html>\n<html lang=", 27),
			 0);
	assert_non_null(strstr(doc.text, "<title>A &lt; B</title>"));
	assert_non_null(strstr(doc.text, "<p>On 6.12:</p>\n<div"));
	assert_non_null(strstr(doc.text,
			       "<span>Cost in <code>ns</code>: "
			       "<code>length=1G</code></span></caption>"));
	assert_non_null(strstr(doc.text,
			       "<thead>\n<tr><th scope=\"col\" class=\"label\">"
			       "kernel</th><th scope=\"col\">cost</th></tr>\n"
			       "</thead>\n<tbody>\n<tr><th scope=\"row\">eager"
			       "</th><td>1,234</td></tr>\n</tbody>"));
	assert_non_null(strstr(doc.text,
			       "<ul>\n<li><a href=\"#first\">First</a><ul>\n"
			       "<li><a href=\"#below\">Below</a></li>\n</ul>\n"
			       "</li>\n<li><a href=\"#first-1\">First</a>"
			       "</li>\n</ul>\n</nav>"));
	assert_non_null(strstr(doc.text, "<h2 id=\"first-1\">First</h2>\n"
					 "<p>Left over:</p>\n</main>"));
	assert_non_null(strstr(doc.text, "<ul>\n<li>one</li>\n</ul>\n<h2"));
	free(doc.text);
}

static void markdown_has_contents(void **state)
{
	struct doc doc;

	(void)state;
	doc_open(&doc, DOC_MARKDOWN);
	doc_heading(&doc, 1, "Top");
	doc_item(&doc, "answer");
	doc_contents(&doc);
	doc_heading(&doc, 2, "What a count can't tell");
	doc_heading(&doc, 3, "first-touch");
	doc_heading(&doc, 4, "On 6.12");
	doc_heading(&doc, 3, "fork");
	doc_heading(&doc, 2, "End");
	assert_int_equal(doc_close(&doc), 0);
	assert_string_equal(
		doc.text,
		"# Top\n\n- answer\n\n"
		"- [What a count can't tell](#what-a-count-cant-tell): "
		"[first-touch](#first-touch), [fork](#fork)\n"
		"- [End](#end)\n\n"
		"## What a count can't tell\n\n### first-touch\n\n"
		"#### On 6.12\n\n### fork\n\n## End\n\n");
	free(doc.text);
}

/* An image is inside the page, and one that is not there is named. */
static void images_are_taken_in(void **state)
{
	static const char svg[] =
		"<svg id='a'>\n<!-- 100% #1 & \xc2\xb5 --></svg>";
	char folder[] = "/tmp/pfnbench-image.XXXXXX", path[64];
	struct doc doc;
	FILE *out;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.svg", folder);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(svg, out);
	fclose(out);
	doc_open(&doc, DOC_HTML);
	doc.folder = folder;
	doc_image(&doc, "a.svg", "Cost \"x\" <1>");
	doc_image(&doc, "b.svg", "Leaves");
	assert_int_equal(doc_close(&doc), 0);
	assert_non_null(strstr(
		doc.text,
		"<img alt=\"Cost &quot;x&quot; &lt;1&gt;\" "
		"src='data:image/svg+xml,%3Csvg id=%27a%27%3E %3C!-- 100%25 "
		"%231 %26 %C2%B5 --%3E%3C/svg%3E' />"));
	assert_non_null(strstr(doc.text, "Not drawn: Leaves."));
	assert_int_equal(occurrences(doc.text, "<img"), 1);
	free(doc.text);
	unlink(path);
	rmdir(folder);
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
		cmocka_unit_test(labels_alone_are_a_table),
		cmocka_unit_test(markdown_cells_are_escaped),
		cmocka_unit_test(code_and_links),
		cmocka_unit_test(what_is_no_markup_is_text),
		cmocka_unit_test(values_are_inert),
		cmocka_unit_test(noise_makes_no_element),
		cmocka_unit_test(page_is_whole),
		cmocka_unit_test(markdown_has_contents),
		cmocka_unit_test(images_are_taken_in),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
