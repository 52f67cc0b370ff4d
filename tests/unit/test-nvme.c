// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver of nvme-recovery against a controller that is a thread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rig/nvme.h"

#define REGISTERS 8192
#define BLOCK 0x37 /* what every byte of the medium is */

/* As the specification numbers them: dwords of registers and of an entry. */
enum {
	R_CC = 0x14 / 4,
	R_CSTS = 0x1c / 4,
	R_ASQ = 0x28 / 4,
	R_ACQ = 0x30 / 4,
	R_BELLS = 0x1000 / 4
};

struct controller {
	_Atomic uint32_t *registers;
	unsigned char *memory;
	pthread_t thread;
	atomic_bool end;
	/* What is wrong with it. */
	bool never_ready, fatal, no_namespace;
	unsigned int metadata; /* bytes a block */
	uint32_t refuses; /* an opcode of I/O */
	unsigned int shift; /* a block is 1 << shift */
	/* What it was told. */
	uint64_t queue[4]; /* SQ 0, CQ 0, SQ 1, CQ 1 */
	uint32_t head[2], cq_tail[2];
	atomic_uint commands;
};

static uint64_t wide(const _Atomic uint32_t *r)
{
	return r[0] | (uint64_t)r[1] << 32;
}

static void identify(const struct controller *c, const uint32_t *entry,
		     unsigned char *to)
{
	uint64_t blocks = 1000;
	uint32_t one = c->no_namespace ? 0 : 1,
		 format = c->shift << 16 | c->metadata;

	memset(to, 0, NVME_PAGE);
	if (entry[10] == 2) {
		memcpy(to, &one, sizeof(one));
	} else if (entry[10] == 0) {
		memcpy(to, &blocks, sizeof(blocks));
		to[26] = 1; /* the second of the formats */
		memcpy(to + 132, &format, sizeof(format));
	}
}

static uint16_t carry_out(struct controller *c, int q, const uint32_t *entry)
{
	uint32_t opcode = entry[0] & 0xff;
	uint64_t prp = entry[6] | (uint64_t)entry[7] << 32;

	if (q == 0 && opcode == 0x06)
		identify(c, entry, (unsigned char *)(uintptr_t)prp);
	else if (q == 0 && opcode == 0x05)
		c->queue[3] = prp;
	else if (q == 0 && opcode == 0x01 && c->queue[3])
		c->queue[2] = prp;
	else if (q == 1 && opcode == 0x02 && opcode != c->refuses &&
		 entry[1] == 1 && !entry[10] && !entry[11])
		memset((void *)(uintptr_t)prp, BLOCK,
		       (size_t)((entry[12] & 0xffff) + 1) << c->shift);
	else
		return 0x2; /* invalid field */
	return 0;
}

static void complete(struct controller *c, int q, const uint32_t *entry,
		     uint16_t status)
{
	uint32_t *to = (uint32_t *)(uintptr_t)c->queue[2 * q + 1] +
		       4 * (c->cq_tail[q] % 16);
	uint32_t phase = c->cq_tail[q]++ / 16 % 2 == 0;

	to[2] = (uint32_t)q << 16 | c->head[q];
	atomic_thread_fence(memory_order_seq_cst);
	((_Atomic uint32_t *)to)[3] =
		entry[0] >> 16 | (uint32_t)status << 17 | phase << 16;
}

static void serve(struct controller *c, int q)
{
	/* Its doorbells are 8 bytes apart: DSTRD is 1. */
	while (c->head[q] != c->registers[R_BELLS + 4 * q]) {
		const uint32_t *entry = (uint32_t *)(uintptr_t)c->queue[2 * q] +
					16 * c->head[q];

		c->head[q] = (c->head[q] + 1) % 16;
		complete(c, q, entry, carry_out(c, q, entry));
		c->commands++;
	}
}

static void obey_enable(struct controller *c, bool on)
{
	memset(c->head, 0, sizeof(c->head));
	memset(c->cq_tail, 0, sizeof(c->cq_tail));
	memset(c->queue, 0, sizeof(c->queue));
	for (int i = 0; i < 8; i++)
		c->registers[R_BELLS + i] = 0;
	c->queue[0] = wide(c->registers + R_ASQ);
	c->queue[1] = wide(c->registers + R_ACQ);
	/* Last: what comes after that is meant. */
	c->registers[R_CSTS] = !on ? 0 : c->fatal ? 2 : !c->never_ready;
}

static void *run(void *arg)
{
	static const struct timespec nap = {0, 20000};
	struct controller *c = arg;
	bool was = false;

	while (!c->end) {
		bool on = c->registers[R_CC] & 1;

		if (on != was)
			obey_enable(c, on);
		was = on;
		for (int q = 0; on && q < 2; q++)
			serve(c, q);
		nanosleep(&nap, NULL);
	}
	return NULL;
}

static void power_on(struct controller *c, struct nvme *n, bool spins)
{
	c->registers = aligned_alloc(4096, REGISTERS);
	c->memory = aligned_alloc(4096, NVME_MEMORY);
	memset((void *)c->registers, 0, REGISTERS);
	memset(c->memory, 0xee, NVME_MEMORY);
	/* CAP.TO in 500 ms: long, as other tests run beside this one. */
	c->registers[0] = c->never_ready ? 0 : 40u << 24;
	c->registers[1] = 1u | 1u << 5; /* CAP.DSTRD 1, CAP.CSS.NVM */
	if (!c->shift)
		c->shift = 9;
	assert_int_equal(pthread_create(&c->thread, NULL, run, c), 0);
	nvme_init(n, c->registers, REGISTERS, c->memory, (uintptr_t)c->memory,
		  spins);
}

static void power_off(struct controller *c)
{
	c->end = true;
	pthread_join(c->thread, NULL);
	free((void *)c->registers);
	free(c->memory);
}

static int start_up(struct nvme *n)
{
	int err = nvme_start(n);

	if (!err)
		err = nvme_identify(n);
	return err ? err : nvme_make_queues(n);
}

static void assert_block(const struct nvme *n)
{
	for (size_t i = 0; i < NVME_PAGE; i++)
		assert_int_equal(nvme_data(n)[i], BLOCK);
}

static void reads(bool spins, unsigned int shift)
{
	struct controller c = {.shift = shift};
	struct nvme n;

	power_on(&c, &n, spins);
	nvme_work_begin(&n);
	/* Again and again, as after resets; each time anew. */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(start_up(&n), 0);
		assert_int_equal(n.stride, 8);
		assert_int_equal(n.block_size, 1u << c.shift);
		memset(nvme_data(&n), 0, NVME_PAGE);
		assert_int_equal(nvme_read(&n), 0);
		assert_block(&n);
	}
	/* Past the end of the queues, where phases turn. */
	for (int i = 0; i < 40; i++)
		assert_int_equal(nvme_read(&n), 0);
	assert_int_equal(c.commands, 3 * 6 + 40);
	assert_int_equal(nvme_stop(&n), 0);
	nvme_work_end(&n);
	assert_true(n.working > 0);
	power_off(&c);
}

static void reads_a_block(void **state)
{
	(void)state;
	reads(true, 9);
	reads(false, 12);
}

static void says_what_is_wrong(void **state)
{
	struct controller never = {.never_ready = true},
			  fatal = {.fatal = true},
			  none = {.no_namespace = true},
			  metadata = {.metadata = 8}, odd = {.shift = 16},
			  refuses = {.refuses = 2};
	struct nvme n;

	(void)state;
	power_on(&never, &n, true);
	assert_int_equal(start_up(&n), -ETIMEDOUT);
	assert_string_equal(n.why, "not ready in the time that it says itself");
	power_off(&never);
	power_on(&fatal, &n, true);
	assert_int_equal(start_up(&n), -EIO);
	assert_string_equal(n.why, "its status is fatal");
	power_off(&fatal);
	power_on(&none, &n, true);
	assert_int_equal(start_up(&n), -ENODEV);
	assert_string_equal(n.why, "it has no namespace");
	power_off(&none);
	power_on(&metadata, &n, true);
	assert_int_equal(start_up(&n), -ENOTSUP);
	assert_string_equal(n.why, "its blocks have metadata");
	power_off(&metadata);
	power_on(&odd, &n, true);
	assert_int_equal(start_up(&n), -ENOTSUP);
	power_off(&odd);
	power_on(&refuses, &n, true);
	assert_int_equal(start_up(&n), 0);
	assert_int_equal(nvme_read(&n), -EIO);
	assert_string_equal(n.why, "read: status 0x2 of command 6");
	power_off(&refuses);
}

/* That somebody left it in: a stop is what ends it, and the start has one. */
static void recovers_from_a_fatal_status(void **state)
{
	struct controller c = {.fatal = true};
	struct nvme n;

	(void)state;
	power_on(&c, &n, true);
	assert_int_equal(start_up(&n), -EIO);
	assert_int_equal(c.registers[R_CSTS], 2);
	c.fatal = false;
	assert_int_equal(start_up(&n), 0);
	power_off(&c);
}

static void touches_nothing_that_does_not_answer(void **state)
{
	struct controller c = {.shift = 9};
	struct nvme n;

	(void)state;
	power_on(&c, &n, true);
	c.registers[0] = c.registers[1] = UINT32_MAX;
	assert_int_equal(start_up(&n), -EIO);
	assert_string_equal(n.why, "its registers read as all ones");
	c.registers[0] = 0;
	c.registers[1] = 15u | 1u << 5; /* doorbells 128 KiB apart */
	assert_int_equal(start_up(&n), -ENOTSUP);
	assert_string_equal(n.why, "not all of its doorbells are mapped");
	assert_int_equal(c.registers[R_CC], 0);
	assert_int_equal(c.commands, 0);
	power_off(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_block),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(recovers_from_a_fatal_status),
		cmocka_unit_test(touches_nothing_that_does_not_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
