#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# draw.sh RUN: every figure of a results folder, as SVG and PNG, from the data
# that pfnreport left in RUN/plots.
set -euo pipefail

if (($# != 1)) || [[ ! -f $1/plots/facts.tsv ]]; then
	echo "draw.sh: ${1:-no folder}: not a results folder that pfnreport has been through" >&2
	exit 2
fi
dir=$1/plots
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case $dir$here in
*[\'\"\\]*)
	echo "draw.sh: $dir: a quote or backslash in a path is not supported" >&2
	exit 2
	;;
esac

for facts in "$dir"/facts*.tsv; do
	suffix=${facts#"$dir"/facts}
	suffix=${suffix%.tsv}
	for name in recovery where leaves; do
		svg=$dir/$name$suffix.svg
		png=$dir/$name$suffix.png
		rm -f "$svg" "$png"
		gnuplot -e "root='$here'; dir='$dir'; suffix='$suffix'" \
			"$here/$name.gp"
		if [[ ! -s $svg || ! -s $png ]]; then
			echo "draw.sh: $name$suffix: gnuplot made no figure" >&2
			exit 5
		fi
	done
done
