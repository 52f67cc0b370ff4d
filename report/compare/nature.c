// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/nature.h"

#include <stdlib.h>
#include <string.h>

#include "report/record.h"

#define PAGE UINT64_C(4096)

/*
 * The phases whose work grows with the pages that are mapped. Those of which a
 * cell has one sample a mapping, fork or process do it for each of the samples;
 * the others once for all VMAs and processes.
 */
static const struct {
	const char *benchmark;
	const char *phase;
	bool each;
} by_page[] = {
	{"first-touch", "mmap", true},
	{"first-touch", "munmap", true},
	{"first-touch", "first-touch", false},
	{"first-touch", "first-touch-total", false},
	{"first-touch", "second-touch", false},
	{"first-touch", "second-touch-total", false},
	{"huge-pfnmap", "second-touch", false},
	{"huge-pfnmap", "second-touch-total", false},
	{"reset-recovery", "populate", false},
	{"reset-recovery", "disable", false},
	{"reset-recovery", "enable", false},
	{"reset-recovery", "reset-cpu", false},
	{"reset-recovery", "whole-bar", false},
	{"power", "populate", false},
	{"power", "sleep-cpu", false},
	{"power", "wake-cpu", false},
	{"power", "whole-bar", false},
	{"fork", "fork", true},
	{"fork", "exit", true},
	{"fork", "child-touch", true},
	{"contended-touch", "alone", false},
	{"contended-touch", "total", false},
	{"dma-map", "mmap", false},
	{"dma-map", "populate", false},
	{"dma-map", "dma-map", false},
	{"dma-map", "dma-unmap", false},
	{"dma-map", "munmap", false},
};

static uint64_t number(const struct cell *cell, const char *name)
{
	uint64_t n = strtoull(cell_parameter(cell, name), NULL, 10);

	return n ? n : 1;
}

static uint64_t mapped_pages(const struct cell *cell)
{
	if (!strcmp(cell_parameter(cell, "mapped"), "no"))
		return 0;
	return size_bytes(cell_parameter(cell, "length")) / PAGE *
	       number(cell, "vmas") * number(cell, "processes");
}

static uint64_t pages_of(const struct cell *cell, const char *phase,
			 uint64_t samples)
{
	for (size_t i = 0; i < sizeof(by_page) / sizeof(*by_page); i++)
		if (!strcmp(by_page[i].benchmark, cell->benchmark) &&
		    !strcmp(by_page[i].phase, phase))
			return mapped_pages(cell) *
			       (by_page[i].each ? samples : 1);
	return 0;
}

static bool has_phase(const struct cell *cell, const char *name,
		      const char *suffix)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < cell->phase_count; i++)
		if (!strncmp(cell->phases[i].name, name, length) &&
		    !strcmp(cell->phases[i].name + length, suffix))
			return true;
	return false;
}

/* Instructions in the interval of a schedule, in us; one is a ns. */
static double interval_of(const struct cell *cell)
{
	return 1000.0 * (double)number(cell, "interval");
}

/*
 * What a difference of two counts must be larger than. A cell on a schedule
 * does its work when the schedule and the CPU allow: a change of six
 * instructions elsewhere moves its samples by anything up to the interval, to
 * the digit the same in each boot. One slot more or less a thread is late or
 * fails then. A CPU time is as good as the guest calibrated its clock.
 */
static double resolution_of(const struct cell *cell, const char *phase,
			    const char *unit, uint64_t samples)
{
	size_t length = strlen(phase);

	if (*cell_parameter(cell, "interval"))
		return is_timed(unit) ? interval_of(cell) * (double)samples
				      : (double)(number(cell, "threads") *
						 number(cell, "vmas"));
	if (length > 4 && !strcmp(phase + length - 4, "-cpu"))
		return -1e-5;
	return 0;
}

/*
 * Leaves of one level are neither good nor bad: they are the other levels'
 * loss. Where memory is off for all of a benchmark, SIGBUS is what a probe must
 * meet, once a probe; in an outage it is a probe that failed.
 */
static bool is_directed(const struct cell *cell, const char *unit)
{
	return strcmp(unit, "leaves") &&
	       (strcmp(unit, "signals") || *cell_parameter(cell, "interval"));
}

struct nature nature_of(const struct cell *cell, const char *phase,
			const char *unit, uint64_t samples, bool counts)
{
	struct nature nature = {
		.directed = is_directed(cell, unit),
		.control = !strcmp(cell->benchmark, "controls"),
		.pages = is_timed(unit) ? pages_of(cell, phase, samples) : 0,
	};

	if (!counts)
		return nature;
	nature.wait = is_timed(unit) && has_phase(cell, phase, "-cpu");
	nature.resolution = resolution_of(cell, phase, unit, samples);
	return nature;
}

struct nature nature_of_sum(const struct cell *cell,
			    const struct measure *measure)
{
	struct nature nature = {.directed = true};

	nature.pages = mapped_pages(cell);
	/* One of the parts may be a CPU time. */
	for (size_t i = 0; i < TERMS_MAX && measure->terms[i].phase; i++)
		if (strstr(measure->terms[i].phase, "-cpu"))
			nature.resolution = -1e-5;
	return nature;
}
