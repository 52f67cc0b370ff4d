#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What of a BAR is mapped and written: --range and --write, on the stand-in.
# tests/unit/test-guard.c has what devices say themselves. TAP.
# shellcheck disable=SC2016 # variables in quotes are jq's
set -euo pipefail
# shellcheck source=tests/cli/bench-lib.sh
. "$(dirname "$0")/bench-lib.sh"

cat >"$work/plan" <<'END'
first-touch length=1M
first-touch length=64K access=read,write
outage length=64K threads=1
dma-map length=64K
END
check "a range that fits some cells" \
	run_cells 5 --events none --plan "$work/plan" --range 256K+128K
check "the longer one is skipped, and says what may be mapped" asks \
	'[cells | select(.parameters.length == "1M") | .status, .reason] ==
	 ["skipped", "no 1M of BAR 0 in a row may be mapped, 128K at most: left out are: outside of --range"]'
check "the others run in it, and say where" asks \
	'[cells | select(.parameters.length == "64K" and .benchmark != "dma-map")
	 | .status, .notes.offset] |
	 . == ["ok", "262144", "ok", "262144", "ok", "262144"]'
check "without one nothing is said" run_cells 1 --events none first-touch length=64K
check "and nothing is elsewhere" asks '[cells | .notes | has("offset")] == [false]'
check "writes to the stand-in need no leave" \
	run_cells 1 --events none first-touch length=64K access=write
check "they are made" asks '[cells | .status] == ["ok"]'
check "a device that may be written to can be named" \
	run_cells 1 --events none first-touch length=64K access=write --write
for range in 4K 1+4K 4K+0 4K-8K; do
	check "$range is refused" refuses 2 \
		"$range: not OFFSET+LENGTH in whole pages of 4K, as 1M+64K" \
		first-touch length=64K --range "$range"
done
end_tests
