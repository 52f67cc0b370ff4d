// SPDX-License-Identifier: GPL-2.0-only
/*
 * pfnbar, an I/O engine for fio: a read is loads from a BAR, mapped through vfio.
 *
 *	fio --ioengine=external:build/pfnbar.so --target=0000:65:00.0 --thread ...
 *
 * An access that raises SIGBUS is an I/O that waits: it is tried again until it
 * succeeds, and counted apart. The hooks below are in the order in which fio calls
 * them. docs/FIO.md says what the numbers mean.
 *
 * fio's structures are read as the headers lay them out that this was compiled
 * with, which must be those of the fio that runs it: get_ioengine() looks.
 */
#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <fio.h>
#include <optgroup.h>

#include "fio/bar.h"
#include "fio/outages.h"
#include "pfnbench/exit.h"

#define WORD sizeof(uint64_t)

struct pfnbar_options {
	void *pad; /* fio takes an option at offset 0 for none */
	char *target;
	char *interface;
	unsigned long long length;
	unsigned int allow_writes;
	unsigned int prefault;
	unsigned int intended;
	unsigned int retry_us;
	unsigned int give_up_s;
	unsigned int off_us;
	char *outages;
	char *bar_log;
};

#define OPTION(option, kind, what, fallback)                                   \
	.name = #option, .lname = #option, .type = kind,                       \
	.off1 = offsetof(struct pfnbar_options, option), .help = what,         \
	.def = fallback, .category = FIO_OPT_C_ENGINE,                         \
	.group = FIO_OPT_G_INVALID

static struct fio_option options[] = {
	{OPTION(target, FIO_OPT_STR_STORE,
		"memfd, a bus address, or vendor:device", "memfd")},
	{OPTION(interface, FIO_OPT_STR_STORE, "any, group or cdev", "any")},
	{OPTION(length, FIO_OPT_STR_VAL,
		"how much of the BAR is mapped; 0: all of it", "0")},
	{OPTION(allow_writes, FIO_OPT_BOOL, "let any device be written to",
		"0")},
	{OPTION(prefault, FIO_OPT_BOOL, "read each page once before the job",
		"1")},
	{OPTION(intended, FIO_OPT_BOOL,
		"with a rate: latency from when an I/O was due", "1")},
	{OPTION(retry_us, FIO_OPT_INT,
		"between two tries of an access that raised SIGBUS", "50"),
	 .minval = 1, .maxval = 1000000},
	{OPTION(give_up_s, FIO_OPT_INT,
		"how long an access waits at most; 0: as long as it takes",
		"120")},
	{OPTION(off_us, FIO_OPT_INT, "how long a toggle leaves memory off",
		"1000"),
	 .maxval = 60000000},
	{OPTION(outages, FIO_OPT_STR_STORE,
		"when the BAR is taken away: 500ms:toggle,2s:reset", "")},
	{OPTION(bar_log, FIO_OPT_STR_STORE,
		"a file for a line each I/O and outage, in ns", "")},
	{.name = NULL},
};

/* One I/O, ns from the first of all. */
struct done {
	uint64_t intended, end;
	uint64_t waited; /* for memory to be on */
};

/* What a thread keeps; td->io_ops_data. */
struct job {
	bool begun, lost;
	struct done *list;
	size_t count, room;
};

/* What all threads of the process share. */
static struct {
	pthread_mutex_t lock;
	unsigned int jobs; /* that are set up and not cleaned up */
	const struct pfnbar_options *first; /* of the first of them */
	uint64_t zero; /* ns of CLOCK_MONOTONIC: the first I/O; 0: none yet */
	struct outages outages;
	FILE *log;
	bool lost; /* an I/O is not in it: no memory */
	unsigned int thread; /* the next thread's number in the log */
	uint64_t ios, waits, waited, longest;
} all = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int refuse(struct thread_data *td, int err, const char *why)
{
	fprintf(stderr, "pfnbench: %s: %s\n", td->o.name, why);
	td_verror(td, err, "pfnbar");
	return 1;
}

/* What of a job does not depend on the device; NULL is fine. */
static const char *wrong_with(struct thread_data *td)
{
	const struct pfnbar_options *o = td->eo;

	if (!td->o.use_thread)
		return "a device is opened once: its jobs must be threads of "
		       "one process, thread=1";
	if (strcmp(o->interface, "any") && strcmp(o->interface, "group") &&
	    strcmp(o->interface, "cdev"))
		return "interface= is any, group or cdev";
	for (int i = 0; i < DDIR_RWDIR_CNT; i++)
		if (td->o.min_bs[i] % WORD || td->o.max_bs[i] % WORD ||
		    td->o.ba[i] % WORD)
			return "bs= and blockalign= must be multiples of 8";
	if (td_trim(td))
		return "a BAR has nothing to trim: rw= is a read or a write";
	return NULL;
}

/* What of it does. */
static const char *wrong_with_bar(struct thread_data *td)
{
	for (size_t i = 0; i < all.outages.count; i++)
		if (all.outages.list[i].kind == OUTAGE_RESET &&
		    !bar_can_reset())
			return "the device can't be reset";
	if (td_write(td) && !bar_may_write())
		return "writes may do harm: only known devices are written to; "
		       "allow_writes=1 allows it";
	if (td->o.max_bs[DDIR_READ] > bar_length() ||
	    td->o.max_bs[DDIR_WRITE] > bar_length())
		return "bs= is more than what is mapped";
	return NULL;
}

static int open_log(struct thread_data *td, const char *name)
{
	if (!name || !*name || all.log)
		return 0;
	all.log = fopen(name, "we");
	if (!all.log)
		return refuse(td, errno, "bar_log= can't be written");
	fprintf(all.log, "# io THREAD INTENDED END WAITED; outage KIND DUE "
			 "BEGIN END BEGIN END ERROR; ns\n");
	return 0;
}

/* fio has no empty text, but none, in jobs that are copies of another. */
static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool same_outages(const struct pfnbar_options *a,
			 const struct pfnbar_options *b)
{
	return same_text(a->outages, b->outages) && a->off_us == b->off_us &&
	       same_text(a->bar_log, b->bar_log);
}

static int set_up(struct thread_data *td)
{
	const struct pfnbar_options *o = td->eo;
	struct bar_request request = {.target = o->target,
				      .interface = o->interface,
				      .length = o->length,
				      .write = o->allow_writes,
				      .prefault = o->prefault};
	const char *wrong = wrong_with(td);
	struct fio_file *f;
	char why[256];
	unsigned int i;
	int err;

	if (wrong)
		return refuse(td, EINVAL, wrong);
	if (all.first && !same_outages(o, all.first))
		return refuse(
			td, EINVAL,
			"jobs of one fio share the BAR and its outages: "
			"outages=, off_us= and bar_log= must be the same");
	if (!all.first && outages_parse(&all.outages, o->outages, why))
		return refuse(td, EINVAL, why);
	all.first = o;
	all.outages.off_ns = o->off_us * UINT64_C(1000);
	err = bar_get(&request, why);
	if (err)
		return refuse(td, -err, why);
	all.jobs++;
	wrong = wrong_with_bar(td);
	if (wrong)
		return refuse(td, EINVAL, wrong);
	for_each_file(td, f, i)
	{
		f->real_file_size = bar_length();
		fio_file_set_size_known(f);
	}
	return open_log(td, o->bar_log);
}

/*
 * Once a job, in the process that all are threads of, before any runs (with
 * create_serialize=0 in the job's own thread): opens and maps the BAR, and tells
 * fio how large its file is.
 */
static int pfnbar_setup(struct thread_data *td)
{
	int failed;

	pthread_mutex_lock(&all.lock);
	failed = set_up(td);
	pthread_mutex_unlock(&all.lock);
	return failed;
}

/* In the job's thread, before its I/O: what a thread needs to bear SIGBUS. */
static int pfnbar_init(struct thread_data *td)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job || bar_thread_init()) {
		free(job);
		return refuse(td, ENOMEM, "out of memory");
	}
	td->io_ops_data = job;
	return 0;
}

/* The BAR is open and mapped; there is no file. */
static int pfnbar_open_file(struct thread_data *td, struct fio_file *f)
{
	(void)td;
	(void)f;
	return 0;
}

static int pfnbar_close_file(struct thread_data *td, struct fio_file *f)
{
	(void)td;
	(void)f;
	return 0;
}

/* Time is counted from the first I/O of all threads, and so are outages. */
static void begin(struct thread_data *td, struct job *job)
{
	job->begun = true;
	pthread_mutex_lock(&all.lock);
	if (!all.zero) {
		all.zero = outages_now();
		if (outages_start(&all.outages, all.zero))
			refuse(td, EAGAIN, "no thread for the outages");
	}
	pthread_mutex_unlock(&all.lock);
}

/*
 * fio counts a latency from when it came to submit the I/O. One that was due
 * while the thread waited for the BAR would seem quick (coordinated omission), so
 * it is counted from when its rate had it due: fio keeps that, in us from the
 * job's epoch. Returns by how many ns the I/O is late, which is how long ago it was
 * meant to begin.
 */
static uint64_t count_from_due(struct thread_data *td, struct io_u *io_u)
{
	const struct pfnbar_options *o = td->eo;
	uint64_t late, due;
	struct timespec now;

	fio_gettime(&now, NULL);
	/* rate_iops=1000,0 is a rate of reads alone. */
	if (!o->intended || !should_check_rate(td) || !td->rate_bps[io_u->ddir])
		return ntime_since(&io_u->start_time, &now);
	due = td->rate_next_io_time[io_u->ddir] * 1000;
	late = ntime_since(&td->epoch, &now);
	if (late < due)
		return 0;
	io_u->start_time = td->epoch;
	io_u->start_time.tv_sec += (time_t)(due / 1000000000);
	io_u->start_time.tv_nsec += (long)(due % 1000000000);
	if (io_u->start_time.tv_nsec >= 1000000000) {
		io_u->start_time.tv_nsec -= 1000000000;
		io_u->start_time.tv_sec++;
	}
	return late - due;
}

static int access_bar(const struct io_u *io_u)
{
	if (io_u->ddir == DDIR_READ)
		return bar_read(io_u->offset, io_u->xfer_buf,
				io_u->xfer_buflen);
	return bar_write(io_u->offset, io_u->xfer_buf, io_u->xfer_buflen);
}

/* Without memory for one the log has no end, and so is not whole. */
static void keep(struct job *job, struct done done)
{
	if (job->count == job->room) {
		size_t room = job->room ? 2 * job->room : 4096;
		struct done *list =
			reallocarray(job->list, room, sizeof(*list));

		if (!list) {
			job->lost = true;
			return;
		}
		job->list = list;
		job->room = room;
	}
	job->list[job->count++] = done;
}

/* Whether an access waits too long, since @failed; says so. */
static bool is_lost(struct thread_data *td, uint64_t failed)
{
	const struct pfnbar_options *o = td->eo;
	uint64_t waited = outages_now() - all.zero - failed;

	if (!o->give_up_s || waited / 1000000000 < o->give_up_s)
		return false;
	refuse(td, EIO, "the BAR did not come back in give_up_s= seconds");
	return true;
}

/* offset= and what comes of it, and the parts that bssplit= makes. */
static bool is_whole(const struct io_u *io_u)
{
	return io_u->offset % WORD == 0 && io_u->xfer_buflen % WORD == 0 &&
	       io_u->xfer_buflen <= bar_length() &&
	       io_u->offset <= bar_length() - io_u->xfer_buflen;
}

/*
 * One I/O, synchronously: as long as it raises SIGBUS it waits for a while and
 * tries again, from its first word. It fails only if the job ends before, or it was
 * too long: a device that does not come back.
 */
static enum fio_q_status pfnbar_queue(struct thread_data *td, struct io_u *io_u)
{
	const struct pfnbar_options *o = td->eo;
	struct timespec pause = {o->retry_us / 1000000,
				 o->retry_us % 1000000 * 1000L};
	struct job *job = td->io_ops_data;
	uint64_t entered, late, failed = 0;

	fio_ro_check(td, io_u);
	if (!ddir_rw(io_u->ddir))
		return FIO_Q_COMPLETED;
	if (!is_whole(io_u)) {
		refuse(td, EINVAL,
		       "an I/O is not within the BAR, or not on a multiple of "
		       "8");
		io_u->error = EINVAL;
		return FIO_Q_COMPLETED;
	}
	if (!job->begun)
		begin(td, job);
	late = count_from_due(td, io_u);
	entered = outages_now() - all.zero;
	while (access_bar(io_u)) {
		if (!failed)
			failed = outages_now() - all.zero;
		if (td->terminate || is_lost(td, failed)) {
			io_u->error = EIO;
			break;
		}
		nanosleep(&pause, NULL);
	}
	if (!io_u->error) {
		uint64_t end = outages_now() - all.zero;

		keep(job, (struct done){entered > late ? entered - late : 0,
					end, failed ? end - failed : 0});
	}
	return FIO_Q_COMPLETED;
}

/* What the thread's I/Os were, into the log and the sums. */
static void tell(const struct job *job)
{
	unsigned int thread = all.thread++;

	all.lost |= job->lost;
	for (size_t i = 0; i < job->count; i++) {
		const struct done *d = &job->list[i];

		all.ios++;
		all.waits += d->waited != 0;
		all.waited += d->waited;
		if (d->waited > all.longest)
			all.longest = d->waited;
		if (all.log)
			fprintf(all.log,
				"io %u %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
				thread, d->intended, d->end, d->waited);
	}
}

/* Behind the last job: the outages end, then what they took away is unmapped. */
static void finish(void)
{
	outages_stop();
	fprintf(stderr,
		"pfnbar: %" PRIu64 " of %" PRIu64 " I/Os waited for the BAR, "
		"%" PRIu64 " us in all, %" PRIu64 " us the longest\n",
		all.waits, all.ios, all.waited / 1000, all.longest / 1000);
	if (!all.log)
		return;
	outages_print(&all.outages, all.log);
	if (all.lost)
		fprintf(stderr, "pfnbench: bar_log: %s\n", strerror(ENOMEM));
	else
		fprintf(all.log, "end %" PRIu64 " %" PRIu64 "\n", all.ios,
			all.waits);
	if (ferror(all.log) | fclose(all.log))
		fprintf(stderr, "pfnbench: bar_log: %s\n", strerror(errno));
	all.log = NULL;
}

/* In the job's thread, behind its I/O. */
static void pfnbar_cleanup(struct thread_data *td)
{
	struct job *job = td->io_ops_data;

	if (!job)
		return;
	td->io_ops_data = NULL;
	pthread_mutex_lock(&all.lock);
	tell(job);
	if (!--all.jobs)
		finish();
	bar_put();
	pthread_mutex_unlock(&all.lock);
	free(job->list);
	free(job);
}

static struct ioengine_ops pfnbar = {
	.name = "pfnbar",
	.version = FIO_IOOPS_VERSION,
	/* A read ends in queue(); the file that fio knows of does not exist. */
	.flags = FIO_SYNCIO | FIO_RAWIO | FIO_DISKLESSIO | FIO_NOEXTEND |
		 FIO_NODISKUTIL,
	.setup = pfnbar_setup,
	.init = pfnbar_init,
	.queue = pfnbar_queue,
	.cleanup = pfnbar_cleanup,
	.open_file = pfnbar_open_file,
	.close_file = pfnbar_close_file,
	.option_struct_size = sizeof(struct pfnbar_options),
	.options = options,
};

/*
 * What fio asks a library for that has no symbol `ioengine`: its hooks. Nothing of
 * fio's was touched yet, so this is where another fio is told from ours.
 */
void get_ioengine(struct ioengine_ops **ops);
__attribute__((visibility("default"))) void
get_ioengine(struct ioengine_ops **ops)
{
	const char *running = dlsym(RTLD_DEFAULT, "fio_version_string");

	if (!running || strcmp(running, PFNBAR_FIO_VERSION)) {
		fprintf(stderr,
			"pfnbench: pfnbar.so: it was built for %s, and this is "
			"%s; make fio-engine builds it again\n",
			PFNBAR_FIO_VERSION, running ? running : "no fio");
		exit(EXIT_USAGE);
	}
	*ops = &pfnbar;
}
