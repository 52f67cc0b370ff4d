/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an input may be at most, so that no file can make the analyser take all
 * memory. Far above any plan; docs/RESULT-FORMAT.md has the same table.
 */
#ifndef REPORT_LIMITS_H
#define REPORT_LIMITS_H

#include <stdint.h>

#define MIB (UINT64_C(1) << 20)

/* run.json, torture.json, boot-N.broken.json */
#define DOCUMENT_MIB 16
#define BOOT_FILE_MIB 256
#define LINE_MIB 16
/* What JSON takes while it is read; jansson needs some 200 bytes a pair. */
#define JSON_MIB 192
/* What is kept of all boots of a run. */
#define RUN_MIB 512

#define BASES_MAX 16
#define VARIANTS_MAX 64
#define KERNELS_MAX 256 /* bases times variants */
#define BOOTS_MAX 1000 /* of a kernel */
#define BENCHMARKS_MAX 64 /* of a run */
#define CELLS_MAX 10000 /* of a boot */
#define PARAMETERS_MAX 16
#define PHASES_MAX 64
#define COUNTERS_MAX 128 /* of a phase */

#define GUESTS_MAX 1024 /* of torture.json */
/* Of a guest there: the sum of all guests' does not overflow. */
#define GUEST_COUNT_MAX (UINT64_C(1) << 50)

#define TOKEN_MAX 64 /* bytes of a name or a parameter's value */
#define EVENT_NAME_MAX 128
#define STRING_MAX 4096 /* bytes of any other text */

/* Of a phase: exact as a double, and 1,000 boots of it do not overflow. */
#define SAMPLES_MAX (UINT64_C(1) << 53)

#endif
