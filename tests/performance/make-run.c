// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A made-up run in time mode, to measure the analyser with: make-run FOLDER
 * SAMPLES latencies|distinct. Seven kernels of twelve boots with the cells of a
 * plan; SAMPLES samples in all, most of them in the first touches. As latencies
 * they repeat as those of a machine do, a few thousand distinct values a phase;
 * as distinct ones no value of a phase comes twice, the most a file can hold.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BOOTS 12
#define TOUCHES 24 /* phases of many samples in a boot */

static const char *const variants[] = {"base",	     "huge-fault", "insert-pfn",
				       "insert-vma", "write-lock", "eager",
				       "eager-huge"};
static const char *const lengths[] = {"4K", "64K", "2M", "16M", "128M", "1G"};
static const char *const aligns[] = {"4K", "2M"};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static uint64_t seed = 1;

/* Uniform in [0, 1). xorshift64*, of Vigna, "An experimental exploration". */
static double uniform(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (double)((seed * UINT64_C(2685821657736338717)) >> 11) /
	       (double)(UINT64_C(1) << 53);
}

/* In ns: most faults near 1 us, some that waited, a tail. */
static uint64_t latency(void)
{
	double u = uniform();

	if (u < 0.9)
		return (uint64_t)(900 - 250 * log(1 - uniform()));
	return (uint64_t)(1500 -
			  (u < 0.99 ? 2500 : 40000) * log(1 - uniform()));
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void draw(uint64_t *values, size_t samples, bool distinct)
{
	for (size_t i = 0; i < samples; i++) {
		if (!distinct)
			values[i] = latency();
		else
			values[i] = (i ? values[i - 1] : 900) + 1 +
				    (uint64_t)(4 * uniform());
	}
	if (!distinct)
		qsort(values, samples, sizeof(*values), by_value);
}

static void put_tally(FILE *out, uint64_t *values, size_t samples,
		      bool distinct)
{
	draw(values, samples, distinct);
	for (size_t i = 0, same; i < samples; i += same) {
		for (same = 1;
		     i + same < samples && values[i + same] == values[i];)
			same++;
		fprintf(out, "%s[%ju,%zu]", i ? "," : "", (uintmax_t)values[i],
			same);
	}
}

static void put_phase(FILE *out, const char *name, const char *unit,
		      uint64_t *values, size_t samples, bool distinct)
{
	fprintf(out, "%s{\"name\":\"%s\",\"unit\":\"%s\",\"tally\":[",
		strcmp(name, "mmap") && strcmp(name, "disable") ? "," : "",
		name, unit);
	put_tally(out, values, samples, distinct);
	fputs("],\"counters\":{}}", out);
}

static void begin_cell(FILE *out, const char *benchmark, const char *length,
		       const char *align)
{
	fprintf(out,
		"{\"type\":\"cell\",\"benchmark\":\"%s\","
		"\"benchmark_version\":1,\"parameters\":{\"target\":"
		"\"0000:65:00.0\",\"length\":\"%s\",\"align\":\"%s\"",
		benchmark, length, align);
}

static void begin_phases(FILE *out)
{
	fputs("},\"status\":\"ok\",\"reason\":\"\",\"phases\":[", out);
}

static void end_cell(FILE *out)
{
	fputs("],\"checks\":{\"pages\":1,\"wrong\":0},\"notes\":{}}\n", out);
}

/* The cells that hold the samples: one for each length and alignment. */
static void put_first_touch(FILE *out, size_t l, size_t a, uint64_t *values,
			    size_t samples, bool distinct)
{
	static const char *const others[] = {"munmap", "first-touch-total",
					     "second-touch-total"};

	begin_cell(out, "first-touch", lengths[l], aligns[a]);
	fputs(",\"access\":\"read\",\"order\":\"ascending\"", out);
	begin_phases(out);
	put_phase(out, "mmap", "ns", values, 1, false);
	put_phase(out, "first-touch", "ns", values, samples, distinct);
	put_phase(out, "second-touch", "ns", values, samples, distinct);
	for (size_t i = 0; i < COUNT(others); i++)
		put_phase(out, others[i], "ns", values, 1, false);
	put_phase(out, "faults", "faults", values, 1, false);
	end_cell(out);
}

static void put_recovery(FILE *out, size_t l, size_t a, const char *action,
			 int vmas, uint64_t *values)
{
	static const char *const phases[] = {"disable", "enable",
					     "first-access", "whole-bar"};

	begin_cell(out, "reset-recovery", lengths[l], aligns[a]);
	fprintf(out, ",\"action\":\"%s\",\"vmas\":\"%d\",\"processes\":\"1\"",
		action, vmas);
	begin_phases(out);
	for (size_t i = 0; i < COUNT(phases); i++)
		put_phase(out, phases[i], "ns", values, 1, false);
	put_phase(out, "faults", "faults", values, 1, false);
	end_cell(out);
}

static void put_environment(FILE *out, const char *variant)
{
	fprintf(out,
		"{\"type\":\"environment\",\"format\":1,\"program\":{},"
		"\"base\":\"6.12\",\"variant\":\"%s\",\"mode\":\"time\","
		"\"unit\":\"ns\",\"unit_check\":{},\"clock\":{},\"kernel\":{},"
		"\"machine\":{},\"devices\":[]}\n",
		variant);
}

static void put_boot(FILE *out, const char *variant, uint64_t *values,
		     size_t samples, bool distinct)
{
	int cells = 0;

	put_environment(out, variant);
	for (size_t l = 0; l < COUNT(lengths); l++)
		for (size_t a = 0; a < COUNT(aligns); a++) {
			put_first_touch(out, l, a, values, samples, distinct);
			for (int vmas = 1; vmas <= 64; vmas *= 4) {
				put_recovery(out, l, a, "toggle", vmas, values);
				put_recovery(out, l, a, "reset", vmas, values);
				cells += 2;
			}
			cells++;
		}
	fprintf(out,
		"{\"type\":\"end\",\"cells\":%d,\"kernel_log\":[],"
		"\"seconds\":1}\n",
		cells);
}

static void put_run(FILE *out)
{
	fputs("{\"format\":1,\"run\":\"made-up\",\"plan\":\"default\","
	      "\"mode\":\"time\",\"boots\":12,\"bases\":[\"6.12\"],"
	      "\"variants\":[",
	      out);
	for (size_t v = 0; v < COUNT(variants); v++)
		fprintf(out, "%s\"%s\"", v ? "," : "", variants[v]);
	fputs("]}\n", out);
}

/* FOLDER/NAME, to be written; ends the program where it can't be. */
static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	if (!out) {
		fprintf(stderr, "make-run: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return out;
}

static int finish(FILE *out)
{
	return fflush(out) || fclose(out);
}

static int make(const char *folder, size_t samples, bool distinct)
{
	uint64_t *values = calloc(samples + 1, sizeof(*values));
	FILE *out = create(folder, "run.json");
	int failed = !values;

	put_run(out);
	failed |= finish(out);
	for (size_t v = 0; !failed && v < COUNT(variants); v++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/6.12-%s", folder, variants[v]);
		failed |= mkdir(name, 0755) && errno != EEXIST;
		for (int b = 1; !failed && b <= BOOTS; b++) {
			snprintf(name, sizeof(name), "6.12-%s/boot-%d.jsonl",
				 variants[v], b);
			out = create(folder, name);
			put_boot(out, variants[v], values, samples, distinct);
			failed |= finish(out);
		}
	}
	free(values);
	return failed;
}

int main(int argc, char **argv)
{
	double samples = argc == 4 ? strtod(argv[2], NULL) : 0;
	bool distinct = argc == 4 && !strcmp(argv[3], "distinct");

	if (samples < 1 || samples > 1e9 ||
	    (!distinct && strcmp(argv[3], "latencies"))) {
		fprintf(stderr, "usage: make-run FOLDER SAMPLES "
				"latencies|distinct\n");
		return 2;
	}
	if (make(argv[1],
		 (size_t)(samples / (BOOTS * COUNT(variants) * TOUCHES)),
		 distinct)) {
		fprintf(stderr, "make-run: %s: cannot write a run\n", argv[1]);
		return 2;
	}
	return 0;
}
