# SPDX-License-Identifier: GPL-2.0-or-later
# What more VMAs, processes and threads cost: a panel each, both axes logarithmic,
# so that what grows with their number is a straight line.
# gnuplot -e "dir='results/RUN/plots'" plots/growth.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

names = "vmas processes disjoint same"
panels = words(names)
about(n) = n eq "vmas" ? "off/on of a process by its VMAs" : \
	n eq "processes" ? "off/on by processes, one VMA each" : \
	n eq "disjoint" ? "threads that share the pages out" : \
	"threads that each read all pages"
axis(n) = n eq "vmas" ? "VMAs of the BAR" : n eq "processes" ? "processes" : "threads"
number(n) = sum [p=1:panels] (word(names, p) eq n ? p : 0)

slots = panels * (count + 1)
array last[slots]
array most[slots]
do for [i=1:slots] { last[i] = -1; most[i] = 0 }
array seen[panels]
array lengths[panels]
array bottom[panels]
array top[panels]
array beyond[panels]
do for [p=1:panels] {
	seen[p] = " "; lengths[p] = ""; bottom[p] = 1e18; top[p] = 1; beyond[p] = 1
}
tic(p, x) = strstrt(seen[p], " " . x . " ") ? 0 : (seen[p] = seen[p] . x . " ", 0)
slot(p, v) = (p - 1) * (count + 1) + place(v)
note(p, l, x, v, value, low, high) = (lengths[p] = l, tic(p, x), \
	bottom[p] = low < bottom[p] ? low : bottom[p], \
	top[p] = high > top[p] ? high : top[p], \
	beyond[p] = real(x) > beyond[p] ? real(x) : beyond[p], \
	k = slot(p, v), place(v) && real(x) > most[k] ? (most[k] = real(x), last[k] = value) : 0, 0)
rows = 0; apart = 0
stats data("growth") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("growth") every ::1 \
		using (rows = rows + 1, apart = apart + ($7 > $6), \
			note(number(strcol(1)), strcol(2), strcol(3), strcol(4), $5, $6, $7), $3) \
		name "X" nooutput
}

height = 700
title = sprintf("%s as VMAs, processes and threads grow", Unit)
if (!rows) { name = "growth"; load root . "/nothing.gp"; exit }
more = sprintf("%s; off/on is disable + enable + one read of every page; %s", spot, exactness(apart))

left(p) = across(76 + ((p - 1) % 2) * width / 2)
right(p) = across(76 + ((p - 1) % 2) * width / 2 + 214)
above(p) = 84 + (p > 2 ? 1 : 0) * (height - 60) / 2
below(p) = above(p) + 230
array at[count + 1]
set border 3 lw 0.8 lc rgb "#444444"
set logscale x 2
set logscale y 10

eval tell(title, more)
do for [type in types] {
	eval start("growth", type)
	set multiplot
	eval heading(title, more)
	do for [p=1:panels] {
		n = word(names, p)
		set lmargin at screen left(p)
		set rmargin at screen right(p)
		set tmargin at screen down(above(p))
		set bmargin at screen down(below(p))
		set label sprintf("%s%s", strlen(lengths[p]) ? size_words(lengths[p]) . ": " : "", about(n)) \
			at screen left(p) - across(64), screen down(above(p) - 16) left font bold
		set xlabel axis(n) offset 0,0.5
		set ylabel unit offset 1.5,0
		if (!strlen(lengths[p])) {
			set xtics ("" 0)
			set ytics ("" 0)
			unset border
			unset xlabel
			unset ylabel
			set xrange [1:2]
			set yrange [1:2]
			set label "not measured" at graph 0.5, graph 0.5 center textcolor rgb "#555555"
			plot NaN notitle
		} else {
			set border 3 lw 0.8 lc rgb "#444444"
			# A number has its tic, and a label where there is room.
			set xtics ("" 0)
			labelled = 0.1
			do for [x in seen[p]] {
				roomy = real(x) > labelled * beyond[p] ** 0.14
				set xtics add ((roomy ? x : "") real(x))
				if (roomy) { labelled = real(x) }
			}
			eval amount_tics("y")
			lower = decade_below(bottom[p])
			upper = decade_above(top[p] * 1.02)
			set xrange [0.8 : beyond[p] * 1.25]
			set yrange [lower : upper]
			do for [i=1:count] {
				k = slot(p, word(variants, i))
				at[i] = last[k] > 0 ? log10(last[k] / lower) / log10(upper / lower) : -1
			}
			room = 14.0 / (below(p) - above(p))
			load root . "/spread.gp"
			do for [i=1:count] {
				if (at[i] >= 0) {
					k = slot(p, word(variants, i))
					set arrow from first most[k], graph at[i] to graph 1, graph at[i] \
						nohead linestyle style(word(variants, i)) lw 0.7 dt 1
					set arrow from graph 1, graph at[i] to graph 1.06, graph put[i] \
						nohead linestyle style(word(variants, i)) lw 0.7 dt 1
					set label sprintf("%s  %s", word(variants, i), amount(last[k])) \
						at graph 1.08, graph put[i] left offset character 0.8,drop \
						font small point linestyle style(word(variants, i)) lw 1.3 ps 0.7 * dot
				}
			}
			plot for [v in variants] data("growth") every ::1 \
				using (strcol(1) eq n && strcol(4) eq v ? $3 : NaN):5 \
				with linespoints linestyle style(v) ps 0.9 * dot notitle, \
				data("growth") every ::1 \
				using (strcol(1) eq n && $7 > $6 ? $3 : NaN):6:(0):($7 - $6) \
				with vectors @whisker notitle
		}
		unset label
		unset arrow
	}
	unset multiplot
	unset output
}
