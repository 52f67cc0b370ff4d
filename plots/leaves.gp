# SPDX-License-Identifier: GPL-2.0-or-later
# Which leaves map the BAR: a block an alignment, a row a variant, a column a
# length; a tile is as dark as its largest leaf, and says how many of each there
# are.
# gnuplot -e "dir='results/RUN/plots'" plots/leaves.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

aligns = ""; lengths = ""
rows = 0; last = 0
add(list, name) = strstrt(list . " ", " " . name . " ") ? list : list . " " . name
block(a) = sum [i=1:words(aligns)] (word(aligns, i) eq a ? i : 0)
stats data("leaves") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("leaves") every ::1 using (rows = rows + 1, \
		aligns = add(aligns, strcol(1)), \
		lengths = add(lengths, sprintf("%03d:%s", $2, strcol(3))), \
		last = $2 > last ? $2 : last, $2) name "Y" nooutput
}

# Rows go down the page, in tiles; a block has a row more, for its name.
row(a, v) = -((block(a) - 1) * (count + 1.4) + place(v) + 0.9)
tile = 24
depth = words(aligns) * (count + 1.4)
height = 110 + depth * tile
title = "Leaves that map a BAR, by its alignment and length"
if (!rows) { name = "leaves"; load root . "/nothing.gp"; exit }
more = sprintf("%s, %s: PTE leaves are 4 KiB each, PMD leaves 2 MiB, PUD leaves 1 GiB; no tile: not measured", base, target)
level(pud, pmd) = pud > 0 ? 3 : pmd > 0 ? 2 : 1
part(n, name) = n > 0 ? sprintf("%s %s", grouped(n), name) : ""
plus(a, b) = strlen(a) && strlen(b) ? a . " + " . b : a . b
says(pud, pmd, pte) = plus(plus(part(pud, "PUD"), part(pmd, "PMD")), part(pte, "PTE"))
shade(l) = l == 3 ? "#08519c" : l == 2 ? "#6baed6" : "#e3e8ee"
ink(l) = l == 3 ? "#ffffff" : "#111111"

set xrange [-0.5 : last + 0.5]
set yrange [-depth : 0]
unset border
unset grid
unset ytics
set xtics scale 0 offset 0,0.3
set xlabel "length of the BAR (bytes)" offset 0,0.5
set xtics ()
do for [l in lengths] { set xtics add (l[5:strlen(l)] int(l[1:3])) }
do for [a in aligns] {
	set label "aligned to " . size_words(a) at graph 0, first -((block(a) - 1) * (count + 1.4) + 0.8) \
		left
	do for [v in variants] {
		set label v at screen across(12), first row(a, v) left
	}
}

eval tell(title, more)
do for [type in types] {
	eval start("leaves", type)
	eval heading(title, more)
	set lmargin at screen across(100)
	set rmargin at screen across(width - 12)
	set tmargin at screen down(50)
	set bmargin at screen down(50 + depth * tile)
	set style fill solid 1 border lc rgb "#ffffff"
	plot for [l=1:3] data("leaves") every ::1 \
		using (level($5, $6) == l && place(strcol(4)) ? $2 : NaN):(row(strcol(1), strcol(4))):(0.48):(0.46) \
		with boxxyerror fc rgb shade(l) notitle, \
		for [l=1:3] data("leaves") every ::1 \
		using (level($5, $6) == l && place(strcol(4)) ? $2 : NaN):(row(strcol(1), strcol(4))):(says($5, $6, $7)) \
		with labels center font small textcolor rgb ink(l) notitle
	unset output
}
