# SPDX-License-Identifier: GPL-2.0-or-later
# Labels at the ends of lines, none on top of another: each stays as near to its
# line, and inside the panel, as the others let it.
# In:  at[1:count]  where a line ends, as a part of the panel's height; below 0:
#                   there is none
#      room         the least distance of two labels, in the same measure
# Out: put[1:count] where its label goes

array put[count]
array turn[count]
ends = 0
do for [i=1:count] {
	put[i] = at[i]
	if (at[i] >= 0) {
		ends = ends + 1
		turn[ends] = i
	}
}
# By height, those of the same in the variants' order from the top.
do for [pass=1:ends] {
	do for [i=1:ends-1] {
		if (at[turn[i]] > at[turn[i+1]] || \
		    (at[turn[i]] == at[turn[i+1]] && turn[i] < turn[i+1])) {
			swap = turn[i]
			turn[i] = turn[i+1]
			turn[i+1] = swap
		}
	}
}
do for [pass=1:200] {
	if (ends && put[turn[ends]] > 1) { put[turn[ends]] = 1 }
	if (ends && put[turn[1]] < 0) { put[turn[1]] = 0 }
	do for [i=1:ends-1] {
		lack = room - (put[turn[i+1]] - put[turn[i]])
		if (lack > 1e-6) {
			put[turn[i]] = put[turn[i]] - lack / 2
			put[turn[i+1]] = put[turn[i+1]] + lack / 2
		}
	}
}
