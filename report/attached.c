// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/attached.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/json.h"
#include "report/model.h"

int attached_read(const char *path, const char *name,
		  int (*check)(const json_t *json, struct why *why),
		  json_t **json, char **refused)
{
	struct why why = {"no memory"};
	json_t *read = NULL;
	struct stat st;
	char *file;
	int err = 0;

	if (asprintf(&file, "%s/%s", path, name) < 0)
		return -ENOMEM;
	if (!lstat(file, &st)) {
		err = json_read_file(file, &read, &why);
		if (!err && check) {
			err = check(read, &why);
			if (err)
				json_decref(read);
		}
		if (!err)
			*json = read;
		if (err == -EINVAL) {
			*refused = strdup(why.text);
			err = *refused ? 0 : -ENOMEM;
		}
	}
	free(file);
	return err;
}

int leave_out(char ***list, size_t *count, const char *where, const char *why)
{
	char **slot = append((void **)list, count, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	if (asprintf(slot, "%s:%s%s", where,
		     isdigit((unsigned char)*why) ? "" : " ", why) >= 0)
		return 0;
	--*count;
	return -ENOMEM;
}

void left_out_free(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}
