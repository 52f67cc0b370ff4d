// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the input is a functions.tsv, a model.tsv, or folded stacks. What is taken is
 * written as the reports and figures have it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/lines.h"
#include "report/sections.h"
#include "report/why/flame.h"
#include "report/why/table.h"
#include "tests/fuzz/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *run_json(void)
{
	return json_pack("{s:i,s:s,s:i,s:[s],s:[s,s]}", "format", RESULT_FORMAT,
			 "mode", "count", "boots", 2, "bases", "6.12",
			 "variants", "huge-fault", "eager");
}

static void write_doc(const struct run *run, enum doc_form form)
{
	const struct summary summary = {.run = run};
	const struct profile_kernel *k = &run->profile->kernels[0];
	struct doc doc;

	doc_open(&doc, form);
	section_why(&doc, &summary);
	for (size_t i = 0; i < k->count && i < 4; i++) {
		functions_table(&doc, k, &k->phases[i], 3);
		topics_table(&doc, k, &k->phases[i]);
		difference_table(&doc, (const char *const[]){"a", "b"}, k->unit,
				 &k->phases[0], &k->phases[i], 3);
	}
	must(!doc_close(&doc), "no memory");
	check_text(doc.text);
	if (form == DOC_TEXT)
		check_mail(doc.text);
	if (form == DOC_HTML)
		check_page(doc.text);
	free(doc.text);
}

/* The same kernel twice: nothing differs, and then against nothing. */
static void report(struct profile_kernel *kernel)
{
	struct profile_kernel kernels[2] = {*kernel, *kernel};
	struct profile profile = {.kernels = kernels, .count = 2};
	struct run run = {.json = run_json(), .profile = &profile};

	kernels[0].base = kernels[1].base = (char *)"6.12";
	kernels[0].variant = (char *)"huge-fault";
	kernels[1].variant = (char *)"eager";
	if (kernel->count > 1)
		kernels[1].count = 1;
	for (int form = DOC_TEXT; form <= DOC_HTML; form++)
		write_doc(&run, (enum doc_form)form);
	json_decref(run.json);
}

static void draw(const struct stacks *stacks, const char *before)
{
	struct flame flame = {.title = "<&\">", .unit = "instructions"};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	must(out, "no memory");
	flame.names[SIDE_BEFORE] = before;
	flame.names[SIDE_AFTER] = before;
	flame_print(stacks, &flame, out);
	fclose(out);
	check_text(text);
	check_page(strchr(text, '\n'));
	must(!strstr(text, "=\"nan") && !strstr(text, "=\"-nan"),
	     "a place that is no number");
	free(text);
}

static int try_stacks(const char *data, size_t size)
{
	struct stacks stacks = {0};
	struct why why = {""};
	struct lines lines;
	int err;

	lines_of(&lines, data, size);
	err = stacks_parse(&lines, SIDE_AFTER, &stacks, &why);
	if (err) {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
	} else {
		must(!stacks_fold(&stacks), "no memory");
		must(stacks.frames->all[SIDE_AFTER] == stacks.sum[SIDE_AFTER],
		     "the tree is not the sum of its stacks");
		draw(&stacks, NULL);
		draw(&stacks, "before");
	}
	stacks_free(&stacks);
	return !err;
}

/* As the model.tsv of a kernel with two phases. */
static int try_model(const char *data, size_t size)
{
	static const char functions[] =
		"benchmark\tparameters\tphase\tfunction\tinstructions\tcalls\t"
		"loads\tstores\tpages\n"
		"first-touch\t\tfirst-touch-total\tf\t1\t1\t0\t0\t1\n"
		"first-touch\t\tsecond-touch-total\tf\t1\t1\t0\t0\t0\n";
	struct profile_kernel kernel;
	struct why why = {""};
	struct lines lines;
	int err;

	lines_of(&lines, functions, sizeof(functions) - 1);
	must(!profile_parse(&lines, 2, &kernel, &why), "two rows");
	lines_of(&lines, data, size);
	err = model_parse(&lines, &kernel, &why);
	must(!err || (err == -EINVAL && *why.text), "refused without a reason");
	check_line(why.text);
	if (!err)
		report(&kernel);
	profile_kernel_free(&kernel);
	return !err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile_kernel kernel;
	struct why why = {""};
	struct lines lines;
	int err;

	lines_of(&lines, (const char *)data, size);
	err = profile_parse(&lines, 1000, &kernel, &why);
	if (!err) {
		report(&kernel);
		profile_kernel_free(&kernel);
	} else {
		must(err == -EINVAL && *why.text, "refused without a reason");
		check_line(why.text);
	}
	if (!err || try_stacks((const char *)data, size) ||
	    try_model((const char *)data, size))
		remember(data, size);
	return 0;
}
