// SPDX-License-Identifier: GPL-2.0-or-later
/* Which function of the source an instruction is of, by debug information. */
#include "profile.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What was found once: reading a compilation unit takes a while. */
struct place {
	uint64_t address;
	int64_t name;
};

struct inlined {
	int fd;
	Elf *elf;
	Dwarf *dwarf;
	void *places; /* tsearch() tree of struct place, by address */
};

int inlined_open(struct inlined **in, const char *file, struct why *why)
{
	struct inlined *made = calloc(1, sizeof(*made));
	int err = 0;

	*in = NULL;
	if (!made)
		return -ENOMEM;
	elf_version(EV_CURRENT);
	made->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (made->fd < 0)
		err = explain(why, -EINVAL, "%s: %s", file, strerror(errno));
	else
		made->elf = elf_begin(made->fd, ELF_C_READ_MMAP, NULL);
	if (!err && elf_kind(made->elf) != ELF_K_ELF)
		err = explain(why, -EINVAL, "%s: not an ELF file", file);
	/* One without debug information is fine. */
	if (!err)
		made->dwarf = dwarf_begin_elf(made->elf, DWARF_C_READ, NULL);
	if (err || !made->dwarf)
		inlined_close(made);
	else
		*in = made;
	return err;
}

void inlined_close(struct inlined *in)
{
	if (!in)
		return;
	tdestroy(in->places, free);
	dwarf_end(in->dwarf);
	elf_end(in->elf);
	if (in->fd >= 0)
		close(in->fd);
	free(in);
}

/*
 * The name of the innermost function that was inlined at @address, or NULL. Valid
 * until inlined_close().
 */
static const char *innermost(const struct inlined *in, uint64_t address)
{
	const char *name = NULL;
	Dwarf_Die unit, *scopes = NULL;
	int count;

	if (!dwarf_addrdie(in->dwarf, address, &unit))
		return NULL;
	count = dwarf_getscopes(&unit, address, &scopes);
	for (int i = 0; i < count; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag == DW_TAG_inlined_subroutine)
			name = dwarf_diename(&scopes[i]);
		if (tag == DW_TAG_inlined_subroutine ||
		    tag == DW_TAG_subprogram)
			break;
	}
	free(scopes);
	return name;
}

static int by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

int64_t inlined_name(struct inlined *in, struct symbols *s, uint64_t address,
		     int64_t function)
{
	struct place *place = malloc(sizeof(*place)), **found;
	const char *name;

	if (!place)
		return -ENOMEM;
	*place = (struct place){address, function};
	found = tsearch(place, &in->places, by_address);
	if (!found || *found != place) {
		free(place);
		return found ? (*found)->name : -ENOMEM;
	}
	name = innermost(in, address);
	if (name)
		place->name = symbols_name(s, name);
	return place->name;
}
