// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/place.h"

static const struct measure worst = {"busy worst", {{"busy", MAX}}};

static const struct measure columns[] = {
	{"action", {{"action", TOTAL}}},
	{"reach", {{"reach", TOTAL}}},
	{"busy worst", {{"busy", MAX}}},
	{"median", {{"busy", MEDIAN}}},
	{"samples", {{"busy", SAMPLES}}},
	{"p99", {{"busy", P99}}},
	{"quiet worst", {{"quiet", MAX}}},
	{"operation worst", {{"operation", MAX}}},
	{"late", {{"late", TOTAL}}},
};

void tables_bystander(const struct place *p, bool brief)
{
	struct filter all = {"bystander", {{"target", p->target}}};
	struct filter largest = {
		"bystander", {{"target", p->target}, {"length", p->length}}};

	place_pivot(p, brief ? &largest : &all, &worst,
		    "The worst latency of a bystander, from when its operation "
		    "was due, while the actor maps, toggles or resets the BAR "
		    "and reaches every page again:");
	if (brief)
		return;
	doc_para(p->doc,
		 "All of it at the largest length: what the actor took, what "
		 "the bystander saw meanwhile and before (quiet), and its "
		 "longest operation alone, which is longer than in quiet only "
		 "where it waited for a lock or for others' turns:");
	place_detail(p, &largest, columns, COUNT(columns));
}
