// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left of a rising line: few points, and none of the line far from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "report/plots/plots.h"

#define POINTS 2000

/* How far @p is above or below the line. */
static double off(const struct plot_point *line, size_t count,
		  const struct plot_point *p)
{
	double least = INFINITY;

	for (size_t i = 0; i + 1 < count; i++) {
		double low = (double)line[i].y, high = (double)line[i + 1].y;

		if (p->x < line[i].x || p->x > line[i + 1].x)
			continue;
		if (line[i + 1].x > line[i].x)
			low = high =
				low +
				(high - low) * (double)(p->x - line[i].x) /
					(double)(line[i + 1].x - line[i].x);
		least = fmin(
			least,
			fmax(fmax(low - (double)p->y, (double)p->y - high), 0));
	}
	return least;
}

/* Stairs at moments that no two of are alike, with a wait and what follows it. */
static size_t stairs(struct plot_point *points, uint32_t seed)
{
	int64_t x = -500;
	size_t count = 0;

	for (uint64_t y = 0; count < POINTS; y++) {
		seed = seed * 1664525 + 1013904223;
		x += y > 400 && y < 500 ? 0 : y == 400 ? 90000 : seed >> 23;
		points[count++] = (struct plot_point){x, y};
		points[count++] = (struct plot_point){x, y + 1};
	}
	return count;
}

static void stays_near(void **state)
{
	static struct plot_point before[POINTS], line[POINTS];
	static const double nears[] = {0, 0.5, 1, 2.2, 50};

	(void)state;
	for (uint32_t seed = 1; seed < 20; seed++)
		for (size_t n = 0; n < sizeof(nears) / sizeof(*nears); n++) {
			size_t count = stairs(before, seed), left;

			memcpy(line, before, sizeof(line));
			left = plot_thin(line, count, nears[n]);
			assert_true(left >= 2 && left <= count);
			assert_memory_equal(&line[0], &before[0],
					    sizeof(*line));
			assert_memory_equal(&line[left - 1], &before[count - 1],
					    sizeof(*line));
			for (size_t i = 0; i < count; i++)
				assert_true(off(line, left, &before[i]) <=
					    nears[n] + 1e-9);
		}
}

static void leaves_few(void **state)
{
	static struct plot_point points[POINTS];

	(void)state;
	assert_in_range(plot_thin(points, stairs(points, 1), 2), 4, 500);
	/* A straight line is its ends; so is what lies on one point. */
	for (size_t i = 0; i < POINTS; i++)
		points[i] = (struct plot_point){(int64_t)i, 3 * i};
	assert_int_equal(plot_thin(points, POINTS, 0), 2);
	assert_int_equal(points[1].y, 3 * (POINTS - 1));
	memset(points, 0, sizeof(points));
	assert_int_equal(plot_thin(points, POINTS, 0), 2);
	for (size_t count = 0; count < 3; count++)
		assert_int_equal(plot_thin(points, count, 1), count);
}

/* A wait is level, and the rise behind it upright. */
static void keeps_corners(void **state)
{
	struct plot_point points[] = {{0, 0},	 {0, 1},   {10, 1},
				      {10, 2},	 {900, 2}, {900, 90},
				      {910, 90}, {910, 91}};
	static const struct plot_point left[] = {
		{0, 0}, {900, 2}, {900, 90}, {910, 91}};

	(void)state;
	assert_int_equal(plot_thin(points, 8, 2), 4);
	assert_memory_equal(points, left, sizeof(left));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_near),
		cmocka_unit_test(leaves_few),
		cmocka_unit_test(keeps_corners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
