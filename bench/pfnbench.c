// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. What it does is elsewhere: plan.c, run.c, stamp.c. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "benchmark.h"
#include "describe.h"
#include "host/devices.h"
#include "pfnbench/exit.h"
#include "plan.h"
#include "rig/guard.h"
#include "rig/perf-control.h"
#include "rig/topology.h"
#include "run.h"
#include "stamp.h"

const char *argp_program_version = "pfnbench " PFNBENCH_VERSION;

static const char doc[] =
	"Measures what it costs to map a PCI BAR into a process.\v ";

/* Options without a letter; each of these is of `devices` only. */
enum {
	KEY_JSON = 0x100,
	KEY_CHECK,
	KEY_FORCE,
	KEY_SYSFS,
	KEY_PROC,
	KEY_DEV,
};

static const struct argp_option options[] = {
	{"plan", 'p', "FILE", 0, "run what FILE lists, one benchmark a line",
	 0},
	{"output", 'o', "FILE", 0, "write the records there, not to stdout", 0},
	{"labels", 'l', "FILE", 0,
	 "lines base=, variant=, config_sha256= that go into the record", 0},
	{"mode", 'm', "MODE", 0,
	 "count (refuse a clock that does not count instructions) or time", 0},
	{"interface", 'i', "NAME", 0,
	 "group or cdev; default: group where there is one", 0},
	{"events", 'e', "LIST", 0,
	 "count these around phases, in a second run: names, default or none",
	 0},
	{"place", 'P', "POLICY", 0,
	 "where threads run: same-core, same-l3, other-node or none", 0},
	{"cpus", 'c', "LIST", 0,
	 "the CPUs to run on, not those that are nearest to the device", 0},
	{"kernel-log", 'k', "SINCE", 0,
	 "which lines of it the record takes in: since boot or run", 0},
	{"range", 'r', "OFFSET+LENGTH", 0,
	 "map nothing but these bytes of the largest BAR, as 1M+64K", 0},
	{"write", 'w', NULL, 0,
	 "let cells write to BARs of devices not known to bear it", 0},
	{"perf", 'f', "PHASE,CTL,ACK", 0,
	 "let perf stat --control=fifo:CTL,ACK count this phase too", 0},
	{"json", KEY_JSON, NULL, 0, "devices: as JSON", 0},
	{"check", KEY_CHECK, NULL, 0,
	 "devices: say only why they may not be used, and exit 2 if so", 0},
	{"force", KEY_FORCE, NULL, 0,
	 "with --check: take what loses no data as allowed", 0},
	{"sysfs", KEY_SYSFS, "DIR", 0, "devices: a sysfs that is not /sys", 0},
	{"proc", KEY_PROC, "DIR", 0, "devices: a procfs that is not /proc", 0},
	{"dev", KEY_DEV, "DIR", 0, "devices: nodes that are not in /dev", 0},
	{"mark", 'M', NULL, 0,
	 "tell QEMU's plugin (make profile) of cells and phases", 0},
	{0},
};

struct arguments {
	const char *plan;
	const char *output;
	const char *labels;
	const char *events, *place, *cpus, *perf, *range;
	bool write;
	struct run_options run;
	struct devices_options devices;
	bool for_devices; /* one of them was given */
	char *words[64];
	size_t count;
};

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "pfnbench: %s: %s\n", what, why);
	return EXIT_USAGE;
}

static error_t parse_interface(struct arguments *a, const char *name)
{
	if (!strcmp(name, "group"))
		a->run.interface = INTERFACE_GROUP;
	else if (!strcmp(name, "cdev"))
		a->run.interface = INTERFACE_CDEV;
	else
		exit(complain(name, "not an interface: group or cdev"));
	return 0;
}

static error_t parse_since(struct arguments *a, const char *since)
{
	if (strcmp(since, "boot") && strcmp(since, "run"))
		exit(complain(since, "not a beginning: boot or run"));
	a->run.log_from_now = !strcmp(since, "run");
	return 0;
}

static error_t parse_devices(struct arguments *a, int key, const char *text)
{
	switch (key) {
	case KEY_JSON:
		a->devices.json = true;
		break;
	case KEY_CHECK:
		a->devices.check = true;
		break;
	case KEY_FORCE:
		a->devices.force = true;
		break;
	case KEY_SYSFS:
		a->devices.sysfs = text;
		break;
	case KEY_PROC:
		a->devices.proc = text;
		break;
	case KEY_DEV:
		a->devices.dev = text;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	a->for_devices = true;
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'p':
		a->plan = text;
		return 0;
	case 'o':
		a->output = text;
		return 0;
	case 'l':
		a->labels = text;
		return 0;
	case 'm':
		if (strcmp(text, "count") && strcmp(text, "time"))
			exit(complain(text, "not a mode: count or time"));
		strcpy(a->run.labels.mode, text);
		return 0;
	case 'i':
		return parse_interface(a, text);
	case 'e':
		a->events = text;
		return 0;
	case 'P':
		a->place = text;
		return 0;
	case 'c':
		a->cpus = text;
		return 0;
	case 'r':
		a->range = text;
		return 0;
	case 'w':
		a->write = true;
		return 0;
	case 'f':
		a->perf = text;
		return 0;
	case 'k':
		return parse_since(a, text);
	case 'M':
		a->run.mark = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->count == sizeof(a->words) / sizeof(*a->words))
			exit(complain(text, "too many words"));
		a->words[a->count++] = text;
		return 0;
	}
	return parse_devices(a, key, text);
}

/* What --help ends with is made from the tables, as the manual is. */
static char *filter_help(int key, const char *text, void *input)
{
	char *usage = NULL;
	size_t size;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&usage, &size);
	if (!out)
		return NULL;
	describe_usage(out);
	fclose(out);
	return usage;
}

static int written(void)
{
	if (!ferror(stdout) && !fflush(stdout))
		return EXIT_FINE;
	complain("stdout", strerror(errno));
	return EXIT_BROKEN;
}

static int describe(const char *what, size_t words)
{
	if (words == 1 && !strcmp(what, "list"))
		describe_benchmarks(stdout);
	else if (words == 1 && !strcmp(what, "manual"))
		describe_manual(stdout, options);
	else if (words == 1 && !strcmp(what, "completion"))
		describe_completion(stdout, options);
	else
		return complain(what, "not a command, or not so many words; "
				      "see --help");
	return written();
}

static int stamp(const char *path, const char *size_text)
{
	uint64_t size;
	int err;

	if (size_parse(size_text, &size) || !size || size & (size - 1) ||
	    size < 4096)
		return complain(size_text, "not a power of two from 4K up");
	err = stamp_file(path, size);
	if (err) {
		complain(path, strerror(-err));
		return EXIT_BROKEN;
	}
	return EXIT_FINE;
}

static int copy_label(struct environment_labels *l, char *line)
{
	char *value = strchr(line, '=');
	const struct {
		const char *name;
		char *to;
		size_t size;
	} known[] = {
		{"base", l->base, sizeof(l->base)},
		{"variant", l->variant, sizeof(l->variant)},
		{"config_sha256", l->config_sha256, sizeof(l->config_sha256)},
	};

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(line, known[i].name))
			continue;
		if (strlen(value) >= known[i].size)
			return -EINVAL;
		strcpy(known[i].to, value);
		return 0;
	}
	return -EINVAL;
}

/*
 * A kernel of ours says in its release which variant it is: that of a guest
 * VARIANT, that of a lab host BASE-VARIANT. One that has two names, for the A/A
 * arm, says the first. What is labelled by its whole release is unknown to us.
 */
static int check_variant(const struct environment_labels *l)
{
	static const char marker[] = "-pfnbench-";
	size_t length = strcspn(l->variant, ".");
	char why[256], both[140];
	struct utsname u;
	const char *is;

	uname(&u);
	is = strstr(u.release, marker);
	if (!is || !strcmp(l->base, u.release))
		return 0;
	is += sizeof(marker) - 1;
	snprintf(both, sizeof(both), "%s-%.*s", l->base, (int)length,
		 l->variant);
	if (!strcmp(is, both) ||
	    (strlen(is) == length && !strncmp(is, l->variant, length)))
		return 0;
	snprintf(why, sizeof(why), "the running kernel is %s", is);
	return complain(l->variant, why);
}

static int read_labels(struct arguments *a)
{
	FILE *file = fopen(a->labels, "r");
	char line[256];

	if (!file)
		return complain(a->labels, strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		if (copy_label(&a->run.labels, line)) {
			fclose(file);
			return complain(a->labels, "a line is not base=, "
						   "variant= or "
						   "config_sha256=");
		}
	}
	fclose(file);
	return check_variant(&a->run.labels);
}

static int read_plan(const struct arguments *a, struct plan *plan)
{
	char error[PLAN_ERROR_SIZE] = "out of memory";
	FILE *file;
	int err;

	if (!a->plan) {
		err = plan_add_words(plan, a->words + 1, a->count - 1, error);
	} else {
		file = fopen(a->plan, "r");
		if (!file)
			return complain(a->plan, strerror(errno));
		err = plan_read(plan, file, a->plan, error);
		fclose(file);
	}
	if (err)
		fprintf(stderr, "pfnbench: %s\n", error);
	return err ? EXIT_USAGE : EXIT_FINE;
}

/* What is counted, and on which CPUs: all that can be said before a run. */
static int prepare(struct arguments *a)
{
	static struct event_list events;
	enum place place = PLACE_AUTO;
	char error[EVENT_ERROR_SIZE];
	int err;

	if (guard_init(a->range, a->write))
		return complain(a->range, "not OFFSET+LENGTH in whole pages of "
					  "4K, as 1M+64K");
	if (a->place && place_parse(a->place, &place))
		return complain(a->place, "not a place: same-core, same-l3, "
					  "other-node or none");
	if (a->events && events_parse(&events, a->events, error))
		return complain("--events", error);
	if (a->events)
		a->run.events = &events;
	if (topology_init(a->cpus, place, error)) {
		fprintf(stderr, "pfnbench: %s\n", error);
		return EXIT_USAGE;
	}
	err = a->perf ? perf_control_open(a->perf) : 0;
	if (err)
		return complain(a->perf, err == -EINVAL ? "not PHASE,CTL,ACK"
							: strerror(-err));
	return EXIT_FINE;
}

static int verdict(const struct run_counts *counts)
{
	if (counts->skipped)
		fprintf(stderr, "pfnbench: skipped: %zu of %zu cells\n",
			counts->skipped,
			counts->ok + counts->skipped + counts->failed);
	if (counts->failed) {
		fprintf(stderr, "pfnbench: failed: %zu cells\n",
			counts->failed);
		return EXIT_BROKEN;
	}
	return counts->ok ? EXIT_FINE : EXIT_SKIPPED;
}

/* Of Arm there are kernels with others: nothing here would be what it says. */
static int check_pages(void)
{
	long size = sysconf(_SC_PAGESIZE);
	char text[64];

	if (size == 4096)
		return EXIT_FINE;
	snprintf(text, sizeof(text), "%ld bytes; it takes a kernel with 4096",
		 size);
	return complain("page size", text);
}

static int measure(struct arguments *a)
{
	struct run_counts counts;
	struct plan plan = {0};
	int code = check_pages();
	int err;

	if (!code && a->labels)
		code = read_labels(a);
	if (!code)
		code = read_plan(a, &plan);
	if (!code)
		code = prepare(a);
	if (code) {
		plan_free(&plan);
		return code;
	}
	a->run.output = STDOUT_FILENO;
	if (a->output && strcmp(a->output, "-"))
		a->run.output =
			open(a->output, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (a->run.output < 0)
		return complain(a->output, strerror(errno));
	err = run_plan(&plan, &a->run, &counts);
	plan_free(&plan);
	if (err == -EPROTO)
		complain("mode count", "the clock does not count instructions");
	else if (err == -EOPNOTSUPP)
		complain("clock", "the TSC has no constant rate here, and the "
				  "kernel does not trust it either");
	else if (err)
		complain(a->output ? a->output : "stdout", strerror(-err));
	return err ? EXIT_BROKEN : verdict(&counts);
}

int main(int argc, char *argv[])
{
	static const struct argp argp = {options, parse, "COMMAND [WORD...]",
					 doc,	  NULL,	 filter_help,
					 NULL};
	static struct arguments a;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (!a.count)
		return complain("no command", "list, run or stamp");
	if (!strcmp(a.words[0], "devices"))
		return devices_command(&a.devices, a.words + 1, a.count - 1);
	if (a.for_devices)
		return complain(a.words[0], "an option that is for devices");
	if (!strcmp(a.words[0], "stamp") && a.count == 3)
		return stamp(a.words[1], a.words[2]);
	if (strcmp(a.words[0], "run"))
		return describe(a.words[0], a.count);
	if (!!a.plan == (a.count > 1))
		return complain("run", "a benchmark or --plan, one of them");
	return measure(&a);
}
