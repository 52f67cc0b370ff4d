// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/perf-control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char wanted[32]; /* "": nobody asked */
static int control = -1, answer = -1;

int perf_control_open(const char *text)
{
	char ctl[4096], ack[4096];

	if (sscanf(text, "%31[^,],%4095[^,],%4095s", wanted, ctl, ack) != 3)
		return -EINVAL;
	/* Reading as well, which no FIFO waits for. */
	control = open(ctl, O_RDWR | O_CLOEXEC);
	if (control < 0)
		return -errno;
	answer = open(ack, O_RDWR | O_CLOEXEC);
	return answer < 0 ? -errno : 0;
}

/* perf answers "ack\n" and a zero when it has done so. */
static void tell(const char *phase, const char *command)
{
	char text[5];
	size_t length = strlen(command);

	if (!wanted[0] || strcmp(phase, wanted))
		return;
	if (write(control, command, length) != (ssize_t)length)
		return;
	while (read(answer, text, sizeof(text)) < 0 && errno == EINTR)
		;
}

void perf_control_begin(const char *phase)
{
	tell(phase, "enable\n");
}

void perf_control_end(const char *phase)
{
	tell(phase, "disable\n");
}
