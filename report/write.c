// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/export.h"
#include "report/figures.h"
#include "report/file.h"
#include "report/plot-data.h"
#include "report/why/asked.h"
#include "report/sections.h"

/* A report is made in memory, then written whole. */
static int write_report(const char *folder, const char *name,
			enum doc_form form, const struct summary *s)
{
	struct doc doc;
	int err;

	doc_open(&doc, form);
	doc.folder = folder;
	report_write(&doc, s);
	err = doc_close(&doc);
	if (!err)
		err = file_write(folder, name, doc.text, doc.size);
	free(doc.text);
	return err;
}

/* A file that @print makes. */
static int write_printed(const char *folder, const char *name,
			 const struct summary *s,
			 int (*print)(const struct summary *s, FILE *out))
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? print(s, out) : -ENOMEM;

	if (out && fclose(out))
		err = -ENOMEM;
	if (!err)
		err = file_write(folder, name, text, size);
	free(text);
	return err;
}

static int print_summary(const struct summary *s, FILE *out)
{
	summary_print(s, out);
	return 0;
}

static bool is_same(const char *folder, const char *name, const char *text,
		    size_t size)
{
	char *path, *old = NULL;
	size_t old_size = 0;
	struct why why;
	bool same;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	same = !file_read(path, &old, &old_size, &why) && old_size == size &&
	       !memcmp(old, text, size);
	free(path);
	free(old);
	return same;
}

static int write_plot(const char *folder, const struct summary *s, size_t base,
		      enum plot plot, bool *changed)
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
	if (!err && !is_same(folder, name, text, size)) {
		*changed = true;
		err = file_write(folder, name, text, size);
	}
	free(name);
	free(text);
	return err;
}

/* A figure of what the data were before would stand beside other tables. */
static void remove_figures(const char *folder, const struct run *run)
{
	const char *base;

	for (const struct figure *f = figures; f->name; f++)
		for (size_t i = 0; (base = base_at(run, i)); i++) {
			static const char *const kinds[] = {"svg", "png"};

			for (size_t k = 0; k < 2; k++) {
				char *path;

				if (asprintf(&path, "%s/plots/%s%s%s.%s",
					     folder, f->name, i ? "-" : "",
					     i ? base : "", kinds[k]) < 0)
					return;
				unlink(path);
				free(path);
			}
		}
}

static int make_plots(const char *folder)
{
	char *path;
	int err = 0;

	if (asprintf(&path, "%s/plots", folder) < 0)
		return -ENOMEM;
	if (mkdir(path, 0755) && errno != EEXIST)
		err = -errno;
	free(path);
	return err;
}

static int write_profile(const char *folder, const struct run *run)
{
	int err = make_plots(folder);

	return err ? err : profile_figures_write(folder, run);
}

static int write_plots(const char *folder, const struct summary *s)
{
	bool changed = false;
	int err = 0;

	for (size_t b = 0; !err && base_at(s->run, b); b++)
		for (int p = 0; !err && p < PLOT_COUNT; p++)
			if (!b || !plot_is_of_run((enum plot)p))
				err = write_plot(folder, s, b, (enum plot)p,
						 &changed);
	if (changed)
		remove_figures(folder, s->run);
	return err;
}

int write_page(const char *folder, const struct summary *s)
{
	return write_report(folder, "report.html", DOC_HTML, s);
}

int write_all(const char *folder, const struct summary *s)
{
	int err = write_printed(folder, "summary.tsv", s, print_summary);

	/* First: a report shows those that could be drawn. */
	if (!err)
		err = write_profile(folder, s->run);
	if (!err)
		err = write_report(folder, "REPORT.md", DOC_MARKDOWN, s);
	if (!err)
		err = write_report(folder, "report.txt", DOC_TEXT, s);
	if (!err)
		err = write_printed(folder, "report.json", s, export_json);
	if (!err)
		err = write_printed(folder, "report.bench", s,
				    export_benchmarks);
	if (!err)
		err = write_plots(folder, s);
	return err ? err : write_page(folder, s);
}
