// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/sigbus.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#define STACK_SIZE (64 * 1024)

/* Where an access that fails goes on; NULL where none is expected to fail. */
static _Thread_local sigjmp_buf *escape;
static _Thread_local char stack[STACK_SIZE];

/*
 * Not ours to handle: a SIGBUS that somebody sent (si_code <= 0), or one that
 * no protection expects. The default action then ends the process: by the
 * same access again, or by the signal raised here.
 */
static void on_sigbus(int signal, siginfo_t *info, void *context)
{
	struct sigaction fallback = {.sa_handler = SIG_DFL};

	(void)context;
	if (escape && info->si_code > 0)
		siglongjmp(*escape, 1);
	sigaction(signal, &fallback, NULL);
	raise(signal);
}

int sigbus_init(void)
{
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	/* No mask is saved or restored: a protection makes no system call. */
	struct sigaction action = {
		.sa_sigaction = on_sigbus,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK,
	};

	sigemptyset(&action.sa_mask);
	if (sigaltstack(&alternate, NULL) || sigaction(SIGBUS, &action, NULL))
		return -errno;
	return 0;
}

int sigbus_protect(int (*fn)(void *), void *arg)
{
	/* volatile: read again after the jump. */
	sigjmp_buf *volatile outer = escape;
	sigjmp_buf here;
	int result;

	if (sigsetjmp(here, 0)) {
		result = -EFAULT;
	} else {
		escape = &here;
		result = fn(arg);
	}
	escape = outer;
	return result;
}

struct probe {
	const volatile uint64_t *word;
	uint64_t value;
};

static int read_word(void *arg)
{
	struct probe *p = arg;

	p->value = *p->word;
	return 0;
}

int probe_read(const volatile void *addr, uint64_t *value)
{
	struct probe p = {.word = addr};
	int err = sigbus_protect(read_word, &p);

	if (!err)
		*value = p.value;
	return err;
}
