/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_CONTRACT_H
#define TESTS_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "rig/device.h"
#include "view.h"

/* ivshmem and nvme, as QEMU has them. */
#define CONTRACT_BAR "1af4:1110"
#define CONTRACT_FLR "1b36:0010"

struct contract {
	struct device bar; /* RAM-backed, each page stamped */
	struct device flr; /* has function-level reset and power states */
	uint64_t flr_register; /* what the first page of flr begins with */
	enum device_interface interface; /* by which both are opened */
	uint64_t seed; /* of what is random in races */
	bool eager; /* no fault is allowed after enable */
	bool huge; /* has leaves of PMD and PUD size */
	bool untouched; /* the base, without the common series */
};

/* The first of the two that is not NULL. Calls in @b only: both are made, and
 * nothing says which one first. */
const char *first_of(const char *a, const char *b);

/* contract.c */
const char *clean_log(void *context);

/* mappings.c */
/* Disable, look, enable, look; on the eager ones without a fault. */
const char *toggle_views(struct contract *c, const struct view *views,
			 size_t count);
const char *stamps(void *context);
const char *one_mapping(void *context);
const char *several_mappings(void *context);
const char *mapped_while_disabled(void *context);
const char *written_twice(void *context);
const char *command_by_parts(void *context);
const char *pieces(void *context);
const char *map_fixed_over(void *context);
const char *unmapped_while_disabled(void *context);

/* pieces.c */
const char *pmd_unmapped(void *context);
const char *pmd_protected(void *context);
const char *pmd_moved(void *context);
const char *pud_unmapped(void *context);
const char *pud_protected(void *context);
const char *pud_moved(void *context);
const char *pud_moved_askew(void *context);

/* processes.c */
const char *forked(void *context);
const char *forked_while_disabled(void *context);
const char *killed(void *context);
const char *exited(void *context);
const char *killed_enabling(void *context);
const char *enabled_at_once(void *context);

/* sites.c: @id is an enum site_id. */
const char *at_site(void *context, int id);
const char *reset_in_d3hot(void *context);
const char *reset_in_low_power(void *context);

/* life.c */
const char *several_bars(void *context);
const char *several_devices(void *context);
const char *several_descriptors(void *context);
const char *reopened(void *context);
const char *both_interfaces(void *context);
const char *unbound(void *context);
const char *race_unbind(void *context);
const char *race_reopen(void *context);

#endif
