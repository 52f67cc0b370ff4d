// SPDX-License-Identifier: GPL-2.0-or-later
/* A profile: what is taken and what refused, topics, folding, differences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/lines.h"
#include "report/why/asked.h"
#include "report/why/flame.h"
#include "report/why/table.h"

#define HEAD                                                                   \
	"benchmark\tparameters\tphase\tfunction\tinstructions\tcalls\tloads\t" \
	"stores\tpages\n"
#define ROW(function, counts) "b\tlength=4K,align=4K\tp\t" function "\t" counts

static int parse(const char *text, struct profile_kernel *kernel,
		 struct why *why)
{
	struct lines lines;

	memset(why, 0, sizeof(*why));
	lines_of(&lines, text, strlen(text));
	return profile_parse(&lines, 5, kernel, why);
}

static void good(const char *text, struct profile_kernel *kernel)
{
	struct why why;

	assert_int_equal(parse(text, kernel, &why), 0);
}

static void rows_become_phases(void **state)
{
	struct profile_kernel k;

	(void)state;
	good(HEAD ROW("up_read",
		      "7\t1\t2\t3\t4\n") "b\t\tq\tx\t1\t0\t0\t0\t0"
					 "\n" ROW("mas_walk", "9\t1\t2\t3\t4\n")
						 ROW("up_read",
						     "5\t1\t0\t1\t4"),
	     &k);
	assert_string_equal(k.unit, "instructions");
	assert_int_equal(k.count, 2);
	assert_int_equal(k.phases[0].pages, 4);
	assert_int_equal(k.phases[0].cost, 21);
	/* The two of one name are one, and the dearest then. */
	assert_int_equal(k.phases[0].count, 2);
	assert_string_equal(k.phases[0].functions[0].name, "up_read");
	assert_int_equal(k.phases[0].functions[0].cost, 12);
	assert_int_equal(k.phases[0].functions[0].calls, 2);
	assert_int_equal(k.phases[0].functions[0].stores, 4);
	assert_int_equal(k.phases[0].functions[1].topic, TOPIC_VMA);
	assert_string_equal(k.phases[1].parameters, "");
	profile_kernel_free(&k);
}

static void refused_rows(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{"", "1: no header"},
		{"x\n", "1: 1 fields, not 9"},
		{"benchmark\tp\tp\tf\tinstructions\tcalls\tloads\tstores\tpages"
		 "\n",
		 "1: column 2 is not parameters"},
		{"benchmark\tparameters\tphase\tfunction\tns\tcalls\tloads\t"
		 "stores\tpages\n",
		 "1: column 5 is neither instructions nor samples"},
		{HEAD "b\t\tp\tf\t1\t1\t1\t1\n", "2: 8 fields, not 9"},
		{HEAD "b\t\tp\tf\t1\t1\t1\t1\t1\t1\n", "2: more than 9 fields"},
		{HEAD "../b\t\tp\tf\t1\t1\t1\t1\t1\n", "2: the benchmark"},
		{HEAD "b\t/\tp\tf\t1\t1\t1\t1\t1\n", "2: the parameters"},
		{HEAD "b\t\tp q\tf\t1\t1\t1\t1\t1\n", "2: the phase"},
		{HEAD ROW("", "1\t1\t1\t1\t1"), "2: the function"},
		{HEAD ROW("a`b", "1\t1\t1\t1\t1"), "2: the function"},
		{HEAD ROW("a\x1b[2J", "1\t1\t1\t1\t1"), "2: the function"},
		{HEAD ROW("f", "-1\t1\t1\t1\t1"),
		 "2: instructions is no count"},
		{HEAD ROW("f", "1\t1e3\t1\t1\t1"), "2: calls is no count"},
		{HEAD ROW("f", "1\t1\t1\t1\t"), "2: pages is no count"},
		{HEAD ROW("f", "9007199254740993\t1\t1\t1\t1"),
		 "2: a count is larger than 2^53"},
		{HEAD ROW("f", "9007199254740992\t1\t1\t1\t1\n")
			 ROW("g", "1\t1\t1\t1\t1"),
		 "3: a phase has more than 2^53 instructions"},
		{HEAD ROW("f", "1\t1\t1\t1\t1\n") ROW("g", "1\t1\t1\t1\t2"),
		 "3: pages differ within a phase"},
		{HEAD ROW("a", "1\t1\t1\t1\t1\n") ROW("b", "1\t1\t1\t1\t1\n")
			 ROW("c", "1\t1\t1\t1\t1\n") ROW("d", "1\t1\t1\t1\t1\n")
				 ROW("e", "1\t1\t1\t1\t1\n")
					 ROW("f", "1\t1\t1\t1\t1\n"),
		 "7: the profile has more than 1000000 rows"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct profile_kernel k;
		struct why why;

		assert_int_equal(parse(cases[i].text, &k, &why), -EINVAL);
		if (strncmp(why.text, cases[i].why, strlen(cases[i].why)))
			fail_msg("case %zu: \"%s\"", i, why.text);
	}
}

static uint64_t calls(const char *phase, const char *parameters, uint64_t pages)
{
	const struct profile_phase p = {.phase = (char *)phase,
					.parameters = (char *)parameters,
					.pages = pages};

	return calls_of(&p);
}

static void pages_become_calls(void **state)
{
	(void)state;
	assert_int_equal(pages_of_cell("target=x,length=16M,align=1G"), 4096);
	assert_int_equal(pages_of_cell("align=1G"), 0);
	assert_int_equal(calls("mmap", "length=16M,align=1G", 8192), 2);
	assert_int_equal(calls("enable", "length=4K,vmas=1,processes=1", 1), 1);
	assert_int_equal(calls("first-access", "length=16M", 3), 3);
	/* Of several mappings, or processes; not of whole ones; of nothing. */
	assert_int_equal(calls("enable", "length=4K,vmas=16", 16), 0);
	assert_int_equal(calls("enable", "length=4K,processes=4", 4), 0);
	assert_int_equal(calls("mmap", "length=16M", 4097), 0);
	assert_int_equal(calls("mmap", "length=16M", 0), 0);
	assert_int_equal(calls("mmap", "", 8), 0);
	assert_int_equal(calls("mmap", "length=1", 8), 0);
}

static enum topic of(const char *name)
{
	return topic_of(name, strlen(name));
}

static void functions_have_topics(void **state)
{
	(void)state;
	assert_int_equal(of("memtype_lookup"), TOPIC_PAT);
	assert_int_equal(of("track_pfn_insert"), TOPIC_PAT);
	assert_int_equal(of("_raw_spin_lock"), TOPIC_LOCK);
	assert_int_equal(of("_raw_spin_unlock_irqrestore"), TOPIC_LOCK);
	assert_int_equal(of("lock_vma_under_rcu"), TOPIC_LOCK);
	assert_int_equal(of("__rcu_read_unlock"), TOPIC_RCU);
	assert_int_equal(of("asm_exc_page_fault"), TOPIC_ENTRY);
	assert_int_equal(of("do_user_addr_fault"), TOPIC_FAULT);
	assert_int_equal(of("vfio_pci_mmap_huge_fault"), TOPIC_VFIO);
	assert_int_equal(of("vfio_pci_config_rw"), TOPIC_CONFIG);
	assert_int_equal(of("mas_walk"), TOPIC_VMA);
	assert_int_equal(of("remap_pfn_range_notrack"), TOPIC_TABLES);
	assert_int_equal(of("flush_tlb_mm_range"), TOPIC_TLB);
	assert_int_equal(of("clear_page_rep"), TOPIC_MEMORY);
	assert_int_equal(of("asm_sysvec_apic_timer_interrupt"),
			 TOPIC_INTERRUPT);
	assert_int_equal(of("[user]"), TOPIC_USER);
	assert_int_equal(of("[interrupt]"), TOPIC_INTERRUPT);
	assert_int_equal(of("a_helper_nobody_knows"), TOPIC_OTHER);
	/* What a compiler appends says nothing. */
	assert_int_equal(of("insert_pfn.isra.0"), TOPIC_TABLES);
	assert_int_equal(of("memtype_match.constprop.0.cold"), TOPIC_PAT);
}

/* Each rule is reached by some name, and says why. */
static void rules_are_whole(void **state)
{
	(void)state;
	for (const struct topic_rule *r = topic_rules; r->pattern; r++) {
		assert_true(r->topic < TOPIC_OTHER);
		assert_true(*r->reason);
		for (const struct topic_rule *o = topic_rules; o < r; o++)
			if (!strcmp(o->pattern, r->pattern))
				fail_msg("%s is there twice", r->pattern);
	}
	for (size_t t = 0; t < TOPIC_COUNT; t++)
		assert_true(*topic_looks[t].words && topic_looks[t].colour);
}

static int fold_text(const char *text, enum side side, struct stacks *s,
		     struct why *why)
{
	struct lines lines;

	memset(why, 0, sizeof(*why));
	lines_of(&lines, text, strlen(text));
	return stacks_parse(&lines, side, s, why);
}

static void stacks_become_a_tree(void **state)
{
	struct stacks s = {0};
	const struct frame *a;
	struct why why;

	(void)state;
	/* "a!b" is less than "a;b" as text, and must not part a's frames. */
	assert_int_equal(fold_text("a;c 3\na!b 1\na;b 2\na 4\na;c;d 5\n",
				   SIDE_AFTER, &s, &why),
			 0);
	assert_int_equal(fold_text("a;b 20\nz 9", SIDE_BEFORE, &s, &why), 0);
	assert_int_equal(stacks_fold(&s), 0);
	assert_int_equal(s.sum[SIDE_AFTER], 15);
	assert_int_equal(s.frames->all[SIDE_AFTER], 15);
	a = s.frames->first;
	assert_int_equal(a->length, 1);
	assert_int_equal(a->self[SIDE_AFTER], 4);
	assert_int_equal(a->all[SIDE_AFTER], 14);
	assert_int_equal(a->all[SIDE_BEFORE], 20);
	assert_int_equal(a->first->self[SIDE_AFTER], 2);
	assert_int_equal(a->first->next->all[SIDE_AFTER], 8);
	assert_int_equal(a->first->next->first->self[SIDE_AFTER], 5);
	assert_null(a->first->next->next);
	assert_string_equal(a->next->next->name, "z");
	assert_int_equal(a->next->next->all[SIDE_AFTER], 0);
	stacks_free(&s);
}

static void refused_stacks(void **state)
{
	static const char *const cases[] = {"a",
					    "a ",
					    "7",
					    " 7",
					    "a -1\n",
					    "a 1.5\n",
					    ";a 1\n",
					    "a; 1\n",
					    "a;;b 1\n",
					    "\n",
					    "a\tb 1\n",
					    "a 9007199254740993\n",
					    "a 9007199254740992\nb 1\n",
					    "a 99999999999999999999\n"};
	char deep[2 * STACK_FRAMES_MAX + 8] = "";

	(void)state;
	for (size_t i = 0; i <= sizeof(cases) / sizeof(*cases); i++) {
		struct stacks s = {0};
		struct why why;
		bool last = i == sizeof(cases) / sizeof(*cases);

		for (size_t n = 0; last && n <= STACK_FRAMES_MAX; n++)
			strcat(deep, n ? ";f" : "f");
		if (last)
			strcat(deep, " 1");
		if (fold_text(last ? deep : cases[i], SIDE_AFTER, &s, &why) !=
		    -EINVAL)
			fail_msg("case %zu was taken", i);
		assert_true(why.text[0] >= '1' && why.text[0] <= '9');
		stacks_free(&s);
	}
}

static void functions_are_paired(void **state)
{
	struct profile_kernel x, y;
	struct deltas d;

	(void)state;
	good(HEAD ROW("a", "10\t1\t0\t0\t1\n") ROW("b", "5\t1\t0\t0\t1\n"), &x);
	good(HEAD ROW("b", "5\t1\t0\t0\t1\n") ROW("a", "4\t1\t0\t0\t1\n")
		     ROW("c", "7\t1\t0\t0\t1\n"),
	     &y);
	assert_int_equal(deltas_make(&x.phases[0], &y.phases[0], &d), 0);
	assert_int_equal(d.count, 3);
	assert_string_equal(delta_any(&d.list[0])->name, "c");
	assert_null(d.list[0].before);
	assert_int_equal(delta_cost(&d.list[0]), 7);
	assert_string_equal(delta_any(&d.list[1])->name, "a");
	assert_int_equal(delta_cost(&d.list[1]), -6);
	assert_int_equal(delta_cost(&d.list[2]), 0);
	deltas_free(&d);
	profile_kernel_free(&x);
	profile_kernel_free(&y);
}

static char *draw(const char *text, const char *before)
{
	struct flame flame = {.title = "<a & b>", .unit = "instructions"};
	struct stacks s = {0};
	char *svg = NULL;
	size_t size = 0;
	struct why why;
	FILE *out = open_memstream(&svg, &size);

	assert_non_null(out);
	assert_int_equal(fold_text(text, SIDE_AFTER, &s, &why), 0);
	if (before) {
		flame.names[SIDE_BEFORE] = "one";
		flame.names[SIDE_AFTER] = "two";
		assert_int_equal(fold_text(before, SIDE_BEFORE, &s, &why), 0);
	}
	assert_int_equal(stacks_fold(&s), 0);
	flame_print(&s, &flame, out);
	fclose(out);
	stacks_free(&s);
	return svg;
}

static void graphs_are_text_and_boxes(void **state)
{
	char *svg = draw("main;a<b>&c 30\nmain;memtype_lookup 70\n", NULL);

	(void)state;
	assert_non_null(strstr(svg, "<title>&lt;a &amp; b&gt;</title>"));
	assert_non_null(strstr(svg, "a&lt;b&gt;&amp;c: 30 instructions"));
	assert_non_null(strstr(svg, "memtype_lookup: 70 instructions, 70.0 %"));
	assert_non_null(strstr(svg, "PAT tracking 70.0 %"));
	assert_null(strstr(svg, "<script"));
	free(svg);
}

static void differences_are_coloured(void **state)
{
	char *svg = draw("f;more 30\nf;less 1\nf;same 5\n",
			 "f;more 10\nf;less 6\nf;same 5\n");

	(void)state;
	/* The largest difference is the deepest red, a quarter half as deep. */
	assert_non_null(strstr(svg, "its own +20"));
	assert_non_null(strstr(svg, "#ff6c6c"));
	assert_non_null(strstr(svg, "its own -5"));
	assert_non_null(strstr(svg, "#add0f7"));
	assert_non_null(strstr(svg, "#eeeeee"));
	free(svg);
}

/* Of nothing there is nothing to divide by. */
static void nothing_is_drawn(void **state)
{
	char *svg = draw("f 0\n", NULL);

	(void)state;
	assert_non_null(strstr(svg, "</svg>"));
	assert_null(strstr(svg, "nan"));
	free(svg);
	svg = draw("f 0\n", "f 0\n");
	assert_null(strstr(svg, "nan"));
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_become_phases),
		cmocka_unit_test(refused_rows),
		cmocka_unit_test(pages_become_calls),
		cmocka_unit_test(functions_have_topics),
		cmocka_unit_test(rules_are_whole),
		cmocka_unit_test(stacks_become_a_tree),
		cmocka_unit_test(refused_stacks),
		cmocka_unit_test(functions_are_paired),
		cmocka_unit_test(graphs_are_text_and_boxes),
		cmocka_unit_test(differences_are_coloured),
		cmocka_unit_test(nothing_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
