#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # $ is sed's, jq's and sh's
# What pfnreport makes of damaged results: one line on stderr that names the file
# and what is wrong, the boot left out and listed, the rest reported. TAP.
set -euo pipefail
# shellcheck source=tests/cli/report-lib.sh
. "$(dirname "$0")/report-lib.sh"

# Root reads what it may not, unless it gives that up.
((EUID != 0)) || plainly=(setpriv "--bounding-set=-dac_override,-dac_read_search")

boot=6.12-eager/boot-2.jsonl
damaged=$boot
"$top/tests/cli/fake-run.sh" "$work/good" count huge-fault eager

# One line and no other, which is @start and whatever follows.
one_line() # start
{
	[[ $(wc -l <"$work/err") == 1 && $(<"$work/err") == "$1"* ]] &&
		! LC_ALL=C grep -q '[^ -~]' "$work/err" && return
	printf 'not one line of: %s\nbut:\n' "$1"
	cat "$work/err"
	return 1
}

# Nothing of the second boot of eager counts, all else does.
rest_is_reported()
{
	local left=$1

	grep -qF "left out: \`$left" "$run/REPORT.md" &&
		[[ $(awk -F '\t' 'NR > 1 { print $2, $7 }' "$run/summary.tsv" |
			sort -u | xargs) == "eager 1 huge-fault 2" ]]
}

is_left_out() # file what
{
	report 5 && one_line "pfnreport: $1:$2" &&
		[[ $(<"$work/err") == *": this boot is left out" ]] &&
		rest_is_reported "$1:$2"
}

# The first figure of line 2, a tally's value, becomes another text.
value() { sed "2s/\"tally\":\\[\\[[0-9]*,/\"tally\":[[$1,/"; }
# The nth line through jq.
line() { jq -c --argjson n "$1" "if input_line_number == \$n then $2 else . end"; }
repeat() { printf "%$2s" '' | sed "s/ /$1/g"; }
deep() { sed '$d' && repeat '[' 3000; }
long_text() { line 3 ".reason = \"$(repeat x 5000)\""; }

damage "a key twice" '2: not JSON: duplicate object key' \
	sed '2s/"status":"ok"/"status":"ok","status":"ok"/'
damage "a cell twice" '4: cell first-touch target=1af4:1110,length=64K' sed '3{p}'
damage "a phase twice" '3: phase mmap stands twice' line 3 '.phases += [.phases[0]]'
damage "no end" '43: no end record' sed '$d'
damage "the last line cut off" '43: not JSON' head -c -20
damage "cut off in the middle" '' head -c 20000
damage "an end too early" '3: end says 41 cells, the file has 1' sed -n '1,2p;$p'
damage "a record after the end" '44: a record after the end record' sed '$p'
damage "two environments" '2: a record of unknown type' sed '1p'
damage "no environment" '1: the first record is no environment' sed '1d'
damage "a line missing" '42: end says 41 cells, the file has 40' sed '5d'
damage "an empty line" '5: an empty line' sed '5s/.*//'
damage "another format" '1: format is not 1' line 1 '.format = 2'
damage "a format in quotes" '1: format is not 1' line 1 '.format = "1"'
damage "another version of a benchmark" ' first-touch is version 2, before it 1' \
	jq -c 'if .type == "cell" then .benchmark_version = 2 else . end'
damage "a type that is none" '2: a record of unknown type' line 2 '.type = "sell"'
damage "a number of 2^63" '2: a number is too large: too big integer' value 9223372036854775808
damage "a number of forty digits" '2: a number is too large' value "$(repeat 9 40)"
damage "1e400" '2: a number is too large: real number overflow' value 1e400
damage "NaN" '2: not JSON: invalid token' value NaN
damage "Infinity" '2: not JSON: invalid token' value Infinity
damage "a number below zero" '2: tally entry 0 is not [value >= 0' value -1
damage "a fraction" '2: tally entry 0 is not [value >= 0' value 2.5
damage "a whole number as a fraction" '2: tally entry 0 is not [value >= 0' value 2.0
damage "a number in quotes" '2: tally entry 0 is not [value >= 0' value '"7"'
damage "a tally out of order" '2: tally is not in ascending order' \
	line 2 '.phases[0].tally = [[2, 1], [1, 1]]'
damage "a value twice" '2: tally is not in ascending order' line 2 '.phases[0].tally = [[1, 1], [1, 1]]'
damage "a count of 0" '2: tally entry 0 is not' line 2 '.phases[0].tally = [[1, 0]]'
damage "more samples than can be counted" '2: tally has more than 2^53 samples' \
	sed '2s/"tally":\[\[\([0-9]*\),[0-9]*/"tally":[[\1,9223372036854775807/'
damage "pages below zero" '2: checks has no counts' line 2 '.checks.pages = -1'
damage "wrong pages in a cell that is ok" '2: a cell with wrong pages' line 2 '.checks.wrong = 1'
damage "seconds below zero" '43: end lacks cells, kernel_log or seconds' line 43 '.seconds = -1'
damage "a unit that is none" '2: phase mmap has an unknown unit' line 2 '.phases[0].unit = "ms"'
damage "another unit of time in a phase" '2: phase mmap is in ns, the boot in instructions' \
	line 2 '.phases[0].unit = "ns"'
damage "another unit in the boot" '1: unit is neither' line 1 '.unit = "us"'
damage "another unit than the run's" '1: unit is ns, the run' \
	jq -c 'if .unit then .unit = "ns" else . end | if .phases then
		.phases |= map(if .unit == "instructions" then .unit = "ns" else . end) else . end'
damage "a unit that was not checked" '1: unit_check does not show' line 1 '.unit_check.instructions = false'
damage "another base" '1: kernel is "7.3" "eager"' line 1 '.base = "7.3"'
damage "another variant" '1: kernel is "6.12" "huge-fault"' line 1 '.variant = "huge-fault"'
damage "another mode" '1: mode is "time", the run' line 1 '.mode = "time"'
damage "a kernel that complained" '43: kernel log has 1 lines, first: BUG' line 43 '.kernel_log = ["BUG"]'
damage "an empty file" '1: no end record' true
damage "only a newline" '1: an empty line' echo
damage "noise" '1: ' head -c 5000 "$pfnreport"
damage "zeros" '1: not JSON' head -c 5000 /dev/zero
damage "a NUL byte" '3: not JSON' sed '3s/ok/o\x00/'
damage "a NUL in a text" '3: not JSON: \u0000 is not allowed' sed '3s/"ok"/"o\\u0000k"/'
damage "invalid UTF-8" '3: not JSON: unable to decode byte 0xff' sed '3s/"ok"/"o\xffk"/'
damage "half a surrogate pair" '3: not JSON: invalid Unicode' sed '3s/"ok"/"\\ud800"/'
damage "escapes of a terminal" '3: not JSON' sed '3s/^/\x1b[31m/'
damage "3,000 brackets" '43: not JSON: maximum parsing depth' deep
damage "CR LF" '1: line ends in CR LF' sed 's/$/\r/'
damage "a byte-order mark" '1: begins with a byte-order mark' sed '1s/^/\xef\xbb\xbf/'
damage "UTF-16" '1: not JSON' iconv -t UTF-16LE
damage "a parameter with a space" '2: a parameter is no plain string' line 2 '.parameters.length = "1 G"'
damage "a parameter that is a number" '2: a parameter is no plain string' line 2 '.parameters.length = 7'
damage "a benchmark that is a path" '2: no benchmark or' line 2 '.benchmark = "../x"'
damage "a cell without a reason" '2: a cell is failed and says no reason' line 2 '.status = "failed"'
damage "a cell without phases" '2: a cell is ok and has no phases' line 2 '.phases = []'
damage "a key that moves the cursor" '1: a key is too long or has what cannot be printed' \
	line 1 '.machine += {"\u009b2J": 1}'
damage "a key of 5,000 bytes" '1: a key is too long' line 1 ".machine += {\"$(repeat x 5000)\": 1}"
damage "a text of 5,000 bytes" '3: a text is longer than 4096 bytes' long_text

# Limits, one more than each; those of sizes are below.
numbered() { printf '[range(%d) | {key: "p\(.)", value: %s}] | from_entries' "$1" "$2"; }
cells() { # number, jq-program
	sed -n 1p
	jq -nc --argjson n "$1" 'range($n) | {type: "cell", benchmark: "b",
		benchmark_version: 1, parameters: {length: "\(.)K"}, status: "skipped",
		reason: "x", phases: []}'" | $2"
}
spread() { # number of benchmarks
	cells "$1" '.benchmark += .parameters.length'
	printf '{"type":"end","cells":%d,"kernel_log":[],"seconds":1}\n' "$1"
}
damage "10,001 cells" '10002: more than 10000 cells' cells 10001 .
damage "65 benchmarks" ' the run has more than 64 benchmarks' spread 65
damage "17 parameters" '2: parameters is no object of at most 16' \
	line 2 ".parameters = ($(numbered 17 '"x"'))"
damage "65 phases" '2: phases is no array of at most 64' \
	line 2 '.phases = [.phases[0] + {name: "p\(range(65))"}]'
damage "129 counters" '2: counters is no object of at most 128' \
	line 2 ".phases[0].counters = ($(numbered 129 1))"
damage "a name of 65 bytes" '2: no benchmark or' line 2 ".benchmark = \"$(repeat x 65)\""
damage "an event of 129 bytes" '2: a counter has no usable name' \
	line 2 ".phases[0].counters = {\"$(repeat x 129)\": 1}"

replace "a FIFO" ' not a regular file' mkfifo
replace "a folder" ' not a regular file' mkdir
replace "a device" ' not a regular file' ln -s /dev/zero
replace "a link to itself" ' Too many levels of symbolic links' ln -s boot-2.jsonl
replace "a link to nothing" ' No such file or directory' ln -s nowhere
replace "a file of 300 MiB" ' file is larger than 256 MiB' truncate -s 300M
replace "a line of 20 MiB" '1: line is longer than 16 MiB' truncate -s 20M

unreadable()
{
	fresh
	chmod 0 "$run/$boot"
	is_left_out "$boot" ' Permission denied'
}
check "a file that may not be read" unreadable

# Files that stand for a boot that failed.
broken() # jq-program what
{
	fresh
	rm "$run/$boot"
	jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager", boot: 2,
		reason: "panic", attempts: 2, console_tail: ["x"]}'" | $1" \
		>"$run/6.12-eager/boot-2.broken.json"
	is_left_out 6.12-eager/boot-2.broken.json "$2"
}
check "a broken boot of another kernel" broken '.base = "7.3"' ' kernel is "7.3" "eager"'
check "a broken boot of another number" broken '.boot = 3' ' boot is not 2'
check "a broken boot of another format" broken '.format = 2' ' format is not 1'
check "a broken boot that is none" broken '.type = "cell"' ' type is not broken'
check "a broken boot without a reason" broken 'del(.reason)' ' no reason'
check "a broken boot, attempts below zero" broken '.attempts = -1' ' no reason or no count'
check "a broken boot with numbers for lines" broken '.console_tail = [7]' ' console_tail is no array'
check "a broken boot that is cut off" broken '"x" | halt_error' '1: not JSON'

good_and_broken()
{
	fresh
	jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager", boot: 2,
		reason: "panic", attempts: 2, console_tail: []}' >"$run/6.12-eager/boot-2.broken.json"
	is_left_out "$boot" ' stands beside a broken.json'
}
check "a boot that is good and broken" good_and_broken

no_folder()
{
	fresh
	rm -r "$run/6.12-eager"
	touch "$run/6.12-eager"
	report 5 && one_line "pfnreport: 6.12-eager: Not a directory: this boot is left out"
}
check "a file in the place of a folder" no_folder

# Names that no boot has are nobody's business, however many there are.
strangers()
{
	fresh
	touch "$run/6.12-eager/"{boot-.jsonl,boot-0.jsonl,boot-01.jsonl,boot-1.jsonl~,boot-123456.jsonl,x}
	report 0 && [[ ! -s $work/err ]]
}
check "other files are passed over" strangers

too_many_boots()
{
	local i

	fresh
	for ((i = 3; i <= 1001; i++)); do
		ln "$run/6.12-eager/boot-1.jsonl" "$run/6.12-eager/boot-$i.jsonl"
	done
	report 5 && one_line "pfnreport: 6.12-eager: more than 1000 boots, the last 1" &&
		[[ $(awk -F '\t' '$2 == "eager" { print $7 }' "$run/summary.tsv" | sort -u) == 1000 ]]
}
check "more boots than 1,000" too_many_boots

# What makes a whole folder unusable: one line, status 2, nothing written.
bad_run() # jq-program what
{
	fresh
	jq "$1" "$work/good/run.json" >"$run/run.json"
	report 2 && one_line "pfnreport: $run: run.json:$2" && [[ ! -e $run/REPORT.md ]]
}
check "run.json that is empty" bad_run 'empty' '1: not JSON'
check "run.json that is an array" bad_run '[.]' ' not a JSON object'
check "run.json of another format" bad_run '.format = 2' ' format is not 1'
check "run.json of another mode" bad_run '.mode = "guess"' ' mode is neither count nor time'
check "run.json without bases" bad_run 'del(.bases)' ' no array bases'
check "run.json with a base twice" bad_run '.bases += .bases' ' bases: 6.12 stands twice'
check "run.json with a variant twice" bad_run '.variants += ["eager"]' ' variants: eager stands twice'
check "run.json with a path for a variant" bad_run '.variants[0] = "../x"' ' variants: [0] is no name'
check "run.json with a number for a variant" bad_run '.variants[1] = 7' ' variants: [1] is no name'
check "run.json with 17 bases" bad_run '.bases = [range(17) | tostring]' ' more than 16 bases'
check "run.json with 65 variants" bad_run '.variants = [range(65) | tostring]' ' more than 64 variants'
check "run.json with 257 kernels" bad_run '.bases = [range(5) | tostring] |
	.variants = [range(52) | tostring]' ' more than 256 kernels'
check "run.json with boots below zero" bad_run '.boots = -1' ' boots is no count of at most 1000'
check "run.json with too many boots" bad_run '.boots = 1e6' ' boots is no count of at most 1000'
check "run.json with a long text" bad_run ".plan = \"$(repeat x 5000)\"" ' a text is longer than 4096 bytes'

# What a reader copies from a report goes into a shell.
harmless()
{
	fresh
	jq '.plan = "smoke; reboot" | .run = "$(reboot)" | .events = "x`reboot`" |
		.program.git = "[x](https://example.org) && reboot"' "$work/good/run.json" >"$run/run.json"
	report 0 && [[ ! -s $work/err ]] &&
		! grep -E '^(    |  )?(make|build/)' "$run/REPORT.md" "$run/report.txt" | grep reboot &&
		! grep -F "In pfnbench's tree at" "$run/REPORT.md" &&
		grep -qx 'make bench PLAN=PLAN' "$run/REPORT.md"
}
check "run.json with commands in its names" harmless

run_replaced() # what command...
{
	local what=$1

	shift
	fresh
	rm "$run/run.json"
	"$@" "$run/run.json"
	report 2 && one_line "pfnreport: $run: run.json: $what"
}
check "run.json that is a FIFO" run_replaced 'not a regular file' mkfifo
check "run.json of 20 MiB" run_replaced 'file is larger than 16 MiB' truncate -s 20M
check "run.json that is missing" run_replaced 'No such file or directory' rm -f
check "run.json that takes too much memory" run_replaced 'takes more than 192 MiB of memory as JSON' \
	sh -c 'printf "[" >"$1" && yes "[]," | head -c 15000000 >>"$1"' sh

# torture.json: the report stands, and says that it is left out.
torture() # what command...
{
	local what=$1

	shift
	fresh
	"$@" "$run/torture.json"
	report 0 && one_line "pfnreport: torture.json is left out: $what" &&
		grep -qF "torture.json is left out: \`$what" "$run/REPORT.md"
}
guests() { jq -n "{format: 1, guests: [$1]}" >"$2"; }
guest='{base: "6.12", variant: "eager", config: "debug", source_sha256: "s", series_sha256: "p",
	seconds: 1, operations: 1, tests: {passed: 1, failed: 0, skipped: 0},
	failures: [], other_races: []}'
check "torture.json that is empty" torture '1: not JSON' touch
check "torture.json that is a FIFO" torture 'not a regular file' mkfifo
check "torture.json, a link to nothing" torture 'No such file or directory' ln -s nowhere
check "torture.json with huge counts" torture 'guest 0: seconds or operations' \
	guests "$guest | .operations = 9e18"
check "torture.json with a guest twice" torture 'guest 1 is there twice' guests "$guest, $guest"
check "torture.json with 1,025 guests" torture 'more than 1024 guests' \
	guests "range(1025) as \$i | $guest | .config = \"c\\(\$i)\""

end_tests
