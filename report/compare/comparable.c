// SPDX-License-Identifier: GPL-2.0-or-later
/* docs/COMPARE.md has the table of what is refused, and why. */
#include "report/compare/comparable.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hexadecimal digits of a hash that are shown. */
#define HASH_SHOWN 12

static bool known(const struct differences *d, const char *what, const char *a,
		  const char *b)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strcmp(d->list[i].what, what) &&
		    !strcmp(d->list[i].value[0], a) &&
		    !strcmp(d->list[i].value[1], b))
			return true;
	return false;
}

/*
 * A copy, in which "?" stands for a UTF-8 sequence that ends too early: texts of
 * a record are whole, but some are cut to a length.
 */
static char *whole_copy(const char *text)
{
	char *copy = strdup(text);

	for (char *p = copy; p && *p;) {
		unsigned char lead = (unsigned char)*p;
		size_t wanted = lead < 0xc0   ? 1
				: lead < 0xe0 ? 2
				: lead < 0xf0 ? 3
					      : 4;
		size_t have = 1;

		while (have < wanted && ((unsigned char)p[have] & 0xc0) == 0x80)
			have++;
		if (have < wanted)
			memset(p, '?', have);
		p += have;
	}
	return copy;
}

static void difference_free(struct difference *difference)
{
	free(difference->what);
	free(difference->value[0]);
	free(difference->value[1]);
}

/* Adds a difference where @a and @b are not the same. 0 or -ENOMEM. */
static int differ(struct differences *d, enum weight weight, const char *what,
		  const char *a, const char *b, const char *why)
{
	struct difference new = {.weight = weight, .why = why}, *slot = NULL;
	int err = -ENOMEM;

	if (!strcmp(a, b))
		return 0;
	new.what = whole_copy(what);
	new.value[0] = whole_copy(*a ? a : "none");
	new.value[1] = whole_copy(*b ? b : "none");
	if (new.what &&new.value[0] && new.value[1]) {
		if (known(d, new.what, new.value[0], new.value[1]))
			err = 0;
		else
			slot = append((void **)&d->list, &d->count,
				      sizeof(*slot));
	}
	if (!slot) {
		difference_free(&new);
		return err;
	}
	*slot = new;
	return 0;
}

/* As differ(), for a string at @key of two objects. */
static int differ_at(struct differences *d, enum weight weight,
		     const char *what, const json_t *a, const json_t *b,
		     const char *key, const char *why)
{
	return differ(d, weight, what, text_at(a, key, ""), text_at(b, key, ""),
		      why);
}

static int differ_hash(struct differences *d, const char *what, const json_t *a,
		       const json_t *b, const char *key)
{
	char x[HASH_SHOWN + 1], y[HASH_SHOWN + 1];

	if (!strcmp(text_at(a, key, ""), text_at(b, key, "")))
		return 0;
	snprintf(x, sizeof(x), "%s", text_at(a, key, ""));
	snprintf(y, sizeof(y), "%s", text_at(b, key, ""));
	return differ(d, NOTED, what, x, y, NULL);
}

/* --- lists of words: of which of them has one side more than the other --- */

struct words {
	char **list;
	size_t count;
};

static int add_word(struct words *words, const char *word)
{
	char **slot =
		append((void **)&words->list, &words->count, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = strdup(word);
	return *slot ? 0 : -ENOMEM;
}

static void free_words(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
}

static size_t times(const struct words *words, const char *word, size_t until)
{
	size_t count = 0;

	for (size_t i = 0; i < until && i < words->count; i++)
		count += !strcmp(words->list[i], word);
	return count;
}

/* Those of @words that @other does not have, or not so often. */
static char *only_in(const struct words *words, const struct words *other)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < words->count; i++)
		if (times(words, words->list[i], i) >=
		    times(other, words->list[i], other->count))
			fprintf(out, "%s%s", ftell(out) ? " " : "",
				words->list[i]);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static int differ_words(struct differences *d, const char *what,
			const struct words words[2])
{
	char *a = only_in(&words[0], &words[1]);
	char *b = only_in(&words[1], &words[0]);
	int err = a && b ? differ(d, NOTED, what, a, b, NULL) : -ENOMEM;

	free(a);
	free(b);
	return err;
}

static int split_words(const char *text, struct words *words)
{
	char *copy = strdup(text), *save = NULL;
	int err = copy ? 0 : -ENOMEM;

	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL;
	     !err && word; word = strtok_r(NULL, " ", &save))
		err = add_word(words, word);
	free(copy);
	return err;
}

static int command_lines(struct differences *d, const json_t *a,
			 const json_t *b)
{
	struct words words[2] = {0};
	int err = split_words(text_at(a, "guest_command_line", ""), &words[0]);

	if (!err)
		err = split_words(text_at(b, "guest_command_line", ""),
				  &words[1]);
	if (!err)
		err = differ_words(d, "guest's command line", words);
	free_words(&words[0]);
	free_words(&words[1]);
	return err;
}

/* --- QEMU: an option and its value are one word --- */

static const char *const weighty_options[] = {"-cpu", "-icount", "-smp"};

static bool is_weighty(const char *option)
{
	for (size_t i = 0;
	     i < sizeof(weighty_options) / sizeof(*weighty_options); i++)
		if (!strcmp(option, weighty_options[i]))
			return true;
	return false;
}

static const char *argument(const json_t *list, size_t i)
{
	const char *text = json_string_value(json_array_get(list, i));

	return text ? text : "";
}

static const char *option_value(const json_t *qemu, const char *option)
{
	const json_t *list = json_object_get(qemu, "arguments");

	for (size_t i = 0; i + 1 < json_array_size(list); i++)
		if (!strcmp(argument(list, i), option))
			return argument(list, i + 1);
	return "";
}

static int light_options(const json_t *qemu, struct words *words)
{
	const json_t *list = json_object_get(qemu, "arguments");
	int err = 0;

	for (size_t i = 0; !err && i < json_array_size(list); i++) {
		const char *option = argument(list, i);
		const char *value = argument(list, i + 1);
		char *both;

		if (is_weighty(option)) {
			i++;
			continue;
		}
		if (*option != '-' || *value == '-' || !*value) {
			err = add_word(words, option);
			continue;
		}
		if (asprintf(&both, "%s %s", option, value) < 0)
			return -ENOMEM;
		err = add_word(words, both);
		free(both);
		i++;
	}
	return err;
}

static int machines(struct differences *d, const json_t *a, const json_t *b)
{
	struct words words[2] = {0};
	int err = differ_at(d, NOTED, "QEMU", a, b, "version", NULL);
	char what[32];

	for (size_t i = 0;
	     !err && i < sizeof(weighty_options) / sizeof(*weighty_options);
	     i++) {
		const char *option = weighty_options[i];

		snprintf(what, sizeof(what), "QEMU's %s", option);
		err = differ(d, REFUSED, what, option_value(a, option),
			     option_value(b, option),
			     "another machine takes other instructions");
	}
	if (!err)
		err = light_options(a, &words[0]);
	if (!err)
		err = light_options(b, &words[1]);
	if (!err)
		err = differ_words(d, "QEMU's arguments", words);
	free_words(&words[0]);
	free_words(&words[1]);
	return err;
}

/* --- the two runs --- */

static const char *program_text(char *text, const json_t *program)
{
	snprintf(text, 160, "%s %.40s, sha256 %.12s",
		 text_at(program, "version", ""), text_at(program, "git", ""),
		 text_at(program, "sha256", ""));
	return text;
}

static int hosts(struct differences *d, const json_t *a, const json_t *b,
		 bool counts)
{
	int err;

	if (counts)
		return 0;
	a = json_object_get(a, "host");
	b = json_object_get(b, "host");
	err = differ_at(d, REFUSED, "host's CPU", a, b, "cpu",
			"times of two machines differ whatever the kernels do");
	return err ? err
		   : differ_at(d, NOTED, "host's kernel", a, b, "release",
			       NULL);
}

static int plans(struct differences *d, const json_t *a, const json_t *b)
{
	char x[96], y[96];

	snprintf(x, sizeof(x), "%.64s %.12s", text_at(a, "plan", ""),
		 text_at(a, "plan_sha256", ""));
	snprintf(y, sizeof(y), "%.64s %.12s", text_at(b, "plan", ""),
		 text_at(b, "plan_sha256", ""));
	return differ(d, NOTED, "plan", x, y, NULL);
}

static int runs(struct differences *d, const struct run *x, const struct run *y)
{
	const json_t *a = x->json, *b = y->json;
	char p[160], q[160];
	int err;

	err = differ_at(d, HOPELESS, "mode", a, b, "mode",
			"a count and a time have no ratio");
	if (!err && x->unit && y->unit)
		err = differ(d, HOPELESS, "unit", x->unit, y->unit,
			     "figures in two units have no ratio");
	if (!err)
		err = plans(d, a, b);
	/* The same bytes are the same program, wherever its source stood. */
	if (!err &&
	    strcmp(text_at(json_object_get(a, "program"), "sha256", ""),
		   text_at(json_object_get(b, "program"), "sha256", "")))
		err = differ(d, NOTED, "pfnbench",
			     program_text(p, json_object_get(a, "program")),
			     program_text(q, json_object_get(b, "program")),
			     NULL);
	if (!err)
		err = machines(d, json_object_get(a, "qemu"),
			       json_object_get(b, "qemu"));
	if (!err)
		err = command_lines(d, a, b);
	if (!err)
		err = differ_at(d, NOTED, "events", a, b, "events", NULL);
	return err ? err : hosts(d, a, b, run_counts(x));
}

/* --- a pair of kernels --- */

static int64_t version_of(const struct kernel *kernel, const char *benchmark)
{
	for (size_t b = 0; b < kernel->boot_count; b++)
		for (size_t c = 0; c < kernel->boots[b].cell_count; c++)
			if (!strcmp(kernel->boots[b].cells[c].benchmark,
				    benchmark))
				return kernel->boots[b].cells[c].version;
	return -1;
}

static int versions(struct differences *d, const struct pair *pair,
		    const struct narrowed *narrowed)
{
	const struct boot *boot = pair->kernel[0]->boots;
	int err = 0;

	for (size_t c = 0; !err && c < boot->cell_count; c++) {
		const char *benchmark = boot->cells[c].benchmark;
		int64_t other = version_of(pair->kernel[1], benchmark);
		char what[96], a[32], b[32];

		if (other < 0 || (narrowed->benchmark &&
				  strcmp(narrowed->benchmark, benchmark)))
			continue;
		snprintf(what, sizeof(what), "version of %.64s", benchmark);
		snprintf(a, sizeof(a), "%" PRId64, boot->cells[c].version);
		snprintf(b, sizeof(b), "%" PRId64, other);
		err = differ(d, REFUSED, what, a, b,
			     "other versions of a benchmark measure something "
			     "else");
	}
	return err;
}

static int machine_numbers(struct differences *d, const json_t *a,
			   const json_t *b)
{
	char x[32], y[32];

	snprintf(x, sizeof(x), "%lld",
		 json_integer_value(json_object_get(a, "cpus")));
	snprintf(y, sizeof(y), "%lld",
		 json_integer_value(json_object_get(b, "cpus")));
	return differ(d, REFUSED, "CPUs", x, y,
		      "locks and flushes go by the number of CPUs");
}

static int mitigations(struct differences *d, const json_t *a, const json_t *b)
{
	json_t *mine = json_object_get(a, "mitigations");
	const json_t *theirs = json_object_get(b, "mitigations");
	int err = 0;

	/* One that only the newer kernel knows of is no difference. */
	for (void *i = json_object_iter(mine); !err && i;
	     i = json_object_iter_next(mine, i)) {
		const char *name = json_object_iter_key(i);
		char what[96];

		if (!json_object_get(theirs, name))
			continue;
		snprintf(what, sizeof(what), "mitigation %.64s", name);
		err = differ_at(d, NOTED, what, mine, theirs, name, NULL);
	}
	return err;
}

static int environments(struct differences *d, const json_t *a, const json_t *b,
			bool counts)
{
	static const char *const timed[] = {"microcode", "governor", "turbo",
					    "smt", "clocksource"};
	int err;

	a = json_object_get(a, "machine");
	b = json_object_get(b, "machine");
	err = machine_numbers(d, a, b);
	if (!err)
		err = differ_at(
			d, counts ? NOTED : REFUSED, "CPU", a, b, "cpu",
			"times of two machines differ whatever the kernels do");
	if (!err)
		err = mitigations(d, a, b);
	if (!err)
		err = differ_at(d, NOTED, "huge pages", a, b, "thp", NULL);
	for (size_t i = 0;
	     !err && !counts && i < sizeof(timed) / sizeof(*timed); i++)
		err = differ_at(d, NOTED, timed[i], a, b, timed[i], NULL);
	return err;
}

static int kernels(struct differences *d, const struct pair *pair,
		   const struct narrowed *narrowed, bool counts)
{
	const struct kernel *a = pair->kernel[0], *b = pair->kernel[1];
	int err = differ_hash(d, "config", a->build, b->build, "config_sha256");

	if (!err)
		err = differ_at(d, NOTED, "compiler", a->build, b->build,
				"compiler", NULL);
	if (err || !a->boot_count || !b->boot_count)
		return err;
	err = versions(d, pair, narrowed);
	return err ? err
		   : environments(d, a->boots[0].environment,
				  b->boots[0].environment, counts);
}

int differences_find(const struct operand o[2], const struct pairs *pairs,
		     const struct narrowed *narrowed, struct differences *found)
{
	int err = 0;

	memset(found, 0, sizeof(*found));
	if (o[0].run != o[1].run)
		err = runs(found, o[0].run, o[1].run);
	for (size_t p = 0; !err && p < pairs->count; p++)
		err = kernels(found, &pairs->list[p], narrowed,
			      run_counts(o[0].run));
	return err;
}

void differences_free(struct differences *found)
{
	for (size_t i = 0; i < found->count; i++)
		difference_free(&found->list[i]);
	free(found->list);
	memset(found, 0, sizeof(*found));
}

enum weight differences_weight(const struct differences *found)
{
	enum weight most = NOTED;

	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].weight > most)
			most = found->list[i].weight;
	return most;
}
