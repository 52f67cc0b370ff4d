// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.bench: the Go benchmark data format (golang.org/design/14313), with
 * the unit lines of golang.org/issue/43744. One line a boot and phase, so that
 * benchstat has its replicates and `benchstat -col variant` compares kernels.
 */
#include "report/export.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "report/view.h"

/* How the format says what our records call a unit. */
static const struct {
	const char *ours;
	const char *theirs;
} units[] = {
	{"bytes", "B/op"}, /* rescaled by what reads it, as is ns/op */
};

static void write_unit(FILE *out, const char *unit)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(unit, units[i].ours)) {
			fputs(units[i].theirs, out);
			return;
		}
	fprintf(out, "%s/op", unit);
}

/* "first-touch" as FirstTouch: a name starts with a capital. */
static void write_name(FILE *out, const char *name)
{
	bool start = true;

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (isalnum(c))
			fputc(start ? toupper(c) : c, out);
		start = !isalnum(c);
	}
}

/* A part of a name: a space would end the name, a slash the part. */
static void write_word(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || strchr("._:+-", c))
			fputc(c, out);
		else
			fprintf(out, "%%%02X", c);
	}
}

/* @total / @samples, to six places where it is no integer. */
static void write_mean(FILE *out, uint64_t total, uint64_t samples)
{
	uint64_t rest = total % samples;

	fprintf(out, "%" PRIu64, total / samples);
	if (rest)
		fprintf(out, ".%06u",
			(unsigned int)((unsigned __int128)rest * 1000000 /
				       samples));
}

static json_int_t cpus(const struct boot *boot)
{
	const json_t *machine = json_object_get(boot->environment, "machine");
	json_int_t count = json_integer_value(json_object_get(machine, "cpus"));

	return count > 0 ? count : 1;
}

static void write_line(FILE *out, const struct boot *boot,
		       const struct cell *cell, const struct phase *phase)
{
	fputs("Benchmark", out);
	write_name(out, cell->benchmark);
	for (size_t i = 0; i < cell->parameter_count; i++) {
		fputc('/', out);
		write_word(out, cell->parameters[i].name);
		fputc('=', out);
		write_word(out, cell->parameters[i].value);
	}
	fprintf(out, "/version=%" PRId64 "/phase=", cell->version);
	write_word(out, phase->name);
	fprintf(out, "-%" JSON_INTEGER_FORMAT " %" PRIu64 " ", cpus(boot),
		phase->samples.count);
	write_mean(out, samples_total(&phase->samples), phase->samples.count);
	fputc(' ', out);
	write_unit(out, phase->unit);
	fputc('\n', out);
}

static void write_row(FILE *out, const struct row *row)
{
	const struct kernel *kernel = row->kernel;

	for (size_t b = 0; b < kernel->boot_count; b++) {
		const struct boot *boot = &kernel->boots[b];
		const struct cell *cell = boot_cell(boot, row->cell);

		if (!cell || cell->status != CELL_OK)
			continue;
		for (size_t p = 0; p < cell->phase_count; p++) {
			const struct phase *phase = &cell->phases[p];

			if (!strcmp(phase->name, row->phase) &&
			    !strcmp(phase->unit, row->unit) &&
			    phase->samples.count)
				write_line(out, boot, cell, phase);
		}
	}
}

/*
 * Keys of the whole file and of a kernel are those that may be compared by: any
 * other that differed would set results apart. Hashes are in comments.
 */
static void write_kernel(FILE *out, const struct kernel *kernel)
{
	fprintf(out, "\nbase: %s\nvariant: %s\n", kernel->base,
		kernel->variant);
	if (kernel->build)
		fprintf(out, "# image %s\n",
			text_at(kernel->build, "image_sha256", "unknown"));
}

/* Has an earlier row this unit? */
static bool seen(const struct summary *s, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(s->rows[j].unit, s->rows[i].unit))
			return true;
	return false;
}

/* Counts are exact or they are wrong; times are what statistics are for. */
static void write_units(FILE *out, const struct summary *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (seen(s, i))
			continue;
		fputs("Unit ", out);
		write_unit(out, s->rows[i].unit);
		fprintf(out, " better=lower%s\n",
			strcmp(s->rows[i].unit, "ns") ? " assume=exact" : "");
	}
}

int export_benchmarks(const struct summary *s, FILE *out)
{
	const json_t *json = s->run->json;
	const struct kernel *last = NULL;

	fprintf(out,
		"# pfnbench run %s, plan %s, pfnreport " PFNBENCH_VERSION "\n",
		text_at(json, "run", "unknown"),
		text_at(json, "plan", "unknown"));
	write_units(out, s);
	fprintf(out, "mode: %s\n", text_at(json, "mode", "unknown"));
	for (size_t i = 0; i < s->count; i++) {
		if (s->rows[i].kernel != last)
			write_kernel(out, s->rows[i].kernel);
		last = s->rows[i].kernel;
		write_row(out, &s->rows[i]);
	}
	return 0;
}
