#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-package, kernel-source, kernel-build, kernel-path, setup and clean-cache,
# on a kernel tree of a few lines whose Makefile answers as kbuild does. Builds
# no kernel, and asks no network.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/tree-lib.sh
. "$(dirname "$0")/tree-lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-kernels.XXXXXX")
small=
cleanup()
{
	[[ -z $small ]] || umount "$small" || true
	rm -rf "$work"
}
trap cleanup EXIT
export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_MUTANTS_DIR=$work/mutants
export CONFIG=minimal JOBS=1
unset KSRC
scripts=$top/scripts

make_tree() # folder
{
	bare_tree "$1"
	# vmlinux holds its version and sources; FAIL in a source stops the build.
	cat >"$1/Makefile" <<-'MAKE'
		VERSION = 6
		PATCHLEVEL = 12
		SUBLEVEL = 0
		.RECIPEPREFIX = >
		tinyconfig: ; echo CONFIG_TINY=y >$(O)/.config
		olddefconfig: ; sed -i /UNKNOWN/d $(O)/.config
		%.o: ; @:
		vmlinux:
		>@echo '  CC      core.o'
		>@! grep -n FAIL drivers/vfio/pci/*.c || { echo 'core.c:1: error: FAIL'; exit 1; }
		>@{ echo '$(LOCALVERSION) $(KBUILD_BUILD_TIMESTAMP)'; \
		>cat drivers/vfio/pci/*.c mm/*.c; } >$(O)/vmlinux
	MAKE
}

# A patch that turns @from of @file into @to.
make_patch() # patch file from to
{
	mkdir -p "$(dirname "$1")"
	diff_trees "$work/patching" "${@:2}" >"$1"
}

build() # variant
{
	try env KSRC="$work/tree" "$scripts/kernel/kernel-build" 6.12 "$1"
}

path() # variant
{
	KSRC=$work/tree "$scripts/kernel/kernel-path" 6.12 "$1"
}

times() # a mark of every source file in the tree that is built
{
	(cd "$work"/cache/trees/*/source &&
		find . -name 'objects-*' -prune -o -type f -printf '%P %T@\n' | sort)
}

core=drivers/vfio/pci/vfio_pci_core.c
variants=$PFNBENCH_VARIANTS_DIR
mkdir -p "$variants/config"
printf '6.12 linux-source-6.12\n' >"$variants/bases"
printf '%s\n' base huge-fault eager broken failing >"$variants/variants"
printf '%s\n' CONFIG_VFIO=y '# CONFIG_MODULES is not set' >"$variants/config/minimal.config"
make_tree "$work/tree"
make_patch "$variants/common/6.12/0001-common.patch" mm/memory.c 5 five
make_patch "$variants/eager/6.12/0001-eager.patch" $core 20 twenty
make_patch "$variants/failing/6.12/0001-failing.patch" $core 20 FAIL
# The first hunk applies, the second one does not.
make_patch "$variants/broken/6.12/0001-broken.patch" $core 3 three
make_patch "$work/second.patch" $core 30 thirty
sed -n '3,$p' "$work/second.patch" | sed 's/^ 28/ other/' \
	>>"$variants/broken/6.12/0001-broken.patch"

make_patch "$work/mutants/6.12/lossy.patch" $core 25 lost

# What is asked for must exist.
try "$scripts/kernel/kernel-build" 9.99 base
expect "unknown base: the valid ones are listed" 2 '^pfnbench: .*9\.99.*6\.12'
try "$scripts/kernel/kernel-build" 6.12 lazy
expect "unknown variant: the valid ones are listed" 2 '^pfnbench: .*lazy.*eager'
try "$scripts/kernel/kernel-build" 6.12
expect "an argument too few: usage" 2 'usage'
try env KSRC="$work" "$scripts/kernel/kernel-build" 6.12 base
expect "KSRC that is no kernel tree" 2 "^pfnbench: KSRC=$work: not a kernel tree"
try env KSRC="$work/absent" "$scripts/kernel/kernel-source" 6.12
expect "KSRC that is not there" 2 "^pfnbench: KSRC=$work/absent"
check "nothing was written for any of these" test ! -e "$work/cache/kernels"
try path eager
expect "path of a kernel that is not built: the command" 2 'not built; make kernel'

# Building.
build eager
expect "a variant builds" 0 '"image_sha256"'
eager=$(path eager)
check "with the common and its own series" \
	grep -qE '^(five|twenty)$' "$eager"
try sh -c "grep -c -E '^(five|twenty)$' '$eager'"
expect "both of them" 0 '^2$'
info=$(dirname "$eager")/info.json
check "info.json: image and config by their hashes" test \
	"$(jq -r '.image_sha256, .config_sha256' "$info" | xargs)" = \
	"$(sha256sum <"$eager" | cut -d' ' -f1) $(sha256sum <"$(dirname "$eager")/config" | cut -d' ' -f1)"
mark=$(stat -c %Y.%i "$eager")
build eager
expect "a second time it is there" 0 '"image_sha256"'
check "and nothing is built" test "$(stat -c %Y.%i "$eager")" = "$mark"

# Switching touches what differs and nothing else.
times >"$work/times.eager"
build huge-fault
times >"$work/times.huge-fault"
try sh -c "diff '$work/times.eager' '$work/times.huge-fault' | grep '^>' | cut -d' ' -f2"
expect "to another variant: only its file changes" 0 "^$core\$"
check "and that file alone" test "$(wc -l <<<"$output")" = 1
build base
base=$(path base)
try sh -c "grep -E 'five|twenty' '$base'"
expect "the untouched base has no patch" 1 ''
check "its series hash is that of nothing" test \
	"$(jq -r .series_sha256 "$(dirname "$base")/info.json")" = \
	"$(sha256sum </dev/null | cut -d' ' -f1)"

# One that is broken on purpose is a kernel of its own.
try env KSRC="$work/tree" "$scripts/kernel/kernel-build" 6.12 eager absent
expect "unknown mutant: named" 2 '^pfnbench: absent: no such mutant'
try env KSRC="$work/tree" "$scripts/kernel/kernel-build" 6.12 eager lossy
expect "a mutant builds" 0 '"image_sha256"'
mutant=$(KSRC=$work/tree "$scripts/kernel/kernel-path" 6.12 eager lossy)
try grep -cE '^(five|twenty|lost)$|-pfnbench-eager-mutant' "$mutant"
expect "with its variant's series and its own patch, and it says so" 0 '^4$'
check "the variant's own image stays" test "$(path eager)" = "$eager"
check "where it lies says what it is" grep -q '/kernels/mutant-' <<<"$mutant"

# The same kernel in another cache.
image=$(sha256sum <"$eager")
try env KSRC="$work/tree" PFNBENCH_CACHE="$work/other" \
	"$scripts/kernel/kernel-build" 6.12 eager
other=$(PFNBENCH_CACHE=$work/other path eager)
check "another cache: the same key" test "${other#"$work/other"}" = "${eager#"$work/cache"}"
check "another cache: the same image" test "$(sha256sum <"$other")" = "$image"

# What cannot be built leaves nothing behind.
times >"$work/times.before"
build broken
expect "a patch that does not apply: file and hunk" 2 \
	"^pfnbench: .*broken/6.12/0001-broken.patch: hunk #2 .*$core.* does not apply to"
times >"$work/times.after"
check "and the tree is as it was" cmp "$work/times.before" "$work/times.after"
build failing
expect "a compiler error: broken, with the log" 5 'error: FAIL.*build-6.12-failing.log'
check "no kernel of it" sh -c "! ls '$work'/cache/kernels | grep failing"
echo damaged >"$(echo "$work"/cache/trees/*/source)/$core"
rm -rf "$(dirname "$eager")"
build eager
check "a tree cut off in the middle is mended" test "$(sha256sum <"$eager")" = "$image"
echo CONFIG_UNKNOWN=y >>"$variants/config/minimal.config"
build base
expect "a config line that does not take is named" 2 'CONFIG_UNKNOWN=y'
sed -i /UNKNOWN/d "$variants/config/minimal.config"

# The machine.
if ((EUID == 0)) && mkdir "$work/small" &&
	mount -t tmpfs -o size=1m tmpfs "$work/small" 2>/dev/null; then
	small=$work/small
	try env KSRC="$work/tree" PFNBENCH_CACHE="$small/cache" \
		"$scripts/kernel/kernel-build" 6.12 base
	expect "a full disk: one line" 2 '^pfnbench: .* needs [0-9]+ MiB of disk'
	check "and nothing half-written" sh -c "! find '$small' -name source | grep ."
else
	skip "a full disk: one line" "cannot mount a small one here"
fi
mkdir -p "$work/bin"
printf '#!/bin/sh\necho "gcc installed"\n' >"$work/bin/dpkg-query"
chmod +x "$work/bin/dpkg-query"
try env PATH="$work/bin:$PATH" "$scripts/setup" --check
expect "setup --check: the one apt line" 2 \
	'^(sudo )?apt-get install -y --no-install-recommends .*flex.* qemu-system-x86'
try env PATH="$work/bin:$PATH" "$scripts/setup" --check --tests
expect "setup --tests: the test programs too" 2 'shellcheck'

# A base whose package the user's apt does not have. An apt of our own plays it:
# `play` says how, `asked` is what it was asked.
mkdir -p "$work/bin"
cat >"$work/bin/apt-get" <<'FAKE'
#!/bin/bash
here=$(dirname "$0")/..
echo "$*" >>"$here/asked"
play=$(<"$here/play")
for argument; do
	[[ $argument != Dir::Etc::SourceList=* ]] || list=${argument#*=}
done
case " $* " in
*indextargets*)
	[[ $play == no-mirror ]] || echo 'Debian/Debian mirror:/archive/' ;;
*' update --print-uris '*) ;;
*' update '*)
	cat "$list" >>"$here/asked"
	[[ $play != unsigned ]] || {
		echo 'W: GPG error: played: NO_PUBKEY 12'
		echo 'E: The repository is not signed.'
		exit 100
	}
	[[ $play != offline ]] || { echo 'E: Failed to fetch: no route' && exit 100; }
	[[ $play != no-suite ]] || ! grep -q ' first ' "$list" ||
		{ echo 'E: The repository does not have a Release file.' && exit 100; } ;;
*' download '*)
	grep -q ' second ' "$list" && [[ $play != gone ]] ||
		{ echo 'E: Unable to locate package' && exit 100; }
	case " $* $play " in
	*print-uris*) ;;
	*' cut-off ') head -c 300 "$here/source.deb" >linux-source-7.3_1_all.deb ;;
	*' damaged ') echo 'E: Hash Sum mismatch' && exit 100 ;;
	*' slow ') touch "$here/waits" && exec sleep 60 ;;
	*) cp "$here/source.deb" linux-source-7.3_1_all.deb ;;
	esac ;;
*) exit 100 ;;
esac
FAKE
chmod +x "$work/bin/apt-get"
touch "$work/keyring"
export PFNBENCH_KEYRING=$work/keyring PFNBENCH_SOURCES=$work/installed
package=$work/cache/packages/linux-source-7.3

fetch() # play command...
{
	echo "$1" >"$work/play"
	: >"$work/asked"
	try env PATH="$work/bin:$PATH" "${@:2}"
}

# One that fails: what it says last, and nothing stays but its log.
fails() # name play regex
{
	fetch "$2" "$scripts/kernel/kernel-package" 7.3
	output=$(tail -n1 <<<"$output")
	expect "$1" 2 "^pfnbench: linux-source-7\.3: $3"
	check "$1: nothing half-written" test ! -e "$package" -a ! -e "$package.partial"
}

echo '7.3 linux-source-7.3 first second' >>"$variants/bases"
mkdir -p "$work/deb/DEBIAN" "$work/deb/usr/src"
tar -C "$work" -cJf "$work/deb/usr/src/linux-source-7.3.tar.xz" tree
printf '%s\n' 'Package: linux-source-7.3' 'Version: 7.3~rc9-1' 'Architecture: all' \
	'Maintainer: none <none@example.org>' 'Description: played' >"$work/deb/DEBIAN/control"
dpkg-deb -b "$work/deb" "$work/source.deb" >/dev/null
fails "no archive of Debian is known" no-mirror '.*PFNBENCH_MIRROR=URL names one$'
fails "offline" offline 'the lists of first cannot be fetched: Failed to fetch: no route'
fails "a list that is not signed" unsigned 'not signed by a key of .*NO_PUBKEY 12'
fails "gone from every suite" gone 'gone from first second of mirror:/archive/; KSRC='
fails "a package that is not the signed one" damaged 'not signed by .*: Hash Sum'
try env PATH="$work/bin:$PATH" PFNBENCH_KEYRING="$work/none" "$scripts/kernel/kernel-package" 7.3
expect "without a keyring nothing is taken" 2 "^pfnbench: $work/none: not there"
try env PATH="$work/bin:$PATH" PFNBENCH_MIRROR='a b' "$scripts/kernel/kernel-package" 7.3
expect "PFNBENCH_MIRROR that is no URL" 2 'PFNBENCH_MIRROR=a b: not a URL'
fetch cut-off "$scripts/kernel/kernel-package" 7.3
expect "a package that cannot be unpacked" 2 'linux-source-7.3_1_all.deb: cannot be unpacked: '
check "nothing half-written of it" test ! -e "$package" -a ! -e "$package.partial"
fetch slow timeout -s TERM 1 "$scripts/kernel/kernel-package" 7.3
expect "told to stop" 124 ''
check "it was at it, and leaves nothing" test -e "$work/waits" -a ! -e "$package" \
	-a ! -e "$package.partial"
try "$scripts/kernel/kernel-path" 7.3 base
expect "path of a kernel whose source is not there" 2 'scripts/kernel/kernel-package 7.3 gets it$'
fetch no-suite env PFNBENCH_MIRROR=file:/told "$scripts/kernel/kernel-build" 7.3 base
expect "a suite that is gone is passed over" 0 '"source": "linux-source-7.3 7.3~rc9-1"'
try cat "$work/asked"
expect "the archive that it was told to ask, the keys to trust" 0 \
	"^deb \[.*signed-by=$work/keyring\] file:/told second main$"
try grep -vE "Dir::Etc::SourceParts=$package.partial/.*Dir::State::Lists=$package.partial/|^deb |indextargets|^update --print-uris" \
	"$work/asked"
expect "never with the lists of the user" 1 '^$'
try grep -E 'install' "$work/asked"
expect "and never to install" 1 '^$'
fetch offline "$scripts/kernel/kernel-build" 7.3 huge-fault
expect "what is there is not asked for again" 0 '"variant": "huge-fault"'
check "by nobody" test ! -s "$work/asked"

# KSRC says which base it is.
try env KSRC="$work/tree" VARIANTS=base PATH="$work/bin:$PATH" "$scripts/check-inputs"
expect "KSRC of a base that is known" 0 '^$'
sed 's/PATCHLEVEL = 12/PATCHLEVEL = 13/' -i "$work/tree/Makefile"
try env KSRC="$work/tree" VARIANTS=base "$scripts/check-inputs"
expect "KSRC of another: whose patches?" 2 'is 6\.13\.0; BASES= says whose patches to try: 6\.12 7\.3$'
try env KSRC="$work/tree" BASES=6.12 VARIANTS=base "$scripts/check-inputs"
expect "it is told" 0 '^$'

# Cleaning up.
mkdir -p "$work/cache/guest"
touch "$work/cache/mine"
try "$scripts/clean-cache"
expect "clean-cache keeps what is not ours" 2 'mine'
rm "$work/cache/mine"
try "$scripts/clean-cache"
expect "clean-cache removes the cache" 0 'removed, [0-9]+ MiB'
check "and it is gone" test ! -e "$work/cache"

end_tests
