/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit codes of every program and script here. */
#ifndef PFNBENCH_EXIT_H
#define PFNBENCH_EXIT_H

enum exit_code {
	EXIT_FINE = 0,
	EXIT_REGRESSION = 1, /* one was asked for and found */
	EXIT_USAGE = 2, /* usage or bad input */
	EXIT_NOT_ENOUGH = 3, /* not enough data to say */
	EXIT_SKIPPED = 4, /* kselftest's skip */
	EXIT_BROKEN = 5, /* kernel log, guest, restore */
};

#endif
