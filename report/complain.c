// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/complain.h"

#include <stdio.h>

int complain(const char *what, const char *why, int status)
{
	fprintf(stderr, "pfnreport: %s: %s\n", what, why);
	return status;
}
