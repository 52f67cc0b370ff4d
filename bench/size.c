// SPDX-License-Identifier: GPL-2.0-or-later
#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int unit_shift(const char *unit)
{
	if (!*unit)
		return 0;
	if (unit[1])
		return -1;
	switch (*unit) {
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	}
	return -1;
}

int size_parse(const char *text, uint64_t *bytes)
{
	uint64_t number;
	char *end;
	int shift;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return -ERANGE;
	shift = unit_shift(end);
	if (shift < 0)
		return -EINVAL;
	if (number > (uint64_t)INT64_MAX >> shift)
		return -ERANGE;
	*bytes = number << shift;
	return 0;
}

void size_format(uint64_t bytes, char text[32])
{
	static const char units[] = {'G', 'M', 'K'};

	for (int i = 0; i < 3; i++) {
		int shift = 30 - 10 * i;

		if (bytes && !(bytes & ((UINT64_C(1) << shift) - 1))) {
			snprintf(text, 32, "%" PRIu64 "%c", bytes >> shift,
				 units[i]);
			return;
		}
	}
	snprintf(text, 32, "%" PRIu64, bytes);
}
