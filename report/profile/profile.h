/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pfnprofile makes of the plugin's raw file, the symbols it was given, and
 * the records of the same boot. docs/PROFILE.md has the formats.
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct why {
	char text[512];
};

/* explain.c: sets @why and gives @err back. */
int explain(struct why *why, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* symbol-table.c: makes the symbols of a kernel and of a program. */

/*
 * Lines "FIRST END KIND NAME" for @count ELF files, as plugin/symbols.h has
 * them. 0, -ENOMEM, or -EINVAL with @why: no ELF file, or one without symbols.
 */
int symbol_table(const char *const files[], size_t count, FILE *out,
		 struct why *why);

/* symbols.c: reads them. */

struct symbol {
	uint64_t first, end;
	char kind; /* f, c, x, t, i, s */
	bool kernel;
	uint32_t name; /* the same of a function and its cold part */
};

struct symbols {
	struct symbol *all;
	size_t count;
	char **names; /* of the table by name, then as they came */
	size_t name_count, sorted;
};

/* 0, -ENOMEM, or -EINVAL with @why. */
int symbols_load(struct symbols *s, const char *file, struct why *why);
void symbols_free(struct symbols *s);
/* NULL where nothing is known of @address. */
const struct symbol *symbols_find(const struct symbols *s, uint64_t address);
/* The number of a name, made if there is none yet; -ENOMEM. */
int64_t symbols_name(struct symbols *s, const char *name);

/* inlined.c: whose code an instruction is, where there is debug information. */

struct inlined;

/*
 * *@in is NULL where the ELF file has no debug information. 0, -ENOMEM, or -EINVAL
 * with @why.
 */
int inlined_open(struct inlined **in, const char *file, struct why *why);
/*
 * The number of the name of the innermost function that was inlined at @address;
 * @function where none was. -ENOMEM.
 */
int64_t inlined_name(struct inlined *in, struct symbols *s, uint64_t address,
		     int64_t function);
/* NULL is fine. */
void inlined_close(struct inlined *in);

/* raw.c: a phase of a cell, all its rounds together. */

struct counts {
	uint64_t instructions, calls, loads, stores;
};

struct sums {
	struct counts *all; /* by the number of the name */
	size_t count;
};

struct stack {
	char *frames; /* "outer;inner" */
	int64_t instructions;
};

#define MAX_MODEL 24

struct profile {
	char *benchmark, *parameters, *phase;
	uint64_t intervals; /* pairs of stamps */
	uint64_t overlaps; /* of these, begun while another one was open */
	uint64_t halts; /* the CPU slept */
	uint64_t instructions; /* executed between the stamps */
	bool lost; /* its call chains are not whole */
	/* What the model says, in the order of the raw file; none: nothing. */
	struct model_counter {
		char name[32];
		uint64_t value;
	} model[MAX_MODEL];
	size_t model_count;
	size_t rounds, modelled; /* of the phase, and those with a model */
	struct sums functions; /* of the symbol table */
	struct sums sources; /* of the source: inlined ones apart */
	void *stacks; /* tsearch() tree of struct stack, by frames */
};

struct profiles {
	struct profile *all; /* in the order of the boot */
	size_t count;
};

/*
 * Adds what @file holds; the sums of sources, where @in is not NULL. 0, -ENOMEM,
 * or -EINVAL with @why: it is damaged, ends too early, or its sums are not what it
 * says.
 */
int raw_read(struct profiles *p, struct symbols *s, struct inlined *in,
	     const char *file, struct why *why);
void profiles_free(struct profiles *p);

/* tallies.c: what the boot's records say of a phase. */

struct tally_sum {
	uint64_t total, samples;
	uint64_t pages; /* 4 KiB pages that it is about; 0: of none */
};

struct tallies {
	struct tally_entry *all;
	size_t count;
};

/* 0, -ENOMEM, or -EINVAL with @why. */
int tallies_read(struct tallies *t, const char *file, struct why *why);
/* NULL where the records have no such phase, in instructions. */
const struct tally_sum *tallies_find(const struct tallies *t,
				     const struct profile *p);
void tallies_free(struct tallies *t);

/* write.c */

/*
 * Holds each phase against its tally and writes functions.tsv, stacks/, of sums of
 * sources inlined.tsv, and of phases that were modelled model.tsv into @folder. A
 * phase with other instructions than its tally is left out and named on stderr. 0,
 * -ENOMEM, or the error of writing.
 */
int profiles_write(const struct profiles *p, const struct symbols *s,
		   const struct tallies *t, const char *folder);

#endif
