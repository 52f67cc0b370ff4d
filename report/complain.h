/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands of pfnreport say on stderr. */
#ifndef REPORT_COMPLAIN_H
#define REPORT_COMPLAIN_H

/* One line, "pfnreport: @what: @why". Returns @status, for the caller to end with. */
int complain(const char *what, const char *why, int status);

#endif
