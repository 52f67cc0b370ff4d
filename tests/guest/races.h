/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The races of the contract. */
#ifndef TESTS_RACES_H
#define TESTS_RACES_H

#include "contract.h"
#include "race.h"

/*
 * Operation @id against disabling and enabling by PCI_COMMAND, against resets
 * of all kinds, against sleep and wake-up, against a reset behind vfio's back.
 */
const char *race_command(void *context, int id);
const char *race_reset(void *context, int id);
const char *race_power(void *context, int id);
const char *race_bar_restore(void *context, int id);

/*
 * Everything against everything for @seconds, and then a look at all there is.
 * Prints KTAP and what was done; returns how many tests failed.
 */
int race_for(struct contract *c, unsigned int seconds);

#endif
