// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/kernel-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEVEL_WARNING 4
/* PRINTK_MESSAGE_MAX is 2048, of Linux 6.5 on; CONSOLE_EXT_LOG_MAX was 8192. */
#define RECORD_SIZE 8192

/*
 * What a sound kernel logs at warning or worse, and why it says nothing of a
 * measurement. Matched from the start of the line, or of what follows the
 * driver and the address that it names.
 */
static const char *const harmless[] = {
	/* The guest's kernel has no network. */
	"ACPI: Failed to create genetlink family for ACPI event",
	/* No frequency scaling: QEMU, and some firmware. */
	"amd_pstate: ",
	/* Of ivshmem, which has no reset but its bus's; once a boot. */
	"unlocked secondary bus reset via: ",
	/* 7.3 says so of each reset, where the driver has no part in it. */
	"resetting",
	"reset done",
	/* libpfm4 looks there for tracepoints. 7.3 says so once a boot. */
	"NOTICE: Automounting of tracing to debugfs is deprecated",
	/* A BAR above 4 GiB, before it is given its address: QEMU's firmware. */
	"pnp 00:04: disabling [mem ",
	/* A mitigation; the environment record has them all. */
	"Speculative Return Stack Overflow: ",
	/* No bounce buffer, for devices that address 4 GiB only. */
	"software IO TLB: No low mem",
	/* clock_init() finds the rate out, and that it is constant. */
	"[Firmware Bug]: TSC doesn't count with P0 frequency!",
	/* A guest with a clock of its own, on a busy host. */
	"tsc: Unable to calibrate against PIT",
	"APIC calibration not consistent with PM-Timer: ",
	"hrtimer: interrupt took ",
};

/* Behind "DRIVER 0000:01:00.0: ", or @line itself if it does not begin so. */
static const char *message(const char *line)
{
	int end = 0;

	sscanf(line, "%*s %*x:%*2x:%*2x.%*1x: %n", &end);
	return line + end;
}

static bool is_harmless(const char *line)
{
	line = message(line);
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++) {
		if (!strncmp(line, harmless[i], strlen(harmless[i])))
			return true;
	}
	return false;
}

/*
 * The text of "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n KEY=VALUE\n"
 * (Documentation/ABI/testing/dev-kmsg) if the line counts, else NULL. The
 * priority's upper bits are the facility, 0 for the kernel: a line that init
 * writes has the level of a warning unless it says otherwise.
 */
static const char *bad_text(char *record)
{
	unsigned long priority = strtoul(record, NULL, 10);
	char *text = strchr(record, ';');

	if (!text || priority > LEVEL_WARNING)
		return NULL;
	text++;
	text[strcspn(text, "\n")] = '\0';
	return is_harmless(text) ? NULL : text;
}

/* Where reading begins, if not at the first record. */
static int from_now = -1;

static int open_log(void)
{
	return open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

int kernel_log_from_now(void)
{
	int fd = open_log();

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_END) < 0) {
		close(fd);
		return -errno;
	}
	from_now = fd;
	return 0;
}

json_t *kernel_log_bad_lines(void)
{
	json_t *lines = json_array();
	int fd = from_now < 0 ? open_log() : from_now;
	char record[RECORD_SIZE];

	/* One record a read. EPIPE: the next one was overwritten meanwhile. */
	while (lines && fd >= 0) {
		ssize_t n = read(fd, record, sizeof(record) - 1);
		const char *text;

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		record[n] = '\0';
		text = bad_text(record);
		/* What isn't ASCII is escaped there: always good UTF-8. */
		if (text && json_array_append_new(lines, json_string(text))) {
			json_decref(lines);
			lines = NULL;
		}
	}
	if (fd >= 0)
		close(fd);
	from_now = -1;
	return lines;
}
