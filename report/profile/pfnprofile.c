// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pfnprofile symbols VMLINUX PROGRAM
 * pfnprofile tables SYMBOLS RAW RESULT FOLDER [VMLINUX]
 *
 * The first prints what build/pfnplugin.so has to know of a guest's functions.
 * The second turns what the plugin wrote into tables, with the records of the
 * same boot, against which it holds each phase; with a VMLINUX that has debug
 * information, inlined functions apart, too. Used by scripts/profile/profile.
 */
#include <errno.h>
#include <string.h>

#include "pfnbench/exit.h"
#include "profile.h"

static int tell(int err, const char *what, const struct why *why)
{
	if (why->text[0])
		fprintf(stderr, "pfnprofile: %s\n", why->text);
	else
		fprintf(stderr, "pfnprofile: %s: %s\n", what, strerror(-err));
	return err == -EINVAL ? EXIT_USAGE : EXIT_BROKEN;
}

static int print_symbols(char *files[])
{
	const char *const two[] = {files[0], files[1]};
	struct why why = {""};
	int err = symbol_table(two, 2, stdout, &why);

	if (!err && (fflush(stdout) || ferror(stdout)))
		err = -EIO;
	return err ? tell(err, "stdout", &why) : EXIT_FINE;
}

/* @vmlinux may be NULL. */
static int make_tables(char *files[], const char *vmlinux)
{
	struct inlined *inlined = NULL;
	struct profiles profiles = {0};
	struct symbols symbols = {0};
	struct tallies tallies = {0};
	struct why why = {""};
	int err = symbols_load(&symbols, files[0], &why);

	if (!err && vmlinux)
		err = inlined_open(&inlined, vmlinux, &why);
	if (!err)
		err = raw_read(&profiles, &symbols, inlined, files[1], &why);
	if (!err)
		err = tallies_read(&tallies, files[2], &why);
	if (!err)
		err = profiles_write(&profiles, &symbols, &tallies, files[3]);
	inlined_close(inlined);
	tallies_free(&tallies);
	profiles_free(&profiles);
	symbols_free(&symbols);
	return err ? tell(err, files[3], &why) : EXIT_FINE;
}

int main(int argc, char *argv[])
{
	if (argc == 4 && !strcmp(argv[1], "symbols"))
		return print_symbols(argv + 2);
	if ((argc == 6 || argc == 7) && !strcmp(argv[1], "tables"))
		return make_tables(argv + 2, argc == 7 ? argv[6] : NULL);
	fprintf(stderr, "pfnprofile: usage: symbols VMLINUX PROGRAM, or "
			"tables SYMBOLS RAW RESULT FOLDER [VMLINUX]\n");
	return EXIT_USAGE;
}
