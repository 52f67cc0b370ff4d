#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whether make profile counts what pfnbench counts, and disturbs nothing:
# tests/guest/profile.sh BASE [VARIANT]... (huge-fault, eager, insert-pfn). Each
# is booted with marks, once without and once with the plugin. TAP.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=tests/cli/tap.sh
. "$ROOT/tests/cli/tap.sh"

(($#)) || die "$EXIT_USAGE" usage "tests/guest/profile.sh BASE [VARIANT]..."
base=$1
shift
(($#)) || set -- huge-fault eager insert-pfn
check_names base known_bases "$base"
check_names variant known_variants "$@"

readonly TIMEOUT=300
# Phases of calls, of faults, of other processes, of other tasks, of waits, of timer ticks. A fork of
# 128 MiB takes so long that the child runs before it returns.
readonly PLAN='controls target=1af4:1110 length=64K delay=100000
huge-pfnmap target=1af4:1110 length=2M align=4K,1G
first-touch target=1af4:1110 length=2M align=4K,1G
reset-recovery target=1af4:1110 length=2M align=1G action=toggle,reset vmas=2 processes=1,3
fork target=1af4:1110 length=2M,128M
dma-map target=1af4:1110 length=64M align=4K
power target=1af4:1110 length=2M align=1G state=low-power'

work=$BUILD/profile.d/$base
rm -rf "$work"
mkdir -p "$work" "$CACHE/guest"
bar=$CACHE/guest/bar-1G
[[ -f $bar ]] || "$BUILD/pfnbench" stamp "$bar" 1G
"$SCRIPTS/guest/initramfs" "$work/initramfs"
printf '%s\n' "$PLAN" >"$work/plan"

boot() # result options of scripts/guest/guest...
{
	"$SCRIPTS/guest/guest" --kernel "$kernel" --initramfs "$work/initramfs" \
		--bar "$bar" --plan "$work/plan" --labels "$work/labels" \
		--console "$1.console" --results "$1.jsonl" --timeout "$TIMEOUT" \
		"${@:2}" && boot_complete "$1.jsonl"
}

# Of the records: benchmark, parameters, phase and the sum of its samples.
tallies() # jsonl
{
	jq -r 'select(.type == "cell") | . as $cell
		| ($cell.parameters | to_entries | map("\(.key)=\(.value)") | join(",")) as $parameters
		| .phases[]
		| [$cell.benchmark, $parameters, .name, .unit,
		   (reduce .tally[] as $t (0; . + $t[0] * $t[1]))] | @tsv' "$1"
}

# Each profiled phase's functions add up to its tally; there have to be @least.
# The idle row is what is missing to it, so it may only stand where calls wait.
sums_agree() # folder jsonl least
{
	awk -F '\t' -v least="$3" '
		NR == FNR { if ($4 == "instructions") tally[$1 FS $2 FS $3] = $5; next }
		FNR == 1 { next }
		{ key = $1 FS $2 FS $3; sum[key] += $5 }
		$4 == "[idle]" && $3 != "reset" { print "idle: " key; bad = 1 }
		END {
			for (key in sum) {
				n++
				if (sum[key] != tally[key]) {
					print key ": " sum[key] ", not " tally[key]
					bad = 1
				}
			}
			if (n < least) { print n " phases"; bad = 1 }
			exit bad
		}' <(tallies "$2") "$1/functions.tsv"
}

# So do the chains of calls, without what is no code.
stacks_agree() # folder
{
	awk -F '\t' -v folder="$1" 'NR > 1 && $4 != "[idle]" {
			sum[folder "/stacks/" $1 "," $2 "," $3 ".folded"] += $5 }
		END {
			for (file in sum) {
				total = 0
				while ((getline line <file) > 0) {
					n = split(line, words, " ")
					total += words[n]
				}
				close(file)
				if (total != sum[file] || total == 0) {
					print file ": " total ", not " sum[file]
					bad = 1
				}
			}
			exit bad
		}' "$1/functions.tsv"
}

# What of a column of a phase belongs to a function.
of_function() # folder benchmark parameter phase function column
{
	awk -F '\t' -v b="$2" -v p="$3" -v phase="$4" -v f="$5" -v c="$6" '
		$1 == b && index("," $2 ",", "," p ",") && $3 == phase &&
		(f == "" || $4 == f) { sum += $c } END { print sum + 0 }' "$1/functions.tsv"
}

# The kernel is entered for as many faults as the process says it took.
faults_agree() # folder jsonl
{
	local align faults calls total=0

	for align in 4K 1G; do
		faults=$(tallies "$2" | awk -F '\t' -v p="align=$align" '
			$1 == "first-touch" && index($2, p) && $3 == "faults" { print $5 }')
		calls=$(of_function "$1" first-touch "align=$align" \
			first-touch-total exc_page_fault 6)
		total=$((total + faults))
		[[ $calls == "$faults" ]] || {
			printf 'align=%s: %s faults, %s calls\n' "$align" "$faults" "$calls"
			return 1
		}
	done
	# Eager variants take none.
	[[ $variant == eager* ]] || ((total > 512))
}

# Each page is read by one load; each end of an interrupt is told to a device, by
# one store, which QEMU finishes in another block.
accesses_agree()
{
	local align f loads stores calls

	for align in 4K 1G; do
		f=(first-touch "align=$align" first-touch-total pfnbench:all)
		loads=$(of_function "$1" "${f[@]}" 7)
		stores=$(of_function "$1" "${f[@]}" 8)
		((loads >= 512 && loads < 600 && stores < 100)) || {
			printf 'align=%s: %s loads, %s stores\n' "$align" "$loads" "$stores"
			return 1
		}
	done
	f=(reset-recovery action=reset reset native_apic_mem_eoi)
	calls=$(of_function "$1" "${f[@]}" 6)
	stores=$(of_function "$1" "${f[@]}" 8)
	printf '%s ends of interrupts, %s stores\n' "$calls" "$stores"
	((calls > 0 && stores == calls))
}

# A loop of a known length: 64 times 100,000 instructions, and what the shorter
# one of getppid has beside it.
delay_found()
{
	local with without

	with=$(of_function "$1" controls delay=100000 delayed-getppid "" 5)
	without=$(of_function "$1" controls delay=100000 getppid "" 5)
	awk -v a="$with" -v b="$without" 'BEGIN {
		printf "%d with, %d without\n", a, b
		exit !(a > 6400000 && b > 0 && a - 6400000 < b) }'
}

# What runs in a phase begins in pfnbench, in an interrupt, or in another task.
roots_known() # folder
{
	local unknown

	unknown=$(cat "$1"/stacks/*.folded | sed 's/[; ].*//' | sort -u |
		grep -vE '^(pfnbench:.*|\[interrupt\]|\[other-task\]|\[user\])$' || true)
	[[ -z $unknown ]] || { printf 'begins in: %s\n' "$unknown" && return 1; }
	# A page fault is a call of the touch.
	[[ $variant == eager* ]] || grep -qE \
		'^pfnbench:all;asm_exc_page_fault;exc_page_fault;.*vfio_pci_mmap_' \
		"$1"/stacks/first-touch*align=4K*first-touch-total.folded
}

# In the model each leaf that the page-table dump shows is missed once as the BAR
# is touched for the first time, and walked to through the levels above it.
leaves_missed() # folder jsonl
{
	local align leaves pte pmd missed

	for align in 4K 1G; do
		leaves=$(tallies "$2" | awk -F '\t' -v p="align=$align" '
			$1 == "huge-pfnmap" && index($2, p) && $3 ~ /leaves/ { print $5 }')
		read -rd '' pte pmd _ <<<"$leaves" || true
		missed=$(awk -F '\t' -v p="align=$align" '
			$1 == "first-touch" && index($2, p) && $3 == "first-touch-total" &&
			$4 ~ /^bar-(dtlb-misses|walk-reads)/ { printf "%s ", $5 }' "$1/model.tsv")
		printf 'align=%s: leaves %s, missed and read %s\n' "$align" "$leaves" "$missed"
		[[ $missed == "$((pte + pmd)) $((4 * pte + 3 * pmd)) " ]] || return 1
	done
}

# With the marks, and nobody who looks at them.
boot_plain()
{
	# shellcheck disable=SC2016 # the guest's own variable
	boot "$plain" --command \
		'pfnbench run --plan /plan --labels /labels --mode count --mark --output $RESULTS'
}

boot_plugin()
{
	boot "$with" \
		--plugin "$BUILD/pfnplugin.so,symbols=$work/symbols,out=$work/raw,model=$ROOT/plugin/server.model"
}

# Now and then one boot differs from all others, by a tick of the timer that falls
# into another phase (docs/METHOD.md), so up to three pairs are tried. What the
# plugin disturbs it disturbs in each.
undisturbed()
{
	local tries

	for tries in 1 2 3; do
		! cmp "$plain.jsonl" "$with.jsonl" || return 0
		diff <(tallies "$plain.jsonl") <(tallies "$with.jsonl") || true
		((tries == 3)) || { boot_plain && boot_plugin; } || return
	done
	return 1
}

for variant; do
	"$SCRIPTS/kernel/kernel-build" "$base" "$variant" >"$work/$variant.kernel"
	kernel=$("$SCRIPTS/kernel/kernel-path" "$base" "$variant")
	printf 'base=%s\nvariant=%s\n' "$base" "$variant" >"$work/labels"
	"$BUILD/pfnprofile" symbols "$kernel" "$BUILD/pfnbench" >"$work/symbols"
	plain=$work/$variant-plain with=$work/$variant-plugin tables=$work/$variant
	check "$variant: boots with marks" boot_plain
	check "$variant: boots with the plugin" boot_plugin
	check "$variant: the plugin does not disturb the count" \
		undisturbed
	try "$BUILD/pfnprofile" tables "$work/symbols" "$work/raw" "$with.jsonl" "$tables"
	expect "$variant: tables are made, and no phase is left out" 0 '^$'
	check "$variant: functions add up to the count, in every phase" \
		sums_agree "$tables" "$with.jsonl" 40
	check "$variant: call chains add up to it too" stacks_agree "$tables"
	check "$variant: as many page faults are entered as were taken" \
		faults_agree "$tables" "$with.jsonl"
	check "$variant: loads and stores are told apart, a device's are there" \
		accesses_agree "$tables"
	check "$variant: a delay of known length is found" delay_found "$tables"
	check "$variant: what runs is known" roots_known "$tables"
	check "$variant: the model misses each leaf once" leaves_missed "$tables" "$with.jsonl"
done
# One call more or less in the raw file must not pass.
sed '0,/^i /s/^i \([0-9a-f]*\) \([0-9]*\)/i \1 1\2/' "$work/raw" >"$work/raw.damaged"
try "$BUILD/pfnprofile" tables "$work/symbols" "$work/raw.damaged" "$with.jsonl" "$work/damaged"
expect "a count that is not the phase's is refused" 2 'damaged, or sums'
printf '1..%d\n' "$number"
((failures == 0)) || exit "$EXIT_BROKEN"
