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
