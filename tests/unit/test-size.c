// SPDX-License-Identifier: GPL-2.0-or-later
/* Sizes as a user writes them, both ways. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "plan.h"

static void reads_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} cases[] = {
		{"0", 0},
		{"0K", 0},
		{"1", 1},
		{"4096", 4096},
		{"004K", 4096},
		{"1028K", 1028 * 1024},
		{"2M", 2 << 20},
		{"1G", 1 << 30},
		{"64G", UINT64_C(64) << 30},
		{"9223372036854775807", INT64_MAX},
		{"9007199254740991K", UINT64_C(9007199254740991) << 10},
		{"8796093022207M", UINT64_C(8796093022207) << 20},
		{"8589934591G", UINT64_C(8589934591) << 30},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t bytes = 7;

		assert_int_equal(size_parse(cases[i].text, &bytes), 0);
		assert_int_equal(bytes, cases[i].bytes);
	}
}

static void refuses_what_is_no_size(void **state)
{
	static const char *const no_size[] = {
		"",   "K",   " 4K",   "-1",  "+1",  "4 K", "4k",
		"4T", "4KB", "4KiB",  "4K ", "0x4", "1e3", "1.5G",
		"4,", "M4",  "4K\t1", "G",   "\n",  "K4K", "\xb4",
	};
	/* 2^63 in each unit, then what does not fit 64 bits. */
	static const char *const too_large[] = {
		"9223372036854775808",	"9007199254740992K",
		"8796093022208M",	"8589934592G",
		"18446744073709551615", "18446744073709551615G",
		"18446744073709551616", "18014398509481985K",
		"17179869185G",		"99999999999999999999999999999999",
	};
	uint64_t bytes = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(no_size) / sizeof(*no_size); i++)
		assert_int_equal(size_parse(no_size[i], &bytes), -EINVAL);
	for (size_t i = 0; i < sizeof(too_large) / sizeof(*too_large); i++)
		assert_int_equal(size_parse(too_large[i], &bytes), -ERANGE);
	assert_int_equal(bytes, 7);
}

static void expect_format(uint64_t bytes, const char *expected)
{
	uint64_t back;
	char text[32];

	size_format(bytes, text);
	assert_string_equal(text, expected);
	if (bytes > INT64_MAX)
		return;
	assert_int_equal(size_parse(text, &back), 0);
	assert_int_equal(back, bytes);
}

static void writes_the_largest_unit_that_divides(void **state)
{
	(void)state;
	expect_format(0, "0");
	expect_format(1023, "1023");
	expect_format(1024, "1K");
	expect_format(1025, "1025");
	expect_format(4096, "4K");
	expect_format(1028 * 1024, "1028K");
	expect_format(1 << 20, "1M");
	expect_format((1 << 30) - (1 << 20), "1023M");
	expect_format(1 << 30, "1G");
	expect_format(UINT64_C(3) << 29, "1536M");
	expect_format(UINT64_C(1) << 40, "1024G");
	expect_format(INT64_MAX, "9223372036854775807");
	expect_format(UINT64_MAX, "18446744073709551615");
	/* Every power of two, whatever its unit. */
	for (int shift = 0; shift < 63; shift++) {
		uint64_t back, bytes = UINT64_C(1) << shift;
		char text[32];

		size_format(bytes, text);
		assert_true(strlen(text) <= 6 || shift >= 40);
		assert_int_equal(size_parse(text, &back), 0);
		assert_int_equal(back, bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sizes),
		cmocka_unit_test(refuses_what_is_no_size),
		cmocka_unit_test(writes_the_largest_unit_that_divides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
