# SPDX-License-Identifier: GPL-2.0-or-later
# What the figures share. A variant has one colour (Okabe and Ito's, which the
# colour-blind can tell apart), one dash and one point, the same everywhere;
# dash and point are enough in black and white. Each figure prints its title and
# what stands below it to stdout, for draw.sh.
#
# In:  dir     the folder of the data, e.g. 'results/RUN/plots'
#      suffix  '' or '-BASE', for a run with several bases
# Out: base, unit, boots, length, target, align   what facts.tsv says
#      spot                                these in words
#      variants, count                     their names, separated by spaces
#      style(name)                         the line style of a variant

if (!exists("dir")) { print "plots: dir is not set: gnuplot -e \"dir='RUN/plots'\""; exit status 2 }
if (!exists("suffix")) { suffix = "" }
data(name) = dir . "/" . name . suffix . ".tsv"
figure(name, type) = dir . "/" . name . suffix . "." . type

set datafile separator "\t"
set encoding utf8
set minussign
set decimalsign "."

base = ""; unit = ""; boots = 0; length = ""; target = ""; align = ""
take(key, value) = \
	key eq "base" ? (base = value, 0) : \
	key eq "unit" ? (unit = value, 0) : \
	key eq "boots" ? (boots = int(value), 0) : \
	key eq "length" ? (length = value, 0) : \
	key eq "target" ? (target = value, 0) : \
	key eq "align" ? (align = value, 0) : 0
stats data("facts") every ::1 using (take(strcol(1), strcol(2))) nooutput

spot = strlen(target) ? sprintf("%s, %s, aligned to %s", base, target, align) : base

variants = ""
stats data("variants") every ::1 \
	using (variants = variants . " " . strcol(2), 0) nooutput
count = words(variants)
place(v) = sum [i=1:count] (word(variants, i) eq v ? i : 0)

style(name) = name eq "base" ? 1 : name eq "huge-fault" ? 2 : \
	name eq "insert-pfn" ? 3 : name eq "insert-vma" ? 4 : \
	name eq "write-lock" ? 5 : name eq "eager" ? 6 : \
	name eq "eager-huge" ? 7 : 8

# The same colour and shape for points whose variants come from one column.
color(name) = int(word("0x999999 0x0072b2 0xe69f00 0x56b4e9 0xd55e00 0x009e73 0xcc79a7 0x000000", style(name)))
shape(name) = int(word("4 5 7 6 10 9 12 2", style(name)))

# base is drawn wide and pale, so that huge-fault on top of it leaves it visible.
# An SVG's points are larger than a PNG's of the same size, and its labels stand
# higher beside them: dot and drop make up for it.
lines = \
	"set style line 1 lc rgb '#999999' lw 5 dt 1 pt 4 ps 1.5 * dot; " . \
	"set style line 2 lc rgb '#0072b2' lw 2 dt 1 pt 5 ps 0.8 * dot; " . \
	"set style line 3 lc rgb '#e69f00' lw 2 dt 1 pt 7 ps 0.9 * dot; " . \
	"set style line 4 lc rgb '#56b4e9' lw 2 dt (8,4) pt 6 ps 2.4 * dot; " . \
	"set style line 5 lc rgb '#d55e00' lw 4 dt (1,2) pt 10 ps 2.0 * dot; " . \
	"set style line 6 lc rgb '#009e73' lw 2 dt (10,3,2,3) pt 9 ps 0.9 * dot; " . \
	"set style line 7 lc rgb '#cc79a7' lw 2 dt (5,3) pt 12 ps 1.6 * dot; " . \
	"set style line 8 lc rgb '#000000' lw 2 dt (1,2) pt 2 ps 1.0 * dot; "
dot = 1
eval lines

set style line 100 lc rgb "#dddddd" lw 0.7 dt 1
set style line 101 lc rgb "#888888" lw 0.8 dt 1
# From the least boot to the most, drawn as a vector (gnuplot's error bars erase what
# is below them).
whisker = 'heads size screen 0.004,90 lc rgb "#222222" lw 1.2'
set grid back linestyle 100
set border 3 lw 0.8 lc rgb "#444444"
set tics nomirror out textcolor rgb "#222222"
unset key

# A figure's file is opened at its size in pixels. In SVG a font is of pixels, in
# PNG of points.
svg = "svg noenhanced font 'sans-serif,12' background '#ffffff'"
png = "pngcairo noenhanced font 'DejaVu Sans,9' background '#ffffff'"
types = "svg png"
start(name, type) = "set terminal " . (type eq "svg" ? svg : png) . \
	sprintf(" size %d,%d; set output '%s'; ", width, height, \
		figure(name, type)) . \
	sprintf("bold = '%s'; small = ',%d'; ", \
		type eq "svg" ? "sans-serif:Bold,12" : "DejaVu Sans:Bold,9", \
		type eq "svg" ? 10 : 8) . \
	sprintf("dot = %.2f; drop = %.2f; ", type eq "svg" ? 0.7 : 1, type eq "svg" ? -0.25 : 0) . lines
width = 860
height = 480
# Pixels from the top or the left, as parts of the page.
down(y) = 1.0 - real(y) / height
across(x) = real(x) / width

# A value with three digits: 3213, 41.2 k, 1.31 M; thousands of M stay M.
digits(v) = v < 9.995 ? sprintf("%.2f", v) : v < 99.95 ? sprintf("%.1f", v) : sprintf("%.0f", v)
# 262144 as 262,144.
grouped(n) = n < 1e3 ? sprintf("%.0f", n) : n < 1e6 ? \
	sprintf("%.0f,%03.0f", floor(n / 1e3), n - 1e3 * floor(n / 1e3)) : \
	sprintf("%.0f,%03.0f,%03.0f", floor(n / 1e6), \
		floor(n / 1e3) - 1e3 * floor(n / 1e6), n - 1e3 * floor(n / 1e3))
amount(v) = v < 1e4 ? sprintf("%.0f", v) : v < 999500 ? digits(v / 1e3) . " k" : \
	digits(v / 1e6) . " M"
Unit = unit eq "instructions" ? "Instructions" : "Nanoseconds"

# What a whisker is. @apart: how many values of the figure boots differ in.
exactness(apart) = boots < 2 ? "one boot" : \
	!apart ? sprintf("exact: %d boots agree to the digit", boots) : \
	sprintf("whiskers, where boots differ: least to most of %d", boots)

# Title and what stands below it, at the top left; 50 pixels of the page.
heading(title, more) = sprintf("set label 901 '%s' at screen %f, screen %f left font bold textcolor rgb '#111111'; ", \
		title, across(12), down(16)) . \
	sprintf("set label 902 '%s' at screen %f, screen %f left textcolor rgb '#555555'; ", \
		more, across(12), down(35))
tell(title, more) = sprintf("set print '-'; print '%s'; print '%s'; set print", title, more)

# Powers of ten of the unit: 100, 1 k, 10 k, ... 1000 M; "1G" is left to bytes.
amount_tics(axis) = sprintf("set %stics (", axis) . amounts . ")"
amounts = "'1' 1"
do for [i=1:12] {
	amounts = amounts . sprintf(",'%.0f%s' %.0f", \
		10.0 ** (i < 3 ? i : i < 6 ? i - 3 : i - 6), \
		i < 3 ? "" : i < 6 ? " k" : " M", 10.0 ** i)
}
# A hair beyond the power of ten, so that its tic is not lost at the edge.
decade_below(v) = 0.9999 * 10.0 ** floor(log10(v > 1 ? v : 1) + 1e-9)
decade_above(v) = 1.0001 * 10.0 ** ceil(log10(v > 1 ? v : 1) - 1e-9)

# A length in bytes as the parameters write it: 4K, 2M, 1G.
length_label(b) = b >= 2.0**30 && b == 2.0**30 * floor(b / 2.0**30) ? sprintf("%.0fG", b / 2.0**30) : \
	b >= 2.0**20 && b == 2.0**20 * floor(b / 2.0**20) ? sprintf("%.0fM", b / 2.0**20) : \
	sprintf("%.0fK", b / 2.0**10)
# 16M in words: 16 MiB.
size_words(s) = strlen(s) < 2 ? s : s[1:strlen(s)-1] . " " . s[strlen(s):] . "iB"
