# SPDX-License-Identifier: GPL-2.0-or-later
# compact.awk FIGURE.svg: the same picture in a half or less of the bytes. gnuplot
# writes a line of its own for each mark and two numbers for each step of a stair;
# a row of like marks becomes one path with that mark at each point (the path
# itself is not drawn), a level or upright step one number. Coordinates of lines and
# marks are to a tenth of a pixel.
BEGIN { RS = "<"; ORS = "" }

function near(value) { return sprintf("%.1f", value) + 0 }

# What gnuplot has is M and L with both coordinates, all absolute.
function shorter(path,	words, n, i, kind, at, x, y, x0, y0, last, out)
{
	n = split(path, words, /[ \t\n]+/)
	for (i = 1; i <= n; i++) {
		if (words[i] == "")
			continue
		kind = substr(words[i], 1, 1)
		if (kind !~ /[ML]/ || split(substr(words[i], 2), at, ",") != 2)
			return path
		x = near(at[1])
		y = near(at[2])
		if (kind == "M" || last == "")
			out = out "M" x "," y
		else if (x == x0 && y == y0 && last != "M")
			continue
		else if (y == y0)
			out = out "H" x
		else if (x == x0)
			out = out "V" y
		else
			out = out (last == "M" || last == "L" ? " " : "L") x "," y
		last = kind == "M" ? "M" : y == y0 ? "H" : x == x0 ? "V" : "L"
		x0 = x
		y0 = y
	}
	return out
}

# The marks that wait: one by one, or as the corners of a path.
function flush(	i, id)
{
	if (waiting > 3) {
		id = "mark" ++markers
		print "<marker id=\"" id "\" overflow=\"visible\" markerUnits=\"userSpaceOnUse\">"
		print "<" mark "/></marker>\n<path stroke=\"none\" d=\"M"
		for (i = 1; i <= waiting; i++)
			print (i > 1 ? " " : "") places[i]
		print "\" marker-start=\"url(#" id ")\" marker-mid=\"url(#" id ")\""
		print " marker-end=\"url(#" id ")\"/>\n"
	} else {
		for (i = 1; i <= waiting; i++)
			print "<" originals[i]
	}
	waiting = 0
}

NR == 1 { print; next }

/^use xlink:href="#gpPt[0-9]+" transform="translate\([-0-9.]+,[-0-9.]+\) scale/ {
	match($0, /translate\([-0-9.]+,[-0-9.]+\) /)
	split(substr($0, RSTART + 10, RLENGTH - 12), at, ",")
	this = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
	sub(/\/>[ \t\n]*$/, "", this)
	if (this != mark)
		flush()
	mark = this
	originals[++waiting] = $0
	places[waiting] = near(at[1]) "," near(at[2])
	next
}

{ flush() }

/^path / && match($0, / d="M[^"]*"/) && !/ id="/ {
	print "<" substr($0, 1, RSTART - 1) " d=\"" \
		shorter(substr($0, RSTART + 4, RLENGTH - 5)) "\"" \
		substr($0, RSTART + RLENGTH)
	next
}

{ print "<" $0 }
