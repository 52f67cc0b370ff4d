#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# html.sh: report.html is well formed, needs no other file and no script, cannot
# be broken out of, and reads well in a browser: on a telephone, on a desk, in the
# dark. TAP.
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-html.XXXXXX")
trap 'rm -rf "$work"' EXIT
page=$work/run/report.html

# A run of two bases, in which whatever may be text wants to be more.
make_run()
{
	local boot=$work/run/6.12-eager/boot-1.jsonl bad

	bad='<script>document.title = "out"<\/script><img src=x onerror="alert(1)">'
	FAKE_BASES="6.12 7.3" "$top/tests/cli/fake-run.sh" "$work/run"
	jq --arg bad "$bad" '.guest_command_line = $bad | .qemu.version = $bad
		| .qemu.arguments += ["--]]></style></pre>", "&amp;\u001b[31m"]
		| .host.cpu = "[x](javascript:alert(1)) `</code>`"
		| .program.version = "1 <b> é \u202e"' \
		"$work/run/run.json" >"$work/run.json"
	mv "$work/run.json" "$work/run/run.json"
	jq -c --arg bad "$bad" 'if .benchmark == "first-touch" and
			.parameters.length == "64K"
		then .status = "failed" | .reason = "\"'"'"'>\($bad)" else . end' \
		"$boot" >"$work/boot"
	mv "$work/boot" "$boot"
}

analyse() # options...
{
	local code=0

	"$pfnreport" "$@" "$work/run" || code=$?
	((code == 5))
}

# How many nodes of the page an XPath expression finds.
nodes() # expression
{
	xmllint --xpath "count($1)" "$page"
}
none() # expression
{
	[[ $(nodes "$1") == 0 ]] || { xmllint --xpath "$1" "$page" && return 1; }
}
el() # name: any namespace
{
	printf "//*[local-name()='%s']" "$1"
}

# The marks of a figure are in the figure itself.
loads_nothing()
{
	none "$(el script)" && none "$(el link)" && none "$(el iframe)" &&
		none "$(el base)" && none "$(el object)" && none "$(el form)" &&
		none "//@*[starts-with(name(), 'on')]" && none "//@style" &&
		none "//@src[not(starts-with(., 'data:image/svg+xml,'))]" &&
		none "//@href[not(starts-with(., '#'))]" && none "//@srcset" &&
		! sed 's/url(%23mark[0-9]*)//g' "$page" |
			grep -nE 'url\(|@import|expression\(' | cut -c1-200
}
links_lead_somewhere()
{
	[[ $(nodes "$(el nav)//@href") -gt 10 ]] &&
		none "//@href[not(substring(., 2) = //@id)]" &&
		none "//@id[. = ../preceding::*/@id]"
}
# One h1, and no level that is skipped on the way down.
headings_are_in_order()
{
	grep -oE '<h[1-6] ' "$page" | tr -d '<h ' |
		awk 'NR == 1 && $1 != 1 || NR > 1 && ($1 == 1 || $1 > last + 1) {
				print "heading", NR; bad = 1
			} { last = $1 } END { exit bad || !NR }'
}
is_accessible()
{
	[[ $(xmllint --xpath "string(/*/@lang)" "$page") == en ]] &&
		[[ -n $(xmllint --xpath "string($(el title))" "$page") ]] &&
		none "$(el img)[string-length(@alt) < 10]" &&
		none "$(el table)[not(*[local-name()='caption'][string-length(.) > 3])]" &&
		none "$(el th)[not(@scope)]" &&
		none "$(el thead)//*[local-name()='td']" &&
		none "$(el tr)[not(*[local-name()='th'])]"
}

# What stands in the cells of all tables, in order: of the page, of REPORT.md.
cells_of_page()
{
	grep -E '^<tr>' "$page" |
		sed -E 's/<t[hd][^>]*>/\t/g; s/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g
			s/&quot;/"/g; s/&#39;/'"'"'/g; s/&amp;/\&/g'
}
cells_of_markdown()
{
	grep -E '^\|' "$work/run/REPORT.md" | grep -vE '^(\|:?-+:?)+\|$' |
		sed -E 's/^\| //; s/ \|$//; s/ \| /\t/g; s/^/\t/; s/\\(.)/\1/g; s/`//g'
}
same_cells() { diff <(cells_of_page) <(cells_of_markdown); }
same_shape()
{
	local markdown=$work/run/REPORT.md level

	for level in 1 2 3 4; do
		[[ $(nodes "$(el "h$level")") == $(grep -cE "^#{$level} " "$markdown") ]]
	done
	[[ $(nodes "$(el table)") == $(grep -cE '^(\|:?-+:?)+\|$' "$markdown") ]] &&
		[[ $(nodes "$(el img)") == $(grep -c '^!\[' "$markdown") ]]
}

# The figures that lack are named; then they are drawn, and are there.
figures_lack()
{
	[[ $(nodes "$(el img)") == 0 ]] &&
		(($(grep -c '<p class="missing">Not drawn: .*plots/draw.sh' "$page") ==
			$(grep -c '^!\[' "$work/run/REPORT.md")))
}
figures_come()
{
	"$top/plots/draw.sh" "$work/run" && analyse --html && none "//*[@class='missing']"
}
# The page of other data has no old figures.
old_figures_go()
{
	cp -r "$work/run" "$work/other"
	sed -i 's/"first-touch","unit":"instructions","tally":\[\[\([0-9]*\),/&1\1,1],[9&/' \
		"$work/other/6.12-eager/boot-2.jsonl"
	rm "$work/other/6.12-eager"/boot-*.jsonl
	"$pfnreport" "$work/other" || (($? == 5)) || return 1
	! grep -q '<img' "$work/other/report.html" &&
		! compgen -G "$work/other/plots/*.svg"
}
# Outside of `code`, nothing starts an element.
# shellcheck disable=SC2016 # sed's backticks
markdown_has_no_elements()
{
	! sed 's/`[^`]*`//g' "$work/run/REPORT.md" | grep -nE '(^|[^\\])<'
}
is_small() { (($(stat -c %s "$page") < 4 << 20)); }

check "a run is made" make_run
check "it is analysed" analyse
check "without figures, the page names them" figures_lack
check "drawn, they are in the page" figures_come
check "it is well formed" xmllint --noout "$page"
check "it loads nothing and runs nothing" loads_nothing
check "its links lead to a place in it" links_lead_somewhere
check "its headings are in order" headings_are_in_order
check "language, title, captions, scopes and texts for images" is_accessible
check "headings, tables and figures are those of REPORT.md" same_shape
check "tables have the cells of REPORT.md" same_cells
check "it is under 4 MiB" is_small
check "figures of other data are removed" old_figures_go
try grep -c '&lt;script&gt;document.title' "$page"
expect "values that are scripts are text" 0 '^[1-9]'
check "in REPORT.md too" markdown_has_no_elements

# Loads a page and prints it as the browser has it; what it logs goes to stderr.
browse() # page options...
{
	local file=$1

	shift
	HOME=$work timeout 60 "$browser" --no-sandbox --disable-gpu --no-first-run \
		--disable-extensions --enable-logging=stderr --user-data-dir="$work/browser" \
		--virtual-time-budget=2000 "$@" --dump-dom "file://$file"
}

# A copy that looks at itself and leaves what it saw, a line each, in #seen.
# shellcheck disable=SC2016 # the script's own $
spy='
var seen = [], errors = [];
function say(name, value) { seen.push(name + " " + value); }
addEventListener("error", function (e) { errors.push(e.message || e.target.outerHTML.slice(0, 80)); }, true);
function channel(c) { c /= 255; return c <= .03928 ? c / 12.92 : Math.pow((c + .055) / 1.055, 2.4); }
function rgb(text) { return text.match(/[\d.]+/g).map(Number); }
function light(c) { return .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]); }
function ground(e) {
	for (; e; e = e.parentElement) {
		var c = rgb(getComputedStyle(e).backgroundColor);
		if (c.length < 4 || c[3] > 0) return c;
	}
	return [255, 255, 255];
}
function contrast(e) {
	var a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
	return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
}
function has_text(e) {
	return Array.prototype.some.call(e.childNodes, function (n) { return n.nodeType == 3 && n.data.trim(); });
}
addEventListener("load", function () {
	var all = Array.from(document.body.querySelectorAll("*"));
	var root = document.documentElement, images = Array.from(document.images), worst = 99, where = "";
	all.filter(has_text).forEach(function (e) {
		var c = contrast(e);
		if (c < worst) { worst = c; where = e.tagName; }
	});
	say("width", innerWidth);
	say("overflow", Math.max(root.scrollWidth, document.body.scrollWidth) - innerWidth);
	say("outside", all.filter(function (e) {
		return !e.closest(".scroll, figure, pre, nav") && e.getBoundingClientRect().right > innerWidth + 1;
	}).length);
	say("scrolling", all.filter(function (e) { return e.matches(".scroll") && e.scrollWidth > e.clientWidth; }).length > 0);
	say("images", images.filter(function (i) { return i.complete && i.naturalWidth > 100; }).length);
	say("contrast", worst.toFixed(2) + " " + where);
	say("page", light(ground(document.body)).toFixed(2));
	say("text", light(rgb(getComputedStyle(document.body).color)).toFixed(2));
	say("card", light(ground(document.querySelector("figcaption"))).toFixed(2));
	say("sticky", getComputedStyle(document.querySelector("tbody th")).position);
	say("numbers", Array.from(document.querySelectorAll("td")).every(function (e) {
		return getComputedStyle(e).textAlign == "right" && getComputedStyle(e).fontVariantNumeric == "tabular-nums";
	}));
	say("headings", document.querySelectorAll("h1, h2, h3, h4").length);
	say("tables", document.querySelectorAll("table").length);
	say("rows", document.querySelectorAll("tr").length);
	say("loaded", performance.getEntriesByType("resource").filter(function (r) { return !/^data:/.test(r.name); }).length);
	say("scripts", document.scripts.length);
	say("title", document.title);
	say("errors", errors.length + " " + errors.join("; "));
	document.body.innerHTML = "";
	var pre = document.createElement("pre");
	pre.textContent = "\nSEEN " + seen.join("\nSEEN ") + "\n";
	document.body.appendChild(pre);
});
'
make_spy() # page copy
{
	printf '%s\n' "$spy" >"$work/spy"
	sed -e '/http-equiv="Content-Security-Policy"/d' \
		-e "/^<style>/{
			i <script>
			r $work/spy
			N
		}" "$1" | sed '0,/^<style>/s//<\/script>\n&/' >"$2"
}

look() # name options...: leaves what the copy saw in $seen
{
	local name=$1

	shift
	browse "$work/spy.html" "$@" >"$work/$name.dom" 2>"$work/$name.log" || return 1
	sed -n 's/^.*SEEN //p' "$work/$name.dom" | sed 's/&lt;/</g' >"$work/$name.seen"
	[[ -s $work/$name.seen ]]
}

saw() # name line...: each must be among what was seen
{
	local name=$1 line

	shift
	for line; do
		grep -qE "^$line\$" "$work/$name.seen" ||
			{ echo "not seen: $line" && cat "$work/$name.seen" && return 1; }
	done
}

# At most 4.5 to 1 is too faint.
contrast_of() # name
{
	awk '$1 == "contrast" { print; exit $2 < 4.5 }' "$work/$1.seen"
}

in_browser()
{
	local figures

	figures=$(nodes "$(el img)")
	try browse "$page" --window-size=1440,900
	expect "the browser shows it" 0 '</html>'
	try grep -F CONSOLE <<<"$output"
	expect "with nothing to complain of" 1 '^$'

	make_spy "$page" "$work/spy.html"
	check "on a telephone of 360 pixels" look phone --window-size=360,780
	check "nothing is wider than that" saw phone "width 360" "overflow (0|-.*)" "outside 0"
	check "tables scroll in their own boxes, the first column stays" saw phone \
		"scrolling true" "sticky sticky" "numbers true"
	check "every figure is decoded" saw phone "images $figures"
	check "nothing else is loaded, and no script is but ours" saw phone "loaded 0" \
		"scripts 1" "errors 0 " "title pfnbench: .*"
	check "headings, tables and rows are all there" saw phone \
		"headings $(grep -cE '^#{1,4} ' "$work/run/REPORT.md")" \
		"tables $(nodes "$(el table)")" "rows $(nodes "$(el tr)")"
	check "text is dark on white" saw phone "page 1.00" "text 0.0[0-9]"
	check "and never faint" contrast_of phone

	check "on a desk, in the dark" look dark --window-size=1440,900 \
		--blink-settings=preferredColorScheme=0
	check "text is light on dark, figures stay on white" saw dark "page 0.0[0-9]" \
		"text 0.[789].*" "card 1.00" "overflow (0|-.*)" "images $figures"
	check "and never faint there" contrast_of dark

	# What if a value did get out of its quotes?
	sed 's|</main>|<script>document.title = "out"</script>&|' "$page" >"$work/out.html"
	try browse "$work/out.html"
	expect "a script that got into the page does not run" 0 '<title>pfnbench: '
	expect "because the page forbids it" 0 'CONSOLE.*Content Security Policy'
}

browser=$(command -v chromium-headless-shell || command -v chromium || true)
printf '<!DOCTYPE html><title>t</title><p>seen</p>' >"$work/blank.html"
if [[ -z $browser ]]; then
	skip "the page in a browser" "no chromium-headless-shell here"
elif ! browse "$work/blank.html" 2>"$work/blank.log" | grep -q '<p>seen'; then
	skip "the page in a browser" "$browser shows nothing here: $(tail -n 1 "$work/blank.log")"
else
	in_browser
fi

end_tests
