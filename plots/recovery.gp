# SPDX-License-Identifier: GPL-2.0-or-later
# Cost to reach a BAR again after memory was disabled and enabled, against its
# length: disable + enable + first-access + whole-bar, one line a variant.
# gnuplot -e "dir='results/RUN/plots'" plots/recovery.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# Tics at the lengths that were measured, and the value at the longest.
seen = " "
tics = ""
tic(b) = strstrt(seen, " " . b . " ") ? 0 : \
	(seen = seen . b . " ", tics = tics . (strlen(tics) ? "," : "") . \
	 sprintf("'%s' %s", length_label(real(b)), b), 0)
array at[count + 1]
array last[count + 1]
array longest[count + 1]
do for [i=1:count] { last[i] = -1; longest[i] = 0 }
end(v, b, y) = (e = place(v), e && b > longest[e] ? (longest[e] = b, last[e] = y) : 0, 0)
rows = 0; apart = 0; low = 1e18; high = 1
stats data("recovery") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("recovery") every ::1 \
		using (rows = rows + 1, tic(strcol(2)), end(strcol(1), $2, $3), \
			apart = apart + ($5 > $4), low = $4 < low ? $4 : low, \
			high = $5 > high ? $5 : high, $2) name "X" nooutput
}

title = sprintf("%s to have a BAR back after memory off and on, by its length", Unit)
if (!rows) { name = "recovery"; load root . "/nothing.gp"; exit }
more = sprintf("%s: disable + enable + one read of every page; %s", spot, exactness(apart))
set xlabel "length of the BAR (bytes)" offset 0,0.3
set ylabel unit offset 0.5,0
set logscale x 2
set logscale y 10
eval amount_tics("y")
eval "set xtics (" . tics . ")"
bottom = decade_below(low)
top = decade_above(high * 1.02)
first = X_min / 1.6
beyond = X_max * 1.6
do for [i=1:count] {
	at[i] = last[i] > 0 ? log10(last[i] / bottom) / log10(top / bottom) : -1
}
room = 14.0 / (height - 120)
load root . "/spread.gp"
set xrange [first : beyond]
set yrange [bottom : top]

eval tell(title, more)
do for [type in types] {
	eval start("recovery", type)
	unset label
	unset arrow
	eval heading(title, more)
	do for [i=1:count] {
		if (at[i] >= 0) {
			set arrow from first longest[i], graph at[i] to graph 1, graph at[i] \
				nohead linestyle style(word(variants, i)) lw 0.7 dt 1
			set arrow from graph 1, graph at[i] to graph 1.035, graph put[i] \
				nohead linestyle style(word(variants, i)) lw 0.7 dt 1
			set label sprintf("%s  %s", word(variants, i), amount(last[i])) \
				at graph 1.045, graph put[i] left offset character 0.8,drop \
				point linestyle style(word(variants, i)) lw 1.3 ps 0.8 * dot
		}
	}
	set lmargin at screen across(92)
	set rmargin at screen across(width - 170)
	set tmargin at screen down(60)
	set bmargin at screen down(height - 60)
	plot for [v in variants] data("recovery") every ::1 \
		using (strcol(1) eq v ? $2 : NaN):3 \
		with linespoints linestyle style(v) notitle, \
		data("recovery") every ::1 \
		using ($5 > $4 ? $2 : NaN):4:(0):($5 - $4) \
		with vectors @whisker notitle
	unset output
}
