/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts pfnbench's marks together: bits, messages, and which phase is on. */
#ifndef PLUGIN_MESSAGES_H
#define PLUGIN_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "pfnbench/mark.h"

#define MESSAGE_SIZE 512

struct message {
	enum mark kind;
	const char *benchmark, *parameters; /* MARK_CELL */
	uint64_t numbers[3]; /* MARK_TEXT, MARK_LEAVES */
	char ended[MESSAGE_SIZE]; /* the phase that this one ends, or "" */
};

/*
 * Takes the next mark. True where it completes a message that is well formed:
 * of MARK_CELL the second one, which has the parameters.
 */
bool messages_take(enum mark mark, struct message *m);
/* Whether a phase is on. */
bool messages_phase(void);

#endif
