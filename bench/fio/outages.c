// SPDX-License-Identifier: GPL-2.0-only
#include "fio/outages.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fio/bar.h"

#define NS_PER_S UINT64_C(1000000000)

static const char *const kinds[] = {"toggle", "reset"};

static struct {
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	struct outages *outages;
	uint64_t zero; /* of CLOCK_MONOTONIC */
} control = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int parse_moment(const char *text, char **end, uint64_t *ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {{"us", 1000}, {"ms", 1000000}, {"s", NS_PER_S}};
	unsigned long long number;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, end, 10);
	if (errno || number > 1000000000)
		return -ERANGE;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i].name);

		if (strncmp(*end, units[i].name, n))
			continue;
		*end += n;
		*ns = number * units[i].ns;
		return 0;
	}
	return -EINVAL;
}

static int parse_one(struct outage *o, const char *text, char **end)
{
	int err = parse_moment(text, end, &o->due);

	if (err || **end != ':')
		return -EINVAL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t n = strlen(kinds[i]);

		if (strncmp(*end + 1, kinds[i], n))
			continue;
		o->kind = (enum outage_kind)i;
		*end += 1 + n;
		return **end && **end != ',' ? -EINVAL : 0;
	}
	return -EINVAL;
}

int outages_parse(struct outages *o, const char *text, char why[256])
{
	char *end;

	o->count = 0;
	while (text && *text) {
		struct outage one = {0};

		if (o->count == OUTAGES_MAX) {
			snprintf(why, 256, "more than %d outages", OUTAGES_MAX);
			return -EINVAL;
		}
		if (parse_one(&one, text, &end)) {
			snprintf(why, 256,
				 "%s is no list of moments with what happens, "
				 "like 500ms:toggle,2s:reset",
				 text);
			return -EINVAL;
		}
		if (o->count && one.due <= o->list[o->count - 1].due) {
			snprintf(why, 256, "outages must be in order");
			return -EINVAL;
		}
		o->list[o->count++] = one;
		text = *end ? end + 1 : end;
	}
	return 0;
}

uint64_t outages_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t since_zero(void)
{
	return outages_now() - control.zero;
}

/* Until @ns from zero, or until it has to end: then false. */
static bool wait_until(uint64_t ns)
{
	uint64_t at = control.zero + ns;
	struct timespec until = {(time_t)(at / NS_PER_S),
				 (long)(at % NS_PER_S)};
	bool stop;
	int err = 0;

	pthread_mutex_lock(&control.lock);
	while (!control.stop && err != ETIMEDOUT)
		err = pthread_cond_timedwait(&control.wake, &control.lock,
					     &until);
	stop = control.stop;
	pthread_mutex_unlock(&control.lock);
	return !stop;
}

/* Memory comes on again whatever happened: others wait for it. */
static void toggle(struct outage *o)
{
	struct timespec off;
	int err;

	off.tv_sec = (time_t)(control.outages->off_ns / NS_PER_S);
	off.tv_nsec = (long)(control.outages->off_ns % NS_PER_S);
	o->first_begin = since_zero();
	o->error = bar_memory_enable(false);
	o->first_end = since_zero();
	while (nanosleep(&off, &off) && errno == EINTR)
		;
	o->second_begin = since_zero();
	err = bar_memory_enable(true);
	o->second_end = since_zero();
	if (!o->error)
		o->error = err;
}

static void reset(struct outage *o)
{
	o->first_begin = since_zero();
	o->error = bar_reset();
	o->first_end = since_zero();
	o->second_begin = o->second_end = o->first_end;
}

static void *run(void *unused)
{
	struct outages *all = control.outages;

	(void)unused;
	for (size_t i = 0; i < all->count; i++) {
		if (!wait_until(all->list[i].due))
			break;
		if (all->list[i].kind == OUTAGE_TOGGLE)
			toggle(&all->list[i]);
		else
			reset(&all->list[i]);
	}
	return NULL;
}

int outages_start(struct outages *o, uint64_t zero)
{
	pthread_condattr_t monotonic;
	sigset_t all, old;
	int err;

	if (!o->count || control.started)
		return 0;
	control.outages = o;
	control.zero = zero;
	control.stop = false;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&control.wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* Signals are fio's to handle. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	err = pthread_create(&control.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	control.started = !err;
	return -err;
}

void outages_stop(void)
{
	if (!control.started)
		return;
	pthread_mutex_lock(&control.lock);
	control.stop = true;
	pthread_cond_signal(&control.wake);
	pthread_mutex_unlock(&control.lock);
	pthread_join(control.thread, NULL);
	pthread_cond_destroy(&control.wake);
	control.started = false;
}

void outages_print(const struct outages *o, FILE *file)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct outage *x = &o->list[i];

		if (!x->first_end)
			continue;
		fprintf(file,
			"outage %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
			" %" PRIu64 " %d\n",
			kinds[x->kind], x->due, x->first_begin, x->first_end,
			x->second_begin, x->second_end, x->error);
	}
}
