# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel tree of a few lines, and patches to it. Who sources this has
# make_tree FOLDER, which adds a Makefile to bare_tree. Sourced, never run.

bare_tree() # folder
{
	mkdir -p "$1"/{arch/x86,scripts/kconfig,drivers/vfio/pci,mm}
	touch "$1/Kconfig"
	seq 1 40 >"$1/drivers/vfio/pci/vfio_pci_core.c"
	seq 1 9 >"$1/mm/memory.c"
	cat >"$1/scripts/kconfig/merge_config.sh" <<-'MERGE'
		#!/bin/sh
		cat "$5" >>"$3/.config"
	MERGE
	chmod +x "$1/scripts/kconfig/merge_config.sh"
}

# Prints a patch that turns line @from of @file into @to.
diff_trees() # scratch file from to
{
	rm -rf "$1" && make_tree "$1/a" && make_tree "$1/b"
	sed -i "s/^$3\$/$4/" "$1/b/$2"
	(cd "$1" && diff -u "a/$2" "b/$2") || true
}
