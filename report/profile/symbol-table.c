// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of ELF files: their own symbol tables, made free of overlap. */
#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Before the name of a function that is no kernel's. */
#define PROGRAM "pfnbench:"

struct function {
	uint64_t first, end;
	int rank; /* the lowest of those at one address is taken */
	char *name;
};

struct functions {
	struct function *all;
	size_t count, room;
};

static bool starts_with(const char *name, const char *start)
{
	return !strncmp(name, start, strlen(start));
}

/* How the CPU comes there; idtentry.h names the kernel's entries so. */
static char kind_of(const char *name)
{
	static const char *const traps[] = {"asm_exc_int3", "asm_exc_debug",
					    "asm_exc_overflow"};

	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++)
		if (!strcmp(name, traps[i]))
			return 't';
	if (!strcmp(name, "asm_exc_nmi"))
		return 'i';
	if (starts_with(name, "asm_exc_"))
		return 'x';
	if (starts_with(name, "asm_sysvec_"))
		return 'i';
	if (!strcmp(name, "irq_entries_start") ||
	    !strcmp(name, "spurious_entries_start"))
		return 's';
	return strstr(name, ".cold") ? 'c' : 'f';
}

/* A function rather than a label, one that is seen from elsewhere, a short name. */
static int rank_of(const GElf_Sym *sym, const char *name)
{
	return (GELF_ST_TYPE(sym->st_info) == STT_FUNC ? 0 : 4000) +
	       (GELF_ST_BIND(sym->st_info) == STB_LOCAL ? 2000 : 0) +
	       (strlen(name) < 1000 ? (int)strlen(name) : 1000);
}

static int add(struct functions *f, const GElf_Sym *sym, const char *name)
{
	struct function *more;

	if (f->count == f->room) {
		f->room = f->room ? 2 * f->room : 1 << 12;
		more = realloc(f->all, f->room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		f->all = more;
	}
	f->all[f->count] =
		(struct function){sym->st_value, sym->st_value + sym->st_size,
				  rank_of(sym, name), strdup(name)};
	return f->all[f->count++].name ? 0 : -ENOMEM;
}

static bool is_code(Elf *elf, const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);
	Elf_Scn *scn;
	GElf_Shdr header;

	if ((type != STT_FUNC && type != STT_NOTYPE) || !sym->st_size ||
	    sym->st_shndx == SHN_UNDEF || sym->st_shndx >= SHN_LORESERVE)
		return false;
	scn = elf_getscn(elf, sym->st_shndx);
	return scn && gelf_getshdr(scn, &header) &&
	       header.sh_flags & SHF_EXECINSTR;
}

static int add_table(struct functions *f, Elf *elf, Elf_Scn *scn,
		     const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t count = data && header->sh_entsize
			       ? header->sh_size / header->sh_entsize
			       : 0;
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		GElf_Sym sym;
		const char *name;

		if (!gelf_getsym(data, (int)i, &sym) || !is_code(elf, &sym))
			continue;
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		/* Padding before a function, for patching. */
		if (name && *name && !starts_with(name, "__pfx_"))
			err = add(f, &sym, name);
	}
	return err;
}

static int add_file(struct functions *f, const char *file, struct why *why)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), err = 0;
	size_t before = f->count;
	Elf *elf;
	Elf_Scn *scn = NULL;
	GElf_Shdr header;

	if (fd < 0)
		return explain(why, -EINVAL, "%s: %s", file, strerror(errno));
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	while (!err && elf && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_SYMTAB)
			err = add_table(f, elf, scn, &header);
	elf_end(elf);
	close(fd);
	if (!err && f->count == before)
		err = explain(why, -EINVAL,
			      "%s: no ELF file with a symbol table", file);
	return err;
}

static int compare(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->rank != y->rank ? x->rank - y->rank
				  : strcmp(x->name, y->name);
}

int symbol_table(const char *const files[], size_t count, FILE *out,
		 struct why *why)
{
	struct functions f = {0};
	uint64_t end = 0;
	int err = 0;

	elf_version(EV_CURRENT);
	for (size_t i = 0; !err && i < count; i++)
		err = add_file(&f, files[i], why);
	if (!err)
		qsort(f.all, f.count, sizeof(*f.all), compare);
	for (size_t i = 0; !err && i < f.count; i++) {
		const struct function *g = &f.all[i];

		/* An alias, or a label within. */
		if (g->first < end)
			continue;
		fprintf(out, "%" PRIx64 " %" PRIx64 " %c %s%s\n", g->first,
			g->end, kind_of(g->name), g->first >> 63 ? "" : PROGRAM,
			g->name);
		end = g->end;
	}
	for (size_t i = 0; i < f.count; i++)
		free(f.all[i].name);
	free(f.all);
	return err;
}
