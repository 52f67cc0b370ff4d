# SPDX-License-Identifier: GPL-2.0-or-later
# One base against the first: a panel a question of the headline, a row a variant,
# a point each further base. One figure a run.
# gnuplot -e "dir='results/RUN/plots'" plots/bases.gp

if (!exists("root")) { root = "plots" }
load root . "/style.gp"

# Variants are those of any base, in the order of the data.
add(list, name) = strstrt(list . " ", " " . name . " ") ? list : list . " " . name
bases = ""; all = ""; names = ""
rows = 0; apart = 0; panels = 0
name(q, t) = q < panels ? 0 : (panels = q + 1, names = names . " '" . t . "'", 0)
stats data("bases") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("bases") every ::1 \
		using (rows = rows + 1, apart = apart + ($7 > $6), name(int($1), strcol(2)), \
			bases = add(bases, strcol(3)), all = add(all, strcol(4)), $5) \
		name "X" nooutput
}
variants = all
count = words(variants)
first_base = word(bases, 1)
nth(b) = sum [i=1:words(bases)] (word(bases, i) eq b ? i : 0)

slots = (panels + 1) * (count + 1) * (words(bases) + 1)
array value[slots]
array top[slots]
do for [i=1:slots] { value[i] = -1; top[i] = -1 }
slot(q, b, v) = (q * (count + 1) + place(v)) * words(bases) + nth(b)
stats data("bases") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("bases") every ::1 \
		using (k = slot(int($1), strcol(3), strcol(4)), value[k] = $5, top[k] = $7, $5) nooutput
}
ratio(q, b, v, x) = value[slot(q, first_base, v)] > 0 && x >= 0 ? \
	real(x) / value[slot(q, first_base, v)] : NaN
low = 1; high = 1; known = 0
least(a, b) = b < a ? b : a
most(a, b) = b > a ? b : a
stats data("bases") using 0 name "L" nooutput
if (L_records > 1) {
	stats data("bases") every ::1 \
		using (r = ratio(int($1), strcol(3), strcol(4), $6), low = least(low, r), \
			r = ratio(int($1), strcol(3), strcol(4), $7), high = most(high, r), \
			known = known + (r == r && strcol(3) ne first_base), $5) nooutput
}
span = high - low > 0.1 ? high - low : 0.1

each = 16 * count + 40
height = 122 + panels * each
others = ""
do for [i=2:words(bases)] { others = others . (i > 2 ? " and " : "") . word(bases, i) }
title = sprintf("%s on %s, as a multiple of the same on %s", Unit, others, first_base)
if (!known) { name = "bases"; load root . "/nothing.gp"; exit }
more = sprintf("%s, %s, aligned to %s; %s", length, target, align, exactness(apart))
about(t) = t eq "first reach" ? "first reach: mmap and a read of every page" : \
	t eq "off/on" ? "off/on: disable, enable, a read of every page" : \
	"reset: VFIO_DEVICE_RESET, a read of every page"
row(v) = -place(v)
# Each further base has its own shape.
form(b) = int(word("7 6 5 4 9 8", (nth(b) + 4) % 6 + 1))
set border 1 lw 0.8 lc rgb "#444444"
unset grid
set grid x back linestyle 100
set ytics scale 0 offset 0.8,0
set xtics scale 0.5
set format x ""
set xrange [low - 0.08 * span : low + 1.5 * span]
set yrange [-(count + 0.7) : -0.3]

eval tell(title, more)
do for [type in types] {
	eval start("bases", type)
	set multiplot
	eval heading(title, more)
	do for [p=1:panels] {
		q = p - 1
		set lmargin at screen across(100)
		set rmargin at screen across(width - 20)
		set tmargin at screen down(100 + (p - 1) * each)
		set bmargin at screen down(100 + p * each - 38)
		if (p == 1) {
			do for [i=2:words(bases)] {
				set label word(bases, i) at screen across(20 + 90 * (i - 2)), screen down(56) left \
					offset character 1,drop font small point pt form(word(bases, i)) ps 0.9 * dot lc rgb "#222222"
			}
		}
		set label about(word(names, p)) at screen across(100), graph 1 left offset 0,0.9 font bold
		set arrow from first 1, graph 0 to first 1, graph 1 nohead back lc rgb "#222222" lw 1 dt (3,3)
		set ytics ("" 0)
		do for [v in variants] {
			set ytics add (v row(v))
			lacks = sum [i=1:words(bases)] value[slot(q, word(bases, i), v)] < 0
			told = ""; end = 1
			do for [b in bases] {
				x = value[slot(q, b, v)]
				told = told . (lacks ? (nth(b) > 1 ? ", " : "") . b . " " : nth(b) > 1 ? " to " : "") . \
					(x < 0 ? "not measured" : amount(x))
				r = nth(b) > 1 ? ratio(q, b, v, x) : NaN
				if (r == r) { told = told . sprintf(", %.3fx", r) }
				end = most(end, nth(b) > 1 ? ratio(q, b, v, top[slot(q, b, v)]) : NaN)
			}
			set arrow from graph 0, first row(v) to end, row(v) nohead back linestyle 100
			set label told at first end, row(v) left offset character 1.2,0 \
				font small textcolor rgb "#333333"
		}
		if (p == panels) {
			set xlabel "multiple of " . first_base offset 0,0.3
			set format x "%.2fx"
		}
		here(b, x) = $1 == q && strcol(3) eq b ? ratio(q, b, strcol(4), x) : NaN
		plot for [i=2:words(bases)] data("bases") every ::1 \
			using (here(word(bases, i), $5)):(row(strcol(4))):(color(strcol(4))) \
			with points pt form(word(bases, i)) lw 1.5 ps 0.9 * dot lc rgb variable notitle, \
			for [i=2:words(bases)] data("bases") every ::1 \
			using (here(word(bases, i), $7 > $6 ? $6 : -1)):(row(strcol(4))): \
				(ratio(q, word(bases, i), strcol(4), $7 - $6)):(0) \
			with vectors @whisker notitle
		unset label
		unset arrow
	}
	unset xlabel
	set format x ""
	unset multiplot
	unset output
}
