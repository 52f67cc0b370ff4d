// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/place.h"

static const struct measure recovered = {"recovered", {{"recovered", MAX}}};

static const struct measure columns[] = {
	{"disable", {{"disable", TOTAL}}},
	{"enable", {{"enable", TOTAL}}},
	{"reset", {{"reset", TOTAL}}},
	{"quiet worst", {{"quiet", MAX}}},
	{"probe worst", {{"probe", MAX}}},
	{"longest gap", {{"longest-gap", MAX}}},
	{"recovered", {{"recovered", MAX}}},
	{"late", {{"late", TOTAL}}},
	{"failed", {{"failed", TOTAL}}},
	{"sigbus", {{"sigbus", TOTAL}}},
};

void tables_outage(const struct place *p, bool brief)
{
	struct filter all = {"outage", {{"target", p->target}}};
	struct filter largest = {
		"outage", {{"target", p->target}, {"length", p->length}}};

	place_pivot(p, brief ? &largest : &all, &recovered,
		    "From the start of the call that gives the BAR back to the "
		    "good probe that ends the longest gap, of the last thread "
		    "to have one:");
	if (brief)
		return;
	doc_para(p->doc,
		 "What the probers saw at the largest length. A probe's time "
		 "counts from when it was due; late are those that ended "
		 "after the next was due. With action=toggle ten intervals of "
		 "the gap were asked for:");
	place_detail(p, &largest, columns, COUNT(columns));
}
