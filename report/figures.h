/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures of a report: which there are, and what they are called. */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

struct figure {
	const char
		*name; /* plots/NAME.svg, plots/NAME-BASE.svg past the first */
	const char *caption;
};

/* In the order of the report; the last one has no name. */
extern const struct figure figures[];

#endif
