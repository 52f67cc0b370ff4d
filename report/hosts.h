/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `pfnreport hosts`: runs of several machines beside each other. */
#ifndef REPORT_HOSTS_H
#define REPORT_HOSTS_H

#include <stddef.h>
#include <stdio.h>

#include "report/doc.h"

/* Each has a letter. */
#define HOSTS_MAX 26

/*
 * Prints the runs in @paths, 1 to HOSTS_MAX folders, to @out, and complains to
 * stderr. Returns the exit status: 0; 2 one of them is no run, or stands twice; 3
 * no boot counts in one; 5 printed, and a boot or a cell is broken.
 */
int report_hosts(char *const paths[], size_t count, enum doc_form form,
		 FILE *out);

#endif
