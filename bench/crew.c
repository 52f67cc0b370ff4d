// SPDX-License-Identifier: GPL-2.0-or-later
#include "crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void *crew_shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void crew_shared_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

static int transfer(ssize_t (*io)(int, void *, size_t), int fd, int *value)
{
	ssize_t n;

	do {
		n = io(fd, value, sizeof(*value));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(*value) ? 0 : -ECHILD;
}

static ssize_t write_int(int fd, void *value, size_t size)
{
	return write(fd, value, size);
}

static void serve(struct crew *c, size_t index, int orders, int answers)
{
	int order, result;

	while (!transfer(read, orders, &order)) {
		result = c->fn(c->context, index, order);
		if (transfer(write_int, answers, &result))
			break;
	}
	_exit(0);
}

static int start_one(struct crew *c, size_t index)
{
	struct crew_member *m = &c->members[index];
	int orders[2], answers[2];

	if (pipe(orders))
		return -errno;
	if (pipe(answers)) {
		close(orders[0]);
		close(orders[1]);
		return -ENFILE;
	}
	m->pid = fork();
	if (!m->pid) {
		/* Not to outlive a parent that was killed. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (size_t i = 1; i < index; i++)
			close(c->members[i].order);
		close(orders[1]);
		close(answers[0]);
		serve(c, index, orders[0], answers[1]);
	}
	close(orders[0]);
	close(answers[1]);
	m->order = orders[1];
	m->done = answers[0];
	return m->pid < 0 ? -EAGAIN : 0;
}

int crew_start(struct crew *c, size_t count, crew_fn *fn, void *context)
{
	int err = 0;

	c->fn = fn;
	c->context = context;
	c->count = 1;
	c->members = calloc(count, sizeof(*c->members));
	if (!c->members)
		return -ENOMEM;
	while (!err && c->count < count) {
		err = start_one(c, c->count);
		if (!err)
			c->count++;
	}
	if (err)
		crew_end(c);
	return err;
}

int crew_do(struct crew *c, int order)
{
	int err = c->fn(c->context, 0, order);

	for (size_t i = 1; !err && i < c->count; i++) {
		struct crew_member *m = &c->members[i];
		int result;

		err = transfer(write_int, m->order, &order);
		if (!err)
			err = transfer(read, m->done, &result);
		if (!err)
			err = result;
	}
	return err;
}

void crew_end(struct crew *c)
{
	for (size_t i = 1; i < c->count; i++) {
		close(c->members[i].order);
		close(c->members[i].done);
		waitpid(c->members[i].pid, NULL, 0);
	}
	free(c->members);
	c->members = NULL;
	c->count = 0;
}
