// SPDX-License-Identifier: GPL-2.0-or-later
/* The contract of one process: what it maps, and what becomes of its parts. */
#include <endian.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "contract.h"
#include "ktap.h"
#include "rig/process.h"

#define PAGE 4096
#define PMD_PAGES 512
/* A length that is no multiple of a leaf, from a page that is not either. */
#define ODD_PAGE 3
#define ODD_PAGES (3 * PMD_PAGES + 5)

const char *stamps(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (!c->bar.stamped)
		return "the BAR is not stamped: nothing here can be checked";
	if (view_map(&v, &c->bar, NULL, 0, c->bar.size / PAGE))
		return "mmap failed";
	why = view_all_right(&v);
	view_unmap(&v);
	return why;
}

const char *toggle_views(struct contract *c, const struct view *views,
			 size_t count)
{
	const char *why = NULL;
	uint64_t faults;

	if (device_memory_enable(&c->bar, false))
		return "disable failed";
	for (size_t i = 0; !why && i < count; i++)
		why = view_all_sigbus(&views[i]);
	if (device_memory_enable(&c->bar, true))
		return "enable failed";
	faults = faults_now();
	for (size_t i = 0; !why && i < count; i++)
		why = view_all_right(&views[i]);
	faults = faults_now() - faults;
	if (!why && c->eager && faults)
		why = ktap_say("%lu faults after enable", faults);
	return why;
}

const char *one_mapping(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	why = view_all_right(&v);
	why = first_of(why, toggle_views(c, &v, 1));
	view_unmap(&v);
	return why;
}

const char *several_mappings(void *context)
{
	struct contract *c = context;
	struct view v[5] = {0};
	const char *why = NULL;

	for (size_t i = 0; !why && i < 5; i++)
		if (view_map(&v[i], &c->bar, NULL, i * 100, 700))
			why = "mmap failed";
	if (!why)
		why = toggle_views(c, v, 5);
	for (size_t i = 0; i < 5; i++)
		view_unmap(&v[i]);
	return why;
}

const char *mapped_while_disabled(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;
	int err;

	device_memory_enable(&c->bar, false);
	err = view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES);
	why = err ? "mmap failed" : view_all_sigbus(&v);
	device_memory_enable(&c->bar, true);
	if (!why)
		why = view_all_right(&v);
	if (!err)
		view_unmap(&v);
	return why;
}

/* A write that leaves memory as it is must neither map twice nor lose. */
const char *written_twice(void *context)
{
	struct contract *c = context;
	struct view v;
	const char *why;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	device_memory_enable(&c->bar, true);
	why = view_all_right(&v);
	device_memory_enable(&c->bar, false);
	device_memory_enable(&c->bar, false);
	why = first_of(why, view_all_sigbus(&v));
	device_memory_enable(&c->bar, true);
	device_memory_enable(&c->bar, true);
	why = first_of(why, view_all_right(&v));
	view_unmap(&v);
	return why;
}

/* What is left of a mapping after parts of it went, moved, or changed. */
const char *pieces(void *context)
{
	struct contract *c = context;
	struct view v, piece[4];
	unsigned char *addr;
	const char *why;
	void *moved;

	if (view_map(&v, &c->bar, NULL, 0, 8 * PMD_PAGES))
		return "mmap failed";
	addr = (unsigned char *)v.addr;
	why = view_all_right(&v);
	munmap(addr + 700 * PAGE, 10 * PAGE);
	mprotect(addr + 1500 * PAGE, 20 * PAGE, PROT_READ);
	moved = mmap(NULL, 600 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		     -1, 0);
	moved = mremap(addr + 2000 * PAGE, 600 * PAGE, 600 * PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, moved);
	if (moved == MAP_FAILED) {
		view_unmap(&v);
		return "mremap failed";
	}
	piece[0] = view_at(addr, 0, 700);
	piece[1] = view_at(addr + 710 * PAGE, 710, 1290);
	piece[2] = view_at(moved, 2000, 600);
	piece[3] = view_at(addr + 2600 * PAGE, 2600, 1496);
	for (size_t i = 0; !why && i < 4; i++)
		why = view_all_right(&piece[i]);
	if (!why)
		why = toggle_views(c, piece, 4);
	munmap(moved, 600 * PAGE);
	view_unmap(&v);
	return why;
}

const char *map_fixed_over(void *context)
{
	struct contract *c = context;
	struct view whole, over, part[2];
	const char *why;

	if (view_map(&whole, &c->bar, NULL, 0, 2000) ||
	    view_map(&over, &c->bar, (void *)(whole.addr + 600 * PAGE), 5, 300))
		return "mmap failed";
	part[0] = view_at(whole.addr, 0, 600);
	part[1] = view_at(whole.addr + 900 * PAGE, 900, 1100);
	why = view_all_right(&over);
	why = first_of(why, view_all_right(&part[1]));
	if (!why)
		why = toggle_views(c, part, 2);
	if (!why)
		why = toggle_views(c, &over, 1);
	view_unmap(&whole);
	return why;
}

const char *unmapped_while_disabled(void *context)
{
	struct contract *c = context;
	struct view v, rest;
	const char *why;

	if (view_map(&v, &c->bar, NULL, 0, 2000))
		return "mmap failed";
	device_memory_enable(&c->bar, false);
	munmap((void *)(v.addr + 100 * PAGE), 1000 * PAGE);
	device_memory_enable(&c->bar, true);
	rest = view_at(v.addr + 1100 * PAGE, 1100, 900);
	v.pages = 100;
	munmap((void *)(rest.addr + 800 * PAGE), 100 * PAGE);
	rest.pages = 800;
	why = view_all_right(&v);
	why = first_of(why, view_all_right(&rest));
	view_unmap(&v);
	view_unmap(&rest);
	return why;
}

/* Byte by byte, and together with the status register behind it. */
const char *command_by_parts(void *context)
{
	struct contract *c = context;
	uint8_t byte = (uint8_t)c->bar.command_at_open;
	uint32_t word = c->bar.command_at_open;
	const off_t at = (off_t)c->bar.config_offset + PCI_COMMAND;
	struct view v;
	const char *why;

	if (view_map(&v, &c->bar, NULL, ODD_PAGE, ODD_PAGES))
		return "mmap failed";
	byte &= (uint8_t)~PCI_COMMAND_MEMORY;
	word |= PCI_COMMAND_MEMORY;
	why = view_all_right(&v);
	if (pwrite(c->bar.fd, &byte, 1, at) != 1)
		why = first_of(why, "a byte can't be written");
	why = first_of(why, view_all_sigbus(&v));
	word = htole32(word);
	if (pwrite(c->bar.fd, &word, 4, at) != 4)
		why = first_of(why, "four bytes can't be written");
	why = first_of(why, view_all_right(&v));
	word = htole32(le32toh(word) & ~(uint32_t)PCI_COMMAND_MEMORY);
	if (pwrite(c->bar.fd, &word, 4, at) != 4)
		why = first_of(why, "four bytes can't be written");
	why = first_of(why, view_all_sigbus(&v));
	byte |= PCI_COMMAND_MEMORY;
	if (pwrite(c->bar.fd, &byte, 1, at) != 1)
		why = first_of(why, "a byte can't be written");
	why = first_of(why, view_all_right(&v));
	device_memory_enable(&c->bar, true);
	view_unmap(&v);
	return why;
}
