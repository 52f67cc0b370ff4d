#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernel runs, from a /proc and a /sys that are made up.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-identity.XXXXXX")
trap 'rm -rf "$work"' EXIT
export PFNBENCH_PROC=$work/proc PFNBENCH_SYSFS=$work/sys
mkdir -p "$work"/{proc/sys/kernel,sys/kernel}

kernel() # release builder
{
	printf '%s\n' "$1" >"$work/proc/sys/kernel/osrelease"
	printf 'Linux version %s (%s) (gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils) 2.40) #1 SMP\n' \
		"$1" "$2" >"$work/proc/version"
}

bytes() # hexadecimal...
{
	printf '%b' "$(printf '%s' "$@" | sed 's/../\\x&/g')"
}

# What a kernel has: a note of another owner before, one of Xen behind.
notes()
{
	bytes 06000000 04000000 01010000 4c696e757800 0000 00000000
	bytes 04000000 14000000 03000000 474e5500 4a5a9b0affb66c437abcd455d2738af879985fa9
	bytes 04000000 0c000000 13000000 58656e00 000000000000000100000001
}
notes >"$work/sys/kernel/notes"
series=0123456789ab

identity() # jq-filter wanted
{
	try "$top/scripts/host/kernel-identity"
	((status == 0)) && [[ $(jq -r "$1" <<<"$output") == "$2" ]]
}
unknown() { identity '"\(.base) \(.variant) \(.known) \(.series)"' "$1 unknown-4a5a9b0affb6 false "; }

release=6.12.48-pfnbench-6.12-eager-huge
kernel "$release" "pfnbench@6.12.eager-huge.$series"
check "a kernel of ours" identity '"\(.base) \(.variant) \(.series) \(.known)"' \
	"6.12 eager-huge $series true"
check "its release" identity .release "$release"
check "its build id" identity .build_id 4a5a9b0affb66c437abcd455d2738af879985fa9
check "one line" test "$(wc -l <<<"$output")" = 1

kernel 6.12.48-pfnbench-6.12-eager "pfnbench@6.12.eager-huge.$series"
check "release and build say another variant" unknown 6.12.48-pfnbench-6.12-eager
kernel 7.3.1-pfnbench-7.3-eager "pfnbench@6.12.eager.$series"
check "release and build say another base" unknown 7.3.1-pfnbench-7.3-eager
kernel 6.12.48-eager "pfnbench@6.12.eager.$series"
check "a release without the suffix" unknown 6.12.48-eager
kernel 6.12.48-pfnbench-6.12-eager-dirty "pfnbench@6.12.eager.$series"
check "a release that goes on" unknown 6.12.48-pfnbench-6.12-eager-dirty
kernel 6.12.48-pfnbench-6.12-eager "root@6.12.eager.$series"
check "somebody else's build" unknown 6.12.48-pfnbench-6.12-eager
kernel 6.12.48-pfnbench-6.12-eager "pfnbench@6.12.eager.0123"
check "a series cut short" unknown 6.12.48-pfnbench-6.12-eager
kernel 6.12.48-pfnbench-eager "pfnbench@pfnbench"
check "a guest's kernel" unknown 6.12.48-pfnbench-eager
kernel 6.1.0-38-amd64 "debian-kernel@lists.debian.org"
check "a kernel of Debian" unknown 6.1.0-38-amd64

rm "$work/sys/kernel/notes"
check "no notes: still a label of its own" identity '"\(.build_id) \(.variant)"' \
	" unknown-$(sha256sum "$work/proc/version" | cut -c1-12)"
bytes 04000000 ffffffff 03000000 474e5500 4a5a >"$work/sys/kernel/notes"
check "notes that are damaged" identity .build_id ''
bytes 04000000 14000000 03000000 474e5500 4a5a >"$work/sys/kernel/notes"
check "a build id that is cut off" identity .build_id ''
bytes 00000000 00000000 00000000 >"$work/sys/kernel/notes"
check "a note of nothing" identity .build_id ''
: >"$work/sys/kernel/notes"
check "no byte of a note" identity .build_id ''
kernel 6.12.48-pfnbench-6.12-eager "pfnbench@6.12.eager.$series"
check "a known kernel needs no build id" identity '"\(.known) \(.build_id)"' "true "

try "$top/scripts/host/kernel-identity" eager
expect "what the user types says nothing" 2 '^pfnbench: usage: '
rm "$work/proc/sys/kernel/osrelease"
try "$top/scripts/host/kernel-identity"
expect "no release: refused" 2 'osrelease: cannot be read'
check "in the tests' own machine, too" env -u PFNBENCH_PROC -u PFNBENCH_SYSFS \
	"$top/scripts/host/kernel-identity"
end_tests
