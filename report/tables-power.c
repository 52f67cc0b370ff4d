// SPDX-License-Identifier: GPL-2.0-or-later
/* power: sleep and wake with the BAR mapped, as a sum and step by step. */
#include "report/place.h"

/* In counts without the waits: they are the device's. */
static const struct measure back[] = {
	{"back",
	 {{"sleep", TOTAL},
	  {"wake", TOTAL},
	  {"first-access", TOTAL},
	  {"whole-bar", TOTAL}}},
	{"back",
	 {{"sleep-cpu", TOTAL},
	  {"wake-cpu", TOTAL},
	  {"first-access", TOTAL},
	  {"whole-bar", TOTAL}}},
};

static const struct measure columns[] = {
	{"populate", {{"populate", TOTAL}}},
	{"sleep", {{"sleep", TOTAL}}},
	{"sleep-cpu", {{"sleep-cpu", TOTAL}}},
	{"wake", {{"wake", TOTAL}}},
	{"wake-cpu", {{"wake-cpu", TOTAL}}},
	{"first-access", {{"first-access", TOTAL}}},
	{"whole-bar", {{"whole-bar", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
	{"sigbus", {{"sigbus", TOTAL}}},
};

void tables_power(const struct place *p, bool brief)
{
	struct filter all = {"power", {{"target", p->target}}};
	bool counts = run_counts(p->s->run);

	place_pivot(
		p, &all, &back[counts],
		counts ? "Cost to sleep, wake and reach every page, without "
			 "the waits for the device, `sleep-cpu` + "
			 "`wake-cpu` + `first-access` + `whole-bar`:"
		       : "Cost to sleep, wake and reach every page, `sleep` "
			 "+ `wake` + `first-access` + `whole-bar`:");
	if (brief)
		return;
	doc_para(p->doc, "Phases:");
	place_detail(p, &all, columns, COUNT(columns));
}
