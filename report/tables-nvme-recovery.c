// SPDX-License-Identifier: GPL-2.0-or-later
/* nvme-recovery: from the reset to the first good I/O, as a sum and by steps. */
#include "report/place.h"

/* In counts without the waits: they are the device's, and QEMU's main loop's. */
static const struct measure back[] = {
	{"back", {{"whole", TOTAL}}},
	{"back", {{"reset-cpu", TOTAL}, {"work", TOTAL}}},
};

static const struct measure columns[] = {
	{"reset", {{"reset", TOTAL}}},
	{"reset-cpu", {{"reset-cpu", TOTAL}}},
	{"first-access", {{"first-access", TOTAL}}},
	{"ready", {{"ready", TOTAL}}},
	{"identify", {{"identify", TOTAL}}},
	{"queues", {{"queues", TOTAL}}},
	{"read", {{"read", TOTAL}}},
	{"whole", {{"whole", TOTAL}}},
	{"work", {{"work", TOTAL}}},
	{"faults", {{"faults", TOTAL}}},
};

void tables_nvme_recovery(const struct place *p, bool brief)
{
	struct filter all = {"nvme-recovery", {{"target", p->target}}};
	bool counts = run_counts(p->s->run);

	place_pivot(
		p, &all, &back[counts],
		counts ? "What a driver in user space pays from the loss of "
			 "its controller to the first block, without the "
			 "waits, `reset-cpu` + `work`:"
		       : "From the loss of the controller to the first block, "
			 "as a driver in user space sees it, `whole`:");
	if (brief)
		return;
	doc_para(p->doc,
		 counts ? "Step by step; all but `reset-cpu`, `first-access` "
			  "and `work` have waits in them, which in the guest "
			  "are 100 us for each command:"
			: "Step by step; all but `reset-cpu`, `first-access` "
			  "and `work` have waits in them:");
	place_detail(p, &all, columns, COUNT(columns));
}
