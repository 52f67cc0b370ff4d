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

/* Of all functions.tsv of a profile; some 150 bytes of memory a row. */
#define PROFILE_ROWS_MAX 1000000
#define MODEL_COUNTERS_MAX 64 /* of a phase */
#define PROFILE_PHASES_MAX 1000 /* of a kernel */
#define PROFILE_PARAMETERS_MAX 512 /* bytes of those of a cell, together */
#define STACKS_MAX 200000 /* of a flame graph */
#define STACK_FRAMES_MAX 256
#define FRAMES_MAX 2000000 /* of them; some 90 bytes each */
#define FUNCTION_NAME_MAX 255 /* bytes; of a frame of a stack, too */

/* Of all logs of fio; 24 bytes of memory each. */
#define FIO_IOS_MAX 5000000
#define FIO_JOBS_MAX 16 /* names of jobs, and numbers of threads */

#define TOKEN_MAX 64 /* bytes of a name or a parameter's value */
#define EVENT_NAME_MAX 128
#define STRING_MAX 4096 /* bytes of any other text */

/* Of a phase: exact as a double, and 1,000 boots of it do not overflow. */
#define SAMPLES_MAX (UINT64_C(1) << 53)

#endif
