// SPDX-License-Identifier: GPL-2.0-or-later
/* The pure parts of pfnreport compare. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/compare/counts.h"
#include "report/compare/nature.h"
#include "report/compare/pairs.h"
#include "report/compare/words.h"

/* --- counts --- */

/* A contrast of these figures of two boots each. */
static struct contrast contrast_of(uint64_t a1, uint64_t a2, uint64_t b1,
				   uint64_t b2)
{
	const uint64_t values[2][2] = {{a1, a2}, {b1, b2}};
	struct contrast c = {.nature.directed = true};

	for (int s = 0; s < 2; s++) {
		uint64_t x = values[s][0], y = values[s][1];

		c.side[s].boots = 2;
		c.side[s].low = c.side[s].shown = x < y ? x : y;
		c.side[s].high = x < y ? y : x;
		c.side[s].exact = x == y;
	}
	return c;
}

static void exact_figures(void **state)
{
	(void)state;
	const struct {
		uint64_t a, b;
		double threshold;
		enum finding finding;
		double change;
	} cases[] = {
		{1000, 1000, 5, FOUND_SAME, 0},
		{1000, 1051, 5, FOUND_WORSE, 5.1},
		{1000, 949, 5, FOUND_BETTER, -5.1},
		{1000, 1050, 5, FOUND_NONE, 5},
		{1000, 950, 5, FOUND_NONE, -5},
		{1000, 1001, 0, FOUND_WORSE, 0.1},
		{0, 1, 5, FOUND_WORSE, INFINITY},
		{1, 0, 5, FOUND_BETTER, -100},
		{0, 0, 0, FOUND_SAME, 0},
		{UINT64_MAX, 1, 5, FOUND_BETTER, -100},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct contrast c = contrast_of(cases[i].a, cases[i].a,
						cases[i].b, cases[i].b);

		counts_judge(&c, cases[i].a == cases[i].b, cases[i].threshold);
		assert_int_equal(c.finding, cases[i].finding);
		assert_true(c.change == cases[i].change ||
			    fabs(c.change - cases[i].change) < 1e-9);
		assert_true(c.low == c.high);
	}
}

static void other_samples_of_the_same_sum(void **state)
{
	struct contrast c = contrast_of(10, 10, 10, 10);

	(void)state;
	counts_judge(&c, false, 0);
	assert_int_equal(c.finding, FOUND_NONE);
}

static void neither_is_better(void **state)
{
	struct contrast c = contrast_of(512, 512, 1, 1);

	(void)state;
	c.nature.directed = false;
	counts_judge(&c, false, 5);
	assert_int_equal(c.finding, FOUND_DIFFERS);
	c = contrast_of(1000, 1000, 1001, 1001);
	c.nature.directed = false;
	counts_judge(&c, false, 5);
	assert_int_equal(c.finding, FOUND_DIFFERS);
}

static void boots_that_differ(void **state)
{
	(void)state;
	const struct {
		uint64_t a1, a2, b1, b2;
		enum finding finding;
		double low, high;
	} cases[] = {
		/* Overlapping ranges, wide and narrow. */
		{1000, 1200, 1100, 1300, FOUND_UNRESOLVED, -10, 30},
		{100000, 100200, 100100, 100300, FOUND_NONE, -0.1, 0.3},
		/* Apart, by less than five ranges of two boots, and by more. */
		{1000, 1010, 1055, 1060, FOUND_UNRESOLVED, 4.5, 6},
		{1000, 1010, 1061, 1070, FOUND_WORSE, 5.1, 7},
		{1061, 1070, 1000, 1010, FOUND_BETTER, -6.5975, -4.8068},
		/* Exact on one side. */
		{1000, 1000, 1000, 1500, FOUND_UNRESOLVED, 0, 50},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct contrast c = contrast_of(cases[i].a1, cases[i].a2,
						cases[i].b1, cases[i].b2);

		counts_judge(&c, false, 5);
		assert_int_equal(c.finding, cases[i].finding);
		assert_true(fabs(c.low - cases[i].low) < 1e-3);
		assert_true(fabs(c.high - cases[i].high) < 1e-3);
	}
}

static void single_boots(void **state)
{
	struct contrast c = contrast_of(1000, 1000, 2000, 2000);

	(void)state;
	c.side[1].boots = 1;
	counts_judge(&c, false, 5);
	assert_int_equal(c.finding, FOUND_UNRESOLVED);
	c = contrast_of(1000, 1000, 1000, 1000);
	c.side[1].boots = 1;
	counts_judge(&c, true, 5);
	assert_int_equal(c.finding, FOUND_SAME);
}

static void resolutions(void **state)
{
	struct contrast c = contrast_of(1000, 1000, 90000, 90000);

	(void)state;
	c.nature.resolution = 100000;
	counts_judge(&c, false, 5);
	assert_int_equal(c.finding, FOUND_NONE);
	c = contrast_of(1000, 1000, 101001, 101001);
	c.nature.resolution = 100000;
	counts_judge(&c, false, 5);
	assert_int_equal(c.finding, FOUND_WORSE);
	/* A share of the baseline: ten in a million, and one. */
	c = contrast_of(1000000, 1000000, 1000011, 1000011);
	c.nature.resolution = -1e-5;
	counts_judge(&c, false, 0);
	assert_int_equal(c.finding, FOUND_NONE);
	c = contrast_of(1000000, 1000000, 1000012, 1000012);
	c.nature.resolution = -1e-5;
	counts_judge(&c, false, 0);
	assert_int_equal(c.finding, FOUND_WORSE);
	c.nature.wait = true;
	counts_judge(&c, false, 0);
	assert_int_equal(c.finding, FOUND_WAIT);
}

/* Normal, of mean 10,000 and standard deviation 1,000 (Box and Muller). */
static uint64_t noise(void)
{
	double z = sqrt(-2 * log(1 - drand48())) *
		   cos(6.283185307179586 * drand48());

	return (uint64_t)fmax(0, 10000 + 1000 * z);
}

/* How often noise alone is called a change. */
static double false_alarms(size_t boots, size_t rounds)
{
	size_t alarms = 0;

	for (size_t i = 0; i < rounds; i++) {
		struct contrast c = {.nature.directed = true};

		for (int s = 0; s < 2; s++) {
			struct side *side = &c.side[s];

			side->boots = boots;
			side->low = UINT64_MAX;
			for (size_t b = 0; b < boots; b++) {
				uint64_t value = noise();

				side->low =
					value < side->low ? value : side->low;
				side->high =
					value > side->high ? value : side->high;
			}
			side->shown = side->low;
		}
		counts_judge(&c, false, 0);
		alarms += c.finding == FOUND_WORSE || c.finding == FOUND_BETTER;
	}
	return (double)alarms / (double)rounds;
}

static void noise_is_no_change(void **state)
{
	(void)state;
	srand48(1);
	for (size_t boots = 2; boots <= 4; boots++)
		assert_true(false_alarms(boots, 50000) < 0.012);
	/* The simulation sees noise: without the rule it is 33 and 10 %. */
	assert_true(false_alarms(2, 50000) > 0.005);
}

/* --- what a phase is --- */

static struct parameter parameters[] = {
	{"target", "1af4:1110"},
	{"length", "2M"},
	{"vmas", "4"},
	{"processes", "3"},
};
static struct parameter scheduled[] = {
	{"length", "2M"},
	{"threads", "4"},
	{"vmas", "2"},
	{"interval", "100"},
};
static struct phase phases[] = {{.name = "reset"}, {.name = "reset-cpu"}};

static void natures(void **state)
{
	struct cell recovery = {.benchmark = "reset-recovery",
				.parameters = parameters,
				.parameter_count = 4,
				.phases = phases,
				.phase_count = 2};
	struct cell outage = {.benchmark = "outage",
			      .parameters = scheduled,
			      .parameter_count = 4};
	struct cell touch = {.benchmark = "first-touch",
			     .parameters = parameters,
			     .parameter_count = 2};
	struct nature n;

	(void)state;
	n = nature_of(&recovery, "enable", "instructions", 1, true);
	assert_true(n.directed && !n.wait && !n.control && !n.resolution);
	assert_int_equal(n.pages, 512 * 4 * 3);
	n = nature_of(&recovery, "first-access", "instructions", 12, true);
	assert_int_equal(n.pages, 0);
	n = nature_of(&recovery, "reset", "instructions", 1, true);
	assert_true(n.wait);
	n = nature_of(&recovery, "reset", "ns", 1, false);
	assert_false(n.wait);
	n = nature_of(&recovery, "reset-cpu", "instructions", 1, true);
	assert_true(!n.wait && n.resolution == -1e-5);
	assert_int_equal(n.pages, 512 * 4 * 3);
	n = nature_of(&recovery, "sigbus", "signals", 1, true);
	assert_false(n.directed);
	n = nature_of(&outage, "recovered", "instructions", 4, true);
	assert_true(n.directed && n.resolution == 400000);
	n = nature_of(&outage, "late", "probes", 1, true);
	assert_true(n.directed && n.resolution == 8);
	n = nature_of(&outage, "sigbus", "signals", 1, true);
	assert_true(n.directed);
	n = nature_of(&outage, "recovered", "ns", 4, false);
	assert_true(n.resolution == 0);
	n = nature_of(&touch, "mmap", "instructions", 2, true);
	assert_int_equal(n.pages, 2 * 512);
	n = nature_of(&touch, "first-touch", "instructions", 512, true);
	assert_int_equal(n.pages, 512);
	n = nature_of(&touch, "pmd-leaves", "leaves", 1, true);
	assert_false(n.directed);
	touch.benchmark = (char *)"controls";
	n = nature_of(&touch, "getppid", "instructions", 1000, true);
	assert_true(n.control);
}

/* --- who belongs to whom --- */

static struct kernel kernels[] = {
	{.base = (char *)"6.12", .variant = (char *)"huge-fault"},
	{.base = (char *)"6.12", .variant = (char *)"eager"},
	{.base = (char *)"7.3", .variant = (char *)"huge-fault"},
	{.base = (char *)"7.3", .variant = (char *)"eager"},
};
static struct run all = {.kernels = kernels, .kernel_count = 4};
static struct run old = {.kernels = kernels, .kernel_count = 2};

/* Both sides' kernels of pair @i. */
static void pair_is(const struct pairs *p, size_t i, size_t a, size_t b)
{
	assert_ptr_equal(p->list[i].kernel[0], &kernels[a]);
	assert_ptr_equal(p->list[i].kernel[1], &kernels[b]);
}

static void pairs_by_what_is_not_named(void **state)
{
	struct operand o[2] = {{.run = &all, .base = "6.12"},
			       {.run = &all, .base = "7.3"}};
	struct why why = {""};
	struct pairs p;
	char text[96];

	(void)state;
	assert_int_equal(pairs_make(o, &p, &why), 0);
	assert_int_equal(p.count, 2);
	pair_is(&p, 0, 0, 2);
	pair_is(&p, 1, 1, 3);
	assert_true(p.same_variant && !p.same_base);
	assert_string_equal(side_name(text, &p, o, 1), "7.3");
	assert_string_equal(pair_name(text, &p, 1), "eager");
	pairs_free(&p);

	o[0] = (struct operand){.run = &all, .variant = "eager"};
	o[1] = (struct operand){.run = &all, .variant = "huge-fault"};
	assert_int_equal(pairs_make(o, &p, &why), 0);
	assert_int_equal(p.count, 2);
	pair_is(&p, 0, 1, 0);
	pair_is(&p, 1, 3, 2);
	assert_string_equal(side_name(text, &p, o, 0), "eager");
	assert_string_equal(pair_name(text, &p, 1), "7.3");
	pairs_free(&p);

	o[0] = (struct operand){
		.run = &all, .base = "6.12", .variant = "eager"};
	o[1] = (struct operand){
		.run = &all, .base = "7.3", .variant = "huge-fault"};
	assert_int_equal(pairs_make(o, &p, &why), 0);
	assert_int_equal(p.count, 1);
	pair_is(&p, 0, 1, 2);
	pairs_free(&p);
}

static void who_has_no_partner(void **state)
{
	struct operand o[2] = {{.run = &all, .base = "7.3"},
			       {.run = &old, .variant = "eager"}};
	struct why why = {""};
	struct pairs p;

	(void)state;
	assert_int_equal(pairs_make(o, &p, &why), 0);
	assert_int_equal(p.count, 0);
	assert_int_equal(p.alone_count[0], 2);
	assert_int_equal(p.alone_count[1], 1);
	assert_ptr_equal(p.alone[1][0], &kernels[1]);
	pairs_free(&p);

	o[0] = (struct operand){.run = &all};
	o[1] = (struct operand){.run = &all};
	assert_true(pairs_make(o, &p, &why) < 0);
	assert_string_equal(why.text,
			    "6.12 huge-fault would be compared with itself");
	pairs_free(&p);
}

/* --- words --- */

static void changes_in_words(void **state)
{
	(void)state;
	const struct {
		double percent;
		const char *text;
	} cases[] = {
		{0, "0"},
		{8.9, "+8.9%"},
		{-8.9, "-8.9%"},
		{0.05, "+0.05%"},
		{-0.0005, "-0.0005%"},
		{783.5, "+784%"},
		{899, "+899%"},
		{900, "10.0x"},
		{2107.2, "22.1x"},
		{569100, "5,692x"},
		{-99.776, "-99.78%"},
		{-99.99999, "-99.99%"},
		{-100, "-100%"},
		{INFINITY, "from 0"},
		{1e12, "+1.0e+12%"},
	};
	char text[WORDS_SIZE];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(change_text(text, cases[i].percent),
				    cases[i].text);
}

static void pages_in_words(void **state)
{
	struct contrast c = contrast_of(1000, 1000, 1600, 1600);
	char text[WORDS_SIZE];

	(void)state;
	assert_string_equal(per_page_text(text, &c), "");
	c.nature.pages = 10;
	assert_string_equal(per_page_text(text, &c), "+60.00");
	c.side[1].shown = 999;
	assert_string_equal(per_page_text(text, &c), "-0.10");
	c.side[1].shown = 1000;
	assert_string_equal(per_page_text(text, &c), "");
	c.low = -1.5;
	c.high = 12.25;
	assert_string_equal(interval_text(text, &c), "[-1.5%, +12.2%]");
	c.high = -1.5;
	assert_string_equal(interval_text(text, &c), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_figures),
		cmocka_unit_test(other_samples_of_the_same_sum),
		cmocka_unit_test(neither_is_better),
		cmocka_unit_test(boots_that_differ),
		cmocka_unit_test(single_boots),
		cmocka_unit_test(resolutions),
		cmocka_unit_test(noise_is_no_change),
		cmocka_unit_test(natures),
		cmocka_unit_test(pairs_by_what_is_not_named),
		cmocka_unit_test(who_has_no_partner),
		cmocka_unit_test(changes_in_words),
		cmocka_unit_test(pages_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
