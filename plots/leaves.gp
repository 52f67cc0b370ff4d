# SPDX-License-Identifier: GPL-2.0-or-later
# Which leaves map the BAR: a column of panels an alignment, a row a level, the
# length along the bottom, a point a variant; logarithmic above one, with none
# on a line of its own below.
# gnuplot -e "dir='results/RUN/plots'" plots/leaves.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

count = words(variants)
place(v) = sum [i=1:count] (word(variants, i) eq v ? i : 0)
# Side by side within a length.
shift(v) = count < 2 ? 0 : 0.8 * ((place(v) - 1.0) / (count - 1) - 0.5)
NONE = 0.2

aligns = ""
lengths = ""
rows = 0
last = 0
add(list, name) = strstrt(list . " ", " " . name . " ") ? list : list . " " . name
stats data("leaves") every ::1 using (rows = rows + 1, \
	aligns = add(aligns, strcol(1)), \
	lengths = strstrt(lengths, "'" . strcol(3) . "'") ? lengths : \
		lengths . (strlen(lengths) ? "," : "") . \
		sprintf("'%s' %d", strcol(3), $2), \
	last = $2 > last ? $2 : last, $6) name "Y" nooutput

levels = "PUD PMD PTE"
size(r) = r == 1 ? "1 GiB" : r == 2 ? "2 MiB" : "4 KiB"
columns = words(aligns) > 0 ? words(aligns) : 1
width = 130 + 310 * columns
height = 640

# Where panel c of row r lies, as parts of the page.
left(c) = (90.0 + (c - 1) * (width - 100.0) / columns) / width
right(c) = (90.0 + (c - 0.06) * (width - 100.0) / columns) / width
top(r) = 0.885 - (r - 1) * 0.25
bottom(r) = top(r) - 0.21

set yrange [NONE * 0.5 : (rows && Y_max > 10 ? Y_max : 10) * 4]
set xrange [-0.6 : last + 0.6]

do for [type in "svg png"] {
	eval "set terminal " . (type eq "svg" ? svg : png) . \
		sprintf(" size %d,%d", width, height)
	set output figure("leaves", type)
	set multiplot title sprintf("Leaves that map a BAR, by level, length and alignment: %s, %s (no point: not measured)", base, target)
	set logscale y 10
	set border 3 lc rgb "#444444"
	set tics nomirror out
	set grid y back linestyle 100
	unset key
	if (rows) {
		eval "set xtics (" . lengths . ") scale 0 nomirror"
	} else {
		unset xtics
		set label "not measured" at graph 0.5,0.5 center
	}
	do for [i=1:last] {
		set arrow from first i - 0.5, graph 0 to first i - 0.5, graph 1 \
			nohead back lc rgb "#dddddd" lw 0.8
	}
	do for [r=1:3] {
		do for [c=1:columns] {
			level = word(levels, r)
			a = word(aligns, c)
			set lmargin at screen left(c)
			set rmargin at screen right(c)
			set tmargin at screen top(r)
			set bmargin at screen bottom(r)
			unset title
			unset xlabel
			unset ylabel
			if (r == 1 && rows) { set title "aligned to " . a offset 0,-0.5 }
			if (r == 3) { set xlabel "length of the BAR (bytes)" offset 0,0.4 }
			if (c == 1) {
				set ylabel level . " leaves\n(" . size(r) . " each)" offset -1,0
				set ytics nomirror ("none" NONE, "1" 1, "100" 100, "10 k" 1e4, "1 M" 1e6, "100 M" 1e8)
			} else {
				set ytics nomirror ("" NONE, "" 1, "" 100, "" 1e4, "" 1e6, "" 1e8)
			}
			plot for [v in variants] data("leaves") every ::1 \
				using (strcol(1) eq a && strcol(4) eq v && strcol(5) eq level ? $2 + shift(v) : NaN):($6 > 0 ? $6 : NONE) \
				with points linestyle style(v) lw 1.3 ps 0.7 notitle
		}
	}
	# The key, in a panel of its own below the others.
	set lmargin at screen 0.02
	set rmargin at screen 0.98
	set tmargin at screen 0.07
	set bmargin at screen 0.01
	unset title
	unset xlabel
	unset ylabel
	unset border
	unset tics
	unset grid
	unset arrow
	unset label
	set key at screen 0.5,0.035 center center horizontal maxrows 1 \
		Left reverse samplen 1 width 1
	plot for [v in variants] NaN with points linestyle style(v) lw 1.3 ps 0.9 title v
	unset multiplot
	unset output
}
