# SPDX-License-Identifier: GPL-2.0-or-later
# How many of the first touches take how long: a strip a variant, the cost of a
# touch along the bottom, and how many cost that or more (of 262,144 touches,
# 262,143 may be alike: what is of interest is the rest, so the share is
# logarithmic). Two columns: the best alignment and the least. Marks say where the
# n slowest touches begin, n being the faults and the new page tables that the
# same cell counted.
# gnuplot -e "dir='results/RUN/plots'" plots/first-touch.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# Columns by alignment; for each strip what its boots say.
columns = ""; lengths = ""
col(a) = sum [c=1:words(columns)] (word(columns, c) eq a ? c : 0)
strips = 2 * count + 2
array faults[strips]
array tables[strips]
array quickest[strips]
array slowest[strips]
array least[strips]
do for [i=1:strips] { faults[i] = 0; tables[i] = 0; quickest[i] = -1 }
strip(a, v) = (col(a) - 1) * count + place(v)
rows = 0
note(a, l, v, what, value, n, share) = \
	(col(a) ? 0 : (columns = columns . " " . a, lengths = lengths . " " . l), \
	 rows = rows + 1, i = strip(a, v), place(v) == 0 ? 0 : \
	 what eq "faults" ? (faults[i] = n) : \
	 what eq "tables" ? (tables[i] = n) : \
	 (quickest[i] = quickest[i] < 0 ? value : quickest[i], \
	  slowest[i] = value, least[i] = share), 0)
stats data("first-touch") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("first-touch") every ::1 \
		using (note(strcol(1), strcol(2), strcol(3), strcol(4), $5, $6 / $8, $6 / $7), $5) \
		name "X" nooutput
}
shown = words(columns)
each = 64
height = 132 + count * each
title = sprintf("%s that a first touch of a page takes: how many of all take so long or longer", Unit)
if (!rows) { name = "first-touch"; load root . "/nothing.gp"; exit }
low = X_min >= 100 ? decade_below(X_min) : 1
high = (X_max > 4000 ? X_max : 4000) * 2
more = sprintf("%s, %s: a read of each page, in ascending order; %s", base, target, \
	boots == 1 ? "one boot" : sprintf("%d boots together", boots))
number(n, what) = n < 0.5 ? "no " . what . "s" : \
	n < 1.5 ? "1 " . what : sprintf("%s %ss", grouped(n), what)
says(i) = number(faults[i], "fault") . \
	(tables[i] > 0 ? ", " . number(tables[i], "new page table") : "") . \
	"; slowest " . amount(slowest[i])

left(c) = across(165 + (c - 1) * (width - 175) / shown)
right(c) = across(165 + c * (width - 175) / shown - 18)
set logscale xy 10
set grid x y back linestyle 100
set xrange [low : high]
set yrange [1.0 / 512**2.25 : 1000]

eval tell(title, more)
do for [type in types] {
	eval start("first-touch", type)
	set multiplot
	eval heading(title, more)
	do for [c=1:words(columns)] {
		do for [i=1:count] {
			a = word(columns, c)
			v = word(variants, i)
			k = strip(a, v)
			set lmargin at screen left(c)
			set rmargin at screen right(c)
			set tmargin at screen down(88 + (i - 1) * each)
			set bmargin at screen down(88 + i * each - 10)
			if (i == 1) {
				set label 1 sprintf("%s, aligned to %s", size_words(word(lengths, c)), size_words(a)) \
					at screen left(c), screen down(78) left font bold
			}
			if (i == 1 && c == 1) {
				set label 4 "the slowest touches, as many as there were faults (a new leaf each, or all)" \
					at screen across(20), screen down(55) left offset character 1,drop \
					font small point pt 7 ps 0.8 * dot lc rgb "#222222"
				set label 5 "as many as there were new page tables" \
					at screen across(476), screen down(55) left offset character 1,drop \
					font small point pt 9 ps 1 * dot lc rgb "#222222"
			}
			set xtics ("" 1, "" 100, "" 1e4, "" 1e6, "" 1e8) scale 0.5
			set ytics ("" 1, "" 1.0 / 512, "" 1.0 / 512**2) scale 0.5 font small
			if (c == 1) {
				set label 2 v at screen across(12), graph 0.5 left
				set ytics ("all" 1, "1 in 512" 1.0 / 512, "1 in 262,144" 1.0 / 512**2)
			}
			if (i == count) {
				set xlabel sprintf("%s a touch (logarithmic)", unit) offset 0,0.5
				set xtics ("1" 1, "100" 100, "10 k" 1e4, "1 M" 1e6, "100 M" 1e8)
			}
			if (quickest[k] < 0) {
				set label 3 "not measured" at graph 0.5, graph 0.5 center textcolor rgb "#555555"
			} else {
				set label 3 says(k) at graph 0.99, graph 0.87 right font small textcolor rgb "#333333"
				set arrow from graph 0, first 1 to first quickest[k], first 1 \
					nohead linestyle style(v) lw 2 dt 1
				set arrow from first slowest[k], first least[k] to first slowest[k], graph 0 \
					nohead linestyle style(v) lw 2 dt 1
			}
			mine(w) = strcol(1) eq a && strcol(3) eq v && strcol(4) eq w
			plot data("first-touch") every ::1 \
				using (mine("cost") ? $5 : 1/0):($6 / $7) \
				with fsteps linestyle style(v) lw 2 dt 1 notitle, \
				data("first-touch") every ::1 \
				using (mine("faults") ? $5 : NaN):($6 / $7) \
				with points pt 7 ps 0.8 * dot lc rgb "#222222" notitle, \
				data("first-touch") every ::1 \
				using (mine("tables") ? $5 : NaN):($6 / $7) \
				with points pt 9 ps 1 * dot lc rgb "#222222" notitle
			unset label
			unset arrow
			unset xlabel
		}
	}
	unset multiplot
	unset output
}
