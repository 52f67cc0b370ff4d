// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 64
#define MAX_VALUES 64

/* The values that one line gives to each parameter. */
struct lists {
	struct value values[MAX_PARAMETERS][MAX_VALUES];
	size_t counts[MAX_PARAMETERS];
};

static int error_at(char error[PLAN_ERROR_SIZE], const char *what,
		    const char *why)
{
	snprintf(error, PLAN_ERROR_SIZE, "%s: %s", what, why);
	return -EINVAL;
}

static size_t parameter_count(const struct benchmark *b)
{
	size_t n = 0;

	while (b->parameters[n].name)
		n++;
	return n;
}

static int unknown_benchmark(const char *name, char error[PLAN_ERROR_SIZE])
{
	int n = snprintf(error, PLAN_ERROR_SIZE,
			 "%s: no such benchmark; there are", name);

	for (size_t i = 0; benchmarks[i] && n < PLAN_ERROR_SIZE; i++)
		n += snprintf(error + n, PLAN_ERROR_SIZE - (size_t)n, " %s",
			      benchmarks[i]->name);
	return -EINVAL;
}

static int unknown_parameter(const struct benchmark *b, const char *word,
			     char error[PLAN_ERROR_SIZE])
{
	int n = snprintf(error, PLAN_ERROR_SIZE,
			 "%s: not a parameter of %s, which has", word, b->name);

	for (size_t i = 0; b->parameters[i].name && n < PLAN_ERROR_SIZE; i++)
		n += snprintf(error + n, PLAN_ERROR_SIZE - (size_t)n, " %s",
			      b->parameters[i].name);
	return -EINVAL;
}

/* As a user writes it: a size with its unit, a number without. */
static void format_number(const struct parameter *p, uint64_t number,
			  char text[32])
{
	if (p->kind == PARAMETER_SIZE)
		size_format(number, text);
	else
		snprintf(text, 32, "%" PRIu64, number);
}

static int parse_number(const struct parameter *p, const char *text,
			struct value *v, char error[PLAN_ERROR_SIZE])
{
	char low[32], high[32];
	bool size = p->kind == PARAMETER_SIZE;
	int err = size_parse(text, &v->number);

	if (!err && !size && strspn(text, "0123456789") != strlen(text))
		err = -EINVAL;
	if (err)
		return error_at(error, text,
				size ? "not a size such as 4K, 2M, 1G"
				     : "not a number");
	if (v->number < p->min || v->number > p->max ||
	    (size && v->number % 4096)) {
		format_number(p, p->min, low);
		format_number(p, p->max, high);
		snprintf(error, PLAN_ERROR_SIZE, "%s=%s: not in %s to %s%s",
			 p->name, text, low, high,
			 size ? ", in steps of 4K" : "");
		return -EINVAL;
	}
	format_number(p, v->number, v->text);
	return 0;
}

static int parse_choice(const struct parameter *p, const char *text,
			struct value *v, char error[PLAN_ERROR_SIZE])
{
	int n;

	for (v->number = 0; p->choices[v->number]; v->number++) {
		if (strcmp(p->choices[v->number], text))
			continue;
		snprintf(v->text, sizeof(v->text), "%s", text);
		return 0;
	}
	n = snprintf(error, PLAN_ERROR_SIZE, "%s=%s: not one of", p->name,
		     text);
	for (size_t i = 0; p->choices[i] && n < PLAN_ERROR_SIZE; i++)
		n += snprintf(error + n, PLAN_ERROR_SIZE - (size_t)n, " %s",
			      p->choices[i]);
	return -EINVAL;
}

static int parse_target(const char *text, struct value *v,
			char error[PLAN_ERROR_SIZE])
{
	v->number = 0;
	if (strcmp(text, "memfd") &&
	    (strspn(text, "0123456789abcdef:.") != strlen(text) ||
	     !strchr(text, ':') || strlen(text) >= sizeof(v->text)))
		return error_at(error, text,
				"not a target: memfd, a bus address such as "
				"0000:01:00.0, or vendor:device in hex");
	snprintf(v->text, sizeof(v->text), "%s", text);
	return 0;
}

static int parse_value(const struct parameter *p, const char *text,
		       struct value *v, char error[PLAN_ERROR_SIZE])
{
	switch (p->kind) {
	case PARAMETER_SIZE:
		if (!strcmp(p->name, "align") && strcmp(text, "4K") &&
		    strcmp(text, "2M") && strcmp(text, "1G"))
			return error_at(error, text,
					"align is one of 4K 2M 1G");
		return parse_number(p, text, v, error);
	case PARAMETER_NUMBER:
		return parse_number(p, text, v, error);
	case PARAMETER_CHOICE:
		return parse_choice(p, text, v, error);
	case PARAMETER_TARGET:
		return parse_target(text, v, error);
	}
	return -EINVAL;
}

static int parse_list(struct lists *lists, const struct benchmark *b,
		      size_t which, char *list, char error[PLAN_ERROR_SIZE])
{
	char *rest = NULL;

	lists->counts[which] = 0;
	for (char *text = strtok_r(list, ",", &rest); text;
	     text = strtok_r(NULL, ",", &rest)) {
		size_t n = lists->counts[which];
		int err;

		if (n == MAX_VALUES)
			return error_at(error, text, "too many values");
		err = parse_value(&b->parameters[which], text,
				  &lists->values[which][n], error);
		if (err)
			return err;
		lists->counts[which]++;
	}
	if (!lists->counts[which])
		return error_at(error, b->parameters[which].name, "no value");
	return 0;
}

static int parse_word(struct lists *lists, const struct benchmark *b,
		      const char *word, char error[PLAN_ERROR_SIZE])
{
	size_t length = strcspn(word, "=");
	char list[1024];

	if (word[length] != '=')
		return error_at(error, word, "not of the form name=value");
	if (strlen(word) >= sizeof(list))
		return error_at(error, b->name, "a list is too long");
	for (size_t i = 0; b->parameters[i].name; i++) {
		if (strlen(b->parameters[i].name) != length ||
		    strncmp(b->parameters[i].name, word, length))
			continue;
		strcpy(list, word + length + 1);
		return parse_list(lists, b, i, list, error);
	}
	return unknown_parameter(b, word, error);
}

static int fill_defaults(struct lists *lists, const struct benchmark *b,
			 char error[PLAN_ERROR_SIZE])
{
	for (size_t i = 0; b->parameters[i].name; i++) {
		char list[64];
		int err;

		snprintf(list, sizeof(list), "%s", b->parameters[i].fallback);
		err = parse_list(lists, b, i, list, error);
		if (err)
			return err;
	}
	return 0;
}

/* Whether an earlier line has the last cell already: it runs once only. */
static bool repeated(const struct plan *plan)
{
	const struct plan_cell *last = &plan->cells[plan->count - 1];
	size_t n = parameter_count(last->benchmark);

	for (const struct plan_cell *c = plan->cells; c != last; c++) {
		size_t same = 0;

		if (c->benchmark != last->benchmark)
			continue;
		while (same < n &&
		       !strcmp(c->values[same].text, last->values[same].text))
			same++;
		if (same == n)
			return true;
	}
	return false;
}

static struct plan_cell *new_cell(struct plan *plan)
{
	if (plan->count == plan->room) {
		size_t room = plan->room ? 2 * plan->room : 64;
		struct plan_cell *cells =
			realloc(plan->cells, room * sizeof(*cells));

		if (!cells)
			return NULL;
		plan->cells = cells;
		plan->room = room;
	}
	return &plan->cells[plan->count++];
}

/* Appends the product of the lists, the last parameter varying fastest. */
static int expand(struct plan *plan, const struct benchmark *b,
		  const struct lists *lists, char error[PLAN_ERROR_SIZE])
{
	size_t n = parameter_count(b), at[MAX_PARAMETERS] = {0}, i;

	do {
		struct plan_cell *cell;

		cell = new_cell(plan);
		if (!cell)
			return -ENOMEM;
		cell->benchmark = b;
		for (i = 0; i < n; i++)
			cell->values[i] = lists->values[i][at[i]];
		if (repeated(plan))
			plan->count--;
		else if (plan->count > PLAN_MAX_CELLS)
			return error_at(error, b->name, "too many cells");
		for (i = n; i > 0; i--) {
			if (++at[i - 1] < lists->counts[i - 1])
				break;
			at[i - 1] = 0;
		}
	} while (i > 0);
	return 0;
}

int plan_add_words(struct plan *plan, char *const words[], size_t count,
		   char error[PLAN_ERROR_SIZE])
{
	const struct benchmark *b = benchmark_find(words[0]);
	struct lists *lists;
	int err;

	if (!b)
		return unknown_benchmark(words[0], error);
	lists = calloc(1, sizeof(*lists));
	if (!lists)
		return -ENOMEM;
	err = fill_defaults(lists, b, error);
	for (size_t i = 1; !err && i < count; i++)
		err = parse_word(lists, b, words[i], error);
	if (!err)
		err = expand(plan, b, lists, error);
	free(lists);
	return err;
}

static int add_line(struct plan *plan, char *line, char error[PLAN_ERROR_SIZE])
{
	char *words[MAX_WORDS], *rest = NULL;
	size_t count = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (char *word = strtok_r(line, " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (count == MAX_WORDS)
			return error_at(error, word, "too many words");
		words[count++] = word;
	}
	return count ? plan_add_words(plan, words, count, error) : 0;
}

int plan_read(struct plan *plan, FILE *file, const char *name,
	      char error[PLAN_ERROR_SIZE])
{
	char why[PLAN_ERROR_SIZE], *line = NULL;
	size_t size = 0;
	unsigned int number = 0;
	int err = 0;

	while (!err && getline(&line, &size, file) >= 0) {
		number++;
		err = add_line(plan, line, why);
	}
	free(line);
	if (err == -EINVAL)
		snprintf(error, PLAN_ERROR_SIZE, "%.200s:%u: %.280s", name,
			 number, why);
	else if (!err && ferror(file))
		return error_at(error, name, "can't be read");
	else if (!err && !plan->count)
		return error_at(error, name, "no benchmark in it");
	return err;
}

void plan_free(struct plan *plan)
{
	free(plan->cells);
	memset(plan, 0, sizeof(*plan));
}
