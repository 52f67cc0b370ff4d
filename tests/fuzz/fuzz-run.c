// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the input is a whole results folder, its files one behind another,
 * a line %% between two.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/compare/compare.h"
#include "report/load.h"
#include "tests/fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char separator[] = "\n%%\n";
static const char *const names[] = {
	"run.json",
	"torture.json",
	"6.12-eager/boot-1.jsonl",
	"6.12-eager/boot-2.jsonl",
	"6.12-eager/boot-3.broken.json",
	"6.12-base/boot-1.jsonl",
};

#define FILES (sizeof(names) / sizeof(*names))

/* Below $TMPDIR, which should be in memory; the caller removes that. */
static char folder[4096];

static const char *path(const char *name)
{
	static char text[sizeof(folder) + 64];

	snprintf(text, sizeof(text), "%s/%s", folder, name);
	return text;
}

static void clear(void)
{
	for (size_t i = 0; i < FILES; i++)
		unlink(path(names[i]));
}

static void make_folder(void)
{
	const char *parent = getenv("TMPDIR");

	if (*folder)
		return;
	snprintf(folder, sizeof(folder), "%s/run.XXXXXX",
		 parent ? parent : "/tmp");
	must(mkdtemp(folder) && !mkdir(path("6.12-eager"), 0755) &&
		     !mkdir(path("6.12-base"), 0755),
	     "no folder for a run");
}

static void write_file(const char *name, const uint8_t *data, size_t size)
{
	FILE *out = fopen(path(name), "w");

	must(out && fwrite(data, 1, size, out) == size && !fclose(out),
	     "a file cannot be written");
}

/* Its only kernel with all of itself, whatever exit status that gives. */
static void drive_compare(void)
{
	struct compare_options options = {.threshold = -1, .anyway = true};
	char kernel[sizeof(folder) + 16];
	FILE *terminal = stderr, *nowhere = fopen("/dev/null", "w");

	must(nowhere, "no /dev/null");
	snprintf(kernel, sizeof(kernel), "%s/6.12-eager", folder);
	options.path[0] = kernel;
	options.path[1] = folder;
	stderr = nowhere;
	for (int format = FORMAT_TEXT; format <= FORMAT_TSV; format++) {
		options.format = (enum format)format;
		options.all = format != FORMAT_TEXT;
		compare(&options, nowhere);
	}
	stderr = terminal;
	fclose(nowhere);
}

/* Puts each part of the input where it belongs. */
static void write_files(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < FILES && size; i++) {
		const uint8_t *stop =
			memmem(data, size, separator, strlen(separator));
		size_t length = stop ? (size_t)(stop - data) : size;

		write_file(names[i], data, length);
		if (!stop)
			break;
		data += length + strlen(separator);
		size -= length + strlen(separator);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct why why = {""};
	struct run run;
	int err;

	make_folder();
	clear();
	write_files(data, size);
	err = run_load(folder, &run, &why);
	if (err) {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
		return 0;
	}
	if (run.unit && !run.left_out_count)
		remember(data, size);
	drive_report(&run);
	drive_compare();
	run_free(&run);
	return 0;
}
