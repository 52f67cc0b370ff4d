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
	must(mkdtemp(folder) && !mkdir(path("6.12-eager"), 0755),
	     "no folder for a run");
}

static void write_file(const char *name, const uint8_t *data, size_t size)
{
	FILE *out = fopen(path(name), "w");

	must(out && fwrite(data, 1, size, out) == size && !fclose(out),
	     "a file cannot be written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct why why = {""};
	struct run run;
	int err;

	make_folder();
	clear();
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
	err = run_load(folder, &run, &why);
	if (err) {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
		return 0;
	}
	drive_report(&run);
	run_free(&run);
	return 0;
}
