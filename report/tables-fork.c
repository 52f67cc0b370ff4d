// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/place.h"

static const struct measure both = {"fork and exit",
				    {{"fork", MEDIAN}, {"exit", MEDIAN}}};

static const struct measure columns[] = {
	{"fork", {{"fork", MEDIAN}}},
	{"first access", {{"child-first-access", MEDIAN}}},
	{"touch", {{"child-touch", MEDIAN}}},
	{"faults", {{"child-faults", MEDIAN}}},
	{"page tables", {{"child-page-tables", MEDIAN}}},
	{"exit", {{"exit", MEDIAN}}},
};

void tables_fork(const struct place *p, bool brief)
{
	struct filter all = {"fork", {{"target", p->target}}};

	place_pivot(p, &all, &both,
		    "`fork` and the child's `exit`, medians; mapped=no is the "
		    "same process without the BAR:");
	if (brief)
		return;
	doc_para(p->doc, "All of it, medians; the child reads every page, and "
			 "its page tables (bytes) are those after the fork:");
	place_detail(p, &all, columns, COUNT(columns));
}
