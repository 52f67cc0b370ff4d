#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-deb and kernels-deb: what they take and refuse, which config they make,
# what the package says of itself. On a kernel tree of a few lines, whose Makefile
# packs a package as bindeb-pkg does; no kernel is built.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=tests/cli/tree-lib.sh
. "$(dirname "$0")/tree-lib.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PFNBENCH_VARIANTS_DIR=$work/variants PFNBENCH_CACHE=$work/cache
export PFNBENCH_MUTANTS_DIR=$work/mutants PFNBENCH_BOOT=$work/boot JOBS=1
unset KSRC CONFIG CONFIG_FILE LSMOD MUTANT BASES VARIANTS
scripts=$top/scripts

make_tree() # folder
{
	bare_tree "$1"
	# merge_config.sh of a whole series of fragments.
	cat >"$1/scripts/kconfig/merge_config.sh" <<-'MERGE'
		#!/bin/sh
		objects=$3
		shift 4
		cat "$@" >>"$objects/.config"
	MERGE
	# olddefconfig: the last word on an option counts; FAIL in a source stops the
	# build; localmodconfig keeps the modules that lsmod names.
	cat >"$1/Makefile" <<-'MAKE'
		VERSION = 6
		PATCHLEVEL = 12
		SUBLEVEL = 7
		.RECIPEPREFIX = >
		RELEASE = 6.12.7$(LOCALVERSION)
		P = $(O)/debian/linux-image-$(RELEASE)
		tinyconfig: ; echo CONFIG_TINY=y >$(O)/.config
		localmodconfig:
		>read answer
		>while read -r l; do m=$${l%%=m}; case $$l in *=m) grep -qi "^$${m#CONFIG_} " $(LSMOD) || continue ;; esac; echo "$$l"; done <$(O)/.config >$(O)/n
		>mv $(O)/n $(O)/.config
		olddefconfig: ; sed -i /UNKNOWN/d $(O)/.config; tac $(O)/.config | awk '/^CONFIG_/ { n = $$0; sub(/=.*/, "", n) } /^# CONFIG/ { n = $$2 } n && !s[n]++ { print } { n = "" }' | tac >$(O)/n; mv $(O)/n $(O)/.config
		bindeb-pkg:
		>@! grep -n FAIL drivers/vfio/pci/*.c || { echo 'core.c:1: error: FAIL'; exit 1; }
		>mkdir -p $(O)/include/config $(P)/DEBIAN $(P)/boot
		>echo built >>$(O)/built
		>echo $(RELEASE) >$(O)/include/config/kernel.release
		>cp $(O)/.config $(P)/boot/config-$(RELEASE)
		>{ echo '$(RELEASE) $(KBUILD_BUILD_USER)@$(KBUILD_BUILD_HOST)'; cat drivers/vfio/pci/*.c; } >$(P)/boot/vmlinuz-$(RELEASE)
		>cp $(P)/boot/vmlinuz-$(RELEASE) $(O)/vmlinux
		>printf 'Package: linux-image-%s\nVersion: %s\nArchitecture: amd64\nMaintainer: nobody <n@example.org>\nDescription: x\n' $(RELEASE) $(KDEB_PKGVERSION) >$(P)/DEBIAN/control
		>touch $(P)/DEBIAN/md5sums
		>dpkg-deb --root-owner-group -b $(P) $(O)/../linux-image-$(RELEASE)_$(KDEB_PKGVERSION)_amd64.deb
		>touch $(O)/../linux-libc-dev_1_amd64.deb $(O)/../linux-upstream_1.changes
	MAKE
}

make_patch() # patch file from to
{
	mkdir -p "$(dirname "$1")"
	diff_trees "$work/patching" "${@:2}" >"$1"
}

deb() # variant, with an environment behind it
{
	try env KSRC="$work/tree" "${@:2}" "$scripts/kernel/kernel-deb" 6.12 "$1"
	package=${output##*$'\n'}
}

contents() # member of the package
{
	dpkg-deb --fsys-tarfile "$package" | tar -xOf - "./$1"
}

info() # jq-filter wanted
{
	test "$(contents "usr/lib/pfnbench/$release.json" | jq -r "$1")" = "$2"
}

config_has() # line
{
	contents "boot/config-$release" | grep -qxF -e "$1"
}

config_lacks() # regex
{
	! contents "boot/config-$release" | grep -qE -e "$1"
}

core=drivers/vfio/pci/vfio_pci_core.c
variants=$PFNBENCH_VARIANTS_DIR
mkdir -p "$variants/config" "$work/boot"
printf '6.12 linux-source-6.12\n' >"$variants/bases"
printf '%s\n' base huge-fault eager failing >"$variants/variants"
echo CONFIG_SMALL=y >"$variants/config/small.config"
printf '%s\n' CONFIG_VFIO=m '# CONFIG_MODULE_SIG is not set' >"$variants/host.config"
printf '%s\n' CONFIG_NET=y CONFIG_E1000E=m CONFIG_NVME=m CONFIG_MODULE_SIG=y \
	'CONFIG_SYSTEM_TRUSTED_KEYS="debian/certs/certs.pem"' >"$work/config"
make_tree "$work/tree"
mkdir -p "$work/tree/drivers/gpu/drm/amd/include/asic_reg"
echo '#define REGISTER 0' >"$work/tree/drivers/gpu/drm/amd/include/asic_reg/register.h"
make_patch "$variants/eager/6.12/0001-eager.patch" $core 20 twenty
make_patch "$variants/failing/6.12/0001-failing.patch" $core 20 FAIL
make_patch "$work/mutants/6.12/panics.patch" $core 25 panics

# --- what is asked for -------------------------------------------------------

try "$scripts/kernel/kernel-deb" 6.12
expect "an argument too few" 2 'usage'
try "$scripts/kernel/kernel-deb" 9.99 base
expect "an unknown base" 2 '^pfnbench: 9\.99: no such base'
deb lazy
expect "an unknown variant" 2 '^pfnbench: lazy: no such variant'
deb base MUTANT=absent
expect "an unknown mutant" 2 '^pfnbench: absent: no such mutant'
deb base
expect "no config of the running kernel: how to name one" 2 \
	"^pfnbench: $work/boot/config-.*CONFIG_FILE=FILE names one\$"
deb base CONFIG_FILE="$top/README.md"
expect "a file that is no config" 2 'README.md: not a kernel config'
deb base CONFIG_FILE="$work/config" LSMOD="$work/absent"
expect "LSMOD that is not there: how to make one" 2 'LSMOD=.*lsmod >FILE'
deb base CONFIG_FILE="$work/config" LSMOD="$work/config"
expect "LSMOD that is something else" 2 'not what lsmod prints'
deb base CONFIG=absent
expect "an unknown CONFIG" 2 '^pfnbench: absent: no such kernel config'
deb base CONFIG=small CONFIG_FILE="$work/config"
expect "CONFIG and CONFIG_FILE" 2 'neither CONFIG_FILE nor LSMOD'
check "nothing was built for any of these" test ! -e "$work/cache/debs"
try env KSRC="$work/tree" VARIANTS="eager lazy" "$scripts/kernel/kernels-deb"
expect "kernels-deb: an unknown variant, before any is built" 2 'lazy: no such variant'

# --- a package ----------------------------------------------------------------

export CONFIG_FILE=$work/config
deb eager
expect "a package" 0 "^$work/cache/debs/6\.12-eager-[0-9a-f]{16}/linux-image-6\.12\.7-pfnbench-6\.12-eager_6\.12\.7-1_amd64\.deb\$"
release=6.12.7-pfnbench-6.12-eager
series=$(sha256sum <"$variants/eager/6.12/0001-eager.patch" | cut -d' ' -f1)
check "its variant's patches are in it" grep -qx twenty <(contents "boot/vmlinuz-$release")
check "release and build say which it is" grep -qx \
	"$release pfnbench@6.12.eager.${series:0:12}" <(contents "boot/vmlinuz-$release")
mkdir -p "$work/proc/sys/kernel" "$work/sys/kernel"
echo "$release" >"$work/proc/sys/kernel/osrelease"
echo "Linux version $release (pfnbench@6.12.eager.${series:0:12}) (gcc) #1 SMP" >"$work/proc/version"
check "as kernel-identity reads it" test "$(PFNBENCH_PROC=$work/proc PFNBENCH_SYSFS=$work/sys \
	"$scripts/host/kernel-identity" | jq -r '"\(.base) \(.variant) \(.known)"')" = "6.12 eager true"
check "what is known of it is in it" info '"\(.base) \(.variant) \(.series_sha256)"' "6.12 eager $series"
check "the hash of the image" info .image_sha256 \
	"$(contents "boot/vmlinuz-$release" | sha256sum | cut -d' ' -f1)"
check "and the package's list of hashes knows of that" grep -q \
	"usr/lib/pfnbench/$release.json" <(dpkg-deb -I "$package" md5sums)
check "the distribution's config" config_has CONFIG_NET=y
check "its modules" config_has CONFIG_E1000E=m
check "with what pfnbench needs" config_has CONFIG_VFIO=m
check "without its signatures" config_lacks '^CONFIG_MODULE_SIG='
check "nor a certificate that is not here" config_has 'CONFIG_SYSTEM_TRUSTED_KEYS=""'
check "nothing is left in the tree" test -z \
	"$(find "$work"/cache/trees/*/source -maxdepth 1 -name 'linux-*')"

headers=drivers/gpu/drm/amd/include
check "what only AMD's graphics are built with is left out" test ! -e \
	"$(echo "$work"/cache/trees/*/source)/$headers"

mark=$(stat -c %Y.%i "$package")
deb eager
check "a second time it is there" test "$(stat -c %Y.%i "$package")" = "$mark"
deb huge-fault
check "variants share one tree of objects" test \
	"$(cat "$work"/cache/trees/*/source/objects-deb-*/built | wc -l)" = 2
touch "$work/log"
cp "$work/config" "$work/running"
mv "$work/running" "$work/boot/config-$(uname -r)"
deb eager CONFIG_FILE=
check "the running kernel's config, unless another is named" test "$(stat -c %Y.%i "$package")" = "$mark"
echo CONFIG_MORE=y >>"$work/config"
deb eager
check "another config is another package" config_has CONFIG_MORE=y
check "a config without AMD's graphics leaves the tree as it is" test ! -e \
	"$(echo "$work"/cache/trees/*/source)/$headers"
echo CONFIG_DRM_AMDGPU=m >>"$work/config"
deb eager
expect "one with them" 0 '6\.12-eager-'
check "has their headers unpacked" test -f \
	"$(echo "$work"/cache/trees/*/source)/$headers/asic_reg/register.h"

# --- fewer modules, other beginnings -------------------------------------------

printf '%s\n' 'Module                  Size  Used by' 'nvme 1 0' >"$work/lsmod"
deb eager LSMOD="$work/lsmod"
check "LSMOD: the modules that the host has loaded" config_has CONFIG_NVME=m
check "and no other" config_lacks E1000E
check "but what pfnbench needs" config_has CONFIG_VFIO=m
deb eager CONFIG_FILE= CONFIG=small
check "CONFIG: one of ours" config_has CONFIG_SMALL=y
check "from nothing" config_has CONFIG_TINY=y
check "and what pfnbench needs" config_has CONFIG_VFIO=m
deb eager MUTANT=panics
release=6.12.7-pfnbench-6.12-eager-panics
expect "a mutant" 0 "/6\.12-eager-panics-.*$release"
check "is no variant's kernel" info .variant eager-panics
check "and is broken as told" grep -qx panics <(contents "boot/vmlinuz-$release")

# --- what goes wrong ------------------------------------------------------------

deb failing
expect "a compiler error: broken, with the log" 5 'error: FAIL.*build-deb-6.12-failing.log'
check "and no package" sh -c "! ls '$work/cache/debs' | grep failing"
echo CONFIG_UNKNOWN=y >>"$variants/host.config"
deb eager
expect "a line that does not take is named" 2 'host.config: CONFIG_UNKNOWN=y did not take'
sed -i /UNKNOWN/d "$variants/host.config"

# setup would look for packages; here all are said to be there.
mkdir -p "$work/bin"
cat >"$work/bin/dpkg-query" <<'FAKE'
#!/bin/sh
shift 2
for name; do echo "$name installed"; done
FAKE
chmod +x "$work/bin/dpkg-query"
try env PATH="$work/bin:$PATH" KSRC="$work/tree" VARIANTS="huge-fault eager" "$scripts/kernel/kernels-deb"
check "kernels-deb prints the path of each" test \
	"$(grep -c "^$work/cache/debs/.*\.deb$" <<<"$output")" = 2
try env PATH="$work/bin:$PATH" KSRC="$work/tree" VARIANTS=eager make -s --no-print-directory -C "$top" kernels-deb
expect "and so does make" 0 "^$work/cache/debs/6\.12-eager-.*\.deb\$"
try "$scripts/clean-cache"
expect "clean-cache knows of packages" 0 'removed'

end_tests
