#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What pfnbench says of itself, in --help, its manual page and the completion:
# the same in all, and each good for what reads it.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnbench=${BUILD:-$top/build}/pfnbench
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-describe.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$pfnbench" manual >"$work/pfnbench.1"
"$pfnbench" completion >"$work/pfnbench.bash"
"$pfnbench" --help >"$work/help"
"$pfnbench" list >"$work/list"

check "the manual page is clean" mandoc -T lint "$work/pfnbench.1"
mandoc -T utf8 -O width=200 "$work/pfnbench.1" | sed 's/.\x08//g' >"$work/page"

has_all() # file words...
{
	local file=$1 word

	shift
	(($#)) || return 1
	for word; do
		grep -qF -e "$word" "$file" || { echo "no $word" && return 1; }
	done
}
mapfile -t options < <(grep -oE -e '--[a-z]+(=[A-Z]+)?' "$work/help" |
	grep -vE '^--(help|usage|version)' | sort -u)
mapfile -t benchmarks < <(sed -n 's/^\([a-z][a-z0-9-]*\): .*/\1/p' "$work/list")
mapfile -t values < <(sed -n 's/^  \([a-z]*=[^ ]*\)  .*/\1/p' "$work/list")
mapfile -t summaries < <(sed -n 's/^  [^ ]*  \(.*\)/\1/p' "$work/list")
output=$(grep -oE '^ +-[A-Za-z],' "$work/help" | sort | uniq -d)
expect "no letter is of two options" 0 '^$'
check "the page has every option" has_all "$work/page" "${options[@]}"
check "the page has every benchmark" has_all "$work/page" "${benchmarks[@]}"
check "the page has every parameter" has_all "$work/page" "${values[@]}"
check "and says what it is" has_all "$work/page" "${summaries[@]}"
check "the page has every exit code of --help" has_all "$work/page" \
	"everything was skipped" "usage or bad input"

check "the completion is clean" shellcheck -s bash "$work/pfnbench.bash"
# shellcheck source=/dev/null
. "$work/pfnbench.bash"

completes() # wanted words...; the last word is being typed
{
	local wanted=$1

	shift
	COMP_WORDS=(pfnbench "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_pfnbench 2>/dev/null
	[[ "${COMPREPLY[*]}" == "$wanted" ]] || { echo "${COMPREPLY[*]}" && return 1; }
}
check "a command" completes "stamp" st
check "an option" completes "--output=" --ou
check "a benchmark" completes "first-touch" run first
check "a parameter" completes "length=" run first-touch le
check "a choice" completes "access=read access=write" run first-touch access=
check "nothing that there is not" completes "" run first-touch nonsense
end_tests
