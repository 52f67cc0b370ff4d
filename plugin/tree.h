/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls of a phase as a tree: a node is a function and who called it. */
#ifndef PLUGIN_TREE_H
#define PLUGIN_TREE_H

#include <stdint.h>
#include <stdio.h>

/* The first nodes: what has no parent, and two roots that have no code. */
#define TREE_ROOT 0
#define TREE_INTERRUPT 1
#define TREE_OTHER_TASK 2

/* Makes it these alone. 0 or -ENOMEM. */
int tree_clear(void);
/* The node of @function below @parent; without memory the parent itself. */
uint32_t tree_child(uint32_t parent, uint32_t function);
uint32_t tree_parent(uint32_t node);
uint32_t tree_function(uint32_t node);
void tree_charge(uint32_t node, int64_t instructions);
/* Something was lost: what the tree says is not whole. */
void tree_lose(void);

/* Lines "n NODE PARENT FUNCTION INSTRUCTIONS", parents first; "lost" if so. */
void tree_print(FILE *out);

#endif
