# SPDX-License-Identifier: GPL-2.0-or-later
# Where each variant pays at the largest length: a band a step, in the order in
# which a process meets them, a line a variant. Totals of variants differ by a
# thousand times, so that a stack would show one of them only: the axis is
# logarithmic and each step stands by itself.
# gnuplot -e "dir='results/RUN/plots'" plots/where.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

count = words(variants)
place(v) = sum [i=1:count] (word(variants, i) eq v ? i : 0)
# Bands go down the page; inside one, variants in the order of the report.
band = 1.0
row(step, v) = -band * step - (place(v) - 0.5) / count * 0.8 - 0.1

set title sprintf("Where %s of BAR is paid for, in %s, step by step\n%s, %s, aligned to %s", \
	length, unit, base, target, align)
set xlabel sprintf("%s (logarithmic; a step to the right is ten times more)", unit)
set logscale x 10
eval amount_tics("x")
unset grid
set grid x back linestyle 100
set key outside right top Left reverse samplen 6 spacing 1.5

rows = 0
last = 0
labels = ""
label(step, name) = strstrt(labels, "'" . name . "'") ? 0 : \
	(labels = labels . (strlen(labels) ? "," : "") . \
	 sprintf("'%s' %f", name, -step - 0.5), last = step, 0)
stats data("where") every ::1 \
	using (rows = rows + 1, label($1, strcol(2)), $4 > 0 ? $4 : 1) \
	name "X" nooutput
if (rows) {
	eval "set ytics (" . labels . ")"
	low = 10 ** floor(log10(X_min) - 0.05)
	set xrange [low : X_max * 6]
} else {
	last = 1
	low = 1
	set xrange [1:1e6]
	unset ytics
	set label "not measured" at graph 0.5,0.5 center
}
set yrange [-(last + 1) * band : 0]
set ytics scale 0
do for [i=1:last] {
	set arrow from graph 0, first -i to graph 1, first -i nohead \
		lc rgb "#888888" lw 0.8
}

amount(v) = v < 1e4 ? sprintf("%.0f", v) : v < 1e6 ? sprintf("%.4g k", v / 1e3) : \
	v < 1e10 ? sprintf("%.4g M", v / 1e6) : sprintf("%.0f M", v / 1e6)

do for [type in "svg png"] {
	eval "set terminal " . (type eq "svg" ? svg : png) . \
		sprintf(" size 860,%d", 150 + (last + 1) * (14 + 13 * count))
	set output figure("where", type)
	plot for [v in variants] data("where") every ::1 \
		using (low):(strcol(3) eq v ? row($1, v) : NaN):(($4 > 0 ? $4 : low) - low):(0) \
		with vectors nohead linestyle style(v) lw 2 notitle, \
		for [v in variants] data("where") every ::1 \
		using (strcol(3) eq v ? ($4 > 0 ? $4 : low) : NaN):(row($1, v)) \
		with points linestyle style(v) lw 1.5 ps 0.9 notitle, \
		for [v in variants] data("where") every ::1 \
		using (strcol(3) eq v ? ($4 > 0 ? $4 : low) : NaN):(row($1, v)):(amount($4)) \
		with labels left offset character 1,0 font ",8" \
		textcolor rgb "#333333" notitle, \
		for [v in variants] NaN with linespoints linestyle style(v) \
		lw 2 ps 0.9 title v
	unset output
}
