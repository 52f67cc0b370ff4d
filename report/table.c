// SPDX-License-Identifier: GPL-2.0-or-later
/* A table while it is filled; doc_table() writes it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc.h"
#include "report/model.h"

void table_init(struct table *table, size_t labels)
{
	memset(table, 0, sizeof(*table));
	table->labels = labels;
}

static void add_cell(struct table *table, const char *format, va_list ap)
{
	char **slot =
		append((void **)&table->cells, &table->count, sizeof(*slot));

	if (!slot)
		table->failed = true;
	else if (vasprintf(slot, format, ap) < 0) {
		*slot = NULL;
		table->failed = true;
	}
}

void table_head(struct table *table, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_cell(table, format, ap);
	va_end(ap);
	table->columns++;
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_cell(table, format, ap);
	va_end(ap);
}
