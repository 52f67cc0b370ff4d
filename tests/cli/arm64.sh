#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pfnbench compiles for arm64 without a warning, where a cross compiler is
# (gcc-aarch64-linux-gnu libc6-dev-arm64-cross); headers of libraries are those of
# this machine, which say the same. docs/ARM64.md has what differs. TAP.
set -euo pipefail
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
cc=aarch64-linux-gnu-gcc

if ! command -v "$cc" >/dev/null; then
	skip "pfnbench compiles for arm64" "gcc-aarch64-linux-gnu is not installed"
	end_tests
	exit
fi
cd "$top"
mapfile -t files < <(find bench -name '*.c' -not -path 'bench/fio/*' | sort)
try "$cc" -std=gnu11 -D_GNU_SOURCE -DPFNBENCH_VERSION='"0"' -DPFNBENCH_DATE='"0"' \
	-Iinclude -Ibench -Itests/guest -I. -idirafter /usr/include \
	-idirafter "/usr/include/$(gcc -print-multiarch)" -O2 -fsyntax-only \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror \
	"${files[@]}"
expect "pfnbench compiles for arm64" 0 '^$'
end_tests
