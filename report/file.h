/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_FILE_H
#define REPORT_FILE_H

#include "report/model.h"

/*
 * Opens a regular file of at most @mib MiB to be read. 0, or -EINVAL with @why.
 */
int file_open(const char *path, unsigned int mib, int *fd, uint64_t *size,
	      struct why *why);

/* Are these two paths of one folder? Not where one of them is not there. */
bool same_folder(const char *a, const char *b);

/*
 * The whole of a regular file of at most DOCUMENT_MIB; the caller frees @data.
 * 0, -ENOMEM, or -EINVAL with @why.
 */
int file_read(const char *path, char **data, size_t *size, struct why *why);

/*
 * Replaces FOLDER/NAME by @data in one step: a reader sees the old file or the
 * new one, whole. 0 or -errno.
 */
int file_write(const char *folder, const char *name, const char *data,
	       size_t size);

#endif
