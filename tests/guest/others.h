/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several processes that map a device, this one among them, and that are asked
 * one after the other what they see.
 */
#ifndef TESTS_OTHERS_H
#define TESTS_OTHERS_H

#include "contract.h"
#include "crew.h"
#include "rig/mapping.h"

#define OTHERS 3
#define OTHERS_VIEWS 2

struct others {
	struct contract *contract;
	struct device *device;
	/* Of this process; what is there at the start is inherited by all. */
	struct view views[OTHERS_VIEWS];
	struct mapping maps[OTHERS_VIEWS];
	struct finding *findings; /* shared, one a process */
	struct crew crew;
};

/* Forks them. NULL, or why it failed. */
const char *others_start(struct others *o);
/* Each maps the device for itself, and sees what it must. */
const char *others_map(struct others *o);
/* Each finds every page of its views refused, or right. NULL, or who does not. */
const char *others_all_sigbus(struct others *o);
/* On the eager variants also: without a fault. */
const char *others_all_right(struct others *o);
/* In a process that was forked since: it has no part in this. */
void others_leave(struct others *o);
void others_end(struct others *o);

#endif
