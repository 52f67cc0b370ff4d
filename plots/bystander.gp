# SPDX-License-Identifier: GPL-2.0-or-later
# What somebody else waits for at worst: a column an action of the actor (and a
# length), a panel a bystander, a row a variant. The line goes from the median to
# the worst; a small upright line is the worst of the same bystander before.
# gnuplot -e "dir='results/RUN/plots'" plots/bystander.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

names = "map fault process"
about(n) = n eq "map" ? "maps memory,\nsame process" : \
	n eq "fault" ? "faults memory in,\nsame process" : "does both,\nanother process"

rows = 0; apart = 0; columns = 0; low = 1e18; high = 1
heads = ""
known = " "
note(c, action, len, n) = (known = known . c . ":" . n . " ", \
	c < columns ? 0 : (columns = c + 1, \
	heads = heads . sprintf(" '%s %s'", action, size_words(len))), 0)
least(a, b) = a < b ? a : b
stats data("bystander") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("bystander") every ::1 \
		using (rows = rows + 1, apart = apart + ($10 > $9), \
			note(int($1), strcol(2), strcol(3), strcol(4)), \
			low = least(low, least($6, $7)), high = $10 > high ? $10 : high, $8) \
		name "X" nooutput
}

# Two lines of words fit beside a panel, however few its rows are.
each = 14 * count + 14 < 56 ? 56 : 14 * count + 14
wide = columns > 0 ? columns : 1
height = 134 + 3 * each
title = sprintf("%s that a bystander waits at worst while another maps or loses a BAR", Unit)
if (!rows) { name = "bystander"; load root . "/nothing.gp"; exit }
more = sprintf("%s: from when its operation was due; %s", spot, exactness(apart))

left(c) = across(200 + (c - 1) * (width - 205) / wide)
right(c) = across(200 + c * (width - 205) / wide - 12)
row(v) = -place(v)
set border 1 lw 0.8 lc rgb "#444444"
unset grid
set grid x back linestyle 100
set logscale x 10
lower = decade_below(low > 0 ? low : 1)
# Room for the largest value in figures.
upper = high * (high / lower) ** 0.4
set xrange [lower : upper]
# A tic near the right end would run into the next column.
tic_text(i) = 10.0 ** i < lower * (upper / lower) ** 0.9 ? word("1 100 '10 k' '1 M' '100 M'", i / 2 + 1) : ""
set yrange [-(count + 0.7) : -0.3]
set ytics scale 0 offset 0.8,0

eval tell(title, more)
do for [type in types] {
	eval start("bystander", type)
	set multiplot
	eval heading(title, more)
	do for [c=1:columns] {
		do for [p=1:words(names)] {
			n = word(names, p)
			set lmargin at screen left(c)
			set rmargin at screen right(c)
			set tmargin at screen down(90 + (p - 1) * each)
			set bmargin at screen down(90 + p * each - 14)
			if (p == 1) {
				set label word(heads, c) at screen left(c), screen down(78) left font bold
			}
			if (p == 1 && c == 1) {
				set label "worst" at screen across(20), screen down(56) left offset character 1,drop \
					font small point pt 7 ps 0.8 * dot lc rgb "#222222"
				set label "median" at screen across(90), screen down(56) left offset character 1,drop \
					font small point pt 6 ps 0.5 * dot lc rgb "#222222"
				set label "|  worst before" at screen across(160), screen down(56) left font small
			}
			set ytics ("" 0)
			if (c == 1) {
				set label about(n) at screen across(12), graph 0.75 left
				do for [v in variants] { set ytics add (v row(v)) font small }
			}
			if (p == words(names)) {
				set xlabel unit offset 0,0.5
				set xtics ("" 1) scale 0.5
				do for [i=0:8:2] { set xtics add (tic_text(i) 10.0 ** i) }
			} else {
				unset xlabel
				set xtics ("" 1, "" 100, "" 1e4, "" 1e6, "" 1e8) scale 0.5
			}
			if (!strstrt(known, sprintf(" %d:%s ", c - 1, n))) {
				set label "not measured" at graph 0.5, graph 0.5 center textcolor rgb "#555555" front
			}
			here(x) = $1 == c - 1 && strcol(4) eq n && place(strcol(5)) ? x : NaN
			plot data("bystander") every ::1 \
				using (here(lower)):(row(strcol(5))):($7 - lower):(0) \
				with vectors nohead linestyle 100 notitle, \
				data("bystander") every ::1 \
				using (here($7)):(row(strcol(5))):($8 - $7):(0) \
				with vectors nohead lc rgb "#777777" lw 1.5 notitle, \
				data("bystander") every ::1 \
				using (here($10 > $9 ? $9 : NaN)):(row(strcol(5))):($10 - $9):(0) \
				with vectors @whisker notitle, \
				data("bystander") every ::1 \
				using (here($6)):(row(strcol(5)) - 0.35):(0):(0.7) \
				with vectors nohead lc rgb "#222222" lw 1.2 notitle, \
				data("bystander") every ::1 \
				using (here($7)):(row(strcol(5))):(color(strcol(5))) \
				with points pt 6 lw 1.2 ps 0.5 * dot lc rgb variable notitle, \
				data("bystander") every ::1 \
				using (here($8)):(row(strcol(5))):(shape(strcol(5))):(color(strcol(5))) \
				with points pt variable lw 1.4 ps 0.8 * dot lc rgb variable notitle, \
				data("bystander") every ::1 \
				using (here($10 > $6 ? $10 : $6)):(row(strcol(5))):(amount($8)) \
				with labels left offset character 0.8,0 font small textcolor rgb "#333333" notitle
			unset label
		}
	}
	unset multiplot
	unset output
}
