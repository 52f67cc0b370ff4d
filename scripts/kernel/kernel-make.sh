# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make in a kernel tree, and its config. Sourced after kernel-lib.sh, never run;
# SOURCE_DIR, OBJECTS_DIR and SOURCE_NAME are set by identify_*.

kernel_make()
{
	local -a cc=()
	local name

	if command -v ccache >/dev/null; then
		cc=(CC="ccache gcc" HOSTCC="ccache gcc")
	fi
	# Only this environment: KCFLAGS, LLVM or the variables of the make that
	# called us would go into the image, or into nothing but its name.
	local -a environment=(PATH="$PATH" HOME="${HOME:-/}" LC_ALL=C)
	for name in "${!CCACHE_@}"; do
		environment+=("$name=${!name}")
	done
	env -i "${environment[@]}" make -C "$SOURCE_DIR/source" O="$OBJECTS_DIR" \
		-j "${JOBS:-$(nproc)}" "${cc[@]}" "${KERNEL_FLAGS[@]}" "$@"
}

# What the fragments say of each option in the end: the last word counts.
settled() # fragments...
{
	cat "$@" | awk '
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name) }
		/^# CONFIG_.* is not set$/ { name = $2 }
		name { if (!(name in said)) order[++n] = name
			said[name] = $0; name = "" }
		END { for (i = 1; i <= n; i++) print said[order[i]] }'
}

# Every line of the fragments must have taken; one that did not is missing
# something it depends on.
check_config() # config fragments...
{
	local line name fragment=${*: -1} config=$1

	shift
	while read -r line; do
		case $line in
		CONFIG_*=*)
			grep -qxF -e "$line" "$config" || die "$EXIT_USAGE" "$fragment" \
				"$line did not take in $SOURCE_NAME" ;;
		'# CONFIG_'*' is not set')
			name=${line#'# '}
			! grep -q "^${name%% *}=" "$config" || die "$EXIT_USAGE" "$fragment" \
				"$line did not take in $SOURCE_NAME" ;;
		esac
	done < <(settled "$@")
}

configure()
{
	local -a fragments

	[[ ! -f $OBJECTS_DIR/configured ]] || return 0
	# shellcheck disable=SC2153 # it is that of kernel-lib.sh
	mapfile -t fragments < <(config_fragments "$CONFIG")
	mkdir -p "$OBJECTS_DIR"
	kernel_make tinyconfig
	# merge_config.sh -m only merges; olddefconfig settles.
	(cd "$SOURCE_DIR/source" && scripts/kconfig/merge_config.sh -m \
		-O "$OBJECTS_DIR" "$OBJECTS_DIR/.config" "${fragments[@]}")
	kernel_make olddefconfig
	check_config "$OBJECTS_DIR/.config" "${fragments[@]}"
	touch "$OBJECTS_DIR/configured"
}

# shellcheck disable=SC2317 # called by a trap
stop_build() # signal number
{
	kill -TERM -- "-$builder" "$progress" 2>/dev/null || true
	wait "$builder" 2>/dev/null || true
	exit "$((128 + $1))"
}

# Runs @function, which builds, says meanwhile how far it is, and dies with the
# reason where it fails. What it prints is in @log.
watched_build() # log what function [objects that a first build makes]
{
	local builder progress failed=0

	setpriv --pdeathsig KILL "$SCRIPTS/kernel/build-progress" "$1" "$2" "${4:-}" 9>&- &
	progress=$!
	# A job of its own, which goes when this script is told to; and not on the
	# left of `||`, where set -e would not hold inside.
	set -m
	(
		set -e
		"$3"
	) >"$1" 2>"$1.errors" </dev/null &
	builder=$!
	set +m
	trap 'stop_build 2' INT
	trap 'stop_build 15' TERM HUP
	wait "$builder" || failed=$?
	trap - INT TERM HUP
	kill "$progress" 2>/dev/null || true
	wait "$progress" 2>/dev/null || true
	((failed == 0)) || report_failure "$1" "$2" "$failed"
}

# What a script of ours said goes on as it is; else the compiler's first error.
report_failure() # log what exit-code
{
	if grep '^pfnbench: ' "$1.errors" >&2; then
		exit "$3"
	fi
	cat "$1.errors" >>"$1"
	die "$EXIT_BROKEN" "kernel $2" \
		"does not build: $(grep -m1 -E 'error:|\*\*\*|undefined reference' "$1" ||
			tail -n1 "$1"); all of it is in $1"
}
