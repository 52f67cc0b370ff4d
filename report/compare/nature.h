/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a phase before it is compared. */
#ifndef REPORT_COMPARE_NATURE_H
#define REPORT_COMPARE_NATURE_H

#include "report/compare/contrast.h"

/*
 * Of @phase of @cell. @samples: of one boot. @counts: in count mode, where waits
 * and schedules have a resolution of their own (docs/COMPARE.md).
 */
struct nature nature_of(const struct cell *cell, const char *phase,
			const char *unit, uint64_t samples, bool counts);
/* Of a question of the headline. */
struct nature nature_of_sum(const struct cell *cell,
			    const struct measure *measure);

#endif
