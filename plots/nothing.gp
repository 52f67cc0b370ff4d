# SPDX-License-Identifier: GPL-2.0-or-later
# A figure of what was not measured: its heading, and words.
# In:  name   of the figure
#      title  what its heading would be

height = 140
eval tell(title, spot)
unset tics
unset border
unset grid
unset xlabel
unset ylabel
unset logscale
set xrange [1:2]
set yrange [1:2]
set label "not measured" at screen 0.5, screen 0.4 center
do for [type in types] {
	eval start(name, type)
	eval heading(title, spot)
	plot NaN notitle
	unset output
}
