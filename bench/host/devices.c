// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/devices.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "host/names.h"
#include "pfnbench/exit.h"

static int complain(int code, const char *what, const char *why)
{
	fprintf(stderr, "pfnbench: %s: %s\n", what, why);
	return code;
}

/* Addresses as sysfs writes them, of all devices or of those that were named. */
struct addresses {
	char (*list)[16];
	size_t count;
};

static int add_address(struct addresses *a, const char *address)
{
	char(*more)[16] = reallocarray(a->list, a->count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	a->list = more;
	strcpy(more[a->count++], address);
	return 0;
}

static int find_all(const struct host *host, struct addresses *a)
{
	char path[PATH_MAX], address[16];
	struct dirent **entries;
	int n, err = host_path(path, "%s/bus/pci/devices", host->sysfs);

	if (err)
		return err;
	n = scandir(path, &entries, NULL, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (!err && !function_address(entries[i]->d_name, address))
			err = add_address(a, address);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int find_named(const struct host *host, struct addresses *a,
		      char *const *words, size_t count)
{
	char path[PATH_MAX], address[16];

	for (size_t i = 0; i < count; i++) {
		if (function_address(words[i], address))
			return complain(EXIT_USAGE, words[i],
					"not an address such as 0000:65:00.0");
		if (host_path(path, "%s/bus/pci/devices/%s", host->sysfs,
			      address) ||
		    host_entries(path) < 0)
			return complain(EXIT_USAGE, address,
					"no such device; pfnbench devices "
					"lists those that there are");
		if (add_address(a, address))
			return complain(EXIT_BROKEN, address, "out of memory");
	}
	return EXIT_FINE;
}

/* Says why not. What was forced is said, too. */
static int check(const struct judged *list, size_t count, bool force)
{
	int code = EXIT_FINE;

	for (size_t i = 0; i < count; i++) {
		const struct verdict *v = &list[i].verdict;

		if (!verdict_allows(v, force))
			code = EXIT_USAGE;
		for (size_t k = 0; k < v->count; k++) {
			const struct reason *r = &v->reasons[k];

			fprintf(stderr, "pfnbench: %s: %s%s\n",
				list[i].function.address,
				r->weight == NEVER ? "refused: "
				: force		   ? "forced, although: "
						   : "refused unless forced: ",
				r->text);
		}
	}
	return code;
}

static int print_json(const struct host *host, const struct judged *list,
		      size_t count)
{
	json_t *array = json_array();
	int err = array ? 0 : -1;

	for (size_t i = 0; !err && i < count; i++)
		err = json_array_append_new(array,
					    devices_json(host, &list[i]));
	if (!err)
		err = json_dumpf(array, stdout, JSON_INDENT(2));
	json_decref(array);
	if (err)
		return complain(EXIT_BROKEN, "stdout", "can't be written");
	putchar('\n');
	return EXIT_FINE;
}

static int tell(const struct devices_options *o, const struct host *host,
		const struct judged *list, size_t count)
{
	int code = EXIT_FINE;

	if (o->check)
		return check(list, count, o->force);
	if (o->json)
		code = print_json(host, list, count);
	for (size_t i = 0; !o->json && i < count; i++)
		devices_print(&list[i]);
	if (fflush(stdout) || ferror(stdout))
		return complain(EXIT_BROKEN, "stdout", strerror(errno));
	return code;
}

static void name_them(struct judged *list, size_t count)
{
	struct function *functions = calloc(count, sizeof(*functions));

	if (!functions)
		return;
	for (size_t i = 0; i < count; i++)
		functions[i] = list[i].function;
	names_fill(functions, count);
	for (size_t i = 0; i < count; i++)
		list[i].function = functions[i];
	free(functions);
}

static int judge_all(const struct devices_options *o, struct host *host,
		     const struct addresses *a)
{
	struct judged *list = calloc(a->count, sizeof(*list));
	char what[256] = "";
	int code, err = host_open(host, what);

	if (err || (!list && a->count)) {
		host_free(host);
		free(list);
		return complain(EXIT_BROKEN, what,
				strerror(err ? -err : ENOMEM));
	}
	for (size_t i = 0; i < a->count; i++)
		judge(host, a->list[i], &list[i]);
	if (!o->check)
		name_them(list, a->count);
	code = tell(o, host, list, a->count);
	for (size_t i = 0; i < a->count; i++)
		judged_free(&list[i]);
	free(list);
	host_free(host);
	return code;
}

int devices_command(const struct devices_options *o, char *const *words,
		    size_t count)
{
	struct host host = {
		.sysfs = o->sysfs ? o->sysfs : "/sys",
		.proc = o->proc ? o->proc : "/proc",
		.dev = o->dev ? o->dev : "/dev",
		.exclusive = host_exclusive,
	};
	struct addresses a = {0};
	int code = EXIT_FINE, err;

	if (o->check && !count)
		return complain(EXIT_USAGE, "--check", "an address, too");
	if (count)
		code = find_named(&host, &a, words, count);
	else if ((err = find_all(&host, &a)))
		code = complain(EXIT_BROKEN, host.sysfs, strerror(-err));
	if (!code)
		code = judge_all(o, &host, &a);
	free(a.list);
	return code;
}
