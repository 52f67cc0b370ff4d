#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# draw.sh RUN: every figure of a results folder, as SVG and PNG, from the data
# that pfnreport left in RUN/plots. Some 5 s for two bases.
# draw.sh --text RUN: what fits a terminal, to stdout.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
text=false
if [[ ${1:-} == --text ]]; then
	text=true
	shift
fi
if (($# != 1)) || [[ ! -f $1/plots/facts.tsv ]]; then
	echo "draw.sh: ${1:-no folder}: not a results folder that pfnreport has been through" >&2
	exit 2
fi
dir=$1/plots
case $dir$here in
*[\'\"\\]*)
	echo "draw.sh: $dir: a quote or backslash in a path is not supported" >&2
	exit 2
	;;
esac

# Of each base; those of the run, if there is something to compare.
names=(recovery where first-touch leaves growth bystander outage dma-map fio-outage)
suffixes=("")
for facts in "$dir"/facts-*.tsv; do
	[[ -f $facts ]] || continue
	suffix=${facts#"$dir"/facts}
	suffixes+=("${suffix%.tsv}")
done

if "$text"; then
	for suffix in "${suffixes[@]}"; do
		"$here/text.sh" "$dir" "$suffix"
	done
	exit
fi

# gnuplot wants to know that the figures are UTF-8, whatever the caller's are.
export LC_ALL=C.UTF-8

# The title and description of an SVG are those of the figure. What gnuplot leaves
# empty, says of each curve, or says though it is so anyway, is half of the file.
tidy() # svg title description
{
	local title=$2 more=$3

	title=${title//&/&amp;} more=${more//&/&amp;}
	title=${title//</&lt;} more=${more//</&lt;}
	sed -E -i -e "0,/<title>/s|<title>[^<]*</title>|<title>${title//&/\\&}</title>|" \
		-e "s|<desc>[^<]*</desc>|<desc>${more//&/\\&}</desc>|" \
		-e '/<g id=/s|<title>.*</title>||' "$1"
	sed -E -i -z -e 's#<g [^>]*>\s*<text></text>\s*</g>##g' \
		-e ':again' -e 's#<g [^>]*>\s*</g>##g' -e 't again' \
		-e 's/ stroke-(linecap="butt"|linejoin="miter"|width="1.00")//g' \
		-e 's/font-family="sans-serif:Bold"/font-weight="bold"/g' \
		-e 's/ font-family="sans-serif"//g; s/<svg /<svg font-family="sans-serif" /' \
		-e 's/rgb\( *([0-9]+), *([0-9]+), *([0-9]+)\)/rgb(\1,\2,\3)/g' \
		-e "s/='([^'\"]*)'/=\"\1\"/g" -e 's/\n\s+/\n/g' -e 's/ +/ /g' "$1"
	# Outlines of marks that are not filled are hard to see at half a pixel.
	sed -i -e 's/stroke-width="0\.222"/stroke-width="0.4"/' "$1"
	awk -f "$here/compact.awk" "$1" >"$1.compact"
	mv "$1.compact" "$1"
}

draw() # name suffix
{
	local svg=$dir/$1$2.svg png=$dir/$1$2.png
	local -a said

	rm -f "$svg" "$png"
	mapfile -t said < <(gnuplot -e "root='$here'; dir='$dir'; suffix='$2'" \
		"$here/$1.gp")
	if [[ ! -s $svg || ! -s $png ]] || ((${#said[@]} != 2)); then
		echo "draw.sh: $1$2: gnuplot made no figure" >&2
		return 5
	fi
	tidy "$svg" "${said[@]}"
}

# Two at a time.
code=0 running=0
together() # name suffix
{
	if ((running == 2)); then
		wait -n || code=5
		running=1
	fi
	draw "$@" &
	running=$((running + 1))
}

for suffix in "${suffixes[@]}"; do
	for name in "${names[@]}"; do
		together "$name" "$suffix"
	done
done
rm -f "$dir"/bases.svg "$dir"/bases.png
if ((${#suffixes[@]} > 1)); then
	together bases ""
fi
while ((running > 0)); do
	wait -n || code=5
	running=$((running - 1))
done
exit "$code"
