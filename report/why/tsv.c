// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/why/tsv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/limits.h"
#include "report/record.h"

int tsv_split(const char *line, size_t length, char **copy, char **fields,
	      size_t count, struct why *why)
{
	size_t n = 0;

	if (memchr(line, '\0', length))
		return refuse(why, "a NUL byte");
	free(*copy);
	*copy = strndup(line, length);
	if (!*copy)
		return -ENOMEM;
	for (char *at = *copy; at; n++) {
		char *tab = strchr(at, '\t');

		if (n == count)
			return refuse(why, "more than %zu fields", count);
		fields[n] = at;
		if (tab)
			*tab++ = '\0';
		at = tab;
	}
	return n == count ? 0 : refuse(why, "%zu fields, not %zu", n, count);
}

int tsv_count(const char *text, const char *what, uint64_t *value,
	      struct why *why)
{
	if (!*text || strlen(text) > 16 || text[strspn(text, "0123456789")])
		return refuse(why, "%s is no count", what);
	for (*value = 0; *text; text++)
		*value = *value * 10 + (uint64_t)(*text - '0');
	return *value > SAMPLES_MAX ? refuse(why, "a count is larger than 2^53")
				    : 0;
}

bool tsv_is_plain(const char *text, size_t most)
{
	size_t length = strlen(text);

	if (!length || length > most)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == '`')
			return false;
	return true;
}

int tsv_check_phase(const char *benchmark, const char *parameters,
		    const char *phase, struct why *why)
{
	if (!is_token(benchmark))
		return refuse(why, "the benchmark is no name");
	/* They become a part of a file's name. */
	if (*parameters && (!tsv_is_plain(parameters, PROFILE_PARAMETERS_MAX) ||
			    strchr(parameters, '/')))
		return refuse(why, "the parameters are no plain text");
	if (!is_token(phase))
		return refuse(why, "the phase is no name");
	return 0;
}
