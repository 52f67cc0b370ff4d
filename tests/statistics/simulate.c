// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs whose truth is known, judged by pfnreport's own functions: how often equal
 * kernels are called different, and how often different ones are found. Prints
 * the tables of docs/METHOD.md; the seed is fixed. A rate that is not what the
 * method promises is named on stderr, and the exit code is then 5.
 *
 * A boot is one figure: the kernel's, times what that boot was like (normal, with
 * a standard deviation of `spread`), times a drift that grows evenly over the
 * run. A run has seven kernels: a baseline and six others, six rows.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/statistics/bootstrap.h"
#include "report/statistics/holm.h"
#include "report/statistics/rank.h"
#include "report/statistics/sign.h"
#include "report/statistics/verdict.h"

#define KERNELS 7
#define ROWS (KERNELS - 1)
#define BLOCKS_MAX 20
#define ALPHA 0.05
#define DRIFT 0.03

static unsigned short state[3] = {0x330e, 1, 0};
static int wrong;

static double normal(void)
{
	double radius = sqrt(-2 * log(1 - erand48(state)));

	return radius * cos(2 * M_PI * erand48(state));
}

/*
 * A rate that was seen in @runs must be between @low and @high, give or take
 * four standard deviations of such a count: wrong once in 15,000 times.
 */
static void must(double seen, double low, double high, double runs,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));
static void must(double seen, double low, double high, double runs,
		 const char *format, ...)
{
	va_list args;

	if (seen >= low - 4 * sqrt(low * (1 - low) / runs) &&
	    seen <= high + 4 * sqrt(high * (1 - high) / runs))
		return;
	va_start(args, format);
	fprintf(stderr, "simulate: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, ": %.2f%%, not %.2f to %.2f%%\n", 100 * seen, 100 * low,
		100 * high);
	va_end(args);
	wrong = 5;
}

/* Which slot of a run the boot of @kernel in @block has. */
typedef size_t schedule_fn(size_t kernel, size_t block, size_t blocks);

/* All boots of one kernel, then all of the next. */
static size_t one_after_the_other(size_t kernel, size_t block, size_t blocks)
{
	return kernel * blocks + block;
}

/* As scripts/guest/matrix has it: two blocks from one kernel on, forth and back. */
static size_t forth_and_back(size_t kernel, size_t block, size_t blocks)
{
	size_t place = (kernel + KERNELS - block / 2 % KERNELS) % KERNELS;

	(void)blocks;
	return block * KERNELS + (block % 2 ? KERNELS - 1 - place : place);
}

struct design {
	const char *name;
	schedule_fn *slot;
	bool paired;
};

static const struct design in_a_row = {"AAAA/BBBB, boots unpaired",
				       one_after_the_other, false};
static const struct design in_blocks = {"blocks, paired", forth_and_back, true};

struct world {
	size_t blocks;
	double spread, drift;
	double change; /* of the first row's kernel; a ratio less 1 */
};

/* The logs of a run's figures; the baseline is in the middle of the order. */
static void run(const struct design *design, const struct world *world,
		double logs[KERNELS][BLOCKS_MAX])
{
	double last = (double)(KERNELS * world->blocks - 1);

	for (size_t k = 0; k < KERNELS; k++)
		for (size_t b = 0; b < world->blocks; b++) {
			double slot = (double)design->slot((k + 3) % KERNELS, b,
							   world->blocks);

			logs[k][b] = world->spread * normal() +
				     log1p(world->drift * slot / last) +
				     (k == 1 ? log1p(world->change) : 0);
		}
}

static double row_p(const struct design *design, double logs[][BLOCKS_MAX],
		    size_t row, size_t blocks)
{
	double ratios[BLOCKS_MAX], p = NAN;

	if (!design->paired) {
		if (rank_p(logs[0], blocks, logs[row + 1], blocks, &p))
			exit(5);
		return p;
	}
	for (size_t b = 0; b < blocks; b++)
		ratios[b] = logs[row + 1][b] - logs[0][b];
	return sign_p(ratios, blocks);
}

struct rates {
	double row; /* of rows alone, or of the first where it changed */
	double table; /* runs in which Holm rejects any, or the first */
};

static struct rates rates_of(const struct design *design,
			     const struct world *world, size_t runs)
{
	double logs[KERNELS][BLOCKS_MAX], p[ROWS], adjusted[ROWS];
	struct rates rates = {0, 0};
	size_t counted = world->change != 0 ? 1 : ROWS;

	for (size_t i = 0; i < runs; i++) {
		bool any = false;

		run(design, world, logs);
		for (size_t r = 0; r < ROWS; r++)
			p[r] = row_p(design, logs, r, world->blocks);
		if (holm_adjust(p, ROWS, adjusted))
			exit(5);
		for (size_t r = 0; r < counted; r++) {
			rates.row += at_most(p[r], ALPHA);
			any |= at_most(adjusted[r], ALPHA);
		}
		rates.table += any;
	}
	rates.row /= (double)(runs * counted);
	rates.table /= (double)runs;
	return rates;
}

static void false_alarms(const struct design *design, size_t runs)
{
	static const double spreads[] = {0.002, 0.005, 0.01};
	struct world world = {.blocks = 10};

	for (size_t i = 0; i < 2; i++)
		for (size_t s = 0; s < 3; s++) {
			struct rates rates;

			world.drift = i ? DRIFT : 0;
			world.spread = spreads[s];
			rates = rates_of(design, &world, runs);
			printf("| %s | %.1f%% | %.0f%% | %.1f%% | %.1f%% |\n",
			       design->name, 100 * world.spread,
			       100 * world.drift, 100 * rates.row,
			       100 * rates.table);
			if (!design->paired && i)
				must(rates.row, 0.3, 1, (double)runs,
				     "drift in a row is not seen");
			else
				must(rates.row, 0, ALPHA, (double)runs,
				     "false alarms, %s", design->name);
			if (design->paired || !i)
				must(rates.table, 0, ALPHA, (double)runs,
				     "false alarms of tables, %s",
				     design->name);
		}
}

static void false_alarm_table(void)
{
	printf("| design, ten boots a kernel | spread | drift | of rows alone "
	       "| "
	       "of tables, after Holm |\n|:--|--:|--:|--:|--:|\n");
	false_alarms(&in_a_row, 500);
	false_alarms(&in_blocks, 4000);
}

/* "31.2 / 4.5": of the row alone, and in its table. */
static void power_row(size_t blocks, double spread, size_t runs)
{
	static const double changes[] = {0, 0.01, 0.02, 0.05};
	double level = sign_level(blocks, ALPHA);

	printf("| %zu | %.1f%% |", blocks, 100 * spread);
	for (size_t c = 0; c < 4; c++) {
		struct world world = {blocks, spread, DRIFT, changes[c]};
		struct rates rates = rates_of(&in_blocks, &world, runs);

		printf(" %.1f / %.1f |", 100 * rates.row, 100 * rates.table);
		if (c)
			continue;
		must(rates.row, 0, level, (double)runs,
		     "false alarms of %zu blocks", blocks);
		must(rates.table, 0, ALPHA, (double)runs,
		     "false alarms of tables of %zu blocks", blocks);
	}
	printf("\n");
}

static void power_table(void)
{
	static const double spreads[] = {0.002, 0.005, 0.01};

	printf("| blocks | spread | equal | 1%% | 2%% | 5%% |\n"
	       "|--:|--:|--:|--:|--:|--:|\n");
	for (size_t blocks = 6; blocks <= 12; blocks += 2)
		for (size_t s = 0; s < 3; s++)
			power_row(blocks, spreads[s], 2000);
}

/* How often a row is given @verdict by all that judge() does. */
static double verdict_rate(const struct world *world, enum verdict verdict,
			   size_t runs)
{
	double logs[KERNELS][BLOCKS_MAX], ratios[ROWS][BLOCKS_MAX];
	size_t found = 0;

	for (size_t i = 0; i < runs; i++) {
		struct comparison rows[ROWS] = {{0}};

		run(&in_blocks, world, logs);
		for (size_t r = 0; r < ROWS; r++) {
			for (size_t b = 0; b < world->blocks; b++)
				ratios[r][b] = logs[r + 1][b] - logs[0][b];
			rows[r].x = ratios[r];
			rows[r].x_count = world->blocks;
		}
		if (judge(rows, ROWS, &rules_default))
			exit(5);
		found += rows[0].verdict == verdict;
	}
	return (double)found / (double)runs;
}

/* A change of the threshold is the hardest to tell from a smaller one. */
static void no_change_table(void)
{
	const double runs = 2000;

	printf("| blocks | spread | said of equal kernels | said of a change "
	       "of "
	       "1%% |\n|--:|--:|--:|--:|\n");
	for (size_t blocks = 8; blocks <= 12; blocks += 2) {
		struct world world = {blocks, 0.002, DRIFT, 0};
		double equal = verdict_rate(&world, NO_CHANGE, (size_t)runs);
		double changed;

		world.change = 0.01;
		changed = verdict_rate(&world, NO_CHANGE, (size_t)runs);
		printf("| %zu | 0.2%% | %.1f%% | %.1f%% |\n", blocks,
		       100 * equal, 100 * changed);
		must(changed, 0, ALPHA / 2, runs,
		     "no change larger than 1%% said of one");
	}
}

/* The difference that is said to be found in 80 % of all runs, if it is one. */
static double found_of_detectable(const struct design *design, size_t blocks,
				  size_t runs)
{
	double logs[KERNELS][BLOCKS_MAX], ratios[BLOCKS_MAX], least = 0;
	struct world world = {blocks, 0.005, 0, 0};

	for (size_t i = 0; i < runs; i++) {
		run(design, &world, logs);
		for (size_t b = 0; b < blocks; b++)
			ratios[b] = logs[1][b] - logs[0][b];
		least += design->paired
				 ? sign_detectable(ratios, blocks, ALPHA, 0.8)
				 : rank_detectable(logs[0], blocks, logs[1],
						   blocks, ALPHA, 0.8);
	}
	world.change = expm1(least / (double)runs);
	return rates_of(design, &world, runs).row;
}

static void detectable_table(void)
{
	const double runs = 1000;

	printf("| boots a kernel | paired | unpaired |\n|--:|--:|--:|\n");
	for (size_t blocks = 6; blocks <= 12; blocks += 2) {
		double paired =
			found_of_detectable(&in_blocks, blocks, (size_t)runs);
		double apart =
			found_of_detectable(&in_a_row, blocks, (size_t)runs);

		printf("| %zu | %.0f%% | %.0f%% |\n", blocks, 100 * paired,
		       100 * apart);
		must(paired, 0.77, 0.83, runs, "found by %zu pairs", blocks);
		must(apart, 0.75, 0.82, runs, "found by %zu boots", blocks);
	}
}

/* Boots of samples whose log has a standard deviation of 3 % within a boot. */
#define WITHIN 0.03
#define SAMPLES 400
#define SCALE 2000
#define P99 2.3263478740408408 /* of a standard normal */

static void draw_boot(struct samples *samples, double boot)
{
	double values[SAMPLES];

	for (size_t i = 0; i < SAMPLES; i++)
		values[i] = floor(SCALE * exp(boot + WITHIN * normal()));
	sort_values(values, SAMPLES);
	samples_free(samples);
	if (samples_reserve(samples, SAMPLES))
		exit(5);
	for (size_t i = 0, next; i < SAMPLES; i = next) {
		for (next = i; next < SAMPLES && values[next] == values[i];)
			next++;
		if (samples_add(samples, (uint64_t)values[i], next - i))
			exit(5);
	}
}

static bool covers(const struct interval *interval, double truth)
{
	return interval->low <= truth && truth <= interval->high;
}

static void coverage_row(size_t boots, double spread, size_t runs)
{
	static struct samples samples[2][BLOCKS_MAX];
	const struct samples *lists[2][BLOCKS_MAX];
	const struct arm arms[2] = {{lists[0], boots}, {lists[1], boots}};
	double truth = SCALE * exp(P99 * hypot(spread, WITHIN));
	size_t quantiles = 0, ratios = 0;

	for (size_t i = 0; i < runs; i++) {
		struct bootstrap how = {200, (uint32_t)i + 1, ALPHA};
		struct interval interval;

		for (size_t a = 0; a < 2; a++) {
			for (size_t b = 0; b < boots; b++) {
				draw_boot(&samples[a][b], spread * normal());
				lists[a][b] = &samples[a][b];
			}
		}
		if (bootstrap_quantile(&arms[0], 0.99, &how, &interval))
			exit(5);
		quantiles += covers(&interval, truth);
		if (bootstrap_ratio(&arms[0], &arms[1], true, 0.99, &how,
				    &interval))
			exit(5);
		ratios += covers(&interval, 0);
	}
	printf("| %zu | %.1f%% | %.0f%% | %.0f%% |\n", boots, 100 * spread,
	       100 * (double)quantiles / (double)runs,
	       100 * (double)ratios / (double)runs);
	must((double)quantiles / (double)runs, 0.7, 1, (double)runs,
	     "p99 of %zu boots is covered", boots);
	must((double)ratios / (double)runs, 0.8, 1, (double)runs,
	     "ratio of p99 of %zu boots is covered", boots);
}

static void coverage_table(void)
{
	printf("| boots | spread | p99 | ratio of two p99 |\n"
	       "|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < 2; i++) {
		coverage_row(6, i ? 0.01 : 0.002, 150);
		coverage_row(10, i ? 0.01 : 0.002, 150);
		coverage_row(20, i ? 0.01 : 0.002, 150);
	}
}

int main(void)
{
	printf("How often equal kernels are called different:\n\n");
	false_alarm_table();
	printf("\nHow often a row is called changed, in percent, alone / as "
	       "one "
	       "row of six (drift 3%%):\n\n");
	power_table();
	printf("\nHow often a row of six is given \"no change larger than "
	       "1%%\" "
	       "(drift 3%%):\n\n");
	no_change_table();
	printf("\nHow often the smallest difference that a run is said to find "
	       "in 80%% is found:\n\n");
	detectable_table();
	printf("\nHow often the 95%% interval of the bootstrap covers the "
	       "truth, "
	       "400 samples a boot:\n\n");
	coverage_table();
	return wrong;
}
