// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/model.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/attached.h"
#include "report/fio/fio.h"
#include "report/why/profile.h"

int refuse(struct why *why, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why->text, sizeof(why->text), format, ap);
	va_end(ap);
	/*
	 * It goes into one line of a terminal and two reports: a quoted byte of a
	 * spoilt file, or half a UTF-8 character, must not get there.
	 */
	for (char *p = why->text; *p; p++)
		if ((signed char)*p < ' ' || *p == 0x7f || *p == '`')
			*p = '?';
	return -EINVAL;
}

void cell_free(struct cell *cell)
{
	for (size_t i = 0; i < cell->parameter_count; i++) {
		free(cell->parameters[i].name);
		free(cell->parameters[i].value);
	}
	for (size_t i = 0; i < cell->phase_count; i++) {
		free(cell->phases[i].name);
		free(cell->phases[i].unit);
		samples_free(&cell->phases[i].samples);
		for (size_t c = 0; c < cell->phases[i].counter_count; c++)
			free(cell->phases[i].counters[c].name);
		free(cell->phases[i].counters);
	}
	free(cell->parameters);
	free(cell->phases);
	free(cell->benchmark);
	free(cell->key);
	free(cell->reason);
	memset(cell, 0, sizeof(*cell));
}

void boot_free(struct boot *boot)
{
	for (size_t i = 0; i < boot->cell_count; i++)
		cell_free(&boot->cells[i]);
	free(boot->cells);
	free(boot->sorted);
	json_decref(boot->environment);
	json_decref(boot->noise);
	memset(boot, 0, sizeof(*boot));
}

static void kernel_free(struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->boot_count; i++)
		boot_free(&kernel->boots[i]);
	for (size_t i = 0; i < kernel->broken_count; i++) {
		free(kernel->broken[i].reason);
		free(kernel->broken[i].last_line);
	}
	free(kernel->boots);
	free(kernel->broken);
	free(kernel->base);
	free(kernel->variant);
}

void run_free(struct run *run)
{
	for (size_t i = 0; i < run->kernel_count; i++)
		kernel_free(&run->kernels[i]);
	free(run->kernels);
	left_out_free(run->left_out, run->left_out_count);
	free(run->unit);
	json_decref(run->torture);
	free(run->torture_refused);
	profile_free(run->profile);
	free(run->profile_refused);
	fio_free(run->fio);
	free(run->fio_refused);
	for (size_t i = 0; i < run->known_count; i++)
		free(run->known[i].benchmark);
	free(run->known);
	json_decref(run->json);
	memset(run, 0, sizeof(*run));
}

const char *cell_parameter(const struct cell *cell, const char *name)
{
	for (size_t i = 0; i < cell->parameter_count; i++)
		if (!strcmp(cell->parameters[i].name, name))
			return cell->parameters[i].value;
	return "";
}

int cell_compare(const struct cell *a, const struct cell *b)
{
	int order = strcmp(a->benchmark, b->benchmark);

	return order ? order : strcmp(a->key, b->key);
}

bool cell_same(const struct cell *a, const struct cell *b)
{
	return !cell_compare(a, b);
}

/* A string of its own, with what malloc() adds. */
static size_t string_bytes(const char *text)
{
	return 32 + strlen(text);
}

size_t cell_bytes(const struct cell *cell)
{
	size_t bytes = sizeof(*cell) + string_bytes(cell->benchmark) +
		       string_bytes(cell->key) + string_bytes(cell->reason);

	for (size_t i = 0; i < cell->parameter_count; i++)
		bytes += sizeof(struct parameter) +
			 string_bytes(cell->parameters[i].name) +
			 string_bytes(cell->parameters[i].value);
	for (size_t i = 0; i < cell->phase_count; i++) {
		const struct phase *phase = &cell->phases[i];

		bytes += sizeof(*phase) + string_bytes(phase->name) +
			 string_bytes(phase->unit) +
			 phase->samples.distinct * sizeof(struct step);
		for (size_t c = 0; c < phase->counter_count; c++)
			bytes += sizeof(struct counter) +
				 string_bytes(phase->counters[c].name);
	}
	return bytes;
}

/* By identity, then by place, so that the second of two is known. */
static int by_identity(const void *a, const void *b)
{
	const struct cell *x = *(const struct cell *const *)a;
	const struct cell *y = *(const struct cell *const *)b;
	int order = cell_compare(x, y);

	return order ? order : (x > y) - (x < y);
}

int boot_index(struct boot *boot, size_t *twice)
{
	size_t count = boot->cell_count;

	*twice = 0;
	boot->sorted = calloc(count + 1, sizeof(*boot->sorted));
	if (!boot->sorted)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		boot->sorted[i] = &boot->cells[i];
	qsort(boot->sorted, count, sizeof(*boot->sorted), by_identity);
	for (size_t i = 1; i < count; i++) {
		size_t place = (size_t)(boot->sorted[i] - boot->cells);

		if (cell_same(boot->sorted[i - 1], boot->sorted[i]) &&
		    (!*twice || place < *twice))
			*twice = place;
	}
	return 0;
}

static int find_identity(const void *key, const void *element)
{
	return cell_compare(key, *(const struct cell *const *)element);
}

const struct cell *boot_cell(const struct boot *boot, const struct cell *like)
{
	const struct cell **found = NULL;

	if (boot->sorted)
		found = bsearch(like, boot->sorted, boot->cell_count,
				sizeof(*found), find_identity);
	return found ? *found : NULL;
}

const char *text_at(const json_t *object, const char *key,
		    const char *otherwise)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : otherwise;
}

void *append(void **array, size_t *count, size_t size)
{
	/* Powers of two only, so that the capacity need not be kept. */
	if ((*count & (*count - 1)) == 0) {
		size_t capacity = *count ? 2 * *count : 1;
		void *grown = reallocarray(*array, capacity, size);

		if (!grown)
			return NULL;
		*array = grown;
	}
	return memset((char *)*array + (*count)++ * size, 0, size);
}

bool run_counts(const struct run *run)
{
	return run->unit && !strcmp(run->unit, "instructions");
}
