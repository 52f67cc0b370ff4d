// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the input is a boot's file, read as two boots of a run, of which a
 * report is made where it is taken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/record.h"
#include "tests/fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct expected expected = {"6.12", "eager", "count",
					 RUN_MIB *MIB};

static json_t *run_json(void)
{
	return json_pack("{s:i,s:s,s:i,s:[s],s:[s]}", "format", RESULT_FORMAT,
			 "mode", "count", "boots", 2, "bases", "6.12",
			 "variants", "eager");
}

static void report(struct boot *boots)
{
	struct kernel kernel = {
		.base = "6.12",
		.variant = "eager",
		.boots = boots,
		.boot_count = 2,
	};
	struct run run = {
		.json = run_json(),
		.kernels = &kernel,
		.kernel_count = 1,
		.unit = (char *)text_at(boots[0].environment, "unit", ""),
	};

	drive_report(&run);
	json_decref(run.json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot boots[2];
	struct why why = {""};
	int err = boot_parse((const char *)data, size, &expected, &boots[0],
			     &why);

	if (err) {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
		return 0;
	}
	must(!boot_parse((const char *)data, size, &expected, &boots[1], &why),
	     "taken once, not twice");
	remember(data, size);
	report(boots);
	boot_free(&boots[0]);
	boot_free(&boots[1]);
	return 0;
}
