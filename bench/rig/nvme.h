/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of an NVMe driver as it takes to read a block: one pair of admin queues
 * and one of I/O queues, one command at a time, completions looked for in memory,
 * no interrupt. It reads and identifies; it has no command that writes. Registers,
 * commands and steps are those of the NVM Express Base Specification 2.0 (3.1.3,
 * 3.5.1, 5.17, 5.5, 5.6), the NVM Command Set Specification 1.0 (3.2.4), doorbells
 * those of NVMe over PCIe 1.0 (3.1.2).
 */
#ifndef RIG_NVME_H
#define RIG_NVME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NVME_PAGE 4096
/* What the controller reads and writes by DMA: queues, and two pages of data. */
#define NVME_MEMORY (6 * NVME_PAGE)
/* The registers and the doorbells of two pairs of queues, at the least stride. */
#define NVME_REGISTERS 0x1010

struct nvme {
	volatile unsigned char *registers; /* BAR 0, mapped */
	uint64_t length; /* bytes of it that are */
	unsigned char *memory; /* NVME_MEMORY bytes, whole pages */
	uint64_t iova; /* where the device finds them */
	/*
	 * A wait spins for a millisecond and then looks each 100 us; or it only
	 * sleeps: where one CPU is also the controller's.
	 */
	bool spins;

	unsigned int stride; /* bytes between doorbells */
	uint64_t ready_ns; /* within which the controller is ready, it says */
	struct nvme_queue {
		uint16_t tail, head;
		uint8_t phase;
	} queues[2]; /* admin, I/O */
	uint16_t command;
	uint32_t nsid, block_size;
	uint64_t blocks;
	uint64_t working; /* ticks of rig/clock.h outside of waits, so far */
	uint64_t since; /* when that began; 0: it waits */
	char why[128]; /* what went wrong, a part of a sentence */
};

/* Of the other fields only those without which nothing works; touches nothing. */
void nvme_init(struct nvme *n, volatile void *registers, uint64_t length,
	       void *memory, uint64_t iova, bool spins);

/*
 * The steps from a reset to a block, in this order, each with its waits. 0, or
 * -errno with n->why: -ETIMEDOUT, -EIO of what the controller refuses, -ENOTSUP
 * of what it can't do. An access can raise SIGBUS: call them by sigbus_protect().
 */
int nvme_start(
	struct nvme *n); /* queues for administration; until it is ready */
/* -ENODEV: there is no namespace. */
int nvme_identify(struct nvme *n);
int nvme_make_queues(struct nvme *n);
/* 4 KiB from the namespace's start on, over what nvme_data() holds. */
int nvme_read(struct nvme *n);
/* Of a controller that DMA is to be taken from. */
int nvme_stop(struct nvme *n);

/* What was read last; NVME_PAGE bytes. */
unsigned char *nvme_data(const struct nvme *n);

/* Around the steps: n->working is what is spent between them but for waits. */
void nvme_work_begin(struct nvme *n);
void nvme_work_end(struct nvme *n);

#endif
