#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What pfnreport makes of runs on lab hosts, on made-up ones: rounds of one boot
# give no verdict between kernels, times of an emulation are no figures, a kernel
# that is not ours has a name, and several hosts stand side by side.
# shellcheck disable=SC2016 # $x and the like are jq's
# shellcheck disable=SC2317 # functions are called by their names, through check
set -euo pipefail

# shellcheck source=tests/cli/tap.sh
. "$(dirname "$0")/tap.sh"
pfnreport=${BUILD:-$top/build}/pfnreport
work=$(mktemp -d "${TMPDIR:-/tmp}/pfnbench-hosts.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fake() { "$top/tests/cli/fake-run.sh" "$@"; }
copy() { rm -rf "$2" && cp -r "$1" "$2"; }
run_json() # run jq-program
{
	jq "$2" "$1/run.json" >"$1/run.json.new"
	mv "$1/run.json.new" "$1/run.json"
}
environments() # run jq-program
{
	local file

	for file in "$1"/*/boot-*.jsonl; do
		jq -c "if .type == \"environment\" then $2 else . end" "$file" >"$file.new"
		mv "$file.new" "$file"
	done
}

# A run of a lab host, of what fake-run.sh makes.
on_host() # run name replicate
{
	run_json "$1" 'del(.qemu, .guest_command_line, .kernels[].source, .kernels[].source_sha256,
			.kernels[].image_sha256)
		| .replicate = "'"$3"'" | .plan = "host" | .write = false | .range = ""
		| .host += {name: "'"$2"'", boot_id: "b"}
		| .device = {address: "0000:65:00.0", id: "10de:20b0", reset_methods: "flr bus",
			bars: [{index: 0, size: 256, flags: "0x40200"},
				{index: 1, size: 16777216, flags: "0x40200"},
				{index: 2, size: 68719476736, flags: "0x14220c"}]}
		| .kernels[] += {release: "6.12.48-x", build_id: "4a5a", known: true, boot_ids: ["b"]}'
	environments "$1" '.machine.hypervisor = "none"'
}
report() # run; its REPORT.md is $flat, with one space for any
{
	status=0
	"$pfnreport" "$1" >said 2>&1 || status=$?
	flat=$(tr -s ' \n' ' ' <"$1/REPORT.md")
}
says() # text...
{
	local text

	for text; do
		grep -qF -e "$text" <<<"$flat" || { echo "not said: $text" && return 1; }
	done
}
says_not()
{
	local text

	for text; do
		! grep -qF -e "$text" <<<"$flat" || { echo "said: $text" && return 1; }
	done
}
is_mail() { ! LC_ALL=C grep -nE '^.{73}|[^ -~]' "$1"; }

# --- rounds of one boot ----------------------------------------------------------

# Blocks enough for a verdict, if they were boots.
FAKE_BOOTS=10 FAKE_SPREAD=0.002 fake boots time huge-fault eager
copy boots rounds
on_host rounds lab-1 round
on_host boots lab-1 boot
report boots
check "boots of a host are judged" says "10 | " "changed |"
check "a lab is run again by a lab" says "make lab PLAN=host DEV=0000:65:00.0 ROUNDS=10"
report rounds
check "rounds are reported" test "$status" = 0
check "no verdict is made of them" says_not "| changed |" "| not resolved |" "| no change |" \
	"called changed" "booted under a second name"
check "why not is said twice" says "Rounds, not boots: each kernel" \
	"None is judged: the rounds of a kernel are of one boot."
check "what to do instead" says '`make lab DEV=ADDRESS ROUNDS=6`'
check "rounds are called so" says "10 rounds a kernel, seed" "come from two rounds or more"
check "a known delay is still looked for" says "a known delay: found 20 times"
check "figures and ratios stand there" grep -qE '^\| eager +\| [0-9,]+ \| [0-9.]+ \|' rounds/REPORT.md
check "the host, by the name it was given" says 'host: `lab-1`, `6.1.0`, `A CPU`'
check "the device" says 'device of this host: `10de:20b0 at 0000:65:00.0, BARs 256 16M 64G`; its BAR was only read'
check "no QEMU, no guest" says_not "QEMU"
check "the kernel that ran" says 'build id `4a5a`'
check "nothing that no running kernel knows" says_not 'sha256 of image' ', source `'
check "to measure it again" says "make bench PLAN=host DEV=0000:65:00.0 ROUNDS=10"
check "as a mail" is_mail rounds/report.txt
try "$pfnreport" --headline rounds
expect "the headline says it, too" 0 'Rounds, not boots'
copy rounds one
rm -r one/6.12-eager
run_json one 'del(.kernels[1]) | .variants = ["huge-fault"]'
report one
check "one kernel has none to be told from" says_not "Rounds, not boots"
copy rounds two
run_json two '.bases += ["6.1.0-38-amd64"] | .variants += ["unknown-0123456789ab"]
	| .kernels += [.kernels[0] + {base: "6.1.0-38-amd64", variant: "unknown-0123456789ab"}]'
mkdir two/6.1.0-38-amd64-unknown-0123456789ab
for file in boots/6.12-huge-fault/boot-*.jsonl; do
	jq -c 'if .type == "environment" then .base = "6.1.0-38-amd64"
		| .variant = "unknown-0123456789ab" else . end' "$file" \
		>"two/6.1.0-38-amd64-unknown-0123456789ab/${file##*/}"
done
report two
check "a kernel that is not ours" test "$status" = 0
check "it says what it is" says '`unknown-0123456789ab`: a kernel that does not say it is one of' \
	"On 6.1.0-38-amd64"
check "only kernels that ran are kernels of the run" says_not "6.12 unknown-" \
	"6.1.0-38-amd64 eager" "missing:"
copy rounds wrong
run_json wrong '.replicate = "cell"'
try "$pfnreport" wrong
expect "a replicate that is none" 2 'replicate is neither boot nor round'

# --- compare ---------------------------------------------------------------------

try "$pfnreport" compare boots/6.12-huge-fault boots/6.12-eager --benchmark=first-touch --phase=first-touch-total
expect "boots: a verdict" 0 'better'
try "$pfnreport" compare rounds/6.12-huge-fault rounds/6.12-eager --benchmark=first-touch --phase=first-touch-total
expect "rounds: none" 3 'NOT BOOTS: rounds of one boot'
check "none in the table either" test "$(grep -cE '  (better|worse)$' <<<"$output")" = 0
try "$pfnreport" compare boots/6.12-huge-fault rounds/6.12-eager --benchmark=first-touch --phase=first-touch-total
expect "boots against rounds: none" 3 'NOT BOOTS'

# --- times of an emulation -----------------------------------------------------------

emulated() # name jq-program wanted
{
	copy boots emulated
	environments emulated "$2"
	report emulated
	if [[ -n $3 ]]; then
		check "$1" says "NOT FOR FIGURES: these times were taken under \`$3\`"
		check "$1: at the top" test "$(sed -n '3p' emulated/REPORT.md | cut -c1-16)" = "NOT FOR FIGURES:"
	else
		check "$1" says_not "NOT FOR FIGURES"
	fi
}
emulated "the machine itself" . ""
emulated "a guest of KVM" '.machine.hypervisor = "KVMKVMKVM"' ""
emulated "no x86 CPU" '.machine.hypervisor = "unknown"' ""
emulated "a guest of TCG" '.machine.hypervisor = "TCGTCGTCGTCG"' TCGTCGTCGTCG
emulated "some other hypervisor" '.machine.hypervisor = "ACRNACRNACRN"' ACRNACRNACRN
emulated "records from before it was asked" 'del(.machine.hypervisor)
	| .machine.cpu = "QEMU TCG CPU version 2.5+"' TCG
emulated "and those of a machine" 'del(.machine.hypervisor)' ""
try "$pfnreport" --headline emulated
expect "the headline of these" 0 ''
fake counts count huge-fault eager
environments counts '.machine.hypervisor = "TCGTCGTCGTCG"'
report counts
check "counts of TCG are figures" says_not "NOT FOR FIGURES"

# --- several hosts side by side -------------------------------------------------------

hosts() { try "$pfnreport" hosts "$@"; flat=$(tr -s ' \n' ' ' <<<"$output") text=$output; }
# The columns of a table that begins with this line of text.
table() # title
{
	awk -v title="$1" 'index($0, title) == 1 { on = 1; next }
		on && NF == 0 && seen { exit } on && NF { seen = 1; print }' <<<"$text"
}
cells() # title kernel; what its row says, in one line
{
	table "$1" | awk -v kernel="$2" '$1 == kernel { $1 = ""; print substr($0, 2) }'
}

# B has a BAR of 16 MiB at the most, and no eager; C is A's machine again.
copy rounds A
copy boots B
on_host B lab-2 boot
run_json B '.kernels |= map(select(.variant != "eager")) | .variants = ["huge-fault", "insert-pfn"]
	| .kernels += [.kernels[0] + {variant: "insert-pfn"}] | .run = "B"'
rm -r B/6.12-eager
FAKE_BOOTS=10 FAKE_SPREAD=0.002 fake insert time insert-pfn
cp -r insert/6.12-insert-pfn B/
for file in B/*/boot-*.jsonl; do
	jq -c 'select(.parameters.length | IN("128M", "1G") | not)' "$file" |
		jq -sc '(map(select(.type == "cell")) | length) as $n
			| .[] | if .type == "end" then .cells = $n else . end' >"$file.new"
	mv "$file.new" "$file"
done
copy A C
run_json C '.run = "C"'
hosts A B C counts
expect "four runs, of which two are of one machine" 0 '^pfnbench: 4 runs beside each other$'
check "who is who" says "- A: lab-1, A CPU, 2 CPUs; device 10de:20b0 at 0000:65:00.0, BARs 256 16M 64G; ns, 10 rounds a kernel; run boots" \
	"- C: lab-2, A CPU, 2 CPUs;" "- D: a guest of QEMU 7.2.17; instructions, 2 boots a kernel; run counts"
check "one machine's runs stand together" says "- B: lab-1, A CPU, 2 CPUs; device 10de:20b0 at 0000:65:00.0, BARs 256 16M 64G; ns, 10 rounds a kernel; run C"
check "rounds are said to be rounds" says "A: rounds of one boot: between its kernels no difference follows"
check "boots are not" says_not "C: rounds of one boot"
check "a mail of it" test "$(LC_ALL=C grep -cE '^.{73}|[^ -~]' <<<"$text")" = 0
check "ratios at the longest length that all have" test "$(cells 'first reach, 6.12, length=16M' kernel)" = "A B C D"
check "a variant that one lacks has none there" test "$(cells 'first reach, 6.12, length=16M' eager | awk '{ print ($1 == $2), $3, ($4 > 1) }')" = "1 - 1"
check "and those that have it do" test "$(cells 'off/on, 6.12, length=16M' insert-pfn | awk '{ print $1, $2, ($3 > 100), $4 }')" = "- - 1 -"
check "then at each one's own" test "$(cells 'first reach, 6.12, the longest' kernel)" = "A 1G B 1G C 16M D 1G"
# The ratio of a run by itself is what stands in its column.
own=$("$pfnreport" --headline counts | awk '$1 == "eager" { print $3; exit }')
check "a column is the ratio of its run" test "$(cells 'first reach, 6.12, the longest' eager | awk '{ print $4 }')" = "$own"
check "what they are ratios of" test "$(table 'in the unit of its line' | grep -c '^[A-D] ')" = 4
hosts --format=markdown A B
expect "as Markdown" 0 '^\| kernel \| A \| B \|$'
hosts --format=html A B
expect "as a page" 0 '<th[^>]*>.*kernel'
hosts two counts
expect "a kernel that nobody knows" 0 '6\.1\.0-38-amd64 unknown-0123456789ab +1G'
check "has no ratio and no table" says_not "first reach, 6.1.0"
hosts emulated counts
check "times that are no figures" says_not "NOT FOR FIGURES"
environments emulated '.machine.hypervisor = "TCGTCGTCGTCG"'
hosts emulated counts
check "are said to be none" says "A: NOT FOR FIGURES: its times were taken under TCGTCGTCGTCG"
hosts A ./A
expect "the same run twice" 2 './A: stands twice'
hosts A nowhere
expect "no run" 2 'nowhere: run.json: '
hosts
expect "none at all" 2 'which results folders'
hosts --format=tsv A
expect "a format that is none" 2 'tsv: not a format: text, markdown or html'
mapfile -t many < <(for i in $(seq 27); do copy two "many-$i" >&2 && echo "many-$i"; done)
hosts "${many[@]}"
expect "more than there are letters" 2 '26 runs, not more'
hosts "${many[@]:0:26}"
expect "as many as there are letters" 0 '^pfnbench: 26 runs'
check "in a mail, too" test "$(LC_ALL=C grep -cE '^.{73}|[^ -~]' <<<"$text")" = 0
copy A empty
rm empty/*/boot-*.jsonl
hosts A empty
expect "a run without a boot" 3 'empty: no boot counts'
copy A broken
jq -n '{type: "broken", format: 1, base: "6.12", variant: "eager", boot: 11, reason: "panic",
	attempts: 1, console_tail: []}' >broken/6.12-eager/boot-11.broken.json
hosts B broken
expect "a broken boot" 5 'B: not all of the run is in these figures'
end_tests
