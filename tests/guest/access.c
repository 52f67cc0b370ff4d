// SPDX-License-Identifier: GPL-2.0-or-later
#include "access.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

/* Where this thread goes on when its access fails; NULL outside of one. */
static _Thread_local sigjmp_buf *volatile escape;
static struct sigaction sigbus_before;

/* A signal that somebody sent has si_code <= 0, and is not ours. */
static void on_signal(int signal, siginfo_t *info, void *context)
{
	struct sigaction fallback = {.sa_handler = SIG_DFL};

	if (escape && info->si_code > 0)
		siglongjmp(*escape, signal);
	if (signal == SIGBUS && sigbus_before.sa_flags & SA_SIGINFO) {
		sigbus_before.sa_sigaction(signal, info, context);
		return;
	}
	sigaction(signal, &fallback, NULL);
	raise(signal);
}

int access_init(void)
{
	/* No mask is saved or restored: an access makes no system call. */
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK,
	};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, &action, &sigbus_before) ||
	    sigaction(SIGSEGV, &action, NULL))
		return -errno;
	return 0;
}

static enum answer refused(int signal)
{
	escape = NULL;
	return signal == SIGBUS ? ANSWER_SIGBUS : ANSWER_SIGSEGV;
}

enum answer access_read(const volatile void *addr, uint64_t *value)
{
	sigjmp_buf here;
	int signal = sigsetjmp(here, 0);

	if (signal)
		return refused(signal);
	escape = &here;
	*value = *(const volatile uint64_t *)addr;
	escape = NULL;
	return ANSWERED;
}

enum answer access_write(volatile void *addr, uint64_t value)
{
	sigjmp_buf here;
	int signal = sigsetjmp(here, 0);

	if (signal)
		return refused(signal);
	escape = &here;
	*(volatile uint64_t *)addr = value;
	escape = NULL;
	return ANSWERED;
}
