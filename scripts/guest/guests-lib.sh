# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What scripts share that have a guest do something on each kernel: programs and
# kernels are built, then JOBS guests run at a time. Sourced after lib.sh, never
# run. BASES VARIANTS JOBS BAR_SIZE are the caller's, and so is $scratch, a folder
# that clean_up_guests removes.
# shellcheck disable=SC2154 # these

declare -A guest_of=()
declare -a failed_kernels=()

# make @targets, with its output in a log of build/.
build_programs() # log targets...
{
	local log=$BUILD/$1

	shift
	mkdir -p "$BUILD"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
		make --no-print-directory -C "$ROOT" -j "${JOBS:-$(nproc)}" "$@" \
		>"$log" 2>&1 || die "$EXIT_BROKEN" "make $*" \
		"$(grep -m1 -E '^pfnbench: |error|\*\*\*' "$log" || echo failed)"
}

# Every kernel, and what is known of it as a line each.
build_kernels()
{
	local base variant

	for base in $BASES; do
		for variant in $VARIANTS; do
			env -u JOBS "$SCRIPTS/kernel/kernel-build" "$base" "$variant"
		done
	done
}

# Sets bar, the file behind the BAR. A stamp in each page takes the disk its whole
# size, so a larger one than 1 GiB has none: it is sparse, and contents are not
# compared.
make_bar()
{
	bar=$CACHE/guest/bar-$BAR_SIZE
	[[ ! -f $bar ]] || return 0
	mkdir -p "$CACHE/guest"
	if [[ $BAR_SIZE == 1G ]]; then
		check_disk "$CACHE" 1200 "the file behind the BAR"
		"$BUILD/pfnbench" stamp "$bar.$$" "$BAR_SIZE" >&2
	else
		truncate -s "$BAR_SIZE" "$bar.$$"
	fi
	mv "$bar.$$" "$bar"
}

reap_guest()
{
	local pid code=0

	wait -n -p pid "${!guest_of[@]}" || code=$?
	((code == 0)) || failed_kernels+=("${guest_of[$pid]}")
	unset "guest_of[$pid]"
}

# Runs @function BASE VARIANT for each kernel, as a process; those that failed are
# in failed_kernels.
each_kernel() # function
{
	local base variant

	for base in $BASES; do
		for variant in $VARIANTS; do
			((${#guest_of[@]} < JOBS)) || reap_guest
			(
				trap - EXIT
				"$1" "$base" "$variant"
			) </dev/null 9>&- &
			guest_of[$!]="$base $variant"
		done
	done
	while ((${#guest_of[@]})); do reap_guest; done
}

clean_up_guests()
{
	local pid

	trap - EXIT INT TERM HUP
	for pid in "${!guest_of[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
	wait
	rm -rf "${scratch:-}"
}

# From here on nothing is left behind, whatever ends the script.
trap_guests()
{
	scratch=$(mktemp -d)
	trap clean_up_guests EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# Two calls must not write into one folder.
hold() # folder
{
	exec 9>"$1/.lock"
	flock -n 9 || die "$EXIT_USAGE" "$1" "another call writes into it"
}
