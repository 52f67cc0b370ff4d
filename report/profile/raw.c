// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads what the plugin wrote; one line after the other, each of one kind. */
#include "profile.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "pfnplugin 1"

struct node {
	char *frames; /* of the whole chain; NULL: of the root, which has none */
};

struct reader {
	struct profiles *profiles;
	struct symbols *symbols;
	struct inlined *inlined; /* NULL: not told apart */
	char benchmark[512], parameters[512];
	struct profile *phase; /* the one that lines are of */
	uint64_t said, added; /* instructions of this round of it */
	int64_t charged; /* the same of its chains */
	struct node *nodes;
	size_t node_count;
	bool ended;
};

static void free_nodes(struct reader *r)
{
	for (size_t i = 0; i < r->node_count; i++)
		free(r->nodes[i].frames);
	free(r->nodes);
	r->nodes = NULL;
	r->node_count = 0;
}

/* A round of a phase is over: its parts have to be what it says. */
static int close_phase(struct reader *r)
{
	bool good = !r->phase ||
		    (r->said == r->added &&
		     (r->phase->lost || r->charged == (int64_t)r->said));

	free_nodes(r);
	r->phase = NULL;
	return good ? 0 : -EINVAL;
}

static int read_cell(struct reader *r, const char *line)
{
	int err = close_phase(r);

	if (err)
		return err;
	return sscanf(line, "cell %511s %511s", r->benchmark, r->parameters) ==
			       2
		       ? 0
		       : -EINVAL;
}

static struct profile *find(struct profiles *p, const char *benchmark,
			    const char *parameters, const char *phase)
{
	for (size_t i = p->count; i-- > 0;)
		if (!strcmp(p->all[i].phase, phase) &&
		    !strcmp(p->all[i].parameters, parameters) &&
		    !strcmp(p->all[i].benchmark, benchmark))
			return &p->all[i];
	return NULL;
}

static struct profile *make(struct reader *r, const char *phase)
{
	struct profiles *p = r->profiles;
	struct profile *more =
		reallocarray(p->all, p->count + 1, sizeof(*more));
	struct profile *made;

	if (!more)
		return NULL;
	p->all = more;
	made = &more[p->count++];
	*made = (struct profile){
		.benchmark = strdup(r->benchmark),
		.parameters = strdup(r->parameters),
		.phase = strdup(phase),
	};
	return made->benchmark && made->parameters && made->phase ? made : NULL;
}

static int read_phase(struct reader *r, const char *line)
{
	uint64_t intervals, overlaps, halts, instructions;
	char name[512];
	int err = close_phase(r);

	if (err)
		return err;
	if (!r->benchmark[0] ||
	    sscanf(line,
		   "phase %511s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
		   name, &intervals, &overlaps, &halts, &instructions) != 5)
		return -EINVAL;
	r->phase = find(r->profiles, r->benchmark, r->parameters, name);
	if (!r->phase)
		r->phase = make(r, name);
	if (!r->phase)
		return -ENOMEM;
	r->phase->intervals += intervals;
	r->phase->overlaps += overlaps;
	r->phase->halts += halts;
	r->phase->instructions += instructions;
	r->phase->rounds++;
	r->said = instructions;
	r->added = 0;
	r->charged = 0;
	return 0;
}

static int add_counts(struct sums *sums, int64_t name, const struct counts *c)
{
	size_t at = (size_t)name;

	if (name < 0)
		return -ENOMEM;
	if (at >= sums->count) {
		size_t count = at + 64;
		struct counts *more =
			reallocarray(sums->all, count, sizeof(*more));

		if (!more)
			return -ENOMEM;
		memset(more + sums->count, 0,
		       (count - sums->count) * sizeof(*more));
		sums->all = more;
		sums->count = count;
	}
	sums->all[at].instructions += c->instructions;
	sums->all[at].calls += c->calls;
	sums->all[at].loads += c->loads;
	sums->all[at].stores += c->stores;
	return 0;
}

/* A call is one of the function, whatever was inlined at its beginning. */
static int add_source(struct reader *r, uint64_t address, int64_t function,
		      struct counts c)
{
	const struct counts call = {.calls = c.calls};
	int err;

	if (!r->inlined)
		return 0;
	c.calls = 0;
	err = add_counts(&r->phase->sources, function, &call);
	return err ? err
		   : add_counts(&r->phase->sources,
				inlined_name(r->inlined, r->symbols, address,
					     function),
				&c);
}

/* Code that no symbol covers: of modules, of libraries. */
static int64_t nameless(struct reader *r, uint64_t address)
{
	return symbols_name(r->symbols, address >> 63 ? "[kernel]" : "[user]");
}

static int read_address(struct reader *r, const char *line)
{
	struct counts c = {0};
	const struct symbol *s;
	uint64_t address;
	int64_t name;
	int err;

	if (!r->phase ||
	    sscanf(line, "i %" SCNx64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
		   &address, &c.instructions, &c.loads, &c.stores) != 4)
		return -EINVAL;
	s = symbols_find(r->symbols, address);
	name = s ? (int64_t)s->name : nameless(r, address);
	/* A function is called as often as its first instruction is executed. */
	if (s && s->first == address && s->kind != 'c')
		c.calls = c.instructions;
	r->added += c.instructions;
	err = add_counts(&r->phase->functions, name, &c);
	return err ? err : add_source(r, address, name, c);
}

/* The words that the plugin has for what no symbol covers are kept. */
static const char *frame_name(const struct reader *r, const char *word)
{
	const struct symbol *s;

	if (word[0] == '[')
		return word;
	s = symbols_find(r->symbols, strtoull(word, NULL, 16));
	return s ? r->symbols->names[s->name] : "[unknown]";
}

static int by_frames(const void *a, const void *b)
{
	const struct stack *x = a, *y = b;

	return strcmp(x->frames, y->frames);
}

static int add_stack(struct profile *p, const char *frames,
		     int64_t instructions)
{
	struct stack *stack = malloc(sizeof(*stack)), **found;

	if (!stack)
		return -ENOMEM;
	*stack = (struct stack){strdup(frames), 0};
	found = stack->frames ? tsearch(stack, &p->stacks, by_frames) : NULL;
	if (!found || *found != stack) {
		free(stack->frames);
		free(stack);
	}
	if (!found)
		return -ENOMEM;
	(*found)->instructions += instructions;
	return 0;
}

static int add_node(struct reader *r, uint64_t parent, const char *name)
{
	const char *above = parent ? r->nodes[parent].frames : NULL;
	struct node *more =
		reallocarray(r->nodes, r->node_count + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	r->nodes = more;
	more[r->node_count].frames = NULL;
	if (asprintf(&more[r->node_count].frames, "%s%s%s", above ? above : "",
		     above ? ";" : "", name) < 0)
		return -ENOMEM;
	r->node_count++;
	return 0;
}

/* Nodes come in order, and a parent before its children. */
static int read_node(struct reader *r, const char *line)
{
	uint64_t node, parent;
	int64_t instructions;
	char word[128];
	int err = 0;

	if (!r->phase ||
	    sscanf(line, "n %" SCNu64 " %" SCNu64 " %127s %" SCNd64, &node,
		   &parent, word, &instructions) != 4)
		return -EINVAL;
	if (!r->node_count) {
		r->nodes = calloc(1, sizeof(*r->nodes));
		if (!r->nodes)
			return -ENOMEM;
		r->node_count = 1;
	}
	if (node != r->node_count || parent >= node)
		return -EINVAL;
	err = add_node(r, parent, frame_name(r, word));
	r->charged += instructions;
	return err || !instructions ? err
				    : add_stack(r->phase, r->nodes[node].frames,
						instructions);
}

static int read_model(struct reader *r, const char *line)
{
	struct profile *p = r->phase;
	struct model_counter read;
	size_t i = 0;

	if (!p || sscanf(line, "m %31s %" SCNu64, read.name, &read.value) != 2)
		return -EINVAL;
	while (i < p->model_count && strcmp(p->model[i].name, read.name))
		i++;
	if (i == MAX_MODEL)
		return -EINVAL;
	if (i == p->model_count) {
		p->model[p->model_count++] = read;
		p->model[i].value = 0;
	}
	p->model[i].value += read.value;
	p->modelled += i == 0;
	return 0;
}

static int read_line(struct reader *r, const char *line)
{
	if (r->ended)
		return -EINVAL;
	if (!strncmp(line, "i ", 2))
		return read_address(r, line);
	if (!strncmp(line, "n ", 2))
		return read_node(r, line);
	if (!strncmp(line, "m ", 2))
		return read_model(r, line);
	if (!strncmp(line, "cell ", 5))
		return read_cell(r, line);
	if (!strncmp(line, "phase ", 6))
		return read_phase(r, line);
	if (!strcmp(line, "lost") && r->phase) {
		r->phase->lost = true;
		return 0;
	}
	if (!strcmp(line, "end")) {
		r->ended = true;
		return close_phase(r);
	}
	return -EINVAL;
}

int raw_read(struct profiles *p, struct symbols *s, struct inlined *in,
	     const char *file, struct why *why)
{
	struct reader r = {.profiles = p, .symbols = s, .inlined = in};
	FILE *raw = fopen(file, "re");
	char line[2048];
	size_t number = 0;
	int err = 0;

	if (!raw)
		return explain(why, -EINVAL, "%s: %s", file, strerror(errno));
	while (!err && fgets(line, sizeof(line), raw)) {
		line[strcspn(line, "\n")] = '\0';
		if (number++ || strcmp(line, FORMAT))
			err = number == 1 ? -EINVAL : read_line(&r, line);
	}
	fclose(raw);
	free_nodes(&r);
	if (err == -EINVAL)
		return explain(why, err,
			       "%s:%zu: damaged, or sums of the lines "
			       "before it are not what was counted",
			       file, number);
	if (!err && !r.ended)
		return explain(why, -EINVAL,
			       "%s: not whole, the guest was ended", file);
	return err;
}

static void free_stack(void *data)
{
	struct stack *stack = data;

	free(stack->frames);
	free(stack);
}

void profiles_free(struct profiles *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->all[i].benchmark);
		free(p->all[i].parameters);
		free(p->all[i].phase);
		free(p->all[i].functions.all);
		free(p->all[i].sources.all);
		tdestroy(p->all[i].stacks, free_stack);
	}
	free(p->all);
}
