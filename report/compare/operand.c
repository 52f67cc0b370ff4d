// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/compare/operand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_run(const char *folder)
{
	char *file;
	bool there;

	if (asprintf(&file, "%s/run.json", folder) < 0)
		return false;
	there = !access(file, F_OK);
	free(file);
	return there;
}

int operand_split(const char *path, struct operand *o, struct why *why)
{
	char *slash;
	size_t length;

	memset(o, 0, sizeof(*o));
	o->path = path;
	o->folder = strdup(path);
	if (!o->folder)
		return -ENOMEM;
	length = strlen(o->folder);
	while (length > 1 && o->folder[length - 1] == '/')
		o->folder[--length] = '\0';
	if (holds_run(o->folder)) {
		o->part = strdup("");
		return o->part ? 0 : -ENOMEM;
	}
	slash = strrchr(o->folder, '/');
	o->part = strdup(slash ? slash + 1 : o->folder);
	if (!o->part)
		return -ENOMEM;
	/* "/part" lies in "/", "part" in the folder where we are. */
	if (slash)
		slash[slash == o->folder] = '\0';
	else
		strcpy(o->folder, *o->folder ? "." : "");
	if (holds_run(o->folder))
		return 0;
	return refuse(why, "no run, and no part of one: no run.json in it, nor "
			   "in the folder above");
}

/* The run's own string that equals @text in its array @key, or NULL. */
static const char *listed(const struct run *run, const char *key,
			  const char *text)
{
	const json_t *list = json_object_get(run->json, key);
	const json_t *item;
	size_t i;

	json_array_foreach(
		list, i,
		item) if (!strcmp(json_string_value(item),
				  text)) return json_string_value(item);
	return NULL;
}

static void list_names(FILE *out, const struct run *run, const char *key)
{
	const json_t *list = json_object_get(run->json, key);

	for (size_t i = 0; i < json_array_size(list); i++)
		fprintf(out, " %s", json_string_value(json_array_get(list, i)));
}

static int refuse_part(const struct operand *o, struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	fputs("the run has no such base, variant or BASE-VARIANT; bases are",
	      out);
	list_names(out, o->run, "bases");
	fputs(", variants", out);
	list_names(out, o->run, "variants");
	if (fclose(out))
		return -ENOMEM;
	refuse(why, "%s", text);
	free(text);
	return -EINVAL;
}

int operand_select(struct operand *o, struct why *why)
{
	if (!*o->part)
		return 0;
	for (size_t i = 0; i < o->run->kernel_count; i++) {
		const struct kernel *k = &o->run->kernels[i];
		size_t length = strlen(k->base);

		if (!strncmp(o->part, k->base, length) &&
		    o->part[length] == '-' &&
		    !strcmp(o->part + length + 1, k->variant)) {
			o->base = k->base;
			o->variant = k->variant;
			return 0;
		}
	}
	o->base = listed(o->run, "bases", o->part);
	if (!o->base)
		o->variant = listed(o->run, "variants", o->part);
	return o->base || o->variant ? 0 : refuse_part(o, why);
}

bool operand_has(const struct operand *o, const struct kernel *kernel)
{
	return (!o->base || !strcmp(o->base, kernel->base)) &&
	       (!o->variant || !strcmp(o->variant, kernel->variant));
}

static const char *folder_name(const struct operand *o)
{
	const char *slash = strrchr(o->folder, '/');

	return slash && slash[1] ? slash + 1 : o->folder;
}

void operands_name(struct operand o[2])
{
	for (int s = 0; s < 2; s++)
		o[s].run_name =
			text_at(o[s].run->json, "run", folder_name(&o[s]));
	if (o[0].run == o[1].run || strcmp(o[0].run_name, o[1].run_name))
		return;
	for (int s = 0; s < 2; s++)
		o[s].run_name = folder_name(&o[s]);
}
