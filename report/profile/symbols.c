// SPDX-License-Identifier: GPL-2.0-or-later
#include "profile.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

int64_t symbols_name(struct symbols *s, const char *name)
{
	char **more, **found;

	found = bsearch(&name, s->names, s->sorted, sizeof(*s->names), by_text);
	if (found)
		return found - s->names;
	/* What no symbol names: some hundred. */
	for (size_t i = s->sorted; i < s->name_count; i++)
		if (!strcmp(s->names[i], name))
			return (int64_t)i;
	more = reallocarray(s->names, s->name_count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->names = more;
	s->names[s->name_count] = strdup(name);
	return s->names[s->name_count] ? (int64_t)s->name_count++ : -ENOMEM;
}

/* @text is where the name begins in @line. */
static int add(struct symbols *s, char *line, const char **text)
{
	struct symbol *more, symbol = {0};
	int at = 0;

	if (sscanf(line, "%" SCNx64 " %" SCNx64 " %c %n", &symbol.first,
		   &symbol.end, &symbol.kind, &at) != 3 ||
	    !at || !strchr("fcxtis", symbol.kind) ||
	    symbol.first >= symbol.end ||
	    (s->count && symbol.first < s->all[s->count - 1].end))
		return -EINVAL;
	line[strcspn(line, "\n")] = '\0';
	if (!line[at] || strpbrk(line + at, " \t;"))
		return -EINVAL;
	*text = line + at;
	symbol.kernel = symbol.first >> 63;
	if (!(s->count & (s->count - 1))) {
		more = reallocarray(s->all, s->count ? 2 * s->count : 1,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->all = more;
	}
	s->all[s->count++] = symbol;
	return 0;
}

struct named {
	const char *name;
	size_t symbol;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order
		     : (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

/* Functions of one name are one: static ones of several files, cold parts. */
static int number(struct symbols *s, char **texts)
{
	struct named *named = calloc(s->count + 1, sizeof(*named));

	s->names = calloc(s->count + 1, sizeof(*s->names));
	if (!named || !s->names) {
		free(named);
		return -ENOMEM;
	}
	for (size_t i = 0; i < s->count; i++) {
		char *cold = strstr(texts[i], ".cold");

		if (cold && s->all[i].kind == 'c')
			*cold = '\0';
		named[i] = (struct named){texts[i], i};
	}
	qsort(named, s->count, sizeof(*named), by_name);
	for (size_t i = 0; i < s->count; i++) {
		if (!i || strcmp(named[i].name, named[i - 1].name)) {
			s->names[s->name_count] = strdup(named[i].name);
			if (!s->names[s->name_count++])
				break;
		}
		s->all[named[i].symbol].name = (uint32_t)s->name_count - 1;
	}
	free(named);
	s->sorted = s->name_count;
	return 0;
}

int symbols_load(struct symbols *s, const char *file, struct why *why)
{
	FILE *in = fopen(file, "re");
	char line[1024], **texts = NULL, **more;
	const char *text;
	int err = 0;

	*s = (struct symbols){0};
	if (!in)
		return explain(why, -EINVAL, "%s: %s", file, strerror(errno));
	while (!err && fgets(line, sizeof(line), in)) {
		err = add(s, line, &text);
		if (err)
			break;
		more = reallocarray(texts, s->count, sizeof(*texts));
		if (more) {
			texts = more;
			texts[s->count - 1] = strdup(text);
		}
		if (!more || !texts[s->count - 1]) {
			s->count--;
			err = -ENOMEM;
		}
	}
	fclose(in);
	if (!err)
		err = number(s, texts);
	for (size_t i = 0; i < s->count; i++)
		free(texts[i]);
	free(texts);
	if (err == -EINVAL)
		explain(why, err, "%s:%zu: not FIRST END KIND NAME, ascending",
			file, s->count + 1);
	return err;
}

void symbols_free(struct symbols *s)
{
	for (size_t i = 0; i < s->name_count; i++)
		free(s->names[i]);
	free(s->names);
	free(s->all);
}

const struct symbol *symbols_find(const struct symbols *s, uint64_t address)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->all[middle].first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < s->all[low - 1].end ? &s->all[low - 1] : NULL;
}
