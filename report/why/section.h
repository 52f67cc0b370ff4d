/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the section "Why". */
#ifndef REPORT_WHY_SECTION_H
#define REPORT_WHY_SECTION_H

#include "report/doc.h"
#include "report/why/asked.h"

/* What a model of caches and TLBs says; nothing where nothing was modelled. */
void section_model(struct doc *doc, const struct profile *profile,
		   const char *base);

#endif
