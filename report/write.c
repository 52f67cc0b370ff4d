// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "report/file.h"
#include "report/plot-data.h"
#include "report/sections.h"

/* A report is made in memory, then written whole. */
static int write_doc(const char *folder, const char *name, bool markdown,
		     void (*report)(struct doc *, const struct summary *),
		     const struct summary *s)
{
	struct doc doc;
	int err;

	doc_open(&doc, markdown);
	report(&doc, s);
	err = doc_close(&doc);
	if (!err)
		err = file_write(folder, name, doc.text, doc.size);
	free(doc.text);
	return err;
}

static int write_summary(const char *folder, const struct summary *s)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return -ENOMEM;
	summary_print(s, out);
	err = fclose(out) ? -ENOMEM : 0;
	if (!err)
		err = file_write(folder, "summary.tsv", text, size);
	free(text);
	return err;
}

static int write_plot(const char *folder, const struct summary *s, size_t base,
		      enum plot plot)
{
	const char *id = base_at(s->run, base);
	char *text = NULL, *name = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? plot_print(s, id, plot, out) : -ENOMEM;

	if (out && fclose(out))
		err = -ENOMEM;
	if (!err && asprintf(&name, "plots/%s%s%s.tsv", plot_names[plot],
			     base ? "-" : "", base ? id : "") < 0) {
		name = NULL;
		err = -ENOMEM;
	}
	if (!err)
		err = file_write(folder, name, text, size);
	free(name);
	free(text);
	return err;
}

static int write_plots(const char *folder, const struct summary *s)
{
	char *path;
	int err = 0;

	if (asprintf(&path, "%s/plots", folder) < 0)
		return -ENOMEM;
	if (mkdir(path, 0755) && errno != EEXIST)
		err = -errno;
	free(path);
	for (size_t b = 0; !err && base_at(s->run, b); b++)
		for (int p = 0; !err && p < PLOT_COUNT; p++)
			err = write_plot(folder, s, b, (enum plot)p);
	return err;
}

int write_all(const char *folder, const struct summary *s)
{
	int err = write_summary(folder, s);

	if (!err)
		err = write_doc(folder, "REPORT.md", true, report_markdown, s);
	if (!err)
		err = write_doc(folder, "report.txt", false, report_text, s);
	return err ? err : write_plots(folder, s);
}
