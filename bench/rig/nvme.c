// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig/nvme.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rig/clock.h"
#include "rig/prober.h"

enum {
	CAP = 0x00, /* 8 bytes */
	CC = 0x14,
	CSTS = 0x1c,
	AQA = 0x24,
	ASQ = 0x28, /* 8 bytes */
	ACQ = 0x30, /* 8 bytes */
	DOORBELLS = 0x1000,
};

#define CAP_TO(cap) ((cap) >> 24 & 0xff) /* in 500 ms */
#define CAP_DSTRD(cap) ((cap) >> 32 & 0xf)
#define CAP_NVM(cap) ((cap) >> 37 & 1)
#define CAP_MPSMIN(cap) ((cap) >> 48 & 0xf) /* 0: pages of 4 KiB */
/* Entries of 64 and 16 bytes, pages of 4 KiB, the NVM command set. */
#define CC_RUN (UINT32_C(4) << 20 | UINT32_C(6) << 16 | 1)
#define CSTS_READY 1u
#define CSTS_FATAL 2u

#define ENTRIES 16
#define ADMIN 0
#define IO 1

/* Pages of the memory. */
enum page {
	SUBMISSION, /* and the completions of that queue in the page behind */
	IO_SUBMISSION = 2,
	IDENTITY = 4,
	DATA
};

enum {
	CREATE_SQ = 0x01, /* of administration; ... */
	CREATE_CQ = 0x05,
	IDENTIFY = 0x06,
	READ = 0x02 /* of I/O */
};

struct command {
	uint32_t head; /* opcode, and the identifier from bit 16 on */
	uint32_t nsid;
	uint64_t reserved[2];
	uint64_t prp1, prp2;
	uint32_t cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
};
_Static_assert(sizeof(struct command) == 64, "an entry of a submission queue");

struct completion {
	uint32_t result, reserved;
	uint16_t sq_head, sq;
	uint16_t command;
	uint16_t status; /* with the phase in bit 0 */
};
_Static_assert(sizeof(struct completion) == 16, "one of a completion queue");

#define SPIN_NS 1000000
#define NAP_NS 100000
/* Nothing that a command here asks for takes a device a second. */
#define COMMAND_NS INT64_C(10000000000)

static int fail(struct nvme *n, int err, const char *why)
{
	snprintf(n->why, sizeof(n->why), "%s", why);
	return err;
}

static uint32_t get(const struct nvme *n, unsigned int at)
{
	return le32toh(*(volatile uint32_t *)(n->registers + at));
}

static void put(const struct nvme *n, unsigned int at, uint32_t value)
{
	*(volatile uint32_t *)(n->registers + at) = htole32(value);
}

/* By halves: a controller need not take more at a time. */
static void put64(const struct nvme *n, unsigned int at, uint64_t value)
{
	put(n, at, (uint32_t)value);
	put(n, at + 4, (uint32_t)(value >> 32));
}

/* What was written to memory is there when the device is told so. */
static void before_doorbell(void)
{
#ifdef __aarch64__
	__asm__ volatile("dmb osh" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

static unsigned char *page(const struct nvme *n, enum page p)
{
	return n->memory + (size_t)p * NVME_PAGE;
}

static uint64_t address(const struct nvme *n, enum page p)
{
	return n->iova + (uint64_t)p * NVME_PAGE;
}

unsigned char *nvme_data(const struct nvme *n)
{
	return page(n, DATA);
}

void nvme_init(struct nvme *n, volatile void *registers, uint64_t length,
	       void *memory, uint64_t iova, bool spins)
{
	memset(n, 0, sizeof(*n));
	n->registers = registers;
	n->length = length;
	n->memory = memory;
	n->iova = iova;
	n->spins = spins;
}

void nvme_work_begin(struct nvme *n)
{
	n->since = clock_start();
}

void nvme_work_end(struct nvme *n)
{
	n->working += clock_stop() - n->since;
}

/*
 * Until @done, which looks at the device or at memory. Looking is waiting, but for
 * the look that finds it. With @naps it first gives it time: where the controller
 * runs in QEMU's main loop it has run then, and waits are alike. -ETIMEDOUT.
 */
static int await(struct nvme *n, bool (*done)(const struct nvme *n, int which),
		 int which, int64_t limit, bool naps)
{
	int64_t begin, now;

	nvme_work_end(n);
	begin = prober_now();
	if (naps)
		prober_sleep(begin + NAP_NS);
	while (!done(n, which)) {
		now = prober_now();
		if (now - begin > limit)
			return -ETIMEDOUT;
		if (!n->spins || now - begin > SPIN_NS)
			prober_sleep(now + NAP_NS);
	}
	nvme_work_begin(n);
	return 0;
}

/*
 * @which: 1 ready, 0 not. A fatal status ends the wait for 1; a stop takes it away,
 * and until then the controller may write to memory. All ones: nobody answers.
 */
static bool is_ready(const struct nvme *n, int which)
{
	uint32_t status = get(n, CSTS);

	if (status == UINT32_MAX)
		return true;
	if (which)
		return status & (CSTS_FATAL | CSTS_READY);
	return !(status & (CSTS_FATAL | CSTS_READY));
}

static int await_ready(struct nvme *n, int ready)
{
	int err = await(n, is_ready, ready, (int64_t)n->ready_ns, false);

	if (get(n, CSTS) & CSTS_FATAL)
		return fail(n, -EIO, "its status is fatal");
	if (err)
		return fail(n, err,
			    ready ? "not ready in the time that it says itself"
				  : "it does not stop");
	return 0;
}

int nvme_stop(struct nvme *n)
{
	put(n, CC, get(n, CC) & ~1u);
	return await_ready(n, 0);
}

static int read_capabilities(struct nvme *n)
{
	uint64_t cap = get(n, CAP) | (uint64_t)get(n, CAP + 4) << 32;

	if (cap == UINT64_MAX)
		return fail(n, -EIO, "its registers read as all ones");
	n->stride = 4u << CAP_DSTRD(cap);
	/* 0 is as good as nothing said. */
	n->ready_ns = (CAP_TO(cap) + 1) * UINT64_C(500000000);
	if (CAP_MPSMIN(cap) || !CAP_NVM(cap))
		return fail(n, -ENOTSUP,
			    "it has no pages of 4 KiB, or no NVM command set");
	if (DOORBELLS + 4 * (uint64_t)n->stride > n->length)
		return fail(n, -ENOTSUP, "not all of its doorbells are mapped");
	return 0;
}

int nvme_start(struct nvme *n)
{
	int err = read_capabilities(n);

	if (!err)
		err = nvme_stop(n);
	if (err)
		return err;
	memset(n->memory, 0, IDENTITY * NVME_PAGE);
	for (int q = 0; q < 2; q++)
		n->queues[q] = (struct nvme_queue){.phase = 1};
	put(n, AQA, (ENTRIES - 1) << 16 | (ENTRIES - 1));
	put64(n, ASQ, address(n, SUBMISSION));
	put64(n, ACQ, address(n, SUBMISSION + 1));
	before_doorbell();
	put(n, CC, CC_RUN);
	return await_ready(n, 1);
}

static volatile struct completion *next_completion(const struct nvme *n, int q)
{
	return (volatile struct completion *)page(
		       n, (enum page)(SUBMISSION + 2 * q + 1)) +
	       n->queues[q].head;
}

static bool is_complete(const struct nvme *n, int q)
{
	return (le16toh(next_completion(n, q)->status) & 1) ==
	       n->queues[q].phase;
}

static void ring(const struct nvme *n, int q, bool completion, uint16_t value)
{
	put(n, DOORBELLS + (unsigned int)(2 * q + completion) * n->stride,
	    value);
}

static void submit(struct nvme *n, int q, const struct command *c)
{
	struct nvme_queue *queue = &n->queues[q];
	struct command *entry =
		(struct command *)page(n, (enum page)(SUBMISSION + 2 * q)) +
		queue->tail;

	*entry = *c;
	entry->head = htole32(c->head | (uint32_t)++n->command << 16);
	queue->tail = (uint16_t)((queue->tail + 1) % ENTRIES);
	before_doorbell();
	ring(n, q, false, queue->tail);
}

/* One command, and its completion. */
static int carry_out(struct nvme *n, int q, const struct command *c,
		     const char *what)
{
	struct nvme_queue *queue = &n->queues[q];
	uint16_t status, command;

	submit(n, q, c);
	if (await(n, is_complete, q, COMMAND_NS, !n->spins)) {
		snprintf(n->why, sizeof(n->why), "%s: no completion", what);
		return -ETIMEDOUT;
	}
	before_doorbell();
	status = le16toh(next_completion(n, q)->status) >> 1;
	command = le16toh(next_completion(n, q)->command);
	if (++queue->head == ENTRIES) {
		queue->head = 0;
		queue->phase ^= 1;
	}
	ring(n, q, true, queue->head);
	if (!(status & 0x7ff) && command == n->command)
		return 0;
	snprintf(n->why, sizeof(n->why), "%s: status 0x%x of command %u", what,
		 status, command);
	return -EIO;
}

/* @what of an identity: 0 a namespace, 1 the controller, 2 those that are active. */
static int identify(struct nvme *n, uint32_t what, uint32_t nsid)
{
	struct command c = {
		.head = IDENTIFY,
		.nsid = htole32(nsid),
		.prp1 = htole64(address(n, IDENTITY)),
		.cdw10 = htole32(what),
	};

	memset(page(n, IDENTITY), 0xff, NVME_PAGE);
	return carry_out(n, ADMIN, &c, "identify");
}

static uint32_t word_at(const struct nvme *n, size_t at)
{
	uint32_t value;

	memcpy(&value, page(n, IDENTITY) + at, sizeof(value));
	return le32toh(value);
}

/* NSZE, FLBAS and LBAF (MS, LBADS) of the identity, figure 97 of the NVM command set's. */
static int take_namespace(struct nvme *n)
{
	const unsigned char *identity = page(n, IDENTITY);
	uint32_t format = word_at(n, 128 + 4 * (identity[26] & 0xf));
	uint32_t shift = format >> 16 & 0xff;

	/* They would be read, too, to behind the data or to address 0. */
	if (format & 0xffff)
		return fail(n, -ENOTSUP, "its blocks have metadata");
	n->blocks = word_at(n, 0) | (uint64_t)word_at(n, 4) << 32;
	if (shift < 9 || shift > 12)
		return fail(n, -ENOTSUP, "a block is no part of 4 KiB");
	n->block_size = UINT32_C(1) << shift;
	if (n->blocks < NVME_PAGE / n->block_size)
		return fail(n, -ENODEV, "its namespace has no 4 KiB");
	return 0;
}

int nvme_identify(struct nvme *n)
{
	int err = identify(n, 1, 0);

	if (!err)
		err = identify(n, 2, 0);
	if (err)
		return err;
	n->nsid = word_at(n, 0);
	if (!n->nsid)
		return fail(n, -ENODEV, "it has no namespace");
	err = identify(n, 0, n->nsid);
	return err ? err : take_namespace(n);
}

int nvme_make_queues(struct nvme *n)
{
	struct command completions = {
		.head = CREATE_CQ,
		.prp1 = htole64(address(n, IO_SUBMISSION + 1)),
		.cdw10 = htole32((ENTRIES - 1) << 16 | IO),
		.cdw11 = htole32(1), /* contiguous, no interrupt */
	};
	struct command submissions = {
		.head = CREATE_SQ,
		.prp1 = htole64(address(n, IO_SUBMISSION)),
		.cdw10 = htole32((ENTRIES - 1) << 16 | IO),
		.cdw11 = htole32(IO << 16 | 1),
	};
	int err = carry_out(n, ADMIN, &completions, "create I/O completions");

	return err ? err
		   : carry_out(n, ADMIN, &submissions,
			       "create I/O submissions");
}

int nvme_read(struct nvme *n)
{
	struct command c = {
		.head = READ,
		.nsid = htole32(n->nsid),
		.prp1 = htole64(address(n, DATA)),
		.cdw12 = htole32(NVME_PAGE / n->block_size - 1),
	};

	return carry_out(n, IO, &c, "read");
}
