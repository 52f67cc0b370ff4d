# SPDX-License-Identifier: GPL-2.0-or-later
# An outage from its start, a row a variant: the calls that take the BAR away and
# give it back, and the read that ends the last thread's gap. A panel an action and a
# number of threads; time is linear. There is no series of probes in a record, so
# none is drawn.
# gnuplot -e "dir='results/RUN/plots'" plots/outage.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# Panels by action and threads, in the order of the data; what is told of each row.
panels = ""; lengths = ""
rows = 0; apart = 0
array longest[2]
array asked[2]
do for [i=1:2] { longest[i] = 1; asked[i] = 0 }
slots = 4 * (count + 1)
array gap[slots]
array late[slots]
array failed[slots]
do for [i=1:slots] { late[i] = -1 }
action_of(a) = a eq "toggle" ? 1 : 2
name(a, t) = a . ":" . t
panel(a, t) = sum [i=1:words(panels)] (word(panels, i) eq name(a, t) ? i : 0)
slot(a, t, v) = (panel(a, t) - 1) * (count + 1) + place(v)
most(a, b) = a > b ? a : b
note(a, l, t, v, first, second, x) = \
	(panel(a, t) ? 0 : (panels = panels . " " . name(a, t), lengths = lengths . " " . l), \
	 longest[action_of(a)] = most(longest[action_of(a)], x), \
	 second > first ? (asked[action_of(a)] = second) : 0, 0)
told(k, x, y, z) = (gap[k] = x, late[k] = y, failed[k] = z, 0)
stats data("outage") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("outage") every ::1 \
		using (rows = rows + 1, apart = apart + ($10 > $9), \
			note(strcol(1), strcol(2), strcol(3), strcol(4), $5, $6, most($10, most($5, $7))), \
			place(strcol(4)) ? told(slot(strcol(1), strcol(3), strcol(4)), $11, $12, $13) : 0, $8) \
		name "X" nooutput
}

shown = words(panels)
each = 16 * count + 98
height = 100 + shown * each
what = unit eq "instructions" ? "Instructions, run or slept through," : "Nanoseconds"
title = what . " from the call that takes a BAR away until the last thread has it back"
if (!rows) { name = "outage"; load root . "/nothing.gp"; exit }
more = sprintf("%s; %s", spot, exactness(apart))
about(a, t) = (a eq "toggle" ? "memory off, ten intervals later on again" : "VFIO_DEVICE_RESET") . \
	(t eq "1" ? "; one thread reads" : sprintf("; %s threads read", t))
row(v) = -place(v)
# Tics at 1, 2 or 5 times a power of ten.
round_step(x) = 10 ** floor(log10(x)) * (x < 2 * 10 ** floor(log10(x)) ? 1 : \
	x < 5 * 10 ** floor(log10(x)) ? 2 : 5)
tic_text(x) = x < 1e3 ? sprintf("%.0f", x) : x < 1e6 ? sprintf("%g k", x / 1e3) : sprintf("%g M", x / 1e6)
split(s, i) = i == 1 ? s[1:strstrt(s, ":")-1] : s[strstrt(s, ":")+1:strlen(s)]
set border 1 lw 0.8 lc rgb "#444444"
unset grid
set grid x back linestyle 100
set ytics scale 0 offset 0.8,0
set style fill solid 1 noborder
set xtics scale 0.5

eval tell(title, more)
do for [type in types] {
	eval start("outage", type)
	set multiplot
	eval heading(title, more)
	do for [p=1:shown] {
		a = split(word(panels, p), 1)
		t = split(word(panels, p), 2)
		set lmargin at screen across(100)
		set rmargin at screen across(width - 190)
		set tmargin at screen down(104 + (p - 1) * each)
		set bmargin at screen down(104 + p * each - 80)
		if (p == 1) {
			set arrow from screen across(14), screen down(56) to screen across(34), screen down(56) \
				nohead lw 8 lc rgb "#777777"
			set label "in the call" at screen across(42), screen down(56) left font small
			set arrow from screen across(124), screen down(56) to screen across(144), screen down(56) \
				nohead lw 1.5 lc rgb "#777777"
			set label "lost, or answered late" at screen across(152), screen down(56) left font small
			set label "the last thread reads again" at screen across(300), screen down(56) left \
				offset character 1,drop font small point pt 7 ps 0.9 * dot lc rgb "#777777"
		}
		set label size_words(word(lengths, p)) . ", " . about(a, t) \
			at screen across(100), graph 1 left offset 0,1.1 font bold
		set label "longest gap" at screen across(width - 114), graph 1 right offset 0,1.1 font small
		set label "late" at screen across(width - 62), graph 1 right offset 0,1.1 font small
		set label "failed" at screen across(width - 14), graph 1 right offset 0,1.1 font small
		set ytics ("" 0)
		do for [v in variants] {
			set ytics add (v row(v))
			k = slot(a, t, v)
			if (late[k] >= 0) {
				set label amount(gap[k]) at screen across(width - 114), first row(v) right font small
				set label grouped(late[k]) at screen across(width - 62), first row(v) right font small
				set label grouped(failed[k]) at screen across(width - 14), first row(v) right font small
			} else {
				set label "not measured" at graph 0.01, first row(v) left font small textcolor rgb "#555555"
			}
		}
		if (asked[action_of(a)] > 0) {
			set arrow from first asked[action_of(a)], graph 0 to first asked[action_of(a)], graph 1 \
				nohead back lc rgb "#222222" lw 1 dt (3,3)
			set label "asked for" at first asked[action_of(a)], graph 1 left offset 0.3,-0.2 \
				font small textcolor rgb "#555555"
		}
		# Below the last panel of an action, which share their scale.
		last_of = p == shown || split(word(panels, p + 1), 1) ne a
		step = round_step(longest[action_of(a)] / 4)
		if (last_of) { set xlabel unit offset 0,0.5 } else { unset xlabel }
		set xtics ("" 0)
		do for [i=0:12] { set xtics add ((last_of ? tic_text(i * step) : "") i * step) }
		set xrange [0 : longest[action_of(a)] * 1.14]
		set yrange [-(count + 0.7) : 0.1]
		here(x) = strcol(1) eq a && strcol(3) eq t && place(strcol(4)) ? x : NaN
		plot data("outage") every ::1 \
			using (here($5 / 2)):(row(strcol(4))):($5 / 2):(0.3):(color(strcol(4))) \
			with boxxyerror lc rgb variable notitle, \
			data("outage") every ::1 \
			using (here($7 > $6 ? ($6 + $7) / 2 : NaN)):(row(strcol(4))):(($7 - $6) / 2):(0.3):(color(strcol(4))) \
			with boxxyerror lc rgb variable notitle, \
			data("outage") every ::1 \
			using (here(0)):(row(strcol(4))):8:(0):(color(strcol(4))) \
			with vectors nohead lw 1.5 lc rgb variable notitle, \
			data("outage") every ::1 \
			using (here($8)):(row(strcol(4))):(shape(strcol(4))):(color(strcol(4))) \
			with points pt variable lw 1.5 ps 0.9 * dot lc rgb variable notitle, \
			data("outage") every ::1 \
			using (here($10 > $9 ? $9 : NaN)):(row(strcol(4))):($10 - $9):(0) \
			with vectors @whisker notitle, \
			data("outage") every ::1 \
			using (here(most($10, $7))):(row(strcol(4))):(amount($8)) \
			with labels left offset character 1,0 font small textcolor rgb "#333333" notitle
		unset label
		unset arrow
	}
	unset multiplot
	unset output
}
