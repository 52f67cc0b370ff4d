// SPDX-License-Identifier: GPL-2.0-or-later
/* Every benchmark there is. A new one is a line here and a file beside it. */
#include "benchmark.h"

#include <string.h>

/* One a line: a benchmark that is added changes no other. */
// clang-format off
const struct benchmark *const benchmarks[] = {
	&first_touch,
	&huge_pfnmap,
	&reset_recovery,
	&outage,
	&controls,
	&bystander,
	&fork_benchmark,
	&contended_touch,
	&dma_map_benchmark,
	&bring_up,
	&power,
	&nvme_recovery,
	NULL,
};
// clang-format on

const struct benchmark *benchmark_find(const char *name)
{
	for (size_t i = 0; benchmarks[i]; i++)
		if (!strcmp(benchmarks[i]->name, name))
			return benchmarks[i];
	return NULL;
}
