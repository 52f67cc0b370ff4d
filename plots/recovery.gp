# SPDX-License-Identifier: GPL-2.0-or-later
# Cost to reach a BAR again after memory was disabled and enabled, against its
# length: disable + enable + first-access + whole-bar, one line a variant.
# gnuplot -e "dir='results/RUN/plots'" plots/recovery.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

set title sprintf("What it takes to have a BAR back after memory off and on, in %s\n%s, %s, aligned to %s; each point is disable + enable + one read of every page", \
	unit, base, target, align)
set xlabel "length of the BAR (bytes)"
set ylabel unit
set logscale x 2
set logscale y 10
eval amount_tics("y")
set key outside right top Left reverse samplen 6 spacing 1.5

# Tics at the lengths that were measured.
seen = " "
tics = ""
tic(b) = strstrt(seen, " " . b . " ") ? 0 : \
	(seen = seen . b . " ", tics = tics . (strlen(tics) ? "," : "") . \
	 sprintf("'%s' %s", length_label(real(b)), b), 0)
rows = 0
low = 1e18; high = 1
stats data("recovery") every ::1 \
	using (rows = rows + 1, tic(strcol(2)), low = $3 < low ? $3 : low, \
		high = $3 > high ? $3 : high, $2) name "X" nooutput
if (rows) {
	eval "set xtics (" . tics . ")"
	set xrange [X_min / 1.6 : X_max * 1.6]
	set yrange [10 ** floor(log10(low > 0 ? low : 1)) : 10 ** ceil(log10(high) + 0.01)]
} else {
	set xrange [4096:2**30]
	set yrange [1e3:1e9]
	set label "not measured" at graph 0.5,0.5 center
}

do for [type in "svg png"] {
	eval "set terminal " . (type eq "svg" ? svg : png) . " size 860,480"
	set output figure("recovery", type)
	plot for [v in variants] data("recovery") every ::1 \
		using (strcol(1) eq v ? $2 : NaN):3 \
		with linespoints linestyle style(v) title v
	unset output
}
