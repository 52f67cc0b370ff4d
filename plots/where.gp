# SPDX-License-Identifier: GPL-2.0-or-later
# Where each variant pays at the largest length: a band a step, in the order in
# which a process meets them, a row a variant. Totals of variants differ by a
# thousand times, so that a stack would show one of them only: the axis is
# logarithmic, has no zero, and so has points and no bars.
# gnuplot -e "dir='results/RUN/plots'" plots/where.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# Rows go down the page, a row's height between two bands.
row(step, v) = -(step * (count + 1) + place(v))

rows = 0; apart = 0; last = 0
names = ""
name(step, label) = (step < words(names) ? 0 : \
	(names = names . ' "' . label . '"'), last = step, 0)
stats data("where") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("where") every ::1 \
		using (rows = rows + 1, name($1, strcol(2)), apart = apart + ($6 > $5), \
			$4 > 1 ? $4 : 1) name "X" nooutput
}

height = 116 + (last + 1) * (count + 1) * 14
title = sprintf("%s for %s, by the step that pays them", Unit, strlen(length) ? length . " of BAR" : "a BAR")
if (!rows) { name = "where"; load root . "/nothing.gp"; exit }
more = sprintf("%s; %s", spot, exactness(apart))
set logscale x 10
eval amount_tics("x")
set xlabel sprintf("%s (logarithmic)", unit) offset 0,0.6
unset grid
set grid x back linestyle 100
set border 1 lw 0.8 lc rgb "#444444"
set ytics scale 0 offset 0.8,0
low = decade_below(X_min)
set xrange [low : X_max * 5]
set yrange [-(last + 1) * (count + 1) : 0]
set ytics ()
do for [step=0:last] {
	set label word(names, step + 1) at screen across(12), \
		first -(step + 0.5) * (count + 1) left
	if (step) {
		set arrow from screen across(12), first -step * (count + 1) \
			to graph 1, first -step * (count + 1) nohead linestyle 101
	}
	do for [v in variants] {
		set ytics add (v row(step, v))
	}
}

eval tell(title, more)
do for [type in types] {
	eval start("where", type)
	eval heading(title, more)
	set ytics font small
	set lmargin at screen across(180)
	set rmargin at screen across(width - 20)
	set tmargin at screen down(50)
	set bmargin at screen down(height - 56)
	plot data("where") every ::1 \
		using (low):(row($1, strcol(3))):(($4 > low ? $4 : low) - low):(0) \
		with vectors nohead linestyle 100 notitle, \
		data("where") every ::1 \
		using ($6 > $5 && $5 > 0 ? $5 : NaN):(row($1, strcol(3))):($6 - $5):(0) \
		with vectors @whisker notitle, \
		data("where") every ::1 \
		using ($4 > low ? $4 : low):(row($1, strcol(3))):(shape(strcol(3))):(color(strcol(3))) \
		with points pt variable lw 1.5 ps 0.8 * dot lc rgb variable notitle, \
		data("where") every ::1 \
		using ($6 > low ? $6 : low):(row($1, strcol(3))):(amount($4)) \
		with labels left offset character 1,0 font small \
		textcolor rgb "#333333" notitle
	unset output
}
