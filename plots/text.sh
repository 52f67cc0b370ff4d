#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# text.sh DIR SUFFIX: two figures in the 80 columns of a terminal, of the data
# DIR/*SUFFIX.tsv: what a BAR costs to have back by its length, and which step
# pays. Each variant has a line with a small bar a column, logarithmic from the
# least to the most of the figure, and the values. In ASCII where the locale has
# no UTF-8.
set -euo pipefail

dir=$1 suffix=$2
bars='_ . - = + * # @'
[[ $(locale charmap 2>/dev/null) != UTF-8 ]] || bars='▁ ▂ ▃ ▄ ▅ ▆ ▇ █'

fact() # key
{
	awk -F '\t' -v key="$1" '$1 == key { print $2 }' "$dir/facts$suffix.tsv"
}

# From stdin: variant, column, value, the columns in their order.
figure() # title
{
	printf '%s\n' "$1"
	awk -F '\t' -v bars="$bars" '
	function sized(v) {
		return v < 9.995 ? sprintf("%.2f", v) : \
			v < 99.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
	}
	function amount(v) {
		return v < 1e4 ? v "" : v < 999500 ? sized(v / 1e3) " k" : \
			sized(v / 1e6) " M"
	}
	function bar(v) {
		if (most <= least)
			return bar_of[1]
		return bar_of[1 + int(7.999 * (log(v > 1 ? v : 1) - least) / (most - least))]
	}
	FNR == NR {
		if (FNR > 1)
			variants[++rows] = $2
		next
	}
	{
		if (!($2 in place)) {
			place[$2] = ++columns
			two = split($2, word, " ") == 2
			above[columns] = two ? word[1] : ""
			below[columns] = two ? word[2] : $2
			headed += two
		}
		value[$1, place[$2]] = $3
		l = log($3 > 1 ? $3 : 1)
		least = !seen || l < least ? l : least
		most = !seen || l > most ? l : most
		seen = 1
	}
	END {
		split(bars, bar_of, " ")
		if (!columns) {
			print "  not measured"
			exit
		}
		width = columns > 7 ? 7 : 8
		for (line = !headed; line < 2; line++) {
			printf "%-*s", 14 + columns, line ? "  (bars: log)" : ""
			for (c = 1; c <= columns; c++)
				printf "%*s", width, line ? below[c] : above[c]
			print ""
		}
		for (r = 1; r <= rows; r++) {
			printf "  %-12s", variants[r]
			for (c = 1; c <= columns; c++)
				printf "%s", (variants[r], c) in value ? \
					bar(value[variants[r], c]) : " "
			for (c = 1; c <= columns; c++)
				printf "%*s", width, (variants[r], c) in value ? \
					amount(value[variants[r], c]) : "-"
			print ""
		}
	}' "$dir/variants$suffix.tsv" -
}

length_of() { awk -F '\t' -v OFS='\t' '
	NR > 1 {
		b = $2
		for (u = 0; b >= 1024 && b % 1024 == 0; u++)
			b /= 1024
		print $1, b (u ? substr("KMGT", u, 1) : ""), $3
	}' "$dir/recovery$suffix.tsv"; }

unit=$(fact unit)
length_of | figure "$(fact base): $unit to have a BAR back after memory off and on, by its length"
printf '\n'
awk -F '\t' -v OFS='\t' 'NR > 1 { print $3, $2, $4 }' "$dir/where$suffix.tsv" |
	figure "$(fact base): $unit for $(fact length) of BAR, by the step that pays them"
printf '\n'
