/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters that several benchmarks have: one meaning and one range each. */
#ifndef BENCH_PARAMETERS_H
#define BENCH_PARAMETERS_H

#include "benchmark.h"
#include "rig/device.h"

#define TARGET_PARAMETER(summary)                                              \
	{                                                                      \
		"target", summary, PARAMETER_TARGET, "memfd", 0, 0, NULL       \
	}
#define LENGTH_PARAMETER(summary, fallback)                                    \
	{                                                                      \
		"length", summary, PARAMETER_SIZE, fallback, 4096,             \
			UINT64_C(64) << 30, NULL                               \
	}
#define ALIGN_PARAMETER                                                        \
	{                                                                      \
		"align",                                                       \
			"address and BAR page agree modulo this, and not "     \
			"more",                                                \
			PARAMETER_SIZE, "1G", 4096, 1 << 30, NULL              \
	}

/* What a benchmark that maps the BAR begins with. */
#define BAR_PARAMETERS(length)                                                 \
	TARGET_PARAMETER("what is mapped"),                                    \
		LENGTH_PARAMETER("bytes of the BAR, from its start", length),  \
		ALIGN_PARAMETER

#define CHOICE_PARAMETER(name, summary, fallback, choices)                     \
	{                                                                      \
		name, summary, PARAMETER_CHOICE, fallback, 0, 0, choices       \
	}
#define NUMBER_PARAMETER(name, summary, fallback, min, max)                    \
	{                                                                      \
		name, summary, PARAMETER_NUMBER, fallback, min, max, NULL      \
	}
/* Of who probes (rig/prober.h). */
#define INTERVAL_PARAMETER(summary)                                            \
	NUMBER_PARAMETER("interval", summary, "100", 100, 1000000)

/*
 * How a benchmark that opens the device does it. Inline: bring-up asks between its
 * stamps.
 */
#define INTERFACE_PARAMETER                                                    \
	CHOICE_PARAMETER("interface", "type1 (group) or iommufd (cdev)",       \
			 "group", interface_names)
extern const char *const interface_names[];
static inline enum device_interface cell_interface(const struct cell *cell)
{
	static const enum device_interface by[] = {INTERFACE_GROUP,
						   INTERFACE_CDEV};

	return by[cell_number(cell, "interface")];
}

#endif
