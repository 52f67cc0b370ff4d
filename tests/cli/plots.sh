#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The figures, drawn of made-up runs: of one, two and eight variants, of one base
# and two, of boots that agree and that do not, of a plan that measured little.
# KEEP=DIR leaves the runs there, to be looked at.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
pfnreport=${1:-$top/build/pfnreport}
work=${KEEP:-}
if [[ -z $work ]]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
figures=(recovery where first-touch leaves growth bystander outage dma-map)

# What fake-run.sh does not have, for variants whose costs are apart.
# shellcheck disable=SC2016 # jq's
more='
	def times($name; $tally): {name: $name, unit: $unit, tally: $tally, counters: {}};
	({base: 1, "huge-fault": 1, "insert-pfn": 90, "insert-vma": 40,
	  "write-lock": 6, eager: 6, "eager-huge": 1}[$variant] // 3) as $k
	| {target: "1af4:1110"} as $target
	| ((range(11) | pow(2; .)) as $n
		| cell("reset-recovery"; $target + {length: "4K", align: "1G",
			action: "toggle", vmas: "\($n)", processes: "1"} | select($n > 1);
		  [time("disable"; 900 * $n), time("enable"; 90 * $k * $n),
		   time("first-access"; 30 * $n), time("whole-bar"; 4 * $n),
		   sample("faults"; "faults"; 0)])),
	(("disjoint", "same") as $part
		| cell("contended-touch"; $target + {length: "64M", align: "1G",
			threads: "4", part: $part};
		  [time("alone"; 80000 * $k), time("total"; 90000 * $k)])),
	(("toggle", "reset") as $action | ("1", "4") as $threads
		| cell("outage"; $target + {length: "64M", align: "1G",
			action: $action, threads: $threads, vmas: "1", interval: "100"};
		  (if $action == "toggle" then
			[time("disable"; 8000 * $k), time("enable"; 2000 * $k)]
		   else [time("reset"; 16000000 + 8000 * $k)] end)
		  + [time("longest-gap"; 1300000 + 9000 * $k),
		     time("recovered"; (if $action == "toggle" then 30000 * $k
					else 16100000 + 9000 * $k end)),
		     sample("late"; "probes"; 12 + $k), sample("failed"; "probes"; 10)])),
	(("populate", "toggle") as $action | ("map", "fault", "process") as $who
		| cell("bystander"; $target + {length: "16M", align: "1G",
			action: $action, bystander: $who, interval: "100"};
		  [times("quiet"; [[12000, 20], [26000, 1]]),
		   times("busy"; [[13000, 3], [13000 + 40000 * $k, 1]])])),
	cell("bystander"; $target + {length: "1G", align: "1G",
		action: "populate", bystander: "map", interval: "100"};
	  [times("quiet"; [[12000, 20]]), times("busy"; [[13000 + 2000000 * $k, 1]])]),
	(("cold", "warm") as $populated | ("1G", "4K") as $align
		| cell("dma-map"; $target + {length: "16M", align: $align,
			interface: "group", from: "memory", populated: $populated};
		  [time("dma-map"; 4096 * (1000 + if $populated == "cold" then 20 * $k else 0 end))])),
	cell("dma-map"; $target + {length: "1G", align: "1G",
		interface: "group", from: "memory", populated: "cold"};
	  [time("dma-map"; 262144 * (1000 + 20 * $k))])
'

# The second boot of each kernel takes a fifth more.
set_boots_apart() # run
{
	local boot

	for boot in "$work/$1"/*/boot-2.jsonl; do
		jq -c 'if .type == "cell" then .phases |= map(
			if .unit | IN("ns", "instructions")
			then .tally |= map([(.[0] * 6 / 5 | floor), .[1]])
			else . end) else . end' "$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
}

# A run with all that figures are of; its plots are drawn, and what was said kept.
drawn() # run mode variant...
{
	local run=$1

	shift
	"$top/tests/cli/fake-run.sh" "$work/$run" "$@"
	fake_cells "$work/$run" "$more"
	if [[ $1 == time ]]; then set_boots_apart "$run"; fi
	"$pfnreport" "$work/$run" && draw "$run"
}

draw() # run
{
	"$top/plots/draw.sh" "$work/$1" >"$work/$1.said" 2>&1
}

# Each figure of these suffixes is a picture, well-formed, light, and is titled; of
# the run only if there are bases to compare. gnuplot had nothing to say.
complete() # run suffix...
{
	local run=$1 suffix name file

	shift
	[[ ! -s $work/$run.said ]] || {
		cat "$work/$run.said"
		return 1
	}
	for suffix in "$@"; do
		for name in "${figures[@]}"; do
			is_figure "$work/$run/plots/$name$suffix" || return 1
		done
	done
	file=$work/$run/plots/bases
	if (($# > 1)); then is_figure "$file"; else [[ ! -e $file.svg && ! -e $file.png ]]; fi
}

is_figure() # file without its type
{
	local title

	if [[ $(head -c 4 "$1.png" | tail -c 3) != PNG ]]; then
		echo "$1.png is no PNG"
		return 1
	fi
	xmllint --noout "$1.svg" || return 1
	title=$(sed -n 's|^<title>\(.*\)</title>$|\1|p' "$1.svg")
	if [[ -z $title ]] || ! grep -qF "<text>$title</text>" "$1.svg"; then
		echo "$1.svg: its title is not the figure's: $title"
		return 1
	fi
	if (($(stat -c %s "$1.svg") > 100000)); then
		ls -l "$1.svg"
		return 1
	fi
}

# shows RUN FIGURE TEXT...: each stands in the figure.
shows()
{
	local svg=$work/$1/plots/$2.svg text

	shift 2
	for text in "$@"; do
		grep -qF -e ">$text" "$svg" || {
			echo "$svg does not show: $text"
			return 1
		}
	done
}

shows_not() { ! shows "$@"; }

# Every variant has its name in every figure of its base.
names_all() # run variant...
{
	local run=$1 name

	shift
	for name in "${figures[@]}"; do
		shows "$run" "$name" "$@" || return 1
	done
}

# No text of a figure begins outside of it, x and y of each from 0 to its size; nor
# is what hangs below the line cut off.
inside() # run
{
	local svg

	for svg in "$work/$1"/plots/*.svg; do
		awk -v svg="$svg" '
		/width="[0-9]+" height=/ && !wide {
			split($0, part, "\"")
			wide = part[2]; high = part[4]
		}
		match($0, /translate\([-0-9.]+,[-0-9.]+\)/) && /font-size/ {
			split(substr($0, RSTART + 10, RLENGTH - 11), at, ",")
			if (at[1] < 0 || at[1] > wide || at[2] < 8 || at[2] > high - 4) {
				print svg ": text at " at[1] "," at[2]
				bad = 1
			}
			texts++
		}
		END { exit bad || !wide || !texts }' "$svg" || return 1
	done
}

# No two texts of a figure lie on one another, as far as their widths can be told:
# half a font's size a character is less than most take.
apart() # run
{
	local svg

	for svg in "$work/$1"/plots/*.svg; do
		awk -v svg="$svg" '
		match($0, /translate\([-0-9.]+,[-0-9.]+\)/) && /font-size/ && !/rotate/ {
			split(substr($0, RSTART + 10, RLENGTH - 11), at, ",")
			match($0, /font-size="[0-9.]+"/)
			size = substr($0, RSTART + 11, RLENGTH - 12)
			anchor = $0
			sub(/.*text-anchor="/, "", anchor)
			waits = 1
			next
		}
		waits && match($0, /<text>.+<\/text>/) {
			text[++n] = substr($0, RSTART + 6, RLENGTH - 13)
			wide = length(text[n]) * size * 0.5
			from[n] = at[1] - (anchor ~ /^end/ ? wide : anchor ~ /^middle/ ? wide / 2 : 0)
			to[n] = from[n] + wide
			low[n] = at[2]
			high[n] = at[2] - size * 0.7
			for (i = 1; i < n; i++)
				if (from[i] < to[n] && from[n] < to[i] &&
				    high[i] < low[n] && high[n] < low[i]) {
					print svg ": \"" text[i] "\" and \"" text[n] "\""
					bad = 1
				}
			waits = 0
		}
		END { exit bad || !n }' "$svg" || return 1
	done
}

# has RUN FILE FIELD...: a row of a data file.
has()
{
	local file=$work/$1/plots/$2.tsv
	local IFS=$'\t'

	shift 2
	grep -qxF -e "$*" "$file" || {
		echo "$file has no row: $*"
		return 1
	}
}

same_bytes()
{
	(cd "$work/one/plots" && sha256sum -- *.svg *.png) >"$work/sums"
	draw one && (cd "$work/one/plots" && sha256sum -c --quiet "$work/sums")
}

# A plan that measured no more than the headline: the others say so.
sparse()
{
	local name

	"$top/tests/cli/fake-run.sh" "$work/sparse" count huge-fault eager
	for boot in "$work"/sparse/*/boot-*.jsonl; do
		jq -c --slurp 'map(select(.type != "cell" or
			.benchmark == "first-touch" and .parameters.align == "1G"))
			| .[-1].cells = length - 2 | .[]' "$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
	"$pfnreport" "$work/sparse" && draw sparse && complete sparse "" || return 1
	for name in recovery leaves growth bystander outage dma-map; do
		shows sparse "$name" "not measured" || return 1
	done
	shows_not sparse first-touch "not measured" >/dev/null
}

# One variant lacks what the others have: its row says so, theirs are drawn.
hole()
{
	local boot

	cp -r "$work/bases" "$work/hole"
	for boot in "$work"/hole/6.12-eager/boot-*.jsonl; do
		jq -c --slurp 'map(select(.benchmark | IN("dma-map", "outage",
			"first-touch") | not)) | .[-1].cells = length - 2 | .[]' \
			"$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
	"$pfnreport" "$work/hole" && draw hole && complete hole "" -7.3 &&
		shows hole dma-map eager "not measured" &&
		shows hole outage "not measured" && shows hole first-touch "not measured"
}

# In time mode each touch has a cost of its own: points that none can tell apart on
# paper are left out of the data, and the ends are not.
thinned()
{
	local boot

	"$top/tests/cli/fake-run.sh" "$work/thick" time eager
	for boot in "$work"/thick/*/boot-*.jsonl; do
		jq -c 'if .benchmark == "first-touch" and .parameters.length == "1G"
			then .phases |= map(if .name == "first-touch"
				then .tally = [range(20000) | [1000 + 13 * ., 1]]
				else . end) else . end' "$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
	"$pfnreport" "$work/thick" && draw thick && complete thick "" &&
		has thick first-touch 1G 1G eager cost 1000 40000 40000 2 &&
		has thick first-touch 1G 1G eager cost 260987 2 40000 2 &&
		(($(grep -c 'cost' "$work/thick/plots/first-touch.tsv") < 1000))
}

# Nothing of any figure: not even a headline's place.
nothing()
{
	local boot

	"$top/tests/cli/fake-run.sh" "$work/nothing" count eager
	for boot in "$work"/nothing/*/boot-*.jsonl; do
		jq -c --slurp 'map(select(.type != "cell" or .benchmark == "huge-pfnmap"))
			| .[-1].cells = length - 2 | .[]' "$boot" >"$boot.new"
		mv "$boot.new" "$boot"
	done
	"$pfnreport" "$work/nothing" && draw nothing && complete nothing "" &&
		shows nothing where "not measured"
}

in_terminal() # locale
{
	LC_ALL=$1 "$top/plots/draw.sh" --text "$work/eight"
}

narrow()
{
	in_terminal C >"$work/text" && ! LC_ALL=C grep -nE '^.{81}|[^ -~]' "$work/text" &&
		in_terminal C.UTF-8 >"$work/text" && ! LC_ALL=C.UTF-8 grep -nE '^.{81}' "$work/text"
}

bars_of_insert_pfn() { in_terminal "$1" >"$work/text" && grep -F -e "  insert-pfn  $2  " "$work/text"; }

if [[ -z $(command -v xmllint) ]]; then
	skip "figures" "xmllint is not installed"
	end_tests
	exit
fi

seven=(base huge-fault insert-pfn insert-vma write-lock eager eager-huge)
try drawn one count eager
expect "one variant is drawn" 0 ''
try drawn eight count "${seven[@]}" mine
expect "eight variants are drawn" 0 ''
FAKE_BASES="6.12 7.3" try drawn bases count huge-fault eager
expect "two bases are drawn" 0 ''
try drawn time time "${seven[@]}"
expect "boots that differ are drawn" 0 ''

check "one variant: every figure, and gnuplot silent" complete one ""
check "eight variants: every figure" complete eight ""
check "two bases: every figure of both, and one of the run" complete bases "" -7.3
check "differing boots: every figure" complete time ""
check "seven variants are named in each" names_all time "${seven[@]}"
check "eight variants are named in each" names_all eight "${seven[@]}" mine
for run in one eight bases time; do
	check "$run: all text is inside of its figure" inside "$run"
	check "$run: no label lies on another" apart "$run"
done
check "the same data are the same bytes" same_bytes

check "what boots agree on is called exact" shows eight recovery \
	"6.12, 1af4:1110, aligned to 1 GiB: disable + enable + one read of every page; exact: 2 boots agree to the digit"
check "what they don't agree on has whiskers" shows time where \
	"6.12, 1af4:1110, aligned to 1 GiB; whiskers, where boots differ: least to most of 2"
check "a unit is in title and axis" shows time recovery \
	"Nanoseconds to have a BAR back" "ns"
check "a value stands at its point" shows eight where "630 M" "2100"
check "a leaf is named in its tile" shows eight leaves "1 PUD" "8 PMD" "262,144 PTE"
check "faults and page tables are counted" shows eight first-touch \
	"262,144 faults, 513 new page tables; slowest 2404"
check "a base is compared with the first" shows bases bases \
	"1.05 M to 1.05 M, 1.000x"
check "outage: gap, late and failed" shows eight outage "1.31 M" "102" "10"
check "bystander: a place that lacks one" shows eight bystander "populate 1 GiB" "not measured"
check "dma-map: cold and warm" shows eight dma-map "2,800 cold, 1,000 warm" \
	"1 GiB, aligned to 1 GiB (warm: not measured)"
check "a plan of little says what it lacks" sparse
check "a variant that lacks a cell has words for it" hole
check "a touch's own cost is no point of its own" thinned
check "a run without a headline is no crash" nothing

check "recovery: value, least and most boot" has time recovery \
	eager 4096 5955 5955 7145
check "where: a step of one boot and the other" has time where \
	3 enable eager-huge 3150 3150 3780
check "first-touch: so many cost that or more" has eight first-touch \
	1G 1G insert-pfn cost 2404 524288 524288 2
check "first-touch: the one that faults" has eight first-touch \
	1G 1G huge-fault faults 2431 2 524288 2
check "leaves: a column a level" has eight leaves 1G 3 16M eager-huge 0 8 0
check "growth: by VMAs, where they go furthest" has eight growth \
	vmas 4K 64 insert-pfn 578176 578176 578176
check "growth: one thread alone comes first" has eight growth \
	same 64M 1 eager 480000 480000 480000
check "growth: then all of them" has time growth \
	same 64M 4 eager 540000 540000 648000
check "bystander: before, median, worst" has eight bystander \
	0 populate 16M map insert-pfn 26000 13000 3613000 3613000 3613000
check "bystander: the longest has its own column" has eight bystander \
	1 populate 1G map base 12000 2013000 2013000 2013000 2013000
check "outage: memory is on ten intervals later" has eight outage \
	toggle 64M 1 base 8000 1000000 1002000 1030000 1030000 1030000 1309000 13 10
check "outage: a reset is one call" has eight outage \
	reset 64M 4 eager 16048000 0 0 16154000 16154000 16154000 1354000 18 10
check "dma-map: cold" has eight dma-map \
	1G 16M 4096 insert-pfn cold 11468800 11468800 11468800
check "bases: the same question on the other" has bases bases \
	0 "first reach" 7.3 eager 16781276 16781276 16781276

# What draw.sh makes of gnuplot's marks and stairs.
compact()
{
	local mark='<use xlink:href="#gpPt5" transform="translate(%s) scale(2.00)" color="red"/>\n'

	{
		echo '<svg>'
		# shellcheck disable=SC2059 # the format is ours
		printf "$mark" 1.00,2.04 3.26,4.00 5.00,6.00 7.00,8.00
		# shellcheck disable=SC2059
		printf "${mark/red/blue}" 9.00,9.00
		echo '<path stroke="red" d="M1.00,2.00 L3.04,2.00 L3.00,4.00'
		echo 'L5.00,6.00 L7.00,8.00 M1.00,1.00 L1.00,9.00 "/></svg>'
	} | awk -f "$top/plots/compact.awk" >"$work/compact.svg"
	grep -qF ' d="M1,2 3.3,4 5,6 7,8" marker-start="url(#mark1)"' "$work/compact.svg" &&
		grep -qF '<use xlink:href="#gpPt5" transform="scale(2.00)" color="red"/></marker>' "$work/compact.svg" &&
		grep -qF 'translate(9.00,9.00) scale(2.00)" color="blue"/>' "$work/compact.svg" &&
		grep -qF '<path stroke="red" d="M1,2H3V4L5,6 7,8M1,1V9"/></svg>' "$work/compact.svg"
}
check "marks are the corners of a path, levels one number" compact
check "a terminal's figures fit 80 columns" narrow
check "they have bars in UTF-8" bars_of_insert_pfn C.UTF-8 '▁▂▄▆▇█'
check "and in ASCII" bars_of_insert_pfn C '_.=*#@'
try "$top/plots/draw.sh" "$work/nowhere"
expect "no folder is status 2" 2 'not a results folder'

end_tests
