// SPDX-License-Identifier: GPL-2.0-or-later
/* What a figure cannot show of a line that rises. */
#include "report/plots/plots.h"

#include <math.h>

/* Slopes of a line from a point on that passes all that it has come by. */
struct sleeve {
	double least, most;
	double above; /* how far up those lie that are right above the point */
};

static double slope(const struct plot_point *from, const struct plot_point *to,
		    double up)
{
	return ((double)to->y - (double)from->y + up) /
	       (double)(to->x - from->x);
}

/* Does the line that ends at @to pass all before it near enough? */
static bool fits(const struct sleeve *s, const struct plot_point *from,
		 const struct plot_point *to, double near)
{
	double s0;

	if (to->x == from->x)
		return true;
	s0 = slope(from, to, 0);
	return s->above <= near && s0 >= s->least && s0 <= s->most;
}

static void come_by(struct sleeve *s, const struct plot_point *from,
		    const struct plot_point *at, double near)
{
	if (at->x == from->x) {
		s->above = fmax(s->above, (double)(at->y - from->y));
		return;
	}
	s->least = fmax(s->least, slope(from, at, -near));
	s->most = fmin(s->most, slope(from, at, near));
}

size_t plot_thin(struct plot_point *points, size_t count, double near)
{
	const struct sleeve open = {-INFINITY, INFINITY, 0};
	struct sleeve s = open;
	struct plot_point last;
	size_t kept = 1;

	if (count < 3)
		return count;
	last = points[1];
	for (size_t i = 1; i < count; i++) {
		if (!fits(&s, &points[kept - 1], &points[i], near)) {
			points[kept++] = last;
			s = open;
		}
		last = points[i];
		come_by(&s, &points[kept - 1], &last, near);
	}
	points[kept++] = last;
	return kept;
}
