// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application, section
 * 3.8: boots are drawn with replacement, then from each as many samples as it
 * has. The interval is from the percentiles of what the replicates give.
 *
 * A replicate's quantile is found without drawing its samples: the range of
 * values is halved, how many of each boot's samples fall into the lower half is
 * drawn from the binomial distribution that it has, and the half with the
 * wanted rank is halved again. These are the same samples, drawn in another
 * order and only as far as is needed: a boot of n
 * samples costs some sqrt(n) steps a halving, not n.
 */
#include "report/statistics/bootstrap.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const struct bootstrap bootstrap_default = {2000, 1, 0.05};

/* Probabilities that a random number of 48 bits can't hit. */
#define NEGLIGIBLE 1e-20

/* A boot that was drawn, and what part of it is still in question. */
struct drawn {
	const struct samples *boot;
	size_t from, to; /* steps */
	uint64_t samples; /* of the replicate, within them */
};

struct sample {
	const struct samples *const *boots;
	struct drawn *drawn, *low, *high; /* one a boot */
	size_t count;
	uint64_t least, most; /* values */
};

static void sample_free(struct sample *sample)
{
	free(sample->drawn);
	free(sample->low);
	free(sample->high);
}

/* The caller ends it with sample_free(), whatever this returned. */
static int sample_make(const struct arm *arm, struct sample *sample)
{
	*sample = (struct sample){
		.boots = arm->boots, .count = arm->count, .least = UINT64_MAX};
	if (arm->count < BOOTSTRAP_BOOTS_MIN)
		return -ENODATA;
	for (size_t i = 0; i < arm->count; i++) {
		const struct samples *boot = arm->boots[i];

		if (!boot->count)
			return -ENODATA;
		if (boot->steps[0].value < sample->least)
			sample->least = boot->steps[0].value;
		if (boot->steps[boot->distinct - 1].value > sample->most)
			sample->most = boot->steps[boot->distinct - 1].value;
	}
	sample->drawn = calloc(arm->count, sizeof(*sample->drawn));
	sample->low = calloc(arm->count, sizeof(*sample->low));
	sample->high = calloc(arm->count, sizeof(*sample->high));
	return sample->drawn && sample->low && sample->high ? 0 : -ENOMEM;
}

/* Binomial probabilities, from the most likely count outwards. */
struct outwards {
	double samples, odds, mode;
	double low, high; /* counts */
	double low_p, high_p;
};

static void outwards_start(struct outwards *o, double samples, double p)
{
	o->samples = samples;
	o->odds = p / (1 - p);
	o->mode = fmin(floor((samples + 1) * p), samples);
	o->low = o->high = o->mode;
	o->low_p = exp(lgamma(samples + 1) - lgamma(o->mode + 1) -
		       lgamma(samples - o->mode + 1) + o->mode * log(p) +
		       (samples - o->mode) * log1p(-p));
	o->high_p = o->low_p;
}

/* One count further up and down; counts that can't be have probability 0. */
static void outwards_step(struct outwards *o)
{
	o->high_p *= (o->samples - o->high) / (o->high + 1) * o->odds;
	o->high++;
	o->low_p *= o->low / (o->samples - o->low + 1) / o->odds;
	o->low--;
}

/*
 * How many of @samples are in a part that holds @part of @whole, by inversion:
 * some sqrt(samples p (1-p)) steps. What rounding leaves of all probabilities
 * is given to the most likely count.
 */
static uint64_t draw_binomial(uint64_t samples, uint64_t part, uint64_t whole,
			      unsigned short state[3])
{
	struct outwards o;
	double left;

	if (!samples || !part)
		return 0;
	if (part == whole)
		return samples;
	outwards_start(&o, (double)samples, (double)part / (double)whole);
	left = erand48(state) - o.low_p;
	while (left >= 0 && o.low_p + o.high_p > NEGLIGIBLE) {
		outwards_step(&o);
		left -= o.high_p;
		if (left < 0)
			return (uint64_t)o.high;
		left -= o.low_p;
		if (left < 0)
			return (uint64_t)o.low;
	}
	return (uint64_t)o.mode;
}

/* Samples in the steps before the @i-th. */
static uint64_t before(const struct samples *boot, size_t i)
{
	return i ? boot->steps[i - 1].upto : 0;
}

/* The first step of @drawn above @value. */
static size_t first_above(const struct drawn *drawn, uint64_t value)
{
	size_t low = drawn->from, high = drawn->to;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (drawn->boot->steps[middle].value <= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Draws how the samples of one boot fall on both sides of @value. */
static void split(const struct drawn *drawn, uint64_t value, struct drawn *low,
		  struct drawn *high, unsigned short state[3])
{
	size_t at = first_above(drawn, value);

	*low = *high = *drawn;
	low->to = high->from = at;
	low->samples = draw_binomial(drawn->samples,
				     before(drawn->boot, at) -
					     before(drawn->boot, drawn->from),
				     before(drawn->boot, drawn->to) -
					     before(drawn->boot, drawn->from),
				     state);
	high->samples = drawn->samples - low->samples;
}

/* The value of @rank (from 1) in a replicate whose boots are drawn. */
static uint64_t draw_value(struct sample *sample, uint64_t rank,
			   unsigned short state[3])
{
	struct drawn *low = sample->low, *high = sample->high;
	uint64_t least = sample->least, most = sample->most;

	while (least < most) {
		uint64_t middle = least + (most - least) / 2, below = 0;

		for (size_t i = 0; i < sample->count; i++) {
			split(&sample->drawn[i], middle, &low[i], &high[i],
			      state);
			below += low[i].samples;
		}
		if (rank > below) {
			rank -= below;
			least = middle + 1;
		} else {
			most = middle;
		}
		for (size_t i = 0; i < sample->count; i++)
			sample->drawn[i] = least > middle ? high[i] : low[i];
	}
	return least;
}

/* One replicate's quantile, of the boots that @chosen names. */
static double replicate(struct sample *sample, const size_t *chosen, double q,
			unsigned short state[3])
{
	uint64_t samples = 0;

	for (size_t i = 0; i < sample->count; i++) {
		const struct samples *boot = sample->boots[chosen[i]];

		sample->drawn[i] =
			(struct drawn){boot, 0, boot->distinct, boot->count};
		samples += sample->drawn[i].samples;
	}
	return (double)draw_value(sample, (uint64_t)ceil(q * (double)samples),
				  state);
}

static void choose(size_t *chosen, size_t count, unsigned short state[3])
{
	for (size_t i = 0; i < count; i++)
		chosen[i] = (size_t)(erand48(state) * (double)count);
}

/* From the replicates to their percentiles. */
static void percentiles(double *values, const struct bootstrap *how,
			struct interval *interval)
{
	size_t count = how->replicates, k;

	sort_values(values, count);
	k = (size_t)(how->alpha / 2 * (double)(count + 1));
	k = k ? k : 1;
	interval->low = values[k - 1];
	interval->high = values[count - k];
	interval->confidence = 1 - how->alpha;
}

/* @arms of one or two samples; of two, the log ratio of second to first. */
struct work {
	struct sample samples[2];
	size_t arms;
	bool paired;
	double q;
	size_t *chosen;
	double *values;
	unsigned short state[3];
};

static double one(struct work *work)
{
	double values[2] = {0, 0};

	for (size_t a = 0; a < work->arms; a++) {
		struct sample *sample = &work->samples[a];

		if (!a || !work->paired)
			choose(work->chosen, sample->count, work->state);
		values[a] =
			replicate(sample, work->chosen, work->q, work->state);
	}
	return work->arms == 1 ? values[0] : log_ratio(values[0], values[1]);
}

static int run_work(struct work *work, const struct arm *const *arms,
		    const struct bootstrap *how, struct interval *interval)
{
	size_t most = 0;
	int err = 0;

	work->state[0] = 0x330e; /* as srand48() has it */
	work->state[1] = (unsigned short)how->seed;
	work->state[2] = (unsigned short)(how->seed >> 16);
	for (size_t a = 0; !err && a < work->arms; a++) {
		err = sample_make(arms[a], &work->samples[a]);
		most = arms[a]->count > most ? arms[a]->count : most;
	}
	if (err)
		return err;
	work->chosen = calloc(most, sizeof(*work->chosen));
	work->values = calloc(how->replicates, sizeof(*work->values));
	if (!work->chosen || !work->values)
		return -ENOMEM;
	for (unsigned int r = 0; r < how->replicates; r++)
		work->values[r] = one(work);
	percentiles(work->values, how, interval);
	return 0;
}

static int bootstrap(const struct arm *const *arms, size_t count, bool paired,
		     double q, const struct bootstrap *how,
		     struct interval *interval)
{
	struct work work = {.arms = count, .paired = paired, .q = q};
	double values[2] = {0, 0};
	int err;

	if (!(q > 0 && q < 1) || !how->replicates)
		return -EDOM;
	err = run_work(&work, arms, how, interval);
	for (size_t a = 0; a < count; a++) {
		sample_free(&work.samples[a]);
		values[a] = (double)samples_quantile(arms[a]->boots,
						     arms[a]->count, q);
	}
	free(work.chosen);
	free(work.values);
	interval->estimate =
		count == 1 ? values[0] : log_ratio(values[0], values[1]);
	return err;
}

int bootstrap_quantile(const struct arm *arm, double q,
		       const struct bootstrap *how, struct interval *interval)
{
	return bootstrap(&arm, 1, false, q, how, interval);
}

int bootstrap_ratio(const struct arm *baseline, const struct arm *other,
		    bool paired, double q, const struct bootstrap *how,
		    struct interval *interval)
{
	const struct arm *arms[2] = {baseline, other};

	if (paired && baseline->count != other->count)
		return -EINVAL;
	return bootstrap(arms, 2, paired, q, how, interval);
}
