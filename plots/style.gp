# SPDX-License-Identifier: GPL-2.0-or-later
# What the figures share. A variant has one colour (Okabe and Ito's, which the
# colour-blind can tell apart), one dash and one point, the same everywhere;
# dash and point are enough in black and white.
#
# In:  dir     the folder of the data, e.g. 'results/RUN/plots'
#      suffix  '' or '-BASE', for a run with several bases
# Out: base, unit, length, target, align   what facts.tsv says
#      variants                            their names, separated by spaces
#      style(name)                         the line style of a variant

if (!exists("dir")) { print "plots: dir is not set: gnuplot -e \"dir='RUN/plots'\""; exit status 2 }
if (!exists("suffix")) { suffix = "" }
data(name) = dir . "/" . name . suffix . ".tsv"
figure(name, type) = dir . "/" . name . suffix . "." . type

set datafile separator "\t"
set encoding utf8
set minussign
set decimalsign "."

base = ""; unit = ""; length = ""; target = ""; align = ""
take(key, value) = \
	key eq "base" ? (base = value, 0) : \
	key eq "unit" ? (unit = value, 0) : \
	key eq "length" ? (length = value, 0) : \
	key eq "target" ? (target = value, 0) : \
	key eq "align" ? (align = value, 0) : 0
stats data("facts") every ::1 using (take(strcol(1), strcol(2))) nooutput

variants = ""
stats data("variants") every ::1 \
	using (variants = variants . " " . strcol(2), 0) nooutput

style(name) = name eq "base" ? 1 : name eq "huge-fault" ? 2 : \
	name eq "insert-pfn" ? 3 : name eq "insert-vma" ? 4 : \
	name eq "write-lock" ? 5 : name eq "eager" ? 6 : \
	name eq "eager-huge" ? 7 : 8

# base is drawn wide and pale, so that huge-fault on top of it leaves it visible.
set style line 1 lc rgb "#999999" lw 5   dt 1        pt 4  ps 1.5
set style line 2 lc rgb "#0072b2" lw 2   dt 1        pt 5  ps 0.8
set style line 3 lc rgb "#e69f00" lw 2   dt 1        pt 7  ps 0.9
set style line 4 lc rgb "#56b4e9" lw 2   dt (8,4)    pt 6  ps 2.4
set style line 5 lc rgb "#d55e00" lw 4   dt (1,2)    pt 10 ps 2.0
set style line 6 lc rgb "#009e73" lw 2   dt (10,3,2,3) pt 9 ps 0.9
set style line 7 lc rgb "#cc79a7" lw 2   dt (5,3)    pt 12 ps 1.6
set style line 8 lc rgb "#000000" lw 2   dt (1,2)    pt 2  ps 1.0

set style line 100 lc rgb "#dddddd" lw 0.7 dt 1
set grid back linestyle 100
set border 3 lc rgb "#444444"
set tics nomirror out textcolor rgb "#222222"

svg = "svg noenhanced font 'sans-serif,12' background '#ffffff'"
png = "pngcairo noenhanced font 'DejaVu Sans,10' background '#ffffff'"

# Powers of ten of the unit: 100, 1 k, 10 k, ... 1000 M; "1G" is left to bytes.
amount_tics(axis) = sprintf("set %stics add (", axis) . amounts . ")"
amounts = "'1' 1"
do for [i=1:12] {
	amounts = amounts . sprintf(",'%.0f%s' %.0f", \
		10.0 ** (i < 3 ? i : i < 6 ? i - 3 : i - 6), \
		i < 3 ? "" : i < 6 ? " k" : " M", 10.0 ** i)
}

# A length in bytes as the parameters write it: 4K, 2M, 1G.
length_label(b) = b >= 2.0**30 && b == 2.0**30 * floor(b / 2.0**30) ? sprintf("%.0fG", b / 2.0**30) : \
	b >= 2.0**20 && b == 2.0**20 * floor(b / 2.0**20) ? sprintf("%.0fM", b / 2.0**20) : \
	sprintf("%.0fK", b / 2.0**10)
