# SPDX-License-Identifier: GPL-2.0-or-later
# What a DMA map of a BAR costs a page, cold and warm: a panel a place, a row a
# variant. The axis starts at zero and is linear, so that the line between the
# two points is what the faults cost.
# gnuplot -e "dir='results/RUN/plots'" plots/dma-map.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

panels = ""
name(a, l) = a . ":" . l
panel(a, l) = sum [i=1:words(panels)] (word(panels, i) eq name(a, l) ? i : 0)
rows = 0; apart = 0; high = 1
slots = 12 * (count + 1)
array cold[slots]
array warm[slots]
array end[slots]
array kinds[12]
do for [i=1:slots] { cold[i] = -1; warm[i] = -1; end[i] = -1 }
do for [i=1:12] { kinds[i] = "" }
slot(a, l, v) = (panel(a, l) - 1) * (count + 1) + place(v)
note(a, l, v, what, x, most) = \
	(panel(a, l) ? 0 : (panels = panels . " " . name(a, l)), \
	 kinds[panel(a, l)] = kinds[panel(a, l)] . what, k = slot(a, l, v), \
	 place(v) == 0 ? 0 : what eq "warm" ? (warm[k] = x) : (cold[k] = x), \
	 end[k] = most > end[k] ? most : end[k], \
	 high = most > high ? most : high, 0)
stats data("dma-map") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("dma-map") every ::1 \
		using (rows = rows + 1, apart = apart + ($8 > $7), \
			note(strcol(1), strcol(2), strcol(4), strcol(5), $6 / $3, $8 / $3), $6) \
		name "X" nooutput
}

shown = words(panels)
each = 16 * count + 40
height = 122 + shown * each
title = sprintf("%s for each 4 KiB page to map a BAR for DMA", Unit)
if (!rows) { name = "dma-map"; load root . "/nothing.gp"; exit }
more = sprintf("%s, %s, VFIO_IOMMU_MAP_DMA of type1; %s", base, target, exactness(apart))
row(v) = -place(v)
split(s, i) = i == 1 ? s[1:strstrt(s, ":")-1] : s[strstrt(s, ":")+1:strlen(s)]
few(x) = x < 9.995 ? sprintf("%.2f", x) : x < 99.95 ? sprintf("%.1f", x) : grouped(floor(x + 0.5))
lacks(p) = !strstrt(kinds[p], "warm") ? " (warm: not measured)" : \
	!strstrt(kinds[p], "cold") ? " (cold: not measured)" : ""
says(cold, warm) = cold < 0 ? few(warm) : warm < 0 ? few(cold) : \
	few(cold) eq few(warm) ? few(cold) : few(cold) . " cold, " . few(warm) . " warm"
set border 1 lw 0.8 lc rgb "#444444"
unset grid
set grid x back linestyle 100
set ytics scale 0 offset 0.8,0
set xtics scale 0.5
set format x ""
set xrange [-0.012 * high : high * 1.3]
set yrange [-(count + 0.7) : -0.3]

eval tell(title, more)
do for [type in types] {
	eval start("dma-map", type)
	set multiplot
	eval heading(title, more)
	do for [p=1:shown] {
		a = split(word(panels, p), 1)
		l = split(word(panels, p), 2)
		set lmargin at screen across(100)
		set rmargin at screen across(width - 20)
		set tmargin at screen down(100 + (p - 1) * each)
		set bmargin at screen down(100 + p * each - 38)
		if (p == 1) {
			set label "cold: nothing was populated" at screen across(20), screen down(56) left \
				offset character 1,drop font small point pt 7 ps 0.9 * dot lc rgb "#222222"
			set label "warm: every page was touched before" at screen across(220), screen down(56) left \
				offset character 1,drop font small point pt 6 ps 0.9 * dot lc rgb "#222222"
		}
		set label sprintf("%s, aligned to %s%s", size_words(l), size_words(a), lacks(p)) \
			at screen across(100), graph 1 left offset 0,0.9 font bold
		set ytics ("" 0)
		do for [v in variants] {
			k = slot(a, l, v)
			set ytics add (v row(v))
			if (end[k] >= 0) {
				set arrow from graph 0, first row(v) to end[k], row(v) nohead back linestyle 100
				set label says(cold[k], warm[k]) at first end[k], row(v) left \
					offset character 1.2,0 font small textcolor rgb "#333333"
			} else {
				set label "not measured" at graph 0.01, first row(v) left font small textcolor rgb "#555555"
			}
			if (cold[k] >= 0 && warm[k] >= 0) {
				set arrow from warm[k], row(v) to cold[k], row(v) nohead linestyle style(v) lw 2 dt 1
			}
		}
		if (p == shown) {
			set xlabel unit . " a page" offset 0,0.3
			set format x "%.0f"
		}
		here(what, x) = strcol(1) eq a && strcol(2) eq l && strcol(5) eq what && place(strcol(4)) ? x : NaN
		plot for [what in "cold warm"] data("dma-map") every ::1 \
			using (here(what, $6 / $3)):(row(strcol(4))):(color(strcol(4))) \
			with points pt (what eq "cold" ? 7 : 6) lw 1.5 ps 0.9 * dot lc rgb variable notitle, \
			for [what in "cold warm"] data("dma-map") every ::1 \
			using (here(what, $8 > $7 ? $7 / $3 : NaN)):(row(strcol(4))):(($8 - $7) / $3):(0) \
			with vectors @whisker notitle
		unset label
		unset arrow
	}
	unset xlabel
	set format x ""
	unset multiplot
	unset output
}
