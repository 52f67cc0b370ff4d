// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A figure within a page. As an image of its own, and not as a part of the
 * page: then its ids are its own too, and a script in it does not run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc-writer.h"
#include "report/file.h"

/*
 * Percent-encoded, and not base64: it is as long, it can be read and searched,
 * and it packs. A line break between two attributes is as good as a space.
 */
static void encode(FILE *out, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c == '\n' || c == '\t')
			c = ' ';
		if (c < ' ' || c >= 127 || strchr("%#<>'&", c))
			fprintf(out, "%%%02X", c);
		else
			fputc(c, out);
	}
}

int write_data_uri(FILE *out, const char *folder, const char *file)
{
	char *path, *data;
	struct why why;
	size_t size;
	int err;

	if (!folder)
		return -ENOENT;
	if (asprintf(&path, "%s/%s", folder, file) < 0)
		return -ENOMEM;
	err = file_read(path, &data, &size, &why);
	free(path);
	if (err)
		return err == -ENOMEM ? -ENOMEM : -ENOENT;
	if (size) {
		fputs("data:image/svg+xml,", out);
		encode(out, data, size);
	}
	free(data);
	return size ? 0 : -ENOENT;
}
