// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/place.h"

static const struct measure total = {"total", {{"total", TOTAL}}};

static const struct measure columns[] = {
	{"alone", {{"alone", TOTAL}}},
	{"total", {{"total", TOTAL}}},
	{"slowest thread", {{"thread", MAX}}},
	{"touch median", {{"touch", MEDIAN}}},
	{"samples", {{"touch", SAMPLES}}},
	{"p99", {{"touch", P99}}},
	{"max", {{"touch", MAX}}},
	{"faults alone", {{"faults-alone", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
	{"redundant", {{"redundant-faults", TOTAL}}},
};

void tables_contended_touch(const struct place *p, bool brief)
{
	struct filter all = {"contended-touch", {{"target", p->target}}};
	struct filter largest = {
		"contended-touch",
		{{"target", p->target}, {"length", p->length}}};

	place_pivot(p, brief ? &largest : &all, &total,
		    "Cost for threads to reach every page of a fresh mapping "
		    "at once, from the first one's begin to the last one's "
		    "end:");
	if (brief)
		return;
	doc_para(p->doc, "All of it at the largest length; alone is one thread "
			 "that reaches every page, and redundant the faults "
			 "that it did not need:");
	place_detail(p, &largest, columns, COUNT(columns));
}
