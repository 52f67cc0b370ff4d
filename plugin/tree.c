// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "symbols.h"

struct node {
	uint32_t parent, function;
	uint32_t child, sibling; /* 0: none */
	int64_t instructions;
};

static struct node *nodes;
static uint32_t count, room;
static bool lost;

static int grow(void)
{
	uint32_t more = room ? 2 * room : 1024;
	struct node *bigger = realloc(nodes, more * sizeof(*nodes));

	if (!bigger)
		return -ENOMEM;
	nodes = bigger;
	room = more;
	return 0;
}

int tree_clear(void)
{
	static const uint32_t roots[] = {FUNCTION_USER, FUNCTION_INTERRUPT,
					 FUNCTION_OTHER_TASK};

	if (!room && grow())
		return -ENOMEM;
	lost = false;
	for (count = 0; count < sizeof(roots) / sizeof(*roots); count++)
		nodes[count] = (struct node){.function = roots[count]};
	return 0;
}

uint32_t tree_child(uint32_t parent, uint32_t function)
{
	uint32_t *link = &nodes[parent].child;

	while (*link) {
		uint32_t found = *link;

		if (nodes[found].function == function) {
			/* To the front: loops ask for the same one again. */
			*link = nodes[found].sibling;
			nodes[found].sibling = nodes[parent].child;
			nodes[parent].child = found;
			return found;
		}
		link = &nodes[found].sibling;
	}
	if (count == room && grow()) {
		lost = true;
		return parent;
	}
	nodes[count] = (struct node){.parent = parent,
				     .function = function,
				     .sibling = nodes[parent].child};
	nodes[parent].child = count;
	return count++;
}

uint32_t tree_parent(uint32_t node)
{
	return nodes[node].parent;
}

uint32_t tree_function(uint32_t node)
{
	return nodes[node].function;
}

void tree_charge(uint32_t node, int64_t instructions)
{
	nodes[node].instructions += instructions;
}

void tree_lose(void)
{
	lost = true;
}

void tree_print(FILE *out)
{
	char text[32];

	for (uint32_t i = 1; i < count; i++)
		fprintf(out, "n %" PRIu32 " %" PRIu32 " %s %" PRId64 "\n", i,
			nodes[i].parent, symbol_text(nodes[i].function, text),
			nodes[i].instructions);
	if (lost)
		fputs("lost\n", out);
}
