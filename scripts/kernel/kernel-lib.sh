# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What identifies a kernel: its source, its patches, its config, its compiler.
# Sourced after lib.sh, never run.

CONFIG=${CONFIG:-minimal}

# Raised when the same inputs are built in another way.
readonly RECIPE=2

# Everything make is told beside the tree's own rules. Time, user, host and
# version number are fixed, so that the same compiler gives the same image.
readonly KERNEL_FLAGS=(
	ARCH=x86_64
	KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026'
	KBUILD_BUILD_USER=pfnbench
	KBUILD_BUILD_HOST=pfnbench
	KBUILD_BUILD_VERSION=1
)

base_package() # base
{
	list_lines "$VARIANTS_DIR/bases" | awk -v base="$1" '$1 == base { print $2 }'
}

# The suites to look for the package in, where apt does not install it.
base_suites() # base
{
	list_lines "$VARIANTS_DIR/bases" | awk -v base="$1" '$1 == base {
		for (i = 3; i <= NF; i++) printf "%s%s", $i, i < NF ? " " : "\n" }'
}

# Where the source of a base is, or will be: one that is installed comes first.
source_tarball() # base
{
	local package tarball

	package=$(base_package "$1")
	tarball=${PFNBENCH_SOURCES:-/usr/src}/$package.tar.xz
	[[ -f $tarball || -z $(base_suites "$1") ]] ||
		tarball=$CACHE/packages/$package/$package.tar.xz
	printf '%s\n' "$tarball"
}

# The variants whose series @variant stands on, and itself, lowest first.
lineage() # variant
{
	local below

	below=$(list_lines "$VARIANTS_DIR/variants" |
		awk -v variant="$1" '$1 == variant { print $2 }')
	[[ -z $below ]] || lineage "$below"
	printf '%s\n' "$1"
}

# The series of @variant on @base, in the order of application. Behind it the
# patch that breaks it on purpose, if a mutant is named: for tests only.
series() # base variant [mutant]
{
	local folder

	[[ $2 != base ]] || return 0
	for folder in common $(lineage "$2"); do
		if [[ -d $VARIANTS_DIR/$folder/$1 ]]; then
			find "$VARIANTS_DIR/$folder/$1" -maxdepth 1 \
				-name '*.patch' | sort
		fi
	done
	[[ -z ${3:-} ]] || printf '%s\n' "$MUTANTS_DIR/$1/$3.patch"
}

# The files that patches touch.
files_of() # patches...
{
	sed -nE -e 's,^(--- a|\+\+\+ b)/([^[:space:]]+).*,\2,p' \
		-e 's,^rename (from|to) (.*),\2,p' "$@" | sort -u
}

# Copies the untouched @file of the source in the cache to @to; nothing where it
# has none. kernel-patch puts a copy into pristine before it changes a file.
pristine_file() # file to, after identify_source
{
	! grep -qxF -e "$1" "$SOURCE_DIR/created" 2>/dev/null || return 0
	mkdir -p "$(dirname "$2")"
	[[ ! -f $SOURCE_DIR/source/$1 ]] || cp "$SOURCE_DIR/source/$1" "$2"
	[[ ! -f $SOURCE_DIR/pristine/$1 ]] || cp "$SOURCE_DIR/pristine/$1" "$2"
}

check_mutant() # base mutant
{
	[[ -z $2 || -f $MUTANTS_DIR/$1/$2.patch ]] ||
		die "$EXIT_USAGE" "$2" "no such mutant of $1"
}

series_sha256() # base variant [mutant]
{
	local -a patches

	mapfile -t patches < <(series "$1" "$2" "${3:-}")
	cat /dev/null "${patches[@]}" | sha256sum | cut -d' ' -f1
}

known_configs()
{
	find "$VARIANTS_DIR/config" -name '*.config' -printf '%f\n' |
		sed 's/\.config$//' | sort
}

# The fragments of a config, lowest first: one may say that it goes on top of
# another, and needs to name only what it adds to that.
config_fragments() # config
{
	local file=$VARIANTS_DIR/config/$1.config below

	[[ -f $file ]] || die "$EXIT_USAGE" "$1" \
		"no such kernel config; there are $(known_configs | xargs)"
	below=$(sed -n 's/^# On top of \([a-z-]*\)\.config$/\1/p' "$file")
	[[ -z $below ]] || config_fragments "$below"
	printf '%s\n' "$file"
}

# Compiler and linker: both go into every byte of the image.
compiler_id()
{
	printf '%s, %s\n' "$(gcc --version | head -n1)" "$(ld --version | head -n1)"
}

# What @command prints, remembered under a key: reading a kernel tree takes
# seconds, looking at its files' sizes and times a fraction of one.
remembered() # key command...
{
	local memo=$CACHE/source-ids/$1

	if [[ ! -s $memo ]]; then
		mkdir -p "${memo%/*}"
		"${@:2}" >"$memo.$$"
		mv "$memo.$$" "$memo"
	fi
	cat "$memo"
}

# The files of a source that is not a package: all but what git ignores.
ksrc_files() # folder; prints NUL-terminated names
{
	if [[ -e $1/.git ]]; then
		git -C "$1" ls-files -z --cached --others --exclude-standard
	else
		find "$1" -type f -printf '%P\0' | sort -z
	fi
}

# Files that git tracks and that are not there are part of the answer too.
ksrc_state() # folder
{
	cd "$1" || exit
	{ ksrc_files "$1" | xargs -0 stat -c '%n %s %Y %Z %i %a' 2>&1 || true; } |
		sha256sum | cut -d' ' -f1
}

ksrc_contents() # folder
{
	cd "$1" || exit
	{ ksrc_files "$1" | xargs -0 sha256sum 2>/dev/null || true; } |
		sha256sum | cut -d' ' -f1
}

check_ksrc() # folder
{
	local part

	[[ -d $1 ]] || die "$EXIT_USAGE" "KSRC=$1" "no such folder"
	for part in Makefile Kconfig arch/x86 scripts/kconfig \
		drivers/vfio/pci/vfio_pci_core.c; do
		[[ -e $1/$part ]] || die "$EXIT_USAGE" "KSRC=$1" \
			"not a kernel tree: it has no $part"
	done
	if [[ -e $1/.git ]]; then
		git -C "$1" ls-files --error-unmatch Makefile >/dev/null 2>&1 ||
			die "$EXIT_USAGE" "KSRC=$1" "git cannot list its files"
	fi
}

ksrc_version() # folder
{
	awk '/^(VERSION|PATCHLEVEL|SUBLEVEL) = / { printf "%s%s", dot, $3; dot = "." }
		/^EXTRAVERSION =/ { print $3; exit }' "$1/Makefile"
}

# What BASES is where it was not given: all; with KSRC the one of its version.
default_bases()
{
	local version base

	[[ -n ${KSRC:-} ]] || { known_bases | xargs && return; }
	check_ksrc "$(realpath -m "$KSRC")"
	version=$(ksrc_version "$KSRC")
	for base in $(known_bases); do
		[[ $version != "$base" && $version != "$base".* ]] ||
			{ printf '%s\n' "$base" && return; }
	done
	die "$EXIT_USAGE" "KSRC=$KSRC" \
		"is $version; BASES= says whose patches to try: $(known_bases | xargs)"
}

# Sets SOURCE_NAME (package and version), SOURCE_SHA256, SOURCE_KEY, and
# SOURCE_TARBALL, which is empty where KSRC says what to take.
identify_source() # base
{
	local package version

	SOURCE_TARBALL=
	if [[ -n ${KSRC:-} ]]; then
		KSRC=$(realpath -m "$KSRC")
		check_ksrc "$KSRC"
		SOURCE_NAME="KSRC $(ksrc_version "$KSRC")"
		if [[ -e $KSRC/.git ]]; then
			SOURCE_NAME+=" $(git -C "$KSRC" describe --always --dirty)"
		fi
		version=$(ksrc_state "$KSRC")
		SOURCE_SHA256=$(remembered "$version" ksrc_contents "$KSRC")
	else
		package=$(base_package "$1")
		SOURCE_TARBALL=$(source_tarball "$1")
		[[ -f $SOURCE_TARBALL ]] || die "$EXIT_USAGE" "$package" \
			"not here; scripts/$([[ -n $(base_suites "$1") ]] &&
				echo "kernel/kernel-package $1" || echo setup) gets it"
		version=$(cat "${SOURCE_TARBALL%/*}/version" 2>/dev/null ||
			dpkg-query -Wf '${Version}' "$package" 2>/dev/null || true)
		SOURCE_NAME="$package${version:+ $version}"
		version=$(stat -c '%n %s %Y %Z %i' "$SOURCE_TARBALL" |
			sha256sum | cut -d' ' -f1)
		SOURCE_SHA256=$(remembered "$version" sha256_of "$SOURCE_TARBALL")
	fi
	SOURCE_KEY=$(printf '%s\n' "$SOURCE_NAME" "$SOURCE_SHA256" |
		sha256sum | cut -c1-16)
	SOURCE_DIR=$CACHE/trees/$SOURCE_KEY
}

# Sets COMPILER, SERIES_SHA256, KERNEL_DIR (where the image goes, one folder a
# kernel) and OBJECTS_DIR (shared by all variants of a source and config).
identify_kernel() # base variant [mutant], after identify_source
{
	local -a fragments
	local key mutant=${3:-}

	key=$(config_fragments "$CONFIG")
	mapfile -t fragments <<<"$key"
	COMPILER=$(compiler_id)
	SERIES_SHA256=$(series_sha256 "$1" "$2" "$mutant")
	key=$(printf '%s\n' "$RECIPE" "$(cat "${fragments[@]}" | sha256sum | cut -d' ' -f1)" "$COMPILER" \
		"${KERNEL_FLAGS[@]}" | sha256sum | cut -c1-16)
	# Below the source, which kbuild then calls `..`: no path of this machine
	# gets into the image, or into what ccache compares.
	# shellcheck disable=SC2034 # for those who source this
	OBJECTS_DIR=$SOURCE_DIR/source/objects-$CONFIG-$key
	key=$(printf '%s\n' "$1" "$2" "$SOURCE_KEY" "$key" "$SERIES_SHA256" |
		sha256sum | cut -c1-16)
	# shellcheck disable=SC2034 # the same
	KERNEL_DIR=$CACHE/kernels/${mutant:+mutant-}$1-$2${mutant:+-$mutant}-$CONFIG-$key
}
