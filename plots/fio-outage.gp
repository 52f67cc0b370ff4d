# SPDX-License-Identifier: GPL-2.0-or-later
# What readers at a fixed rate feel of an outage, on a time line from its begin: how
# many reads have ended against how many were due, and how long each took. A column
# an action; one line a variant.
# gnuplot -e "dir='results/RUN/plots'" plots/fio-outage.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# The jobs, in the order of the data; what is told of each.
jobs = ""; threads = ""
note(j, t) = (sum [i=1:words(jobs)] (word(jobs, i) eq j)) ? 0 : \
	(jobs = jobs . " " . j, threads = threads . " " . t, 0)
job_at(j) = sum [i=1:words(jobs)] (word(jobs, i) eq j ? i : 0)
array first[9]
array last[9]
array least[9]
array most[9]
array many[9]
do for [i=1:9] { first[i] = 0; last[i] = 1; least[i] = 1e18; most[i] = 1; many[i] = 1 }
smaller(a, b) = a < b ? a : b
larger(a, b) = a > b ? a : b
see(i, s, x, y) = i < 1 ? 0 : \
	(first[i] = smaller(first[i], x), last[i] = larger(last[i], x), \
	 s eq "latency" ? (least[i] = smaller(least[i], larger(y, 1)), most[i] = larger(most[i], y)) : \
	 (many[i] = larger(many[i], y)), 0)
rows = 0
stats data("fio-outage") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("fio-outage") every ::1 \
		using (rows = rows + 1, note(strcol(1), strcol(2)), \
			see(job_at(strcol(1)), strcol(4), $5, $6), $5) name "X" nooutput
}

title = "What readers at a fixed rate feel of an outage, and for how long"
spot = base
if (!rows) { name = "fio-outage"; load root . "/nothing.gp"; exit }
columns = words(jobs)
height = 640
width = 900
more = sprintf("%s: 4 KiB at random 2,000 times a second and thread; %s", base, \
	"a latency is from when a read was due, a mark the longest in 1/120 of the time")
label_of(j) = (j eq "toggle" ? "memory off, and on again" : j eq "reset" ? "VFIO_DEVICE_RESET" : j)
left(c) = across(86 + (c - 1) * (width - 106) / columns)
right(c) = across(86 + c * (width - 106) / columns - 62)
# Tics at 1, 2 or 5 times a power of ten.
round_step(x) = 10 ** floor(log10(x)) * (x < 2 * 10 ** floor(log10(x)) ? 1 : \
	x < 5 * 10 ** floor(log10(x)) ? 2 : 5)
set xtics scale 0.5
set ytics scale 0.5

eval tell(title, more)
do for [type in types] {
	eval start("fio-outage", type)
	set multiplot
	eval heading(title, more)
	do for [i=1:count] {
		x = 20 + (i - 1) * (width - 40) / count
		v = word(variants, i)
		set arrow from screen across(x), screen down(62) to screen across(x + 24), screen down(62) \
			nohead linestyle style(v)
		set label v at screen across(x + 32), screen down(62) left font small
	}
	do for [c=1:columns] {
		j = word(jobs, c)
		t = word(threads, c)
		set lmargin at screen left(c)
		set rmargin at screen right(c)
		step = round_step((last[c] - first[c]) / 1e6 / 3)
		set xtics step
		set xrange [first[c] / 1e6 : last[c] / 1e6]
		mine(s, v, x) = strcol(1) eq j && strcol(3) eq v && strcol(4) eq s ? x : NaN

		# How many reads have ended.
		set tmargin at screen down(104)
		set bmargin at screen down(330)
		unset logscale y
		set yrange [0 : many[c] * 1.08]
		set ytics round_step(many[c] / 3)
		set xlabel ""
		set format x ""
		set ylabel (c == 1 ? "reads that have ended" : "") offset 1,0
		set label 700 sprintf("%s; %s thread%s", label_of(j), t, t eq "1" ? "" : "s") \
			at graph 0, graph 1 left offset 0,0.8 font bold
		set label 702 "the band: those that were due" at graph 0.98, graph 0.06 right font small \
			textcolor rgb "#555555"
		set arrow 701 from first 0, graph 0 to first 0, graph 1 nohead back lc rgb "#222222" lw 1 dt (3,3)
		plot data("fio-outage") every ::1 \
			using (strcol(1) eq j && strcol(4) eq "due" ? $5 / 1e6 : NaN):6 \
			with lines lc rgb "#f5dd90" lw 7 notitle, \
			for [v in variants] data("fio-outage") every ::1 \
			using (mine("done", v, $5 / 1e6)):6 with lines linestyle style(v) notitle
		unset label
		unset arrow

		# How long each took.
		set tmargin at screen down(352)
		set bmargin at screen down(height - 58)
		set logscale y 10
		set yrange [least[c] / 1e3 * 0.8 : most[c] / 1e3 * 1.3]
		set ytics ("1" 1, "10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1,000,000" 1e6)
		set format x "%g"
		set xlabel (unit eq "instructions" ? "ms of the guest's clock from the begin of the outage" : "ms from the begin of the outage") offset 0,0.4
		set ylabel (c == 1 ? "longest latency of those due then (us)" : "") offset 1,0
		set arrow 701 from first 0, graph 0 to first 0, graph 1 nohead back lc rgb "#222222" lw 1 dt (3,3)
		plot for [v in variants] data("fio-outage") every ::1 \
			using (mine("latency", v, $5 / 1e6)):($6 / 1e3):(shape(v)) \
			with points pt variable lw 1.5 ps 0.8 * dot lc rgb color(v) notitle
		unset label
		unset arrow
	}
	unset multiplot
	unset output
}
