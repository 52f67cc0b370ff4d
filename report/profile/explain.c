// SPDX-License-Identifier: GPL-2.0-or-later
/* Why something is refused, in words. */
#include "profile.h"

#include <stdarg.h>

int explain(struct why *why, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}
