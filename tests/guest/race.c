// SPDX-License-Identifier: GPL-2.0-or-later
#include "race.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"
#include "ktap.h"
#include "racer.h"
#include "watchdog.h"

/* How often the processes look for what the others have come to. */
#define LOOK_US 20000

const char *const trouble_names[TROUBLES] = {
	[TROUBLE_WRONG] = "every page shows what it must",
	[TROUBLE_LEAK] = "no BAR that is off answers",
	[TROUBLE_LOST] = "no page is refused while its BAR is on",
	[TROUBLE_FAILED] = "no system call fails",
	[TROUBLE_END] = "all off and all there in the end",
	[TROUBLE_DIED] = "no process dies",
};

void race_trouble(struct race_result *r, enum trouble kind, const char *format,
		  ...)
{
	va_list args;

	if (!atomic_exchange(&r->told[kind], true)) {
		va_start(args, format);
		vsnprintf(r->first[kind], sizeof(r->first[kind]), format, args);
		va_end(args);
	}
	atomic_fetch_add(&r->trouble[kind], 1);
}

static enum operation_id choose(unsigned int bits, struct hand *h)
{
	uint32_t nth = hand_random(h, (uint32_t)__builtin_popcount(bits));

	while (nth--)
		bits &= bits - 1;
	return (enum operation_id)__builtin_ctz(bits);
}

static void *hand_run(void *context)
{
	struct hand *h = context;
	struct race *r = h->racer->race;
	unsigned int bits = h->number ? r->plan.operations : r->plan.first_hand;

	while (atomic_load(&r->phase) == PHASE_RUN) {
		enum operation_id id = choose(bits, h);

		operations[id].run(h);
		atomic_fetch_add(&r->result->operations[id], 1);
		atomic_fetch_add(&r->passes[h->racer->number][h->number], 1);
		sched_yield();
		watchdog_beat();
	}
	return NULL;
}

/* A thread that takes one device through its sites. */
struct siter {
	struct hand hand;
	struct course *course;
};

static void *siter_run(void *context)
{
	struct siter *s = context;

	run_sites(s->hand.racer->race, s->course, &s->hand);
	return NULL;
}

/* No two hands, of any racer, have the same; never 0. */
static struct hand hand_of(struct racer *r, int number)
{
	uint64_t seed = r->race->plan.seed + 1;

	seed = seed * UINT64_C(6364136223846793005) +
	       (uint64_t)(r->number * 16 + number + 1);
	seed *= UINT64_C(2862933555777941757);
	return (struct hand){r, number, seed | 1};
}

/* The threads of a racer, from first to last. */
static int run_threads(struct racer *r)
{
	struct race *race = r->race;
	struct course *const courses[] = {&race->bar, &race->flr};
	pthread_t threads[HANDS_MOST + 2];
	struct hand hands[HANDS_MOST];
	struct siter siters[2];
	int n = 0, err = 0;

	for (int i = 0; !err && i < race->plan.hands; i++) {
		hands[i] = hand_of(r, i);
		err = pthread_create(&threads[n], NULL, hand_run, &hands[i]);
		n += !err;
	}
	for (int i = 0; !err && i < 2; i++) {
		if (r->number >= race->plan.siters || !courses[i]->sites)
			continue;
		siters[i].hand = hand_of(r, HANDS_MOST + i);
		siters[i].course = courses[i];
		err = pthread_create(&threads[n], NULL, siter_run, &siters[i]);
		n += !err;
	}
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return err;
}

static void await(struct race *r, enum phase phase)
{
	while (atomic_load(&r->phase) < (int)phase)
		usleep(LOOK_US);
}

/* What a racer process does; its exit code. */
static int racer_main(struct race *race, int number)
{
	static struct racer r;
	const char *why;
	int err;

	/* Not to outlive a parent that was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	r.race = race;
	r.number = number;
	pthread_mutex_init(&r.pud_lock, NULL);
	err = slices_map(&r);
	if (!err)
		err = run_threads(&r);
	if (err)
		race_trouble(race->result, TROUBLE_FAILED,
			     "racer %d can't start: error %d", number, -err);
	await(race, PHASE_STOP);
	atomic_fetch_add(&race->arrived, 1);
	await(race, PHASE_ALL_OFF);
	why = slices_look(&r, view_all_sigbus);
	if (why)
		race_trouble(race->result, TROUBLE_END, "racer %d: %s", number,
			     why);
	atomic_fetch_add(&race->arrived, 1);
	await(race, PHASE_ALL_ON);
	why = slices_look(&r, view_all_right);
	if (why)
		race_trouble(race->result, TROUBLE_END, "racer %d: %s", number,
			     why);
	return 0;
}

static bool went_round(const struct race *r)
{
	const struct course *const courses[] = {&r->bar, &r->flr};

	for (int i = 0; i < 2; i++)
		if (courses[i]->sites &&
		    atomic_load(&courses[i]->rounds) < r->plan.rounds)
			return false;
	for (int i = 0; i < r->plan.racers; i++)
		for (int j = 0; j < r->plan.hands; j++)
			if (atomic_load(&r->passes[i][j]) < r->plan.passes)
				return false;
	return true;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static bool troubled(const struct race *r)
{
	for (int i = 0; i < TROUBLES; i++)
		if (atomic_load(&r->result->trouble[i]))
			return true;
	return false;
}

/* One that has died can't arrive anywhere. */
static bool all_alive(struct race *r, pid_t *pids)
{
	bool alive = true;

	for (int i = 0; i < r->plan.racers; i++) {
		int status;

		if (pids[i] > 0 && waitpid(pids[i], &status, WNOHANG) > 0) {
			race_trouble(r->result, TROUBLE_DIED,
				     "racer %d ended with status %#x", i,
				     status);
			pids[i] = 0;
		}
		alive = alive && pids[i] > 0;
	}
	return alive;
}

/* What has gone wrong once need not go wrong for hours. */
static void run_until_done(struct race *r, pid_t *pids)
{
	time_t start = now();
	bool done = false;

	while (!done && all_alive(r, pids) && !troubled(r)) {
		usleep(LOOK_US);
		done = r->plan.seconds
			       ? now() - start >= (time_t)r->plan.seconds
			       : went_round(r);
	}
}

static void next_phase(struct race *r, enum phase phase, pid_t *pids)
{
	atomic_store(&r->arrived, 0);
	atomic_store(&r->phase, (int)phase);
	while (atomic_load(&r->arrived) < r->plan.racers && all_alive(r, pids))
		usleep(LOOK_US);
	watchdog_beat();
}

static void settle_both(struct race *r, bool on)
{
	struct device *const devices[] = {r->bar.device, r->flr.device};

	for (int i = 0; i < 2; i++) {
		int err = settle_device(devices[i], on);

		if (err)
			race_trouble(r->result, TROUBLE_FAILED,
				     "%s can't be settled: error %d",
				     devices[i]->id, -err);
	}
}

static void finish(struct race *r, pid_t *pids)
{
	next_phase(r, PHASE_STOP, pids);
	settle_both(r, false);
	next_phase(r, PHASE_ALL_OFF, pids);
	settle_both(r, true);
	atomic_store(&r->phase, PHASE_ALL_ON);
	for (int i = 0; i < r->plan.racers; i++) {
		int status;

		if (pids[i] > 0 && waitpid(pids[i], &status, 0) == pids[i] &&
		    status)
			race_trouble(r->result, TROUBLE_DIED,
				     "racer %d ended with status %#x", i,
				     status);
	}
}

/* Only sites that the device has. */
static void set_course(struct course *c, struct device *d, unsigned int bits)
{
	pthread_rwlockattr_t shared;

	c->device = d;
	for (int i = 0; i < SITES; i++)
		if (bits & SITE_BIT(i) && !sites[i].missing(d))
			c->sites |= SITE_BIT(i);
	pthread_rwlockattr_init(&shared);
	pthread_rwlockattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_rwlock_init(&c->lock, &shared);
	/* Nobody turns it off, if nobody turns it anything. */
	if (!c->sites)
		atomic_store(&c->reach.value, REACH_ON);
}

static const char *verdict(const struct race_result *result)
{
	for (int i = 0; i < TROUBLES; i++)
		if (atomic_load(&result->trouble[i]))
			return ktap_say("%s (%lu times)", result->first[i],
					atomic_load(&result->trouble[i]));
	return NULL;
}

const char *race_run(struct contract *c, const struct race_plan *plan,
		     struct race_result *result)
{
	struct race *r = crew_shared(sizeof(*r));
	struct race_result *shared = crew_shared(sizeof(*shared));
	pid_t pids[RACERS_MOST];

	if (!r || !shared)
		return "no shared memory";
	r->contract = c;
	r->plan = *plan;
	r->result = shared;
	set_course(&r->bar, &c->bar, plan->bar_sites);
	set_course(&r->flr, &c->flr, plan->flr_sites);
	fflush(stdout);
	for (int i = 0; i < plan->racers; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(racer_main(r, i));
		if (pids[i] < 0)
			race_trouble(shared, TROUBLE_DIED, "fork failed");
	}
	run_until_done(r, pids);
	finish(r, pids);
	memcpy(result, shared, sizeof(*result));
	crew_shared_free(shared, sizeof(*shared));
	crew_shared_free(r, sizeof(*r));
	return verdict(result);
}
