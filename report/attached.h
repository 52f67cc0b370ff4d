/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the loaders of a folder of results share: files that need not be there, and
 * the list of those that are not taken.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>

struct why;

/*
 * Reads PATH/@name, which @check (or NULL) may refuse with -EINVAL and a reason.
 * Sets *@json; or *@refused to why the file is not taken; neither where there is
 * none. 0 or -ENOMEM.
 */
int attached_read(const char *path, const char *name,
		  int (*check)(const json_t *json, struct why *why),
		  json_t **json, char **refused);

/*
 * Appends "@where: @why" to a list of files left out; where @why begins with the
 * number of a line, without the space. 0 or -ENOMEM.
 */
int leave_out(char ***list, size_t *count, const char *where, const char *why);
void left_out_free(char **list, size_t count);
