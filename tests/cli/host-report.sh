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
			bars: [{index: 0, size: 16777216, flags: "0x40200"},
				{index: 1, size: 68719476736, flags: "0x14220c"}]}
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
check "the device" says 'device of this host: `10de:20b0 at 0000:65:00.0, BARs 16M 64G`; its BAR was only read'
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
end_tests
